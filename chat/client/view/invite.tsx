// Inviting others: the room's address to copy, to share by what the device has for that, and to scan.
import * as texts from "#texts/room.ts";
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { changeRoom } from "../about.ts";
import type { QrCode } from "../on-demand/qr-code.ts";
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

/**
 * Shows a text as a QR code, dark on light in every colour scheme: many cameras read nothing else. Its place is empty
 * until the script is here. Where that cannot be loaded there is the link, anyway.
 */
function Code({ text }: { text: string }) {
  const [{ size, path }, setCode] = useState<QrCode>({ size: 1, path: "" });
  useEffect(() => {
    import("../on-demand/qr-code.ts").then(({ qrCode }) => setCode(qrCode(text)), () => {});
  }, [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={texts.qrCode}>
      <path d={path} />
    </svg>
  );
}
