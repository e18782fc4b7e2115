// The address of a room, as `partysocket` would build it, without the rest of its class.
import { RoomError } from "./room-error.ts";

export type Place = {
  /** As in `location.host`. */
  host: string;
  /** As a segment of the path, like the room. */
  party: string;
  room: string;
  /** The protocol, where it does not follow from the host. */
  protocol?: "ws" | "wss" | undefined;
};

export type Params = Record<string, string | null | undefined>;

// This machine and private networks, which have no certificate.
const LOCAL = /^(localhost:|127\.0\.0\.1:|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::ffff:7f00:1\]:)/;

const LONGEST_NAME = 1024; // In bytes, encoded. It is the platform's.

/**
 * Returns a name as one segment of a path, as `encodeURIComponent` writes it. Returns `undefined` for a name that no
 * room can have.
 */
export function segmentOf(name: string): string | undefined {
  let segment = "";
  try {
    segment = encodeURIComponent(name);
  } catch {
    // Half of a character: there is no such text.
  }
  // A path forgets the segments `.` and `..`.
  return /^\.{0,2}$/.test(segment) || segment.length > LONGEST_NAME ? undefined : segment;
}

/** Returns where a room is. Throws for a name that no room can have. */
export function placeOf(options: { host?: string; party?: string; room: string; protocol?: Place["protocol"] }): Place {
  const { host = globalThis.location?.host, protocol } = options;
  const [party, room] = [segmentOf(options.party ?? "main"), segmentOf(options.room)];
  if (!party || !room) throw new RoomError("invalid_name", "no room can have this name");
  return { host, party, room, protocol };
}

/** Returns the name under which this browser keeps something for a room. */
export function storageName({ host, party, room }: Place): string {
  return `${host}/${party}/${room}`;
}

// In bytes, as the room sees it, which is with `http`. It refuses a longer one without a word that a page could read.
const LONGEST = 3072;

/** Throws for an address that no room accepts. */
export function addressOf(place: Place, params: Params): string {
  const query = Object.entries(params).filter((pair): pair is [string, string] => pair[1] != null);
  const address = `${roomAt(place)}?${new URLSearchParams(query)}`;
  if (address.length + 2 > LONGEST) throw new Error(`the address has more than ${LONGEST} bytes`);
  return address;
}

/** Returns the address of something in a room, for requests over HTTP. */
export function httpAddressOf(place: Place, path: string): string {
  return `${roomAt(place).replace("ws", "http")}/${path}`;
}

function roomAt({ host, party, room, protocol }: Place): string {
  const name = host.replace(/^\w+:\/\/|\/$/g, "");
  const scheme = protocol ?? (isPage(name) || LOCAL.test(name) ? "ws" : "wss");
  return `${scheme}://${name}/parties/${party}/${room}`;
}

/** Returns whether the host is that of the page, loaded over plain http. Then there is no other protocol. */
function isPage(host: string): boolean {
  const page = globalThis.location;
  return page?.protocol === "http:" && page.host === host;
}
