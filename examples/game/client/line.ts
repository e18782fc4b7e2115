// The connection to one room, and the secret by which the room recognises its member. `partysocket` connects, and
// connects again.
import { PartySocket } from "partysocket";
import type { ClientFrame, Received, Side, View } from "./protocol.ts";

export type Events = {
  /** The room has admitted us, with a seat or as a spectator. */
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
  // A tab is a member: the secret outlives a reload, and a second tab is another member.
  const key = `sea-battle:${room}`;
  let wantsSeat = true;
  const socket = new PartySocket({
    host: location.host,
    protocol: location.protocol === "https:" ? "wss" : "ws",
    party: "game",
    room,
    // Called for every connection, so that the second one offers the secret that the first one was sent. It is not in
    // the address, which logs and histories keep.
    protocols: () => ["party", ...bearer(sessionStorage.getItem(key))],
    query: () => (wantsSeat ? { play: "1" } : {}),
    maxEnqueuedMessages: 0,
    minReconnectionDelay: 300 + 700 * Math.random(),
  });
  socket.addEventListener("close", () => events.lost());
  socket.addEventListener("message", ({ data }) => {
    const frame: Received = JSON.parse(data);
    if (frame.type === "view") events.view(frame);
    if (frame.type === "error") events.refused(frame.message);
    if (frame.type === "welcome") {
      wantsSeat = false;
      if (frame.secret !== undefined) sessionStorage.setItem(key, frame.secret);
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

function bearer(secret: string | null): string[] {
  return secret === null ? [] : [`party.bearer.${secret}`];
}

/**
 * Returns the room that the address names, as it stands there: `partysocket` encodes nothing. An address without one is
 * given one.
 */
export function roomOfAddress(): string {
  const named = location.pathname.split("/").find((segment) => segment !== "");
  if (named !== undefined) return named;
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => "abcdefghjkmnpqrstuvwxyz23456789"[byte % 31]);
  history.replaceState(null, "", `/${letters.join("")}`);
  return letters.join("");
}
