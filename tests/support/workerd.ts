// Workers in real workerd, as wrangler's own test harness runs them: our builds, real SQLite, evictions on demand.

import { fileURLToPath } from "node:url";
import { createTestHarness } from "wrangler";

// Wrangler keeps a record of each event for its explorer, which takes half of the time of a join.
process.env["X_LOCAL_OBSERVABILITY"] ??= "false";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A worker that serves parties. */
export interface Served {
  /** Where it listens, such as `http://127.0.0.1:4711`. */
  readonly url: URL;
  /** Takes a room of the first party out of memory; its sockets stay, as when it sleeps. */
  evict(room: string): Promise<void>;
  /** Takes an object of the first party out of memory with all its sockets, as when its machine dies. */
  kill(room: string): Promise<void>;
  /** Sends a request whose response may have any status, upgrades included. */
  fetch(path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>;
  /** What the worker has logged. */
  logs(): string[];
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  text(): Promise<string>;
}

/** Serves parties, by their classes, from a worker that worker-build has made, such as `build/index.js`. */
export function serve(main: string, party: string, ...others: string[]): Promise<Served> {
  return serveWith({}, main, party, ...others);
}

/** What a worker is bound to beside its parties. */
export interface Bindings {
  vars?: Record<string, string>;
  /** The names of buckets. */
  buckets?: string[];
  /** Whether the app's page is served for all other addresses. */
  page?: boolean;
}

/** The page, as the app's wrangler.toml has it. */
const PAGE = {
  directory: "public",
  binding: "ASSETS",
  not_found_handling: "single-page-application" as const,
  run_worker_first: ["/parties/*"],
};

/** As `serve`, with bindings of the worker. */
export async function serveWith(
  { vars = {}, buckets = [], page = false }: Bindings,
  main: string,
  party: string,
  ...others: string[]
): Promise<Served> {
  const parties = [party, ...others];
  const harness = createTestHarness({
    root,
    workers: [
      {
        config: {
          name: party.toLowerCase(),
          main,
          compatibility_date: "2026-11-01",
          vars,
          ...(page && { assets: PAGE }),
          r2_buckets: buckets.map((binding) => ({ binding, bucket_name: binding.toLowerCase() })),
          durable_objects: { bindings: parties.map((name) => ({ name, class_name: name })) },
          migrations: [{ tag: "v1", new_sqlite_classes: parties }],
        },
      },
    ],
  });
  const { url } = await harness.listen();
  const end = async (name: string, webSockets: "close" | "hibernate") => {
    const ended = harness.getWorker().evictDurableObject(party, { name, webSockets });
    await ended.catch((error: Error) => {
      // A room that is asleep already is where it is to be.
      if (!error.message.includes("not currently running")) throw error;
    });
  };
  return {
    url,
    evict: (room) => end(room, "hibernate"),
    kill: (room) => end(room, "close"),
    fetch: (path, init) => harness.fetch(new URL(path, url).href, init),
    logs: () => harness.getLogs().map((log) => log.message),
    close: () => harness.close(),
  };
}
