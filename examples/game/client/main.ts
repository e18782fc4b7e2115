// The page: two seas, the state of the game, and the actions of the player.
import { board } from "./board.ts";
import { clock } from "./clock.ts";
import { connect, roomOfAddress } from "./line.ts";
import type { Player, Side, View } from "./protocol.ts";
import { detail, headline, nameOf, other } from "./words.ts";

const SIDES: Side[] = ["coral", "teal"];
const room = roomOfAddress();
let me: Side | null = null;

const page = element("main");
const time = clock(element("clock"));
const fire = (cell: number): void => line.send({ type: "fire", cell });
const boards = {
  coral: board("Coral's sea", fire),
  teal: board("Teal's sea", fire),
};
for (const side of SIDES) element(side).append(boards[side].element);

const line = connect(room, {
  seated(side) {
    me = side;
    page.dataset["me"] = side ?? "spectator";
    page.dataset["connection"] = "connected";
  },
  lost: () => (page.dataset["connection"] = "lost"),
  view: show,
  refused: (message) => (element("refusal").textContent = message),
});

onClick("shuffle", () => line.send({ type: "shuffle" }));
onClick("ready", () => line.send({ type: "ready" }));
onClick("again", () => line.send({ type: "ready" }));
onClick("sit", () => line.sit());
onClick("share", () => void share());

function show(view: View): void {
  const { phase, players, seas, last } = view;
  const turn = phase.is === "playing" ? phase.turn : null;
  page.dataset["phase"] = phase.is;
  page.dataset["turn"] = turn ?? "nobody";
  write("headline", headline(view, me));
  write("detail", detail(view, me));
  write("refusal", "");
  write("watchers", view.spectators === 0 ? "" : view.spectators === 1 ? "1 watching" : `${view.spectators} watching`);
  time.set(view.left_ms);
  for (const side of SIDES) {
    const isTarget = turn !== null && turn === me && side !== me;
    boards[side].update(seas[side], last && last.by !== side ? last.cell : null, isTarget);
    write(`${side}-name`, side === me ? `${nameOf(side)} (you)` : nameOf(side));
    write(`${side}-state`, stateOf(players[side], phase.is));
    write(`${side}-afloat`, afloat(view, side));
    element(side).classList.toggle("aims", turn === side);
  }
  const mine = me && players[me];
  element("shuffle").hidden = element("ready").hidden = phase.is !== "placing" || !mine || mine.ready;
  element("again").hidden = phase.is !== "over" || !mine || mine.ready || !players[me ? other(me) : "coral"].online;
  element("sit").hidden = me !== null || !view.free_seat;
}

function stateOf(player: Player, phase: View["phase"]["is"]): string {
  if (!player.seated) return "free seat";
  if (!player.online) return "away";
  if (player.ready && phase === "placing") return "ready";
  return player.ready && phase === "over" ? "wants a rematch" : "";
}

/** Returns the rounds won, and how many of the four ships still swim. */
function afloat({ phase, seas, players }: View, side: Side): string {
  const won = players[side].wins > 0 ? `${players[side].wins} won` : "";
  if (phase.is !== "playing" && phase.is !== "over") return won;
  const sunk = seas[side].ships.filter((ship) => ship.every((cell) => seas[side].hits.includes(cell))).length;
  return [`${4 - sunk} of 4 afloat`, won].filter((text) => text !== "").join(" · ");
}

async function share(): Promise<void> {
  await navigator.clipboard.writeText(location.href);
  write("share", "Link copied");
  setTimeout(() => write("share", "Copy link"), 2000);
}

function onClick(id: string, run: () => void): void {
  element(id).addEventListener("click", run);
}

function write(id: string, text: string): void {
  // Only what has changed is written, so that a screen reader says nothing twice.
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
