// The icons, which are drawn in `public/index.html`. They say nothing themselves: the control around them carries the
// name.
import { h } from "preact";

type Name =
  | "alert" | "attach" | "back" | "check" | "close" | "copy" | "down" | "edit" | "file" | "link" | "more" | "pin" | "plus" | "reply" | "search" | "share"
  | "shuffle" | "up";

export function Icon({ name }: { name: Name }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg class="mark" aria-hidden="true">
      <use href="#mark" />
    </svg>
  );
}
