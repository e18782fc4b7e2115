// The items of the log as they are shown: as they will be when every operation that was written here is accepted.
import { indexOf, withBody, type Log, type Settled } from "./log.ts";
import type { Outbox, Pending } from "./outbox.ts";
import { RoomError } from "./room-error.ts";

export type Item<B = unknown, D = unknown> = {
  /** Its id, the same before and after it was acknowledged. */
  id: string;
  /** Its place in the log; none until it was acknowledged. */
  seq?: number;
  /** The author; `undefined` for our own items before the room has sent our member. */
  author?: string;
  /** The time at which it was written, in milliseconds since 1970. */
  at: number;
  /** None: it is deleted. */
  body?: B;
  /** The `seq` of its last change. */
  edited?: number;
  /** The member that has deleted it; empty if the app keeps that private. */
  deletedBy?: string;
  /** The operation on it that is not acknowledged: the item itself, or its last change. */
  pending?: Pending<D>;
};

export type View<B = unknown, D = unknown> = {
  /** Has the log arrived at least once? */
  loaded: boolean;
  /** In order; those that are not acknowledged at the end. */
  items: readonly Item<B, D>[];
  /** Are there items before these? `loadOlder()` fetches some. */
  older: boolean;
  /** Are some being fetched? */
  loading: boolean;
  /** The number of times that the client was away for too long, so that it started again from the newest page. */
  resets: number;
};

/** Makes the body that a draft is shown with; `now` is that of the item, if it is an edit. */
export type Preview<B, D> = (draft: D, now?: B) => B;

/** Refused changes are marked on their item, but not shown as done. */
export function view<B, D>(
  log: Log<B> | undefined,
  outbox: Outbox<D>,
  preview: Preview<B, D>,
  me: string | undefined,
  loading: boolean,
): View<B, D> {
  const settled: readonly Settled<B>[] = log?.items ?? [];
  const items: Item<B, D>[] = [...settled];
  for (const pending of outbox) {
    const { frame, at, error } = pending;
    if (frame.type === "command") continue; // Only the room knows what comes of it.
    if (frame.type === "append") {
      items.push({ id: frame.id, ...(me === undefined ? {} : { author: me }), at, body: preview(frame.body), pending });
      continue;
    }
    const place = indexOf(settled, frame.target);
    const item = items[place];
    if (!item) continue;
    items[place] = { ...(error ? item : withBody(item, frame.type === "edit" ? preview(frame.body, item.body) : undefined)), pending };
  }
  return { loaded: log !== undefined, items, older: log?.older ?? false, loading, resets: log?.resets ?? 0 };
}

/** Returns the body with which an item is shown. Throws a `RoomError` if there is no such item. */
export function bodyOf<B>(items: readonly Item<B>[], target: number): B {
  const { body } = items[indexOf(items, target)] ?? {};
  if (body === undefined) throw new RoomError("not_found", "there is no such item");
  return body;
}
