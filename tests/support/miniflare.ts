// The chat in real workerd without the proxy that wrangler's test harness puts before it: the proxy holds four files
// for each socket, so that 5,000 sockets are more than a process may have.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { root, type Served } from "./workerd.ts";

/** Serves the chat with its page, and with these variables. */
export async function serveDirectly(
  vars: Record<string, string>,
): Promise<Pick<Served, "url" | "kill" | "close">> {
  const config = unstable_readConfig({ config: join(root, "wrangler.toml") });
  const { modulesRules: _, ...worker } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  const build = join(root, "build");
  const module = (type: "ESModule" | "CompiledWasm", name: string) => {
    const path = join(build, name);
    return { type, path, contents: readFileSync(path) };
  };
  const modules = [module("ESModule", "index.js"), module("CompiledWasm", "index_bg.wasm")];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      workers: [{ ...worker, name: "chat", modulesRoot: build, modules, bindings: vars }],
    }),
  );
  const url = await miniflare.ready;
  return {
    url,
    kill: (name) =>
      miniflare.unsafeEvictDurableObject("chat", "Chat", { name, webSockets: "close" }).catch((error: Error) => {
        // A room that is asleep already is where it is to be.
        if (!error.message.includes("not currently running")) throw error;
      }),
    close: () => miniflare.dispose(),
  };
}
