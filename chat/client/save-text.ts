// Saving the whole conversation as a text file: page by page from the oldest message on, as it is now.
import * as texts from "#texts/conversation.ts";
import { RoomError, type HistoryPage } from "party-client";
import type { MessageBody } from "./protocol.ts";
import { roomTitle } from "./room-address.ts";
import type { RoomSession } from "./room-session.ts";

type Saved = HistoryPage<MessageBody>["items"][number];

/** After this number of pages progress is shown. Their text then goes to the browser, which may write it to disk. */
const PAGES = 10;

/** Reads the history and offers it as a file. The notices say how far it has come. */
export async function saveAsText({ name, room, notice }: RoomSession): Promise<void> {
  let cancelled = false;
  let messages = 0;
  const action = { label: texts.cancel, run: () => ((cancelled = true), (notice.value = undefined)) };
  const parts: Blob[] = [];
  let text = "";
  const write = dayByDay();
  try {
    for (let [pages, after, more] = [0, 0, true]; more; pages++) {
      if (pages % PAGES === 0) {
        parts.push(new Blob([text]));
        text = "";
        notice.value = { text: texts.readingMessages(messages), done: true, action };
      }
      const page = await room.history({ after });
      if (cancelled) return;
      const said = page.items.filter(({ body }) => body);
      messages += said.length;
      text += said.map(write).join("");
      after = page.items.at(-1)?.seq ?? after;
      more = page.more && page.items.length > 0;
    }
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    notice.value = { text: texts.notSaved, error };
    return;
  }
  offer(new Blob([...parts, text], { type: "text/plain" }), `${fileName(roomTitle(name))}.txt`);
  notice.value = { text: texts.saved(messages), done: true };
}

/** Returns what writes one message after another, with a line before each new day. */
export function dayByDay(): (message: Saved) => string {
  let last = "";
  return ({ at, body }) => {
    const [day, time] = localTime(at);
    const heading = day === last ? "" : `${last === "" ? "" : "\n"}${day}\n`;
    last = day;
    // The further lines of a message stand a little to the right.
    const content = body?.content.replace(/\r?\n/g, "\n    ") ?? "";
    const parts = [...(body?.file ? [`[${body.file.name}]`] : []), ...(content === "" ? [] : [content])];
    return `${heading}${time} ${body?.user ?? ""}: ${parts.join(" ")}\n`;
  };
}

/** Returns day and time of the reader's zone, in an order in which they can be sorted. */
function localTime(at: number): [day: string, time: string] {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  return [`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`, `${two(date.getHours())}:${two(date.getMinutes())}`];
}

/** Returns a name that every system takes. */
function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N} _-]+/gu, "_") || "room";
}

function offer(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
