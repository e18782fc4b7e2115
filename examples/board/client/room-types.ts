// The types of the board, as `party-client` takes them.
import type { Item, Operation, Outbox, Pending, Room } from "party-client";
import type { Ask, Command, Name, Question } from "./protocol.ts";

/** `own` is the `seq` of each question that the member has upvoted. */
export type BoardTypes = { draft: Ask; body: Question; introduction: Name; profile: Name; command: Command; own: number[] };

export type BoardRoom = Room<BoardTypes>;
export type BoardItem = Item<Question, Ask>;
export type BoardOperation = Operation<Ask, Command>;
export type BoardPending = Pending<Ask, Command>;
export type BoardOutbox = Outbox<Ask, Command>;
