// Times for people, in the language of the page and in their own time zone. The browser takes longer to make ready for
// this than to draw a screen of messages, so all of it is among what comes after the first.
import * as texts from "#texts/room.ts";
import { sameDay } from "./same-day.ts";

/** The formatters of one locale. */
export type Clock = {
  /** Returns the time, such as "14:35". */
  time(at: number): string;
  /** Returns the text between two days: "Today", "Yesterday", "Monday 3 March". */
  day(at: number, now: number): string;
  /** Returns the whole date and time, for those who want to know exactly. */
  full(at: number): string;
};

export function clockOf(locale: string, hourCycle?: Intl.DateTimeFormatOptions["hourCycle"]): Clock {
  // Made when it is needed first: each takes the browser longer than many messages do.
  const format = (options: Intl.DateTimeFormatOptions) => {
    let made: Intl.DateTimeFormat | undefined;
    return (at: number) => (made ??= new Intl.DateTimeFormat(locale, options)).format(at);
  };
  const time = format({ hour: hourCycle === "h23" ? "2-digit" : "numeric", minute: "2-digit", hourCycle });
  const full = format({ dateStyle: "full", timeStyle: "short", hourCycle });
  const year = format({ year: "numeric" });
  const thisYear = format({ weekday: "long", day: "numeric", month: "long" });
  const otherYear = format({ day: "numeric", month: "long", year: "numeric" });
  const relative = (days: number) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");

  return {
    time,
    full,
    day(at, now) {
      if (sameDay(at, now)) return capital(relative(0));
      if (sameDay(at, dayBefore(now))) return capital(relative(-1));
      return capital((year(at) === year(now) ? thisYear : otherYear)(at));
    },
  };
}

/** The reader's: in their variant of the page's language, with the hours as they are used to. */
export const clock = clockOf(
  globalThis.navigator?.languages?.find((language) => language.split("-")[0] === texts.language) ?? texts.language,
  new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle,
);

/** Returns the day before by the calendar: where clocks are changed, a day may have 23 hours or 25. */
function dayBefore(now: number): number {
  const day = new Date(now);
  return day.setDate(day.getDate() - 1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
