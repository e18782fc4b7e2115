// The peer of rooms with a document: `y-partyserver`, as its README has it. The document is in memory, and is saved as
// one blob some seconds after changes, at the package's own intervals.

import { routePartykitRequest } from "partyserver";
import { YServer } from "y-partyserver";
import { applyUpdate, encodeStateAsUpdate } from "yjs";

interface Env {
  readonly Notes: DurableObjectNamespace<Notes>;
}

export class Notes extends YServer {
  static override options = { hibernate: true };

  override async onLoad(): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS document (id INTEGER PRIMARY KEY, data BLOB NOT NULL)");
    const [saved] = sql.exec<{ data: ArrayBuffer }>("SELECT data FROM document WHERE id = 0");
    if (saved) applyUpdate(this.document, new Uint8Array(saved.data));
  }

  override async onSave(): Promise<void> {
    const data = encodeStateAsUpdate(this.document);
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO document (id, data) VALUES (0, ?)", data);
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const routed = await routePartykitRequest(request, { ...env });
    return routed ?? new Response("Not found", { status: 404 });
  },
} satisfies ExportedHandler<Env>;
