// A room with a long history: written to its database while it is not served, since the room would take its time.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MessageBody } from "../../chat/client/protocol.ts";

/** A message of the history. */
export type Written = { user: string; content: string; at: number };

/**
 * Appends messages to the room on this disk whose log has an entry with this id. The server of the disk must be down.
 */
export function writeHistory(disk: string, id: string, messages: readonly Written[]): void {
  const database = databases(disk).find((database) => has(database, id));
  if (!database) throw new Error("there is no such room");
  const [{ last }] = database.prepare("SELECT max(seq) AS last FROM party_log").all() as [{ last: number }];
  const insert = database.prepare("INSERT INTO party_log (seq, id, author, at, body) VALUES (?, ?, ?, ?, ?)");
  database.exec("BEGIN");
  for (const [index, { user, content, at }] of messages.entries()) {
    const body: MessageBody = { content, user, role: "user" };
    insert.run(last + 1 + index, `history-${index}`, `author-${user}`, at, JSON.stringify(body));
  }
  database.exec("COMMIT");
  database.close();
}

function databases(disk: string): DatabaseSync[] {
  const files = readdirSync(disk, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".sqlite")).map((file) => new DatabaseSync(join(disk, file)));
}

function has(database: DatabaseSync, id: string): boolean {
  try {
    return database.prepare("SELECT 1 FROM party_log WHERE id = ?").all(id).length > 0;
  } catch {
    return false; // It is the database of something else.
  }
}
