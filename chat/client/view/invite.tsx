// Inviting others: the room's address to copy, to share by what the device has for that, and to scan.
import * as texts from "#texts/room.ts";
import { h } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { encode } from "uqr";
import { changeRoom } from "../about.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { CopyLink } from "./copy-link.tsx";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

type InviteProps = { session: RoomSession; link: string; onClose: () => void };

export function Invite({ session, link, onClose }: InviteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { name, invitation } = useValue(session.room.shared) ?? {};
  const title = name || roomTitle(session.name);
  const moderates = useValue(session.room.you)?.role === "moderator";
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const share = () => void navigator.share({ title, url: link }).catch(() => {}); // The person may change their mind.
  return (
    <dialog ref={dialog} class="dialog invite" aria-labelledby="invite-title" closedby="any" onClose={onClose}>
      <h2 id="invite-title">{texts.invitePeople}</h2>
      <p>{invitation ? texts.onlyWithLink : texts.everyoneWithLink}</p>
      <Code text={link} />
      <p class="address">{link}</p>
      <div class="dialog-end">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
        {invitation && moderates && (
          <button type="button" class="button" onClick={() => askForNewLink(session)}>
            {texts.newLink}
          </button>
        )}
        {"share" in navigator && (
          <button type="button" class="button" onClick={share}>
            <Icon name="share" />
            {texts.share}
          </button>
        )}
        <CopyLink link={link} session={session} label={texts.copyLink} prominent />
      </div>
    </dialog>
  );
}

/** Asks whether there shall be a new invitation, and then makes it. */
function askForNewLink(session: RoomSession): void {
  const run = async () => {
    if (await changeRoom(session, "new_invitation")) session.notice.value = { text: texts.newLinkMade, done: true };
  };
  session.question.value = { title: texts.askForNewLink, text: texts.newLinkWarning, yes: texts.confirmNewLink, run: () => void run() };
}

/** Shows a text as a QR code, dark on light in every colour scheme: many cameras read nothing else. */
function Code({ text }: { text: string }) {
  const { size, path } = useMemo(() => squares(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={texts.qrCode}>
      <path d={path} />
    </svg>
  );
}

function squares(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size, path };
}
