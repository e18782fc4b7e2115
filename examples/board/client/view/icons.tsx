// The icons: strokes on a grid of 24.
import { h } from "preact";

const PATHS = {
  up: "M12 6 20 17H4Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  edit: "M4 20h4L19.5 8.5l-4-4L4 16Z",
  close: "m6 6 12 12M18 6 6 18",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" data-icon={name} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
