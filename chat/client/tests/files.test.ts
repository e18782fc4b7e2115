// Files without a page: their sizes, which are pictures, and which of those that come are taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, refusal, takesNone } from "../chosen.ts";
import { source } from "party-client";
import { droppedFiles, hasFiles, pastedFiles } from "../file-transfer.ts";
import { sizeText } from "../file-size.ts";
import { isPicture } from "../picture.ts";
import type { RoomSession } from "../room-session.ts";

test("a size has at most one decimal, and the unit that fits", () => {
  const sizes = { "312 bytes": 312, "1 KB": 1024, "1.5 KB": 1536, "15 KB": 15_000, "10 MB": 10 * 1024 ** 2, "2 GB": 2 * 1024 ** 3, "2,048 GB": 2 * 1024 ** 4 };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(sizeText(bytes), text);
});

test("a picture has a type that every browser shows, and a size in pixels", () => {
  const pixels = { width: 2, height: 1 };
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]) {
    assert.ok(isPicture({ type, ...pixels }), type);
    assert.ok(!isPicture({ type }), type);
    assert.ok(!isPicture({ type, width: 0, height: 1 }), type);
  }
  for (const type of ["image/svg+xml", "image/heic", "text/html", "image/png; x", ""]) assert.ok(!isPicture({ type, ...pixels }), type);
});

const file = (name: string, size = 1) => new File(["x".repeat(size)], name);
const transfer = (types: string[], ...files: File[]) => ({ types, files, items: [] }) as unknown as DataTransfer;

test("a pasted text with its formatting is a text, although a picture of it comes along", () => {
  const picture = file("image.png");
  assert.deepEqual(pastedFiles(transfer(["Files"], picture)), [picture]);
  assert.deepEqual(pastedFiles(transfer(["text/html", "Files"], picture)), [picture], "a picture of a page");
  assert.deepEqual(pastedFiles(transfer(["text/plain", "Files"], picture)), [picture], "a file from a folder");
  assert.deepEqual(pastedFiles(transfer(["text/plain", "text/html", "Files"], picture)), []);
  assert.deepEqual(pastedFiles(null), []);
});

test("folders are not among the files that are dropped", () => {
  const item = (name: string, isDirectory: boolean) => ({ kind: "file", webkitGetAsEntry: () => ({ isDirectory }), getAsFile: () => file(name) });
  const items = [{ kind: "string" }, item("folder", true), item("sea.png", false), { kind: "file", getAsFile: () => file("old.png") }];
  const data = { types: ["Files"], items } as unknown as DataTransfer;
  assert.ok(hasFiles(data));
  assert.ok(!hasFiles(transfer(["text/plain"])));
  assert.deepEqual(droppedFiles(data).map(({ name }) => name), ["sea.png", "old.png"]);
});

function visit(files: number | undefined, loaded = true) {
  const room = { shared: source(files === undefined ? undefined : { files }), log: source({ loaded }) };
  return { room, draft: source({ text: "kept" }), notice: source(undefined) } as unknown as RoomSession;
}

test("files are taken up to the room's limit, and each refused one is named", async () => {
  const session = visit(10);
  await choose(session, [file("large", 11), file("empty", 0), file("right", 10)]);
  assert.deepEqual(session.draft.value.files?.map(({ name }) => name), ["right"]);
  assert.equal(session.draft.value.text, "kept");
  assert.match(session.notice.value?.text ?? "", /large.* is too large: a file has at most 10 bytes\. .*empty.* is empty\.$/);
});

test("a room without a bucket takes none, and before it is known all are taken", async () => {
  const none = visit(undefined);
  assert.ok(takesNone(none));
  await choose(none, [file("sea.png")]);
  assert.equal(none.draft.value.files, undefined);
  assert.equal(none.notice.value?.text, "This room takes text only.");
  const unknown = visit(undefined, false);
  assert.equal(refusal(unknown, file("sea.png", 99)), undefined);
  await choose(unknown, [file("sea.png", 99)]);
  assert.equal(unknown.draft.value.files?.length, 1);
});
