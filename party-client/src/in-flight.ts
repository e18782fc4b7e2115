// What is under way on this connection: which frames the room has not answered yet, in which texts they went, and how many may be at once.
//
// The room answers every frame by its id. If it cannot read a whole text, its error names none, and none of that text's frames counts. Which
// text that was is known when all others have been answered. Its frames are sent again, fewer at a time, until the guilty one stands alone.

export type InFlight = {
  /** The ids of the frames that are under way. */
  readonly ids: ReadonlySet<string>;
  /** How many more frames may be sent now. */
  readonly free: number;
  /** Is there a text of which the room has not answered anything yet? */
  readonly waits: boolean;
  /** Takes a frame as under way. */
  add(id: string): void;
  /** Notes that a text was sent with these frames; `undefined` stands for one that the room does not answer. */
  sent(ids: readonly (string | undefined)[]): void;
  /** Notes that the room has answered a frame: with `true`, more may be under way from now on; with `false`, fewer. Returns the guilty frame
   * of a text that was not read, if it is known now. */
  answered(id: string, more?: boolean): string | undefined;
  /** Notes that the room could not read a text; `closed`: it has closed the connection for that, so that the others are lost as well. Returns
   * the guilty frame, if it is known now. */
  unread(closed: boolean): string | undefined;
  /** Forgets all: the connection is gone. */
  clear(): void;
};

/** A text that was sent. `loose`: it has a frame that the room does not answer. */
type Text = { ids: readonly string[]; loose: boolean };

const WINDOW = 16; // Few enough for a room's limits, and so for the order of the frames to be kept.

export function inFlight(): InFlight {
  const ids = new Set<string>();
  let texts: Text[] = []; // Those of which nothing was answered yet.
  let unread = 0; // How many of them the room could not read.
  let window = WINDOW;
  let full = false;

  /** Gives up all texts that are left, if none of them was read. */
  function resolve(): string | undefined {
    if (!unread || unread < texts.length) return undefined;
    const [text] = texts;
    const frames = texts.flatMap((text) => text.ids);
    const guilty = texts.length === 1 && !text?.loose && frames.length === 1 ? frames[0] : undefined;
    [texts, unread, full] = [[], 0, false];
    for (const id of frames) ids.delete(id);
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
      return texts.some((text) => text.ids.length);
    },
    add(id) {
      ids.add(id);
      // A frame that is sent before it is known that the room has refused an earlier one may overtake that. So a long queue goes window by
      // window; only a client that sends less than that does not wait for answers.
      full ||= ids.size >= window;
    },
    sent(text) {
      const named = text.filter((id) => id !== undefined);
      if (named.length || texts.at(-1)?.ids.length !== 0) texts.push({ ids: named, loose: named.length < text.length });
    },
    answered(id, more) {
      if (!ids.delete(id)) return undefined;
      if (more !== undefined) window = more ? Math.min(window + 1, WINDOW) : Math.max(window >> 1, 1);
      const at = texts.findIndex((text) => text.ids.includes(id));
      // The room reads texts in their order: if it could not have read an earlier one, it would have said so before.
      texts = texts.filter((text, index) => index !== at && (text.ids.length || index > at || unread));
      return resolve();
    },
    unread(closed) {
      unread++;
      // A text that the room does not answer may be the one. That cannot be known, so all are sent again.
      if (closed || texts.some((text) => !text.ids.length)) unread = texts.length;
      return resolve();
    },
    clear() {
      ids.clear();
      [texts, unread, full] = [[], 0, false];
    },
  };
}
