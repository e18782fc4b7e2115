// A room that belongs to a component: made with the options of its first render, it follows those of later ones.
import { Room, type RoomOptions, type RoomTypes } from "../index.ts";
import type { Body, Introduction } from "../types.ts";
import { keepFirstValues } from "./first-values.ts";

export type ComponentRoom<T extends RoomTypes> = {
  readonly room: Room<T>;
  /** Returns whether the options name the same room. A room with a token is another one than without. */
  isFor(options: RoomOptions<T>): boolean;
  /** Takes the functions of a later render. */
  follow(options: RoomOptions<T>): void;
  /** Sends the presence data of a later render, if it differs. */
  introduce(presence: Introduction<T> | undefined): void;
  /** Called when the component is mounted. Returns what to call when it is unmounted. */
  mount(): () => void;
};

export function componentRoom<T extends RoomTypes>(first: RoomOptions<T>): ComponentRoom<T> {
  const { token } = first;
  let latest = first;
  let presence = JSON.stringify(first.presence);
  let mounted = false;
  let closedHere = false;

  const room = new Room<T>({
    ...first,
    ...(token && { token: () => (latest.token ?? token)() }),
    invitation: () => latest.invitation?.(),
    query: () => (typeof latest.query === "function" ? latest.query() : (latest.query ?? {})),
    preview: (draft, me, now) => (latest.preview ? latest.preview(draft, me, now) : (draft as Body<T>)),
  });
  keepFirstValues(room);

  function close(): void {
    closedHere = room.state.value.status !== "closed";
    room.close();
  }

  return {
    room,
    isFor: (options) => placeOf(options) === placeOf(first),
    follow: (options) => void (latest = options),
    introduce(data) {
      const next = JSON.stringify(data);
      if (data === undefined || next === presence) return;
      presence = next;
      room.setPresence(data);
    },
    mount() {
      mounted = true;
      // A component that React has hidden is shown again. A room that the room or the app has closed stays closed.
      if (closedHere) room.connect();
      closedHere = false;
      return () => {
        mounted = false;
        // StrictMode and hot reloads mount the component again at once.
        queueMicrotask(() => mounted || close());
      };
    },
  };
}

function placeOf<T extends RoomTypes>({ host, protocol, party, room, token }: RoomOptions<T>): string {
  return JSON.stringify([host, protocol, party, room, token !== undefined]);
}
