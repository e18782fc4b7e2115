// The floor: what the platform itself costs. Bare Durable Objects with hibernatable WebSockets that send to everyone
// what one says, the one without storing anything, the next with one insert for each message, the next with a page of
// history for who comes in, the last with a row for who leaves as well. No framework, no parsing, no checks.

import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly echo: DurableObjectNamespace<Echo>;
  readonly insert: DurableObjectNamespace<Insert>;
  readonly page: DurableObjectNamespace<Page>;
  readonly grace: DurableObjectNamespace<Grace>;
}

export class Echo extends DurableObject<Env> {
  override fetch(request: Request): Response {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("Not implemented", { status: 404 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.greet(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  greet(_socket: WebSocket): void {}

  override webSocketMessage(_socket: WebSocket, message: string | ArrayBuffer): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(message);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export class Insert extends Echo {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.ctx.storage.sql.exec("INSERT INTO messages (body) VALUES (?)", message);
    super.webSocketMessage(socket, message);
  }
}

const TEXT = "what a person writes into a chat room, in a line or two of about a hundred letters, as it was";
const BODY = JSON.stringify({ content: TEXT, user: "Member", role: "user", author: "mAAAAAAAAAAAAAAAA", at: 1_760_000_000_000 });

/** Has 10,000 messages from the beginning. */
export class Page extends Insert {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)";
    ctx.storage.sql.exec(`INSERT OR IGNORE INTO messages (seq, body) ${numbers} SELECT n, ? FROM numbers`, BODY);
  }

  override greet(socket: WebSocket): void {
    const newest = this.ctx.storage.sql.exec<{ body: string }>("SELECT body FROM messages ORDER BY seq DESC LIMIT 100");
    const bodies = Array.from(newest, ({ body }) => body).reverse();
    socket.send(`{"type":"all","messages":[${bodies.join(",")}]}`);
  }
}

/**
 * A member that leaves is gone 10 seconds later. That is stored, so that it holds although the room sleeps meanwhile.
 */
export class Grace extends Page {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS leaving (member TEXT PRIMARY KEY, due INTEGER) WITHOUT ROWID");
    ctx.storage.sql.exec("CREATE INDEX IF NOT EXISTS leaving_due ON leaving (due)");
  }

  #rings = false;

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    super.webSocketClose(socket, code, reason);
    const due = Date.now() + 10_000;
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO leaving (member, due) VALUES (?, ?)", "c0", due);
    if (!this.#rings) void this.ctx.storage.setAlarm(due);
    this.#rings = true;
  }

  override async alarm(): Promise<void> {
    this.ctx.storage.sql.exec("DELETE FROM leaving WHERE due <= ?", Date.now());
    const [next] = this.ctx.storage.sql.exec<{ due: number }>("SELECT due FROM leaving ORDER BY due LIMIT 1");
    this.#rings = next !== undefined;
    if (next) await this.ctx.storage.setAlarm(next.due);
  }
}

export default {
  fetch(request: Request, env: Env): Promise<Response> | Response {
    const [, , party, room] = new URL(request.url).pathname.split("/");
    if (!party || !room) return new Response("Not found", { status: 404 });
    const parties: Record<string, DurableObjectNamespace<Echo>> = { insert: env.insert, page: env.page, grace: env.grace };
    const rooms = parties[party] ?? env.echo;
    return rooms.get(rooms.idFromName(room)).fetch(request);
  },
} satisfies ExportedHandler<Env>;
