// The line to one room, and the token that gives the seat back. `partysocket` opens the line, and opens it again.
import { PartySocket } from "partysocket";
import type { ClientFrame, ServerFrame, Side, View } from "./protocol.ts";

export type Events = {
  /** The line is open or not, and which side one has. */
  seated(side: Side | null): void;
  lost(): void;
  view(view: View): void;
  refused(message: string): void;
};

export type Line = {
  send(frame: ClientFrame): void;
  /** Asks for a free seat. */
  sit(): void;
};

export function connect(room: string, events: Events): Line {
  // A tab is a player: the token outlives a reload, and a second tab is somebody else.
  const key = `sea-battle:${room}`;
  let wantsSeat = true;
  const socket = new PartySocket({
    host: location.host,
    protocol: location.protocol === "https:" ? "wss" : "ws",
    party: "game",
    room,
    // Asked anew for every connection, so that the second one has the token that the first one was given.
    query: () => ({ token: sessionStorage.getItem(key), ...(wantsSeat ? { play: "1" } : {}) }),
    maxEnqueuedMessages: 0,
    minReconnectionDelay: 300 + 700 * Math.random(),
  });
  socket.addEventListener("close", () => events.lost());
  socket.addEventListener("message", ({ data }) => {
    const frame: ServerFrame = JSON.parse(data);
    if (frame.type === "view") events.view(frame);
    if (frame.type === "error") events.refused(frame.message);
    if (frame.type === "welcome") {
      wantsSeat = false;
      if (frame.token !== undefined) sessionStorage.setItem(key, frame.token);
      else if (frame.side === null) sessionStorage.removeItem(key);
      events.seated(frame.side);
    }
  });
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    sit() {
      wantsSeat = true;
      socket.reconnect();
    },
  };
}

/** The room that the address names. An address without one is given one. */
export function roomOfAddress(): string {
  const named = decodeURIComponent(location.pathname.slice(1));
  if (named !== "") return named;
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => "abcdefghjkmnpqrstuvwxyz23456789"[byte % 31]);
  history.replaceState(null, "", `/${letters.join("")}`);
  return letters.join("");
}
