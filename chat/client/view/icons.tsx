// The icons, as strokes on a grid of 24. They say nothing themselves: the control around them carries the name.

const STROKES = {
  alert: "M12 8v5m0 3.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  close: "m7 7 10 10M17 7 7 17",
  down: "M12 5v14m-6-6 6 6 6-6",
  edit: "M4 20h4L19.500 8.500l-4-4L4 16v4Z",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1-1",
  more: "M5.500 12v.01M12 12v.01M18.500 12v.01",
  plus: "M12 5v14M5 12h14",
  shuffle: "M4 7h3.5c5 0 4 10 9 10H20m-3-3 3 3-3 3M4 17h3.5c1.6 0 2.6-1 3.3-2.400M20 7h-3.500c-1.6 0-2.6 1-3.3 2.400M17 4l3 3-3 3",
  up: "M12 19V5m-6 6 6-6 6 6",
};

export function Icon({ name }: { name: keyof typeof STROKES }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={STROKES[name]} />
    </svg>
  );
}

/** The mark: people of different colours in one bubble. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path class="mark-bubble" d="M9 3h14a7 7 0 0 1 7 7v8a7 7 0 0 1-7 7h-7.500l-6.1 4.700A.9.9 0 0 1 8 29v-4.070A7 7 0 0 1 2 18v-8a7 7 0 0 1 7-7Z" />
      <circle class="mark-a" cx="8.6" cy="14" r="2.9" />
      <circle class="mark-b" cx="16" cy="14" r="2.9" />
      <circle class="mark-c" cx="23.4" cy="14" r="2.9" />
    </svg>
  );
}
