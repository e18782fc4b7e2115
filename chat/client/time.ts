// Times for people, in their own language and time zone.

/** The formatters of one locale and time zone; both default to the browser's. */
export type Clock = {
  /** "14:35" */
  time(at: number): string;
  /** "Today", "Yesterday", "Monday 3 March": what stands between two days. */
  day(at: number, now: number): string;
  /** The whole date and time, for those who want to know exactly. */
  full(at: number): string;
  /** Are both on the same calendar day? */
  sameDay(a: number, b: number): boolean;
};

const DAY = 86_400_000;

export function clockOf(locale?: string, timeZone?: string): Clock {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, timeZone === undefined ? options : { ...options, timeZone });
  const time = format({ hour: "numeric", minute: "2-digit" });
  const full = format({ dateStyle: "full", timeStyle: "short" });
  const date = format({ year: "numeric", month: "2-digit", day: "2-digit" });
  const year = format({ year: "numeric" });
  const thisYear = format({ weekday: "long", day: "numeric", month: "long" });
  const otherYear = format({ day: "numeric", month: "long", year: "numeric" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const sameDay = (a: number, b: number) => date.format(a) === date.format(b);

  return {
    time: (at) => time.format(at),
    full: (at) => full.format(at),
    sameDay,
    day(at, now) {
      if (sameDay(at, now)) return capital(relative.format(0, "day"));
      if (sameDay(at, now - DAY)) return capital(relative.format(-1, "day"));
      return capital((year.format(at) === year.format(now) ? thisYear : otherYear).format(at));
    },
  };
}

/** The reader's own. */
export const clock = clockOf();

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
