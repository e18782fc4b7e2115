// Older pages of the log: fetched one at a time, before the items that are known.
import { withPage, type Log } from "./log.ts";
import { source, type Observable, type Source } from "./observable.ts";
import type { Failure } from "./outbox.ts";
import { randomId } from "./random-id.ts";
import type { Requests } from "./requests.ts";
import { withResolvers } from "./sent.ts";
import type { Page } from "./wire.ts";

export type Pages<B> = {
  /** Whether a page is being fetched. */
  loading: Observable<boolean>;
  /** Asks for one, if there are older items. Resolves when it is there, or will not come. */
  load(): Promise<void>;
  /** Takes a page that the room has sent, if it answers what was asked. */
  take(page: Page<B>): void;
  /** Waits for it no more. */
  end(): void;
};

export function pages<B>(log: Source<Log<B> | undefined>, requests: Requests, failed: (error: Failure) => void): Pages<B> {
  const loading = source(false);
  let waiting: { promise: Promise<void>; resolve(value: void): void } | undefined;

  function end(): void {
    requests.drop("history");
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
        waiting = withResolvers<void>();
        loading.set(true);
        const frame = { type: "history", id: randomId(), before } as const;
        requests.push({ frame, lasting: true, taken: end, refused: (error) => (end(), failed(error)) });
      }
      await waiting?.promise;
    },
    take(page) {
      const request = requests.take(page.id);
      if (request?.frame.type !== "history") return;
      log.set(log.value && withPage(log.value, page));
      request.taken();
    },
  };
}
