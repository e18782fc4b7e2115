// A client for rooms of the Rust framework `party`. The protocol is in docs/protocol.md.
export { Room } from "./room.ts";
export type { HistoryPage } from "./pages.ts";
export type { Me, RoomOptions } from "./options.ts";
export type { RoomTypes } from "./types.ts";
export { RoomError } from "./room-error.ts";
export { segmentOf } from "./address.ts";
export { derived, source, type Observable, type Source } from "./observable.ts";
export { timer, type Timer } from "./timer.ts";
export { randomId } from "./random-id.ts";
export type { Sent } from "./sent.ts";
export type { Signal } from "./ephemeral.ts";
export type { State } from "./connection.ts";
export type { Locks, Memory, WebStorage } from "./storage.ts";
export type { Failure, Operation, Outbox, Pending } from "./outbox.ts";
export type { Presence } from "./presence.ts";
export type { Timings } from "./timings.ts";
export type { Item, View } from "./view.ts";
export type { Action, Code, ErrorFrame, Found, Member, Role, RoomFile } from "./wire.ts";
