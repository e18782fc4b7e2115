// The data of each release in a browser, read by this one: `tests/fixtures/releases/{version}/client.json`.
// `UPDATE_FIXTURES=1 node --test party-client/tests/fixtures.test.ts` writes that of the version in package.json.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { browser } from "./browser.ts";
import { pass } from "./fake-socket.ts";
import { shown, tabs, welcome } from "./visit.ts";

/** The values of `localStorage` and of a tab's `sessionStorage`. */
type Fixture = { local: Record<string, string>; session: Record<string, string> };

const folder = new URL("../../tests/fixtures/releases/", import.meta.url);
const { version }: { version: string } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const file = (release: string) => new URL(`${release}/client.json`, folder);

/** Returns a tab that has written three texts: the first is acknowledged, the second refused. */
async function made(context: TestContext): Promise<Fixture> {
  const visit = tabs(context);
  const { tab, local } = browser();
  const memory = tab();
  const room = visit(memory);
  await pass(0);
  room.peers[0]?.open();
  room.peers[0]?.say(welcome({ you: { member: "me", role: "member", secret: "the.secret" } }));
  const [one, two] = ["one", "two", "three"].map((content) => room.send({ content }));
  room.peers[0]?.say({ type: "ack", id: one?.id, seq: 1 });
  room.peers[0]?.say({ type: "error", code: "muted", message: "no", id: two?.id });
  await pass(0);
  memory.gone();
  const session: Record<string, string> = {};
  for (let at = 0; at < memory.session.length; at++) {
    const key = memory.session.key(at) ?? "";
    session[key] = memory.session.getItem(key) ?? "";
  }
  return { local: Object.fromEntries(local.values), session };
}

test("the version of this build has a fixture", async (context) => {
  if (process.env.UPDATE_FIXTURES) {
    mkdirSync(new URL(".", file(version)), { recursive: true });
    writeFileSync(file(version), `${JSON.stringify(await made(context), null, 2)}\n`);
  }
  assert.ok(existsSync(file(version)), "write it by UPDATE_FIXTURES=1");
});

for (const release of readdirSync(folder)) {
  test(`a message that ${release} has left unsent in a browser is sent, as the same member`, async (context) => {
    const fixture: Fixture = JSON.parse(readFileSync(file(release), "utf8"));
    const visit = tabs(context);
    const { tab, local } = browser();
    for (const [key, value] of Object.entries(fixture.local)) local.setItem(key, value);
    const memory = tab();
    for (const [key, value] of Object.entries(fixture.session)) memory.session.setItem(key, value);
    const room = visit(memory);
    await pass(0);
    assert.equal(shown(room), "two!, three?");
    assert.ok(room.peers[0]?.protocols.includes("party.bearer.the.secret"));
    room.peers[0]?.open();
    room.peers[0]?.say(welcome());
    await pass(5);
    assert.deepEqual(room.peers[0]?.heard().map(({ type, body }) => [type, body]), [["append", { content: "three" }]]);
  });
}
