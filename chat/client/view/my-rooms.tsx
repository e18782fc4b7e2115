// The rooms that this browser's person has been in, with what is new there.
import * as texts from "#texts/room.ts";
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countAfter, forgetRoom, hasDraft, visitedRooms, type VisitedRoom } from "../my-rooms.ts";
import { isolated } from "../isolated.ts";
import { newMessages } from "../mention-count.ts";
import { readIn } from "../read-positions.ts";
import { nameOf, roomTitle } from "../room-address.ts";
import { clock } from "../time.ts";
import { Icon } from "./icons.tsx";

/** The number of rooms that are asked for what is new: those that were visited last. */
const ASKED = 12;

type MyRoomsProps = { here: string; onRoom: (room: string) => void };

/** A dialog with the list. */
export function MyRoomsDialog({ here, onRoom, onClose }: MyRoomsProps & { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const enter = (room: string) => (dialog.current?.close(), onRoom(room));
  return (
    <dialog ref={dialog} class="dialog rooms-dialog" aria-labelledby="rooms-title" closedby="any" onClose={onClose}>
      <h2 id="rooms-title">{texts.myRooms}</h2>
      <RoomList here={here} onRoom={enter} none={texts.roomsAreListed} />
      <div class="dialog-end">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}

/** A part of a page with the list, if there is something in it. */
export function MyRooms({ here, onRoom }: MyRoomsProps) {
  if (!visitedRooms().some(({ room }) => room !== here)) return null;
  return (
    <section class="my-rooms" aria-labelledby="rooms-title">
      <h3 id="rooms-title">{texts.myRooms}</h3>
      <RoomList here={here} onRoom={onRoom} none="" />
    </section>
  );
}

function RoomList({ here, onRoom, none }: MyRoomsProps & { none: string }) {
  const [rooms, setRooms] = useState(() => visitedRooms().filter(({ room }) => room !== here));
  const forget = (gone: string) => {
    forgetRoom(gone);
    setRooms(rooms.filter(({ room }) => room !== gone));
  };
  if (rooms.length === 0) return <p>{none}</p>;
  return (
    <ul class="rooms" aria-label={texts.myRooms}>
      {rooms.map((visited, place) => (
        <li key={visited.room} class="person">
          <RoomLink visited={visited} asks={place < ASKED} onRoom={onRoom} />
          <button type="button" class="button" aria-label={texts.forgetRoom(isolated(titleOf(visited)))} title={texts.forget} onClick={() => forget(visited.room)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

type RoomLinkProps = { visited: VisitedRoom; asks: boolean; onRoom: (room: string) => void };

function RoomLink({ visited, asks, onRoom }: RoomLinkProps) {
  const { room, at } = visited;
  const unread = useUnread(room, asks);
  const enter = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // In another tab.
    event.preventDefault();
    onRoom(room);
  };
  return (
    <a class="room-link" href={`/${room}`} onClick={enter}>
      <bdi class="person-name">{titleOf(visited)}</bdi>
      <span class="room-facts">
        {hasDraft(room) && <span>{texts.draft}</span>}
        <time dateTime={new Date(at).toISOString()}>{clock.day(at, Date.now())}</time>
      </span>
      {unread !== undefined && (
        <span class="unread" aria-label={newMessages(unread)}>
          {unread}
        </span>
      )}
    </a>
  );
}

/** Returns how many messages are new in a room: "3", "50+". Nothing if none are, or nobody knows. */
function useUnread(room: string, asks: boolean): string | undefined {
  const [unread, setUnread] = useState<string | undefined>(undefined);
  useEffect(() => {
    const seq = readIn(nameOf(room));
    if (!asks || seq === undefined) return;
    let waits = true;
    const show = ({ count, more }: { count: number; more: boolean }) => waits && count > 0 && setUnread(more ? `${count}+` : `${count}`);
    countAfter(room, seq).then(show, () => {});
    return () => void (waits = false);
  }, [room, asks]);
  return unread;
}

function titleOf({ room, name }: VisitedRoom): string {
  return name || roomTitle(room);
}
