// A client for rooms of the Rust framework `party`. What they say to each other is in docs/protocol.md.
export { Room, type Me, type RoomOptions } from "./room.ts";
export { RoomError } from "./room-error.ts";
export { source, type Observable, type Source } from "./observable.ts";
export { randomId } from "./random-id.ts";
export type { Sent } from "./delivery.ts";
export type { Signal } from "./ephemeral.ts";
export type { State } from "./line.ts";
export type { Locks, Memory, WebStorage } from "./memory.ts";
export type { Change, Failure, Outbox, Pending } from "./outbox.ts";
export type { Presence } from "./presence.ts";
export type { Timings } from "./timings.ts";
export type { Item, View } from "./view.ts";
export type { Action, Code, Fault, Member, Role } from "./wire.ts";
