// The floor: what the platform itself costs. Bare Durable Objects with hibernatable WebSockets that say to everyone what one says, the
// one without storing anything, the next with one insert for each message, the last with a page of history for who comes in. No framework,
// no parsing, no checks.

import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly echo: DurableObjectNamespace<Echo>;
  readonly insert: DurableObjectNamespace<Insert>;
  readonly page: DurableObjectNamespace<Page>;
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

export default {
  fetch(request: Request, env: Env): Promise<Response> | Response {
    const [, , party, room] = new URL(request.url).pathname.split("/");
    if (!party || !room) return new Response("Not found", { status: 404 });
    const rooms: DurableObjectNamespace<Echo> = party === "page" ? env.page : party === "insert" ? env.insert : env.echo;
    return rooms.get(rooms.idFromName(room)).fetch(request);
  },
} satisfies ExportedHandler<Env>;
