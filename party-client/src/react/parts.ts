// Hooks for the parts of a room that most components show.
import type { Outbox, Presence, Room, RoomTypes, State, View } from "../index.ts";
import type { Body, Command, Draft, Profile } from "../types.ts";
import { useObservable } from "./use-observable.ts";

/** Returns the items of the log: `items`, `loaded`, `older`, `loading` and `resets`. */
export const useLog = <T extends RoomTypes>(room: Room<T>): View<Body<T>, Draft<T>> => useObservable(room.log);

/** Returns who is in the room: `count`, and `members` unless the room is too large for a roster. */
export const usePresence = <T extends RoomTypes>(room: Room<T>): Presence<Profile<T>> => useObservable(room.presence);

/** Returns the state of the connection: its `status`, with `code` and `reason` when it is `closed`. */
export const useConnectionState = <T extends RoomTypes>(room: Room<T>): State => useObservable(room.state);

/** Returns what was written here and is not acknowledged. */
export const useOutbox = <T extends RoomTypes>(room: Room<T>): Outbox<Draft<T>, Command<T>> =>
  useObservable(room.outbox);
