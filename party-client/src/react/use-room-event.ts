// The app's events in a component.
import { useEffect } from "react";
import type { Room, RoomTypes } from "../index.ts";
import type { Event } from "../types.ts";
import { useLatest } from "./use-latest.ts";

/** Calls the `listener` of the last render with each event of the app, as long as the component is mounted. */
export function useRoomEvent<T extends RoomTypes>(room: Room<T>, listener: (data: Event<T>) => void): void {
  const latest = useLatest(listener);
  useEffect(() => room.onEvent((data) => latest.current(data)), [room, latest]);
}
