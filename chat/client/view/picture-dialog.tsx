// A picture as large as the screen. The browser's own dialog keeps the focus inside, and closes on Escape.
import * as texts from "#texts/files.ts";
import { source } from "party-client";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

/** A picture: where it is shown from, and where it is downloaded from. */
type Shown = { name: string; address: string; original: string };

/** The picture that is shown large. */
export const pictureShown = source<Shown | undefined>(undefined);

export function PictureDialog() {
  const shown = useValue(pictureShown);
  return shown ? <Large {...shown} /> : null;
}

function Large({ name, address, original }: Shown) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="large" aria-label={name} closedby="any" onClose={() => (pictureShown.value = undefined)}>
      <img src={address} alt={name} onClick={close} />
      <div class="large-bar">
        <bdi class="file-name">{name}</bdi>
        <a class="button" href={original} download={name}>
          {texts.download}
        </a>
        <button type="button" class="button" aria-label={texts.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
    </dialog>
  );
}
