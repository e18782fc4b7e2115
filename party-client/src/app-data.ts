// What an app adds to its rooms: its own state of the member and of the room, its events, and its answers to queries.
import { sendable } from "./errors.ts";
import { emitter, source, type Observable } from "./observable.ts";
import { randomId } from "./random-id.ts";
import type { Requests } from "./requests.ts";
import { waiting } from "./sent.ts";
import type { Answer, Event, Own, Query, RoomTypes, Shared } from "./types.ts";
import type { ServerFrame, Welcome } from "./wire.ts";

type AppFrame = Extract<ServerFrame, { type: "own" | "shared" | "answer" | "event" }>;

export type AppData<T extends RoomTypes> = {
  /** The app's own state of the member, and of the room. */
  own: Observable<Own<T> | undefined>;
  shared: Observable<Shared<T> | undefined>;
  /** Calls `listener` with each event. Returns how to stop that. */
  listen(listener: (data: Event<T>) => void): () => void;
  /** Sends a query. Rejects if the room refuses it, or the visit ends. */
  ask(data: Query<T>): Promise<Answer<T>>;
  /** Takes what is in a welcome, and what the room sends after it. */
  welcome(welcome: Pick<Welcome, "own" | "shared">): void;
  take(frame: AppFrame): void;
};

export function appData<T extends RoomTypes>(requests: Requests): AppData<T> {
  const own = source<Own<T> | undefined>(undefined);
  const shared = source<Shared<T> | undefined>(undefined);
  const events = emitter<Event<T>>();
  return {
    own,
    shared,
    listen: events.listen,
    ask(data) {
      const { sent, resolve, refuse } = waiting<Answer<T>>(randomId());
      const frame = sendable({ type: "query", id: sent.id, data } as const);
      const answer = (data: unknown) => resolve(data as Answer<T>);
      requests.push({ frame, lasting: true, answer, taken: () => {}, refused: refuse });
      return sent.done;
    },
    welcome(welcome) {
      own.set(welcome.own as Own<T> | undefined);
      shared.set(welcome.shared as Shared<T> | undefined);
    },
    take(frame) {
      if (frame.type === "own") own.set(frame.data as Own<T>);
      else if (frame.type === "shared") shared.set(frame.data as Shared<T>);
      else if (frame.type === "answer") requests.take(frame.id)?.answer?.(frame.data);
      else events.emit(frame.data as Event<T>);
    },
  };
}
