// The name of a day. At midnight "Today" becomes "Yesterday", also on a page that stays open.
import { source } from "party-client";
import { Fragment, h } from "preact";
import { pageVisible } from "../room-session.ts";
import { clock } from "../time.ts";
import { useValue } from "./use-value.ts";

const today = source("");
let midnight: ReturnType<typeof setTimeout>;
// Where the machine has slept, the timer comes too late.
pageVisible.subscribe(look);

export function Day({ at }: { at: number }) {
  useValue(today);
  return <>{clock.day(at, Date.now())}</>;
}

/** Shows when a message was written, where it does not stand under its day. */
export function DayAndTime({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()}>
      <Day at={at} />, {clock.time(at)}
    </time>
  );
}

function look(): void {
  const now = new Date();
  today.value = now.toDateString();
  clearTimeout(midnight);
  midnight = setTimeout(look, now.setHours(24, 0, 0, 0) - Date.now());
}
