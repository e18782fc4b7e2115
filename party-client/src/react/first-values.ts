// The values of a room's observables before it has connected. A server renders them. A part of the page that is
// hydrated late must begin with them too, although the room may have received something by then.
import type { Observable, Room, RoomTypes } from "../index.ts";

const values = new WeakMap<Observable<unknown>, unknown>();

/** Keeps the values that a new room begins with. */
export function keepFirstValues<T extends RoomTypes>(room: Room<T>): void {
  for (const observable of Object.values(room) as Observable<unknown>[]) values.set(observable, observable.value);
}

/** Returns the value that an observable of a room began with, or the value of now if none was kept. */
export function firstValue<T>(observable: Observable<T>): T {
  return values.has(observable) ? (values.get(observable) as T) : observable.value;
}
