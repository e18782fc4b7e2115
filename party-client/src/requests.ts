// Requests to the room that are not operations on the log: presence, moderation, pages, queries, tokens. Unlike the
// outbox, it lives no longer than the visit.
import type { Failure } from "./outbox.ts";
import type { ClientFrame, Page } from "./wire.ts";

type Frame = Extract<ClientFrame, { type: "presence" | "moderate" | "history" | "query" | "token" }>;

export type Request = {
  frame: Frame;
  /** Whether it is sent again on the next connection, if this one is lost before the room has answered. */
  lasting: boolean;
  /** Called when the room has accepted it. */
  taken(): void;
  /** Called with the page that answers it. */
  page?(page: Page<unknown>): void;
  /** Called with what the app answers. */
  answer?(data: unknown): void;
  /** Called when the room refuses it, or it is given up. */
  refused(error: Failure): void;
  /** The connection was lost, and this is not `lasting`. */
  lost?(): void;
};

export type Requests = {
  push(request: Request): void;
  /** Forgets those of a type without a word. An answer that is still to come is ignored. */
  drop(type: Frame["type"]): void;
  /** Returns the frames to send now: at most `most`. */
  next(underWay: ReadonlySet<string>, most: number): Frame[];
  /** Takes the request with this id out of the queue, if there is one: the room has answered it. */
  take(id: string): Request | undefined;
  /** Handles the loss of the connection. */
  lost(): void;
  /** Gives up all requests at the end of the visit. */
  end(error: Failure): void;
};

export function requests(): Requests {
  let queue: Request[] = [];
  const keep = (holds: (request: Request) => boolean) => (queue = queue.filter(holds));
  return {
    push: (request) => void queue.push(request),
    drop: (type) => void keep(({ frame }) => frame.type !== type),
    next(underWay, most) {
      // One moderation after another: a room that has refused the first one for now must not take the second one before
      // it.
      const [first] = queue.filter(({ frame }) => frame.type === "moderate");
      return queue
        .filter((request) => !underWay.has(request.frame.id) && (request.frame.type !== "moderate" || request === first))
        .slice(0, most)
        .map(({ frame }) => frame);
    },
    take(id) {
      const request = queue.find(({ frame }) => frame.id === id);
      keep((other) => other !== request);
      return request;
    },
    lost() {
      const gone = queue.filter(({ lasting }) => !lasting);
      keep(({ lasting }) => lasting);
      for (const request of gone) request.lost?.();
    },
    end(error) {
      const left = queue;
      queue = [];
      for (const { refused } of left) refused(error);
    },
  };
}
