// Copies the address of the board.
import { h } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./icons.tsx";

export function ShareLink() {
  const [outcome, setOutcome] = useState<string>();
  function copy(): void {
    const done = (text: string) => (setOutcome(text), setTimeout(() => setOutcome(undefined), 2500));
    // Where the page may not use the clipboard, the link is shown, to be copied by hand.
    const copied = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject();
    copied.then(() => done("Copied"), () => prompt("The link of this board:", location.href));
  }
  return (
    <button class="button" type="button" aria-live="polite" onClick={copy}>
      <Icon name={outcome === undefined ? "link" : "check"} />
      {outcome ?? "Copy link"}
    </button>
  );
}
