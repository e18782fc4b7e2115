// The floor: what the platform itself costs. Bare Durable Objects with hibernatable WebSockets that say to everyone what one says, the
// one without storing anything, the other with one insert for each message. No framework, no parsing, no checks.

import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly echo: DurableObjectNamespace<Echo>;
  readonly insert: DurableObjectNamespace<Insert>;
}

export class Echo extends DurableObject<Env> {
  override fetch(request: Request): Response {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("Not implemented", { status: 404 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

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

export default {
  fetch(request: Request, env: Env): Promise<Response> | Response {
    const [, , party, room] = new URL(request.url).pathname.split("/");
    if (!party || !room) return new Response("Not found", { status: 404 });
    const rooms = party === "insert" ? env.insert : env.echo;
    return rooms.get(rooms.idFromName(room)).fetch(request);
  },
} satisfies ExportedHandler<Env>;
