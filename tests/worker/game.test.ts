// The game in real workerd: two players, a spectator, and a room that sleeps in mid-game.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { ClientFrame, Received, Side, View } from "../../examples/game/client/protocol.ts";
import { Client } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("examples/game/build/index.js", "Game");
});

after(() => worker.close());

/** A member in a room. */
class Guest {
  readonly client: Client;
  readonly side: Side | null;
  readonly secret: string | undefined;

  private constructor(client: Client, side: Side | null, secret: string | undefined) {
    this.client = client;
    this.side = side;
    this.secret = secret;
  }

  static async join(room: string, query: Record<string, string> = { play: "1" }, secret?: string): Promise<Guest> {
    const url = new URL(`/parties/game/${room}?${new URLSearchParams(query)}`, worker.url);
    const client = await Client.connect(url, secret === undefined ? [] : ["party", `party.bearer.${secret}`]);
    assert.equal(client.subprotocol, secret === undefined ? "" : "party");
    const welcome: Received = JSON.parse(String(await client.receive()));
    assert.ok(welcome.type === "welcome");
    return new Guest(client, welcome.side, welcome.secret);
  }

  send(frame: ClientFrame): void {
    this.client.send(JSON.stringify(frame));
  }

  async frame(): Promise<Received> {
    return JSON.parse(String(await this.client.receive()));
  }

  /** Waits for the view that is as wanted. */
  async sees(what: (view: View) => boolean): Promise<View> {
    for (;;) {
      const frame = await this.frame();
      assert.ok(frame.type === "view", JSON.stringify(frame));
      if (what(frame)) return frame;
    }
  }
}

/** Two players in a battle. */
async function battle(room: string): Promise<[Guest, Guest]> {
  const players: [Guest, Guest] = [await Guest.join(room), await Guest.join(room)];
  for (const player of players) player.send({ type: "ready" });
  for (const player of players) await player.sees((view) => view.phase.is === "playing");
  return players;
}

function turnOf(view: View): Side | null {
  return view.phase.is === "playing" ? view.phase.turn : null;
}

test("two play to the end while the room sleeps again and again, and the third only watches", async () => {
  const room = randomUUID();
  const [coral, teal] = await battle(room);
  const watcher = await Guest.join(room);
  assert.deepEqual([coral.side, teal.side, watcher.side], ["coral", "teal", null]);

  let view = await watcher.sees((view) => view.spectators === 1);
  const cells = { coral: 0, teal: 0 };
  while (view.phase.is === "playing") {
    const turn = view.phase.turn;
    const cell = cells[turn]++;
    if (cell % 20 === 10) await worker.evict(room);
    (turn === "coral" ? coral : teal).send({ type: "fire", cell });
    view = await watcher.sees((view) => view.last?.by === turn && view.last.cell === cell);
    if (view.phase.is === "playing") {
      const { coral, teal } = view.seas;
      for (const { ships, hits } of [coral, teal]) assert.ok(ships.flat().every((cell) => hits.includes(cell)));
    }
  }
  assert.equal(view.phase.is, "over");
  assert.equal(view.seas.coral.ships.length + view.seas.teal.ships.length, 8);
  for (const guest of [coral, teal, watcher]) guest.client.close();
});

test("a player who has lost the connection gets the same seat, fleet and turn again by the secret, from another id", async () => {
  const room = randomUUID();
  const [coral, teal] = await battle(room);
  coral.client.close();
  const alone = await teal.sees((view) => !view.players.coral.online);
  await worker.evict(room);
  const stranger = await Guest.join(room, { play: "1", _pk: "coral" });
  assert.equal(stranger.side, null);

  assert.ok(coral.secret);
  const back = await Guest.join(room, { _pk: randomUUID() }, coral.secret);
  assert.deepEqual([back.side, back.secret], ["coral", undefined]);
  const view = await back.sees(() => true);
  assert.deepEqual([turnOf(view), view.seas.coral.ships.length, view.seas.teal.ships.length], ["coral", 4, 0]);
  assert.ok(view.left_ms !== null && alone.left_ms !== null && view.left_ms <= alone.left_ms);
  for (const guest of [teal, stranger, back]) guest.client.close();
});

test("an illegal move is answered to its sender alone", async () => {
  const [coral, teal] = await battle(randomUUID());
  teal.send({ type: "fire", cell: 0 });
  const refusal = await teal.frame();
  assert.ok(refusal.type === "error" && refusal.code === "not_your_turn", JSON.stringify(refusal));
  coral.client.send("nonsense");
  const answer = await coral.frame();
  assert.ok(answer.type === "error" && answer.code === "not_json", JSON.stringify(answer));
  for (const guest of [coral, teal]) guest.client.close();
});
