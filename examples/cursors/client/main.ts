// The line between the page and its room, which the address names: `/my-room`, and `/` for the lobby.

import { PartySocket } from "partysocket";
import { Page } from "./page.ts";
import { Pointer } from "./pointer.ts";
import { decodeMove, encodeMove, type Told } from "./wire.ts";

const page = new Page();
const socket = new PartySocket({
  host: location.host,
  protocol: location.protocol === "https:" ? "wss" : "ws",
  party: "cursors",
  room: location.pathname.split("/").find((segment) => segment !== "") ?? "lobby",
  // An old move is worth nothing: none waits for the line to come back.
  maxEnqueuedMessages: 0,
});
socket.binaryType = "arraybuffer";

const pointer = new Pointer(page.stage, tell);
socket.addEventListener("message", ({ data }) => {
  if (data instanceof ArrayBuffer) {
    const { number, at } = decodeMove(data);
    page.move(number, at);
  } else {
    hear(JSON.parse(data));
  }
});
socket.addEventListener("close", () => page.say("Reconnecting …"));

/** Sends our place, if the line is open. */
function tell(): void {
  if (pointer.at && socket.readyState === socket.OPEN) socket.send(encodeMove(pointer.at));
}

function hear(told: Told): void {
  switch (told.type) {
    case "welcome":
      page.clear();
      page.addSelf(told.you);
      for (const member of told.others) page.add(member);
      page.say("Connected");
      return tell();
    case "join":
      return page.add(told.member);
    case "leave":
      return page.remove(told.number);
    case "where":
      return tell();
    case "error":
      return console.error(told.message);
  }
}
