// The pinned messages, above the conversation: the one that was pinned last, and a list of all where there are more.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { useMemo } from "preact/hooks";
import { changeRoom } from "../about.ts";
import { answeredMessage, type Answered } from "../answered.ts";
import { excerptOf } from "../excerpt.ts";
import { jumpTo } from "../jump.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

export function Pinned({ session }: { session: RoomSession }) {
  const pins = useValue(session.room.shared)?.pins ?? [];
  const latest = pins.at(-1);
  if (latest === undefined) return null;
  return (
    <section class="pinned" aria-label={texts.pinnedMessages}>
      <Icon name="pin" />
      <Pin key={latest} session={session} seq={latest} />
      {pins.length > 1 && (
        <button type="button" class="button" popovertarget="pins" aria-label={texts.allPinned(pins.length)}>
          {pins.length}
        </button>
      )}
      <div id="pins" class="people pins" popover="auto" aria-label={texts.pinnedMessages} role="group">
        <h2>{texts.pinnedMessages}</h2>
        <PinList session={session} pins={pins} />
      </div>
    </section>
  );
}

/** Lists the pinned messages, the one that was pinned last first. */
export function PinList({ session, pins }: { session: RoomSession; pins: readonly number[] }) {
  return (
    <ul>
      {[...pins].reverse().map((seq) => (
        <li key={seq} class="person">
          <Pin session={session} seq={seq} />
          <Unpin session={session} seq={seq} />
        </li>
      ))}
    </ul>
  );
}

type PinProps = { session: RoomSession; seq: number };

function Pin({ session, seq }: PinProps) {
  const loaded = useValue(session.room.log).items.find((item) => item.seq === seq);
  const far = useValue(useMemo(() => answeredMessage(session.room, seq), [session, seq, !loaded]));
  const message: Answered | undefined = loaded ?? far;
  if (!message?.body) return <p class="pin">{message === null || loaded ? texts.pinnedDeleted : "…"}</p>;
  const { body } = message;
  const go = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    event.currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
    void jumpTo(session, seq);
  };
  return (
    <button type="button" class="pin" onClick={go}>
      <bdi class="name">{body.user}</bdi>
      <span dir="auto">{excerptOf(body)}</span>
    </button>
  );
}

function Unpin({ session, seq }: PinProps) {
  if (useValue(session.room.you)?.role !== "moderator") return null;
  return (
    <button type="button" class="button" aria-label={texts.unpin} title={texts.unpin} onClick={() => void changeRoom(session, { unpin: seq })}>
      <Icon name="close" />
    </button>
  );
}
