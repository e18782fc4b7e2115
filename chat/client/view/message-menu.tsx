// The menu of a message: beside it where there is room, at the bottom of the screen on a phone. The browser keeps it above all else,
// closes it on Escape or a click elsewhere, and gives the focus back.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import { choicesOn } from "./choices.ts";
import { useValue } from "./use-value.ts";

const GAP = 4;

export function MessageMenu({ session }: { session: RoomSession }) {
  const asked = useValue(session.menu);
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!menu.current || !asked) return;
    menu.current.showPopover();
    place(menu.current, asked.anchor.getBoundingClientRect());
    menu.current.querySelector("button")?.focus();
  }, [asked]);
  if (!asked) return null;
  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      aria-label="Message actions"
      popover="auto"
      onToggle={(event) => event.newState === "closed" && (session.menu.value = undefined)}
      onKeyDown={moveFocus}
    >
      {choicesOn(session, asked.row).map(({ label, danger, run }) => (
        <button
          key={label}
          type="button"
          class="choice"
          role="menuitem"
          data-danger={danger}
          onClick={() => {
            menu.current?.hidePopover();
            run();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function place(menu: HTMLElement, anchor: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + height < innerHeight ? below : Math.max(anchor.top - GAP - height, GAP);
  const left = Math.min(Math.max(anchor.right - width, GAP), innerWidth - width - GAP);
  menu.style.setProperty("--top", `${top}px`);
  menu.style.setProperty("--left", `${left}px`);
}

function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" } as const;
  const way = step[event.key as keyof typeof step];
  if (!way) return;
  event.preventDefault();
  (document.activeElement?.[way] as HTMLElement | null | undefined)?.focus();
}
