// A conversation as a text file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayByDay } from "../save-text.ts";

process.env["TZ"] = "Europe/Berlin";

const message = (at: number, user: string, content: string) => ({ seq: 1, id: "1", author: "a", at, body: { content, user, role: "user" as const } });

test("each message is a line with its time and author, under its day, and further lines stand to the right", () => {
  const write = dayByDay();
  const text = [
    message(Date.UTC(2026, 10, 28, 22, 59), "Ada", "good night"),
    message(Date.UTC(2026, 10, 28, 23, 0), "Bob", "good\r\nmorning"),
    message(Date.UTC(2026, 10, 29, 7, 5), "Ada", "hello"),
  ].map(write).join("");
  assert.equal(text, "2026-11-28\n23:59 Ada: good night\n\n2026-11-29\n00:00 Bob: good\n    morning\n08:05 Ada: hello\n");
});
