// Uploads, whose request is the test's.
import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { RoomError } from "../src/index.ts";
import { upload, type UploadOptions } from "../src/upload/index.ts";
import { enter, welcomed } from "./visit.ts";

/** A request as a browser makes it, whose other end the test holds. */
class FakeRequest {
  static all: FakeRequest[] = [];
  method = "";
  url = new URL("http://none");
  headers: Record<string, string> = {};
  body: unknown;
  aborted = false;
  status = 0;
  responseText = "";
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;

  constructor() {
    FakeRequest.all.push(this);
  }

  open(method: string, url: string): void {
    this.method = method;
    this.url = new URL(url);
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(body: unknown): void {
    this.body = body;
  }

  abort(): void {
    this.aborted = true;
  }

  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    this.onload?.();
  }
}

const FILE = { id: "f1", name: "sea.png", type: "image/png", size: 6 };
const picture = new Blob(["pixels"], { type: "image/png" });

/** Begins an upload in a room that knows us. Returns the promise with its outcome, and the request. */
async function begin(context: TestContext, file: Blob = picture, options: UploadOptions = {}) {
  const request = globalThis.XMLHttpRequest;
  FakeRequest.all = [];
  globalThis.XMLHttpRequest = FakeRequest as unknown as typeof XMLHttpRequest;
  context.after(() => (globalThis.XMLHttpRequest = request));
  const visit = await enter(context);
  visit.welcome({ you: { member: "me", role: "member", secret: "s3cret" } });
  const done = upload(visit.room, file, options);
  const outcome = done.then(
    (stored) => stored,
    (error: unknown) => (error instanceof RoomError ? error.code : error),
  );
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  const [made] = FakeRequest.all;
  assert.ok(made, "no request was made");
  return { visit, outcome, request: made };
}

test("a file goes to an address of its own, with the secret, its type, its name and its size in pixels", async (context) => {
  const { outcome, request } = await begin(context, picture, { name: "sea & sky.png", width: 640, height: 480 });
  assert.equal(request.method, "PUT");
  assert.match(request.url.href, /^https:\/\/host\/parties\/chat\/lobby\/files\/[\w-]{22}\?/);
  assert.deepEqual(Object.fromEntries(request.url.searchParams), { name: "sea & sky.png", width: "640", height: "480" });
  assert.deepEqual(request.headers, { Authorization: "Bearer s3cret", "Content-Type": "image/png" });
  assert.equal(request.body, picture);
  request.answer(201, FILE);
  assert.deepEqual(await outcome, FILE);
});

test("a file without a type has one that says nothing, and a `File` has its own name", async (context) => {
  const { request, outcome } = await begin(context, new File(["x"], "notes"));
  assert.equal(request.headers["Content-Type"], "application/octet-stream");
  assert.deepEqual(Object.fromEntries(request.url.searchParams), { name: "notes" });
  request.answer(201, FILE);
  await outcome;
});

test("each upload has another id", async (context) => {
  const { visit, request } = await begin(context);
  upload(visit.room, picture).catch(() => undefined);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assert.notEqual(FakeRequest.all[1]?.url.pathname, request.url.pathname);
  assert.equal(FakeRequest.all.length, 2);
});

test("progress is how much is sent", async (context) => {
  const seen: number[][] = [];
  const { request, outcome } = await begin(context, picture, { onProgress: (...progress) => seen.push(progress) });
  request.upload.onprogress?.({ loaded: 2, total: 6 });
  request.upload.onprogress?.({ loaded: 6, total: 6 });
  request.answer(201, FILE);
  await outcome;
  assert.deepEqual(seen, [[2, 6], [6, 6]]);
});

test("a refusal has the code of the room, or one of its status", async (context) => {
  const cases: [number, unknown, string][] = [
    [429, { type: "error", code: "slow_down", message: "too many files" }, "slow_down"],
    [413, "<h1>Payload too large</h1>", "too_large"],
    [502, "Bad gateway", "unavailable"],
    [500, { message: "no code" }, "unavailable"],
  ];
  for (const [status, body, code] of cases) {
    await context.test(`${status}`, async (context) => {
      const { outcome, request } = await begin(context);
      request.answer(status, body);
      assert.equal(await outcome, code);
    });
  }
});

test("a request that fails, and one on which nothing happens for a minute, are offline", async (context) => {
  await context.test("fails", async (context) => {
    const { outcome, request } = await begin(context);
    request.onerror?.();
    assert.equal(await outcome, "offline");
  });
  await context.test("silent", async (context) => {
    const { outcome, request } = await begin(context);
    mock.timers.tick(59_000);
    request.upload.onprogress?.({ loaded: 1, total: 6 });
    mock.timers.tick(59_000);
    assert.equal(request.aborted, false);
    mock.timers.tick(1_000);
    assert.equal(request.aborted, true);
    assert.equal(await outcome, "offline");
  });
});

test("a signal ends it with its reason", async (context) => {
  const controller = new AbortController();
  const { outcome, request } = await begin(context, picture, { signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  assert.equal(request.aborted, true);
  assert.equal(await outcome, reason);
});

test("a signal that has ended before makes no request", async (context) => {
  const { visit, request, outcome } = await begin(context);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(upload(visit.room, picture, { signal }), signal.reason);
  assert.equal(FakeRequest.all.length, 1);
  request.answer(201, FILE);
  await outcome;
});

test("without a connection nothing is uploaded", async (context) => {
  const { room } = await enter(context);
  await assert.rejects(upload(room, picture), { code: "offline" });
});

test("files are read over the protocol of the room, and a token comes before the secret", async (context) => {
  await context.test("over wss", async (context) => {
    const { room } = await welcomed(context, { token: () => "a.token" });
    assert.equal(room.fileAddress("f1"), "https://host/parties/chat/lobby/files/f1");
    assert.equal(await room.bearer(), "a.token");
  });
  await context.test("over ws", async (context) => {
    const { room } = await welcomed(context, { host: "localhost:8787", party: "wss", room: "a b" });
    assert.equal(room.fileAddress("f1"), "http://localhost:8787/parties/wss/a%20b/files/f1");
    assert.equal(await room.bearer(), undefined);
  });
});
