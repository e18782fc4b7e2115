// The peer: a durable chat room as one writes it in TypeScript on `partyserver`, with the wire of the original app. It
// keeps the whole history in memory, sends all of it to whoever joins, and broadcasts a frame as it came before it is
// parsed or stored. All that is better here than in the original is that texts are bound to statements.

import { type Connection, Server, routePartykitRequest, type WSMessage } from "partyserver";

interface Env {
  readonly Chat: DurableObjectNamespace<Chat>;
}

interface ChatMessage {
  readonly id: string;
  readonly user: string;
  readonly role: string;
  readonly content: string;
}

type Frame = ({ readonly type: "add" | "update" } & ChatMessage) | { readonly type: "all"; readonly messages: ChatMessage[] };

export class Chat extends Server<Env> {
  static override options = { hibernate: true };

  #messages: ChatMessage[] = [];

  override onStart(): void {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, user TEXT, role TEXT, content TEXT)");
    this.#messages = sql.exec("SELECT id, user, role, content FROM messages").toArray() as unknown as ChatMessage[];
  }

  override onConnect(connection: Connection): void {
    connection.send(JSON.stringify({ type: "all", messages: this.#messages } satisfies Frame));
  }

  override onMessage(_connection: Connection, message: WSMessage): void {
    this.broadcast(message);
    const frame = JSON.parse(message as string) as Frame;
    if (frame.type !== "all") this.#save(frame);
  }

  #save({ id, user, role, content }: ChatMessage): void {
    const message = { id, user, role, content };
    if (this.#messages.some((other) => other.id === id)) {
      this.#messages = this.#messages.map((other) => (other.id === id ? message : other));
    } else {
      this.#messages.push(message);
    }
    this.ctx.storage.sql.exec(
      `INSERT INTO messages (id, user, role, content) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET content = excluded.content`,
      id,
      user,
      role,
      content,
    );
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const routed = await routePartykitRequest(request, { ...env });
    return routed ?? new Response("Not found", { status: 404 });
  },
} satisfies ExportedHandler<Env>;
