// Links into rooms that need an invitation: its key is behind `#invite=`, which no server and no log sees.
import { roomIn } from "./room-address.ts";

/** Returns the address of a room, with the key of its invitation if it needs one. */
export function inviteLink(room: string, key: string | undefined): string {
  return `${location.origin}/${room}${key === undefined ? "" : `#invite=${key}`}`;
}

/** Returns the key in an address. */
export function invitationIn(hash: string): string | undefined {
  return /^#invite=([\w-]{1,64})$/.exec(hash)?.[1];
}

/**
 * Returns how to get the key that the reader has for a room: that of the address, while it leads to this room, or the
 * last one.
 */
export function invitationTo(room: string): () => string | undefined {
  let key: string | undefined;
  return () => {
    if (roomIn(location.pathname) === room) key = invitationIn(location.hash) ?? key;
    return key;
  };
}
