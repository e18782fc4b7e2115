// Times for people, in their own language and time zone.

/** The formatters of one locale, which defaults to the browser's. */
export type Clock = {
  /** "14:35" */
  time(at: number): string;
  /** "Today", "Yesterday", "Monday 3 March": what stands between two days. */
  day(at: number, now: number): string;
  /** The whole date and time, for those who want to know exactly. */
  full(at: number): string;
  /** Are both on the same calendar day? */
  sameDay(a: number, b: number): boolean;
  /** Makes what every message needs, which takes a while, before somebody waits for it. */
  prepare(): void;
};

const DAY = 86_400_000;

export function clockOf(locale?: string): Clock {
  // Made when it is needed first: each takes the browser longer than many messages do.
  const format = (options: Intl.DateTimeFormatOptions) => {
    let made: Intl.DateTimeFormat | undefined;
    return (at: number) => (made ??= new Intl.DateTimeFormat(locale, options)).format(at);
  };
  const time = format({ hour: "numeric", minute: "2-digit" });
  const full = format({ dateStyle: "full", timeStyle: "short" });
  const year = format({ year: "numeric" });
  const thisYear = format({ weekday: "long", day: "numeric", month: "long" });
  const otherYear = format({ day: "numeric", month: "long", year: "numeric" });
  const relative = (days: number) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();

  return {
    time,
    full,
    sameDay,
    prepare: () => void time(0),
    day(at, now) {
      if (sameDay(at, now)) return capital(relative(0));
      if (sameDay(at, now - DAY)) return capital(relative(-1));
      return capital((year(at) === year(now) ? thisYear : otherYear)(at));
    },
  };
}

/** The reader's own. */
export const clock = clockOf();

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
