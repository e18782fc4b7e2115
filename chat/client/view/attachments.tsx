// Files for the next message: pasted, dropped on the page, or chosen by the button in the input. They stand above the
// input until the message is sent.
import * as texts from "#texts/files.ts";
import { Fragment, h, type RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announcement } from "../announcement.ts";
import { choose, unchoose, type Chosen } from "../chosen.ts";
import { droppedFiles, hasFiles, pastedFiles } from "../file-transfer.ts";
import { sizeText } from "../file-size.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

type Input = RefObject<HTMLTextAreaElement | null>;

type AttachmentsProps = { session: RoomSession; input: Input; silent: boolean };

export function Attachments({ session, input, silent }: AttachmentsProps) {
  const { files, edit } = useValue(session.draft);
  const over = useFiles((files) => {
    if (silent) return;
    input.current?.focus();
    void choose(session, files);
  });
  const remove = (chosen: Chosen) => {
    input.current?.focus(); // The button goes.
    unchoose(session, chosen);
  };
  return (
    <>
      <p class="visually-hidden" role="status">
        {useValue(announcement)}
      </p>
      {over && !silent && (
        <div class="drop">
          <p>{texts.dropHere}</p>
        </div>
      )}
      {files && !edit && !silent && (
        <ul class="chips" aria-label={texts.filesToSend}>
          {files.map((chosen) => (
            <Chip key={chosen.id} chosen={chosen} onRemove={() => remove(chosen)} />
          ))}
        </ul>
      )}
    </>
  );
}

function Chip({ chosen: { name, url, file }, onRemove }: { chosen: Chosen; onRemove: () => void }) {
  const label = texts.remove(name);
  return (
    <li class="chip">
      {url === undefined ? <Icon name="file" /> : <img src={url} alt="" />}
      <span class="file-facts">
        <bdi class="file-name" title={name}>
          {name}
        </bdi>
        <span class="file-size">{sizeText(file.size)}</span>
      </span>
      <button type="button" class="button" aria-label={label} title={label} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Takes the files that are pasted or dropped anywhere on the page. Returns whether some are held over it. */
function useFiles(take: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const taken = useRef(take);
  taken.current = take;
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = isElsewhere() ? [] : pastedFiles(event.clipboardData);
      if (files.length === 0) return;
      event.preventDefault();
      taken.current(files);
    };
    const hold = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault(); // The browser would leave the page, and show the file.
      setOver(!isElsewhere());
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (!isElsewhere()) taken.current(droppedFiles(event.dataTransfer));
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener("paste", paste, { signal });
    document.addEventListener("dragover", hold, { signal });
    document.addEventListener("dragleave", leave, { signal });
    document.addEventListener("drop", drop, { signal });
    return () => listening.abort();
  }, []);
  return over;
}

/** Returns whether something is open over the conversation. */
function isElsewhere(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** The button with which files are chosen. A phone offers its camera and its pictures, too. */
export function AttachButton({ session }: { session: RoomSession }) {
  const field = useRef<HTMLInputElement>(null);
  if (useValue(session.room.shared)?.files === undefined) return null;
  const take = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    void choose(session, [...(currentTarget.files ?? [])]);
    currentTarget.value = ""; // The same file can be chosen again.
  };
  return (
    <>
      <input ref={field} type="file" multiple hidden onChange={take} />
      <button type="button" class="attach" aria-label={texts.attach} title={texts.attach} onClick={() => field.current?.click()}>
        <Icon name="attach" />
      </button>
    </>
  );
}
