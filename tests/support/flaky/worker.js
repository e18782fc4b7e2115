// A Durable Object that fails as often as its name says, in the way that its name says, before it answers: what a router retries.

import { DurableObject } from "cloudflare:workers";

export class Flaky extends DurableObject {
  async fetch() {
    const [kind, times] = this.ctx.id.name.split("-");
    const attempts = ((await this.ctx.storage.get("attempts")) ?? 0) + 1;
    await this.ctx.storage.put("attempts", attempts);
    if (attempts <= Number(times)) throw Object.assign(new Error(`attempt ${attempts}`), flags[kind]);
    return new Response(`attempt ${attempts}`);
  }
}

const flags = {
  retryable: { retryable: true },
  overloaded: { retryable: true, overloaded: true },
  fatal: {},
};

export default { fetch: () => new Response(null, { status: 404 }) };
