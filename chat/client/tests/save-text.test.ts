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

test("the name of a file stands in brackets before the text", () => {
  const file = { id: "f1", name: "sea.png", type: "image/png", size: 6 };
  const at = Date.UTC(2026, 10, 28, 12, 0);
  const lines = ["the sea", ""].map((content) => {
    const plain = message(at, "Ada", content);
    return dayByDay()({ ...plain, body: { ...plain.body, file } }).split("\n")[1];
  });
  assert.deepEqual(lines, ["13:00 Ada: [sea.png] the sea", "13:00 Ada: [sea.png]"]);
});
