// A long history, made in a moment: it is written into the database of a room that is not served meanwhile.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

type Item = { seq: number; author: string; at: number; body: string };

/**
 * Gives the one room below the folder `disk`, in which one message was written, `count` messages in all. `text` returns
 * the text of each by its number.
 */
export function fill(disk: string, count: number, text: (number: number) => string): void {
  const files = readdirSync(disk, { recursive: true }).map(String).filter((name) => name.endsWith(".sqlite"));
  let filled = 0;
  for (const file of files) {
    const database = new DatabaseSync(join(disk, file));
    database.exec("PRAGMA busy_timeout = 30000"); // A server that was killed may be about to go.
    if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'party_log'").get()) {
      const { author, at, body } = database.prepare("SELECT * FROM party_log WHERE seq = 1").get() as unknown as Item;
      const insert = database.prepare("INSERT INTO party_log (seq, id, author, at, body) VALUES (?, ?, ?, ?, ?)");
      const first = JSON.parse(body) as { content: string };
      database.exec("BEGIN");
      for (let seq = 2; seq <= count; seq++) insert.run(seq, `filled ${seq}`, author, at + seq, JSON.stringify({ ...first, content: text(seq) }));
      database.exec("COMMIT");
      filled++;
    }
    database.close();
  }
  assert.equal(filled, 1);
}
