// The result that an app receives for a request to the room.
import type { Failure } from "./outbox.ts";
import { RoomError } from "./room-error.ts";

/** Something that was sent, or will be: its id, and the room's answer. */
export type Sent<Answer = { seq: number }> = {
  id: string;
  /**
   * Resolves when the room has accepted it. Rejects with a `RoomError` when the room refuses it, or it is given up.
   * Nobody needs to look at it.
   */
  done: Promise<Answer>;
};

export type Waiting<Answer> = { sent: Sent<Answer>; resolve(answer: Answer): void; refuse(error: Failure): void };

/** Makes one that is not answered yet. */
export function waiting<Answer>(id: string): Waiting<Answer> {
  const { promise: done, resolve, reject } = withResolvers<Answer>();
  done.catch(() => {}); // Without this, a promise that nobody looks at would count as an error of the page.
  return { sent: { id, done }, resolve, refuse: ({ code, message }) => reject(new RoomError(code, message)) };
}

// `Promise.withResolvers` is too new for some browsers.
export function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((resolved, rejected) => ([resolve, reject] = [resolved, rejected]));
  return { promise, resolve, reject };
}
