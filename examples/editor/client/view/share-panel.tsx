// The links to the text: one for writers, if one may write, and one for readers.
import { h, Fragment } from "preact";
import { useState } from "preact/hooks";
import { readingPath, type Place } from "../address.ts";
import { Icon } from "./icons.tsx";

export function SharePanel({ place }: { place: Place }) {
  return (
    <>
      {place.key !== undefined && (
        <Link name="Link for writing" help="Everyone who has it reads and writes." address={location.href} />
      )}
      <Link
        name="Link for reading"
        help="Everyone who has it reads. Nobody can find the link for writing from it."
        address={new URL(readingPath(place), location.href).href}
      />
      <p>
        <a href="/">Start a new text</a>
      </p>
    </>
  );
}

function Link({ name, help, address }: { name: string; help: string; address: string }) {
  const [copied, setCopied] = useState(false);
  function copy(): void {
    const done = () => (setCopied(true), setTimeout(() => setCopied(false), 2500));
    // Where the page may not use the clipboard, the link is shown, to be copied by hand.
    const written = navigator.clipboard ? navigator.clipboard.writeText(address) : Promise.reject();
    written.then(done, () => prompt(`${name}:`, address));
  }
  return (
    <div class="link">
      <label class="field">
        {name}
        <input readOnly value={address} onFocus={({ currentTarget }) => currentTarget.select()} />
      </label>
      <p class="soft">{help}</p>
      <button class="button" type="button" aria-label={`Copy the ${name.toLowerCase()}`} onClick={copy}>
        <Icon name={copied ? "check" : "link"} />
        <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
      </button>
    </div>
  );
}
