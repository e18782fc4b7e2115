// The menu of a message: beside it where there is room, at the bottom of the screen on a phone. The browser keeps it
// above all else, closes it on Escape or a click elsewhere, and gives the focus back.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Menu, RoomSession } from "../room-session.ts";
import { clock } from "../time.ts";
import { Choices, choicesOn } from "./action-menu.tsx";
import { EmojiChoices } from "./reactions.tsx";

const GAP = 4;

export function MessageMenu({ session, asked }: { session: RoomSession; asked: Menu }) {
  const { row, anchor } = asked;
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!menu.current) return;
    menu.current.showPopover();
    place(menu.current, anchor.getBoundingClientRect());
    menu.current.querySelector("button")?.focus();
  }, [asked]);
  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      aria-label={texts.messageActions}
      popover="auto"
      onToggle={(event) => event.newState === "closed" && (session.menu.value = undefined)}
      onKeyDown={moveFocus}
    >
      <p class="menu-title" role="presentation">
        {!row.mine && <bdi>{row.body.user}</bdi>}
        <time dateTime={new Date(row.item.at).toISOString()}>{clock.full(row.item.at)}</time>
      </p>
      {row.menu && <EmojiChoices session={session} row={row} />}
      <Choices choices={choicesOn(session, row)} role="menuitem" />
    </div>
  );
}

function place(menu: HTMLElement, anchor: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + height < innerHeight ? below : Math.max(anchor.top - GAP - height, GAP);
  // Towards the middle of the page.
  const aligned = anchor.left < innerWidth / 2 ? anchor.left : anchor.right - width;
  const left = Math.max(Math.min(aligned, innerWidth - width - GAP), GAP);
  menu.style.setProperty("--top", `${top}px`);
  menu.style.setProperty("--left", `${left}px`);
}

/** Moves the focus by arrow keys: through all that can be chosen, in its order. */
export function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  buttons[next]?.focus();
}
