// A button that copies the room's address, says so, and is itself again after a moment.
import * as texts from "#texts/conversation.ts";
import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { copyText } from "../clipboard.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";

const SHOWN = 2500;

type CopyLinkProps = { link: string; session: RoomSession; label: string; prominent?: boolean };

export function CopyLink({ link, session, label, prominent = false }: CopyLinkProps) {
  const [copied, setCopied] = useState(0); // Counts, so that a second click starts the moment again.
  useEffect(() => {
    if (copied === 0) return;
    const done = setTimeout(() => setCopied(0), SHOWN);
    return () => clearTimeout(done);
  }, [copied]);

  const copy = async () => {
    if (await copyText(link)) setCopied(copied + 1);
    else session.notice.value = { text: texts.cannotCopyLink(link) };
  };
  return (
    <>
      <button
        type="button"
        class={prominent ? "button primary" : "button"}
        aria-label={label}
        data-copied={copied > 0}
        onClick={copy}
      >
        <Icon name={copied > 0 ? "check" : "link"} />
        <span class="button-text">{copied > 0 ? texts.copied : label}</span>
      </button>
      <span class="visually-hidden" role="status">
        {copied > 0 ? texts.linkCopied : ""}
      </span>
    </>
  );
}
