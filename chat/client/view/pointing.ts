// What pointing at a message does, and tapping it on a touch screen.
import { clock } from "../time.ts";
import { TOUCH } from "./touch.ts";

/** Returns whether this is a tap on a message, and not on a link in it or at the end of selecting text. */
export function isTap({ target }: MouseEvent): boolean {
  return TOUCH && !(target as Element).closest("a, button") && !getSelection()?.toString();
}

/** Shows the whole date to those who point at the time of a message. Returns how to stop that. */
export function tellDates(): () => void {
  const tell = ({ target }: MouseEvent) => {
    const time = target instanceof HTMLTimeElement && target.closest(".byline") ? target : undefined;
    if (time) time.title ||= clock.full(Date.parse(time.dateTime));
  };
  document.addEventListener("mouseover", tell);
  return () => document.removeEventListener("mouseover", tell);
}
