// The keyboard within the conversation.

/** Moves the focus by arrow keys from the actions of a message to those of the next. */
export function moveFocus(event: KeyboardEvent & { currentTarget: Element }): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>(".more")];
  const at = buttons.indexOf(event.target as HTMLElement);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  buttons[at + step]?.focus();
}
