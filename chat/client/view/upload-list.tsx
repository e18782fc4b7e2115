// Files on their way, at the end of the conversation: how far they are, and what can be done with those that failed.
import * as conversation from "#texts/conversation.ts";
import * as first from "#texts/first.ts";
import * as texts from "#texts/files.ts";
import { h } from "preact";
import type { RoomSession } from "../room-session.ts";
import { clock } from "../time.ts";
import { discard, takeBackUpload, tryAgain, uploadsIn, type Upload } from "../uploads.ts";
import { hue } from "./avatar.tsx";
import { FilePlace } from "./file-place.tsx";
import { LocalFile } from "./file-view.tsx";
import { Formatted } from "./formatted.tsx";
import { Icon } from "./icons.tsx";
import { Reason } from "./reason.tsx";
import { useValue } from "./use-value.ts";

export function UploadList({ session }: { session: RoomSession }) {
  const uploads = useValue(uploadsIn(session.room));
  if (uploads.length === 0) return null;
  return (
    <div class="rows">
      {uploads.map((upload) => (
        <UploadItem key={upload.chosen.id} session={session} upload={upload} />
      ))}
    </div>
  );
}

type UploadProps = { session: RoomSession; upload: Upload };

function UploadItem({ session, upload }: UploadProps) {
  const me = useValue(session.room.you)?.member;
  const { chosen, content, at, error } = upload;
  const { name, url, width = 0, height = 0, file } = chosen;
  const facts = { name, type: file.type, size: file.size, width, height };
  return (
    <article
      class="message"
      aria-label={first.messageBy(first.you, clock.time(at))}
      data-state={error ? "failed" : "uploading"}
      data-mine={true}
      data-first={true}
      data-last={true}
      style={{ "--hue": hue(me) }}
    >
      <div class="bubble" dir="auto">
        <FilePlace file={facts}>
          <LocalFile file={facts} address={url} />
        </FilePlace>
        {content !== "" && <Formatted text={content} session={session} />}
      </div>
      {error ? <Failure session={session} upload={upload} /> : <Progress session={session} upload={upload} />}
    </article>
  );
}

/** Leads the focus away from a button that goes when it is used: it stays in the conversation. */
function stay(event: Event): void {
  (event.currentTarget as HTMLElement).closest<HTMLElement>("[role=log]")?.focus();
}

function Progress({ session, upload }: UploadProps) {
  const { chosen, sent } = upload;
  const cancel = (event: Event) => (stay(event), takeBackUpload(session, upload));
  return (
    <div class="upload" aria-live="off">
      {sent === undefined ? (
        <p>{texts.waiting}</p>
      ) : (
        <progress aria-label={texts.uploading(chosen.name)} max={chosen.file.size} value={sent} />
      )}
      <button type="button" class="text-button" onClick={cancel}>
        {texts.cancel}
      </button>
    </div>
  );
}

function Failure({ session, upload }: UploadProps) {
  const { error, chosen } = upload;
  const again = (event: Event) => (stay(event), tryAgain(session, upload));
  const throwAway = (event: Event) => {
    stay(event);
    discard(session, upload);
    const run = () => (takeBackUpload(session, upload), (session.notice.value = undefined));
    session.notice.value = { text: conversation.discarded, action: { label: conversation.undo, run } };
  };
  return (
    <div class="failure">
      <p>
        <Icon name="alert" />
        {texts.notSent(chosen.name)} {error && <Reason error={error} about="file" />}
      </p>
      <span>
        <button type="button" class="text-button" onClick={again}>
          {texts.tryAgain}
        </button>
        <button type="button" class="text-button" onClick={throwAway}>
          {conversation.discard}
        </button>
      </span>
    </div>
  );
}
