// The texts of the page, for both players and for spectators.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Phase, Player, Shot, View } from "../protocol.ts";
import { cellName, detail, headline } from "../words.ts";

const player: Player = { seated: true, online: true, ready: false, wins: 0 };

function view(phase: Phase, last: Shot | null = null, players: Partial<View["players"]> = {}): View {
  const sea = { ships: [], hits: [], misses: [] };
  const seas = { coral: sea, teal: sea };
  return { phase, round: 1, left_ms: null, players: { coral: player, teal: player, ...players }, seas, last, spectators: 0, free_seat: false };
}

test("cells have the names that people call them by", () => {
  assert.deepEqual([0, 7, 27, 63].map(cellName), ["A1", "H1", "D4", "H8"]);
});

test("the turn is told to each from their own place", () => {
  const playing = view({ is: "playing", turn: "coral" });
  assert.equal(headline(playing, "coral"), "Your turn: fire!");
  assert.equal(headline(playing, "teal"), "Coral takes aim");
  assert.equal(headline(playing, null), "Coral takes aim");
  const over = view({ is: "over", winner: "teal" });
  assert.deepEqual([headline(over, "coral"), headline(over, "teal"), headline(over, null)], ["You have lost", "You win!", "Teal wins"]);
});

test("the newest shot is told, and that it was a stray one", () => {
  const shot: Shot = { by: "teal", cell: 27, did: "sunk", late: false };
  const phase: Phase = { is: "playing", turn: "teal" };
  assert.equal(detail(view(phase, shot), "teal"), "You sank a ship at D4.");
  assert.equal(detail(view(phase, shot), "coral"), "Teal sank a ship at D4.");
  assert.equal(detail(view(phase, { ...shot, did: "miss", late: true }), null), "Time was up: a stray shot. Teal missed at D4.");
});

test("a winner who is left alone hears what happens next", () => {
  const over = view({ is: "over", winner: "coral" }, null, { teal: { ...player, online: false } });
  assert.equal(detail(over, "coral"), "Teal has left. Whoever opens the link now plays.");
});
