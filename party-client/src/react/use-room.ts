// A room for as long as a component is mounted.
import { useEffect, useInsertionEffect, useState } from "react";
import type { Room, RoomOptions, RoomTypes } from "../index.ts";
import { componentRoom } from "./component-room.ts";

/**
 * Returns a room that belongs to the component. It is made once for each combination of `host`, `protocol`, `party` and
 * `room`, and again when a `token` is added or removed. It connects when a component listens to it or writes something.
 * It is closed when the component is unmounted, or names another room.
 *
 * `token`, `query`, `invitation` and `preview` are always those of the last render. `presence` is sent whenever it
 * differs from the last render. All other options are read once. Another account needs another `key`.
 *
 * Throws a `RoomError` with the code `invalid_name` for a name that no room can have.
 */
export function useRoom<T extends RoomTypes = {}>(options: RoomOptions<T>): Room<T> {
  const [kept, keep] = useState(() => componentRoom(options));
  let own = kept;
  if (!own.isFor(options)) keep((own = componentRoom(options)));
  useInsertionEffect(() => own.follow(options));
  useEffect(() => own.mount(), [own]);
  useEffect(() => own.introduce(options.presence));
  return own.room;
}
