// The meter: a room as it is, in whose database one can look. It counts its statements and the rows that they read and
// write, as they would be billed, and runs a statement from outside, by which the load generator fills a long history
// in a second. Rooms are never measured for time behind it.

import worker, { Chat as Room } from "./room.js";

/** The header that asks the meter: `rows`, or a statement. */
const ASKS = "bench-meter";

export class Chat extends Room {
  readonly #sql: SqlStorage;
  readonly #cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    const exec = this.#sql.exec.bind(this.#sql);
    // The room finds this in place of the platform's own, which stays what it was to other rooms.
    Object.defineProperty(this.#sql, "exec", {
      value: (query: string, ...bindings: unknown[]) => {
        const cursor = exec(query, ...bindings);
        this.#cursors.push(cursor);
        return cursor;
      },
    });
  }

  override fetch(request: Request): Response | Promise<Response> {
    const asked = request.headers.get(ASKS);
    if (asked === null) return super.fetch(request);
    if (asked !== "rows") this.#sql.exec(asked).toArray();
    // A cursor counts what was read so far, and rooms read their cursors to the end.
    const count = (rows: "rowsRead" | "rowsWritten") => this.#cursors.reduce((sum, cursor) => sum + cursor[rows], 0);
    const counted = { statements: this.#cursors.length, read: count("rowsRead"), written: count("rowsWritten") };
    this.#cursors.length = 0;
    return Response.json(counted);
  }
}

export default worker;
