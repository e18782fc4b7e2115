// Pages of the history: older ones of the log, fetched one at a time before the items that are known, and any others,
// which the log does not get.
import { withPage, type Log, type Settled } from "./log.ts";
import { source, type Observable, type Source } from "./observable.ts";
import type { Failure } from "./outbox.ts";
import { randomId } from "./random-id.ts";
import type { Requests } from "./requests.ts";
import { waiting as waitingFor, withResolvers } from "./sent.ts";
import type { Page } from "./wire.ts";

/** A page of the history. `more`: there are further items in the direction that was asked for. */
export type HistoryPage<B = unknown> = { items: readonly Settled<B>[]; more: boolean };

type TakesPage = (page: Page<unknown>) => void;

const nothing = () => {};

export type Pages<B> = {
  /** Whether a page is being fetched. */
  loading: Observable<boolean>;
  /** Asks for one, if there are older items. Resolves when it is there, or will not come. */
  load(): Promise<void>;
  /** Fetches a page that the log does not get. Rejects if the room refuses it, or the visit ends. */
  read(from: From): Promise<HistoryPage<B>>;
  /** Takes a page that the room has sent, if it answers what was asked. */
  take(page: Page<B>): void;
  /** Waits no more for the one that `load` asked for. */
  end(): void;
};

/** Where a page begins: before a `seq`, after one, or at the end of the history. */
export type From = { before?: number; after?: number };

export function pages<B>(log: Source<Log<B> | undefined>, requests: Requests, failed: (error: Failure) => void): Pages<B> {
  const loading = source(false);
  let waiting: { id: string; promise: Promise<void>; resolve(value: void): void } | undefined;

  function end(): void {
    if (waiting) requests.take(waiting.id);
    waiting?.resolve();
    waiting = undefined;
    loading.set(false);
  }

  return {
    loading,
    end,
    async load() {
      const { older, items } = log.value ?? {};
      const before = items?.[0]?.seq;
      if (!waiting && older && before !== undefined) {
        const frame = { type: "history", id: randomId(), before } as const;
        const taken = (page: Page<B>) => {
          log.set(log.value && withPage(log.value, page));
          end();
        };
        waiting = { id: frame.id, ...withResolvers<void>() };
        loading.set(true);
        requests.push({ frame, lasting: true, page: taken as TakesPage, taken: nothing, refused: (error) => (end(), failed(error)) });
      }
      await waiting?.promise;
    },
    read(from) {
      const { sent, resolve, refuse } = waitingFor<HistoryPage<B>>(randomId());
      const frame = { type: "history", id: sent.id, ...from } as const;
      const taken = ({ entries: items, more }: Page<B>) => resolve({ items, more });
      requests.push({ frame, lasting: true, page: taken as TakesPage, taken: nothing, refused: refuse });
      return sent.done;
    },
    take(page) {
      requests.take(page.id)?.page?.(page);
    },
  };
}
