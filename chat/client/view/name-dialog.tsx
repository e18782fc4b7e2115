// Choosing another display name. The browser's own dialog keeps the focus inside and closes on Escape.
import * as texts from "#texts/room.ts";
import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { cleanName } from "../display-name.ts";
import { displayName, takeName } from "../identity.ts";
import { LIMITS } from "../protocol.ts";
import { randomName } from "../random-name.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";

export function NameDialog({ member, onClose }: { member: string | undefined; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(displayName.value);
  const clean = cleanName(name);
  useLayoutEffect(() => dialog.current?.showModal(), []);

  const save = (event: Event) => {
    event.preventDefault();
    if (clean === "") return;
    takeName(clean);
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="name-title" closedby="any" onClose={onClose}>
      <form onSubmit={save}>
        <h2 id="name-title">{texts.whatName}</h2>
        <p>{texts.aboutName}</p>
        <div class="name-line">
          <Avatar name={clean || "?"} member={member} />
          <NameField name={name} onName={setName} />
          <Suggest onName={setName} />
        </div>
        <div class="dialog-end">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button type="submit" class="button primary" disabled={clean === ""}>
            {texts.save}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Suggest({ onName }: { onName: (suggested: string) => void }) {
  return (
    <button type="button" class="button" aria-label={texts.suggestName} title={texts.suggestName} onClick={() => onName(randomName())}>
      <Icon name="shuffle" />
    </button>
  );
}

function NameField({ name, onName }: { name: string; onName: (typed: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      class="field"
      dir="auto"
      aria-label={texts.yourName}
      value={name}
      maxLength={LIMITS.userChars}
      autocomplete="nickname"
      spellcheck={false}
      enterkeyhint="done"
      onInput={(event) => onName(event.currentTarget.value)}
    />
  );
}
