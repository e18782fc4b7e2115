// Choosing another display name. The browser's own dialog keeps the focus inside and closes on Escape.
import { cleanName, randomName } from "../display-name.ts";
import { h } from "../dom/element.ts";
import { useEffect, useElement, useState } from "../dom/hooks.ts";
import { displayName, rename } from "../identity.ts";
import { LIMITS } from "../protocol.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";

export function NameDialog({ member, onClose }: { member: string | undefined; onClose: () => void }) {
  const dialog = useElement<HTMLDialogElement>();
  const [name, setName] = useState(displayName.value);
  useEffect(() => dialog.current?.showModal(), []);

  const save = (event: Event) => {
    event.preventDefault();
    if (rename(name)) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="name-title" closedby="any" onclose={onClose}>
      <form onsubmit={save}>
        <h2 id="name-title">What should people call you?</h2>
        <p>It stands beside what you write, and this browser remembers it.</p>
        <div class="name-line">
          <Avatar name={cleanName(name) || "?"} member={member} />
          <NameField name={name} onName={setName} />
          <Suggest onName={setName} />
        </div>
        <div class="dialog-end">
          <button type="button" class="button" onclick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={cleanName(name) === ""}>
            Save
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Suggest({ onName }: { onName: (suggested: string) => void }) {
  return (
    <button type="button" class="button" aria-label="Suggest a name" title="Suggest a name" onclick={() => onName(randomName())}>
      <Icon name="shuffle" />
    </button>
  );
}

function NameField({ name, onName }: { name: string; onName: (typed: string) => void }) {
  const field = useElement<HTMLInputElement>();
  useEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      class="field"
      aria-label="Your name"
      value={name}
      maxlength={LIMITS.userChars}
      autocomplete="nickname"
      spellcheck="false"
      enterkeyhint="done"
      oninput={(event) => onName(event.currentTarget.value)}
    />
  );
}
