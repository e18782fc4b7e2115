// The texts of the page about a game. No DOM here.
import type { Shot, Side, View } from "./protocol.ts";

export const SIZE = 8;

export function other(side: Side): Side {
  return side === "coral" ? "teal" : "coral";
}

export function nameOf(side: Side): string {
  return side === "coral" ? "Coral" : "Teal";
}

/** Returns a cell as people call it, such as `D4`. */
export function cellName(cell: number): string {
  return `${columnName(cell % SIZE)}${Math.floor(cell / SIZE) + 1}`;
}

export function columnName(column: number): string {
  return String.fromCharCode(65 + column);
}

/** Returns the state of the game, for a player or a spectator. */
export function headline({ phase, players }: View, me: Side | null): string {
  switch (phase.is) {
    case "waiting":
      return me === null ? "Waiting for players" : "Waiting for an opponent";
    case "placing":
      if (me === null) return "Fleets are being placed";
      return players[me].ready ? `Waiting for ${nameOf(other(me))}` : "This is your fleet";
    case "playing":
      return phase.turn === me ? "Your turn: fire!" : `${nameOf(phase.turn)} takes aim`;
    case "over":
      if (me === null) return `${nameOf(phase.winner)} wins`;
      return phase.winner === me ? "You win!" : "You have lost";
  }
}

/** Returns the second line: the newest shot, or what to do. */
export function detail({ phase, last, players }: View, me: Side | null): string {
  if (phase.is === "waiting") return me === null ? "Take a seat, or watch." : "Send somebody the link of this page.";
  if (phase.is === "placing") {
    if (me === null) return "You are watching.";
    return players[me].ready ? "The battle begins when both are ready, or when the time is up." : "Take it, or have another dealt.";
  }
  if (phase.is === "over" && me !== null && !players[other(me)].online) {
    return `${nameOf(other(me))} has left. Whoever opens the link now plays.`;
  }
  if (last) return shotLine(last, me);
  return phase.is === "playing" && phase.turn === me ? "Choose a cell of the other sea." : "Who hits fires again.";
}

function shotLine({ by, cell, did, late }: Shot, me: Side | null): string {
  const who = by === me ? "You" : nameOf(by);
  const what = { miss: "missed at", hit: "hit a ship at", sunk: "sank a ship at" }[did];
  const line = `${who} ${what} ${cellName(cell)}.`;
  return late ? `Time was up: a stray shot. ${line}` : line;
}
