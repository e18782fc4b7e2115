// The connection between the page and its room, which the address names: `/my-room`, and `/` for the lobby.

import type { Member } from "party-client";
import { PartySocket } from "partysocket";
import { Page } from "./page.ts";
import { Pointer } from "./pointer.ts";
import { decodeMove, encodeMove, type RoomFrame } from "./wire.ts";

const ROOM_FULL = 4503; // The close code of a client that is not admitted.

const page = new Page();
const socket = new PartySocket({
  host: location.host,
  protocol: location.protocol === "https:" ? "wss" : "ws",
  party: "cursors",
  room: location.pathname.split("/").find((segment) => segment !== "") ?? "lobby",
  // An old move is worth nothing: none waits for the next connection.
  maxEnqueuedMessages: 0,
  // In time for the room's grace (`GRACE` in `src/room.rs`), in which it keeps our number.
  minReconnectionDelay: 300 + 700 * Math.random(),
});
socket.binaryType = "arraybuffer";

const pointer = new Pointer(page.stage, sendPlace);
socket.addEventListener("message", ({ data }) => {
  if (data instanceof ArrayBuffer) {
    const { number, at } = decodeMove(data);
    page.move(number, at);
  } else {
    receive(JSON.parse(data));
  }
});
socket.addEventListener("close", ({ code }) => page.say(code === ROOM_FULL ? "The room is full" : "Reconnecting …"));

/** Sends where we point, if the connection is open. */
function sendPlace(): void {
  if (pointer.at && socket.readyState === socket.OPEN) socket.send(encodeMove(pointer.at));
}

function receive(frame: RoomFrame): void {
  switch (frame.type) {
    case "welcome":
      page.begin(frame.number);
      page.say("Connected");
      return sendPlace();
    case "presence":
      for (const number of numbersOf([...(frame.members ?? []), ...(frame.join ?? [])])) page.add(number);
      for (const member of frame.leave ?? []) page.remove(Number(member));
      return;
    case "where":
      return sendPlace();
    case "error":
      return console.error(frame.message);
  }
}

/** Returns the numbers of the members, sorted. A roster is in the order of the names, in which `10` is before `2`. */
function numbersOf(members: readonly Member<number>[]): number[] {
  return members.map(({ data }) => data).sort((a, b) => a - b);
}
