// Rooms in React: hooks that open a room with a component and return its state.
export { useRoom } from "./use-room.ts";
export { useObservable } from "./use-observable.ts";
export { useConnectionState, useLog, useOutbox, usePresence } from "./parts.ts";
export { useRoomEvent } from "./use-room-event.ts";
