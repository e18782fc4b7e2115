// The day of what is in view, for a reader who has scrolled up: it stays while the separators of the days go by, and
// gives way to the next one. Screen readers have the separators.
import { h, type RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import { Day } from "./day.tsx";
import { useValue } from "./use-value.ts";

/** The height that it takes at the top of the conversation, in pixels. */
const HEIGHT = 44;

type Shown = { at: number; up: number };

type FloatingDayProps = { session: RoomSession; log: RefObject<HTMLElement | null> };

export function FloatingDay({ session, log }: FloatingDayProps) {
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const atEnd = useValue(session.atEnd);
  const { items } = useValue(session.room.log);
  useLayoutEffect(() => {
    const scroller = log.current;
    if (atEnd || !scroller) return setShown(undefined);
    const look = () => setShown((before) => kept(before, dayIn(scroller)));
    const frame = requestAnimationFrame(look); // The place is kept before that.
    scroller.addEventListener("scroll", look, { passive: true });
    return () => (cancelAnimationFrame(frame), scroller.removeEventListener("scroll", look));
  }, [session, atEnd, items]);
  if (!shown) return null;
  return (
    <div class="floating-day" style={{ "--up": `${shown.up}px` }} aria-hidden="true">
      <span>
        <Day at={shown.at} />
      </span>
    </div>
  );
}

function kept(before: Shown | undefined, now: Shown | undefined): Shown | undefined {
  return before?.at === now?.at && before?.up === now?.up ? before : now;
}

/** Returns the day that has begun above the view, and how far the next one pushes it up. */
function dayIn(scroller: HTMLElement): Shown | undefined {
  const edge = scroller.getBoundingClientRect().top;
  const days = [...scroller.querySelectorAll<HTMLElement>("[data-day]")];
  const top = (day: HTMLElement) => {
    // To ask for a place in a group that is out of view would have the browser lay it out.
    const { top = 0, bottom = 0 } = day.parentElement?.getBoundingClientRect() ?? {};
    const place = bottom < edge ? bottom : top > edge + HEIGHT ? top : day.getBoundingClientRect().top;
    return place - edge;
  };
  const next = days.findIndex((day) => top(day) > 0);
  const above = next < 0 ? days.at(-1) : days[next - 1];
  if (!above) return undefined;
  const distance = next < 0 ? HEIGHT : top(days[next] ?? above);
  return { at: Number(above.dataset["day"]), up: Math.max(HEIGHT - distance, 0) };
}
