// The frames that are under way on this connection: those that the room has not answered yet, the texts that they were
// sent in, and how many may be at once.
//
// The room answers every frame by its id. If it cannot read a whole text, its error names none, and none of that text's
// frames counts. Which text that was is known when all others have been answered. Its frames are sent again, fewer at a
// time, until the wrong one is alone.

export type InFlight = {
  /** The ids of the frames that are under way. */
  readonly ids: ReadonlySet<string>;
  /** The number of frames that may still be sent now. */
  readonly free: number;
  /** Whether there is a text of which the room has not answered anything yet. */
  readonly waits: boolean;
  /** Takes a frame as under way. */
  add(id: string): void;
  /** Removes a frame that was not sent after all. */
  recalled(id: string): void;
  /** Notes that a text was sent with these frames; `undefined` is one that the room does not answer. */
  sent(ids: readonly (string | undefined)[]): void;
  /**
   * Notes that the room has answered a frame: with `true`, more may be under way from now on; with `false`, fewer.
   * Returns the guilty frame of a text that was not read, if it is known now.
   */
  answered(id: string, more?: boolean): string | undefined;
  /**
   * Notes that the room could not read a text; `closed`: it has closed the connection for that, so that the others are
   * lost as well. Returns the guilty frame, if it is known now.
   */
  unread(closed: boolean): string | undefined;
  /** Forgets all: the connection is gone. */
  clear(): void;
};

/**
 * A text that was sent. `loose`: it has a frame that the room does not answer. Where it has no other, it may stand for
 * several.
 */
type Text = { ids: readonly string[]; loose: boolean; count: number };

const WINDOW = 16; // Few enough for a room's limits, and so for the order of the frames to be kept.

export function inFlight(): InFlight {
  const ids = new Set<string>();
  let texts: Text[] = []; // Those of which nothing was answered yet.
  let unread = 0; // How many of them the room could not read.
  let window = WINDOW;
  let full = false;
  // Where it cannot be known which text an error is about, all are given up. Then errors about others of them may still
  // come.
  let stale = 0;
  const given = new Set<string>();

  const isSilent = ({ ids }: Text) => !ids.length;

  /** Gives up all texts that are left, if none of them was read. */
  function resolve(): string | undefined {
    if (!unread || unread < texts.length) return undefined;
    const frames = texts.flatMap((text) => text.ids);
    // Stryker disable next-line OptionalChaining: where there is a frame, there is a text.
    const isAlone = frames.length === 1 && !texts[0]?.loose;
    let guilty: string | undefined;
    if (stale) stale--;
    else if (texts.some(isSilent)) stale = texts.reduce((sum, { count }) => sum + count, -1);
    else if (isAlone) [guilty] = frames;
    for (const id of frames) {
      ids.delete(id);
      if (stale) given.add(id);
    }
    [texts, unread, full] = [[], 0, false];
    window = Math.max(Math.min(window, frames.length) >> 1, 1);
    return guilty;
  }

  return {
    ids,
    get free() {
      full &&= ids.size > 0;
      return full ? 0 : Math.max(window - ids.size, 0);
    },
    get waits() {
      return !texts.every(isSilent);
    },
    add(id) {
      ids.add(id);
      // A frame that is sent before it is known that the room has refused an earlier one may overtake that. So a long
      // queue goes window by window; only a client that sends less than that does not wait for answers.
      full ||= ids.size >= window;
    },
    recalled: (id) => void ids.delete(id),
    sent(text) {
      const named = text.filter((id) => id !== undefined);
      const last = texts.at(-1);
      if (last && isSilent(last) && !named.length) last.count++;
      else texts.push({ ids: named, loose: named.length < text.length, count: 1 });
    },
    answered(id, more) {
      if (!ids.delete(id)) return undefined;
      if (more !== undefined) window = more ? Math.min(window + 1, WINDOW) : Math.max(window >> 1, 1);
      const at = texts.findIndex((text) => text.ids.includes(id));
      // The room reads texts in their order: if it could not have read an earlier one, it would have said so before.
      texts = texts.filter((text, index) => index > at || (index < at && (!isSilent(text) || unread)));
      if (at >= 0 && !given.has(id)) stale = 0;
      if (!stale) given.clear();
      return resolve();
    },
    unread(closed) {
      unread++;
      // A text that the room does not answer may be the one. That cannot be known, so all are sent again.
      if (closed || stale || texts.some(isSilent)) unread = texts.length;
      return resolve();
    },
    clear() {
      ids.clear();
      given.clear();
      [texts, unread, stale, full] = [[], 0, 0, false];
    },
  };
}
