// The address of the page: `/{key}` is a text to write in, `/read/{room}` the same text for readers.
//
// The room's name is a hash of the key. Who has the key knows the name; who has the name cannot find the key.
import { toBase64UrlEncoded } from "lib0/buffer";
import { digest } from "lib0/hash/sha256";
import { randomId } from "party-client";

/** The text that the page shows. Without a key one may only read. */
export type Place = { readonly room: string; readonly key?: string };

/** Returns the place that a path names; `undefined` if it names none. */
export function placeOf(path: string): Place | undefined {
  const [first, second] = path.split("/").filter((segment) => segment !== "").map(decoded);
  if (first === undefined) return undefined;
  return first === "read" && second !== undefined ? { room: second } : { room: roomOf(first), key: first };
}

/** Returns the name of the room that a key opens. `src/access.rs` does the same. */
export function roomOf(key: string): string {
  return toBase64UrlEncoded(digest(new TextEncoder().encode(key)));
}

/** Returns a path of a new text, which nobody can guess. */
export function newPath(): string {
  return `/${randomId()}`;
}

/** Returns the path of the link for readers. */
export function readingPath({ room }: Place): string {
  return `/read/${encodeURIComponent(room)}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
