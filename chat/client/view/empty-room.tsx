// A room in which nobody has written yet. It is where one comes who has asked for no room, so it also leads to the
// rooms that one knows.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import type { RoomSession } from "../room-session.ts";
import { CopyLink } from "./copy-link.tsx";
import { Mark } from "./icons.tsx";
import { MyRooms } from "./my-rooms.tsx";

type EmptyRoomProps = { link: string; session: RoomSession; onRoom: (room: string) => void };

export function EmptyRoom({ link, session, onRoom }: EmptyRoomProps) {
  return (
    <section class="blank">
      <Mark />
      <h2>{texts.nobodyHasWritten}</h2>
      <p>{texts.sendTheLink}</p>
      <p class="address">{link}</p>
      <CopyLink link={link} session={session} label={texts.copyInviteLink} prominent />
      <MyRooms here={session.name} onRoom={onRoom} />
    </section>
  );
}
