// The conversation: a log that screen readers follow, that stays at its end for those who read there, and that grows at
// its top for those who go back.
import * as texts from "#texts/first.ts";
import { h, type RefObject, type VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { lazy, type LazyBundle } from "../lazy.ts";
import { pageVisible, type RoomSession } from "../room-session.ts";
import type { Message } from "../room-types.ts";
import { rowsOf, type Row, type RowContext } from "../rows.ts";
import { sameDay } from "../same-day.ts";
import { keepPlace, rowBefore, type Place, type Watch } from "../scroll.ts";
import { Group, type GroupProps } from "./group.ts";
import { NotLoaded } from "./loading.tsx";
import { Lazy } from "./lazy.tsx";
import { MessageItem } from "./message-item.tsx";
import { useValue } from "./use-value.ts";

/** The smallest height of a message, in pixels. */
const LOWEST = 38;

type RowProps = { row: Row; session: RoomSession; later: LazyBundle | undefined };
export type RowNode = VNode<RowProps>;
export type GroupNode = VNode<GroupProps>;

/** What the rows are made of beside messages, without the reader. */
type Shown = Omit<RowContext, "me" | "mayWrite">;

/** The rows that are seen above the first new message: the line, and before it a day or a message. */
const ABOVE_NEW = 2;

type ListProps = { session: RoomSession; link: string; onRoom: (room: string) => void };

export function MessageList({ session, link, onRoom }: ListProps) {
  const { loaded } = useValue(session.room.log);
  const log = useRef<HTMLDivElement>(null);
  return (
    <div class="log-frame">
      {loaded && <Lazy>{({ Pinned }) => <Pinned session={session} />}</Lazy>}
      <div
        ref={log}
        class="log"
        role="log"
        aria-label={texts.messages}
        aria-live="off"
        aria-relevant="additions"
        aria-busy={!loaded}
        tabIndex={0}
        onKeyDown={(event) => lazy.value?.moveFocus(event)}
      >
        <Conversation session={session} link={link} onRoom={onRoom} />
      </div>
      {loaded && <Lazy>{({ FloatingDay }) => <FloatingDay session={session} log={log} />}</Lazy>}
      {loaded && <Lazy>{({ ToEnd }) => <ToEnd session={session} log={log} />}</Lazy>}
    </div>
  );
}

function Conversation({ session, link, onRoom }: ListProps) {
  const { room, atEnd } = session;
  const { loaded, items, older: unloaded, loading } = useValue(room.log);
  const from = useValue(session.drawnFrom);
  const end = useValue(atEnd);
  const missed = useValue(session.reading.missed);
  const later = useValue(lazy);
  const first = later?.firstDrawn(items, from) ?? 0;
  const older = unloaded || first > 0;
  const rows = useRows(session, later, items.slice(first), { missed, older, all: items, sameDay, messageAt: later?.messageAt });
  const nodeOf = (row: Row): RowNode => <RowItem key={row.key} row={row} session={session} later={later} />;
  const column = useRef<HTMLDivElement>(null);
  const place = useRef<Place | undefined>(undefined);
  const whole = useWhole(rows.length, column);
  const groups = useRef<GroupNode[]>([]);
  const drawn = whole.current ? rows : firstOf(rows);
  groups.current = later?.groupsOf(drawn, groups.current, nodeOf) ?? [<Group key={0} class="rows">{drawn.map(nodeOf)}</Group>];
  useLayoutEffect(() => {
    const scroller = column.current?.parentElement;
    if (!column.current || !scroller) return;
    session.shown.value = true;
    const { stop, keep } = (place.current = keepPlace(scroller, column.current, atEnd, watch(session, column.current, whole)));
    // What is in view when the reader comes back is seen then.
    const stops = [stop, pageVisible.subscribe(keep), () => (session.shown.value = false)];
    return () => stops.forEach((stop) => stop());
  }, [session]);
  useLayoutEffect(() => place.current?.keep(), [items, missed, first, whole.current, later]);
  useEffect(() => later?.drawLess(session), [items, end, later]);
  return (
    <div ref={column} class="column">
      {rows.length > 0 && (
        <div class="older">
          {loaded && later && <later.Older older={older} loading={loading} onMore={() => later.drawMore(session)} />}
        </div>
      )}
      {groups.current}
      {loaded && later && <later.UploadList session={session} />}
      {rows.length === 0 && loaded && later && <later.EmptyRoom link={link} session={session} onRoom={onRoom} />}
      {rows.length === 0 && !loaded && <NotLoaded session={session} />}
    </div>
  );
}

function watch(session: RoomSession, column: HTMLElement, whole: RefObject<boolean>): Watch {
  const { reading } = session;
  return {
    nearTop: () => whole.current && lazy.value?.drawMore(session),
    line: () => (reading.missed.value && reading.missed.value.upTo === undefined ? column.querySelector(".new") : null),
    seen(child) {
      let message: Element | null | undefined = child;
      while (message && !message.hasAttribute("data-id")) message = rowBefore(message);
      if (message) reading.seen(message.getAttribute("data-id") ?? "");
    },
  };
}

/** Returns the rows that the reader sees first: those at the end, or around the line where the new ones begin. */
function firstOf(rows: readonly Row[]): Row[] {
  const fit = Math.ceil(innerHeight / LOWEST);
  const line = rows.findIndex(({ kind }) => kind === "new");
  const from = line < 0 ? rows.length : Math.max(line - ABOVE_NEW, 0);
  return rows.slice(Math.min(from, Math.max(rows.length - fit, 0))).slice(0, fit + ABOVE_NEW);
}

/**
 * Returns whether all rows are drawn. At first only those at the end are, which the reader sees: the others would delay
 * them. They are drawn when those have been painted, or at once where they leave a part of the screen empty.
 */
function useWhole(rows: number, column: RefObject<HTMLDivElement | null>): RefObject<boolean> {
  const whole = useRef(false);
  const [, setWhole] = useState(false);
  const draw = () => setWhole((whole.current = true));
  const some = rows > 0;
  useLayoutEffect(() => {
    const [, top] = column.current?.children ?? [];
    if (!some || whole.current || !column.current?.parentElement || !top) return;
    const height = column.current.getBoundingClientRect().bottom - top.getBoundingClientRect().top;
    if (height < column.current.parentElement.clientHeight) draw();
  }, [some]);
  useEffect(() => {
    if (!some || whole.current) return;
    const painted = setTimeout(draw);
    return () => clearTimeout(painted);
  }, [some]);
  return whole;
}

/** Returns the rows. One that has not changed is the same as before. */
function useRows(session: RoomSession, later: LazyBundle | undefined, items: readonly Message[], shown: Shown): Row[] {
  const you = useValue(session.room.you);
  const before = useRef<Row[]>([]);
  const context = { ...shown, me: you?.member, mayWrite: you?.role !== "reader" };
  return (before.current = rowsOf(items, context, before.current, later?.stillRight));
}

function RowItem({ row, session, later }: RowProps) {
  switch (row.kind) {
    case "day":
      return (
        <p class="separator" data-day={row.at}>
          <span>{later && <later.Day at={row.at} />}</span>
        </p>
      );
    case "new":
      return <p class="separator new">{later && <later.NewLine session={session} count={row.count} />}</p>;
    case "deleted":
      return (
        <p class="deleted">
          {row.pending ? texts.deleting : later ? <later.Deleted row={row} session={session} /> : texts.deletedMessages(row.count)}
        </p>
      );
    case "message":
      return <MessageItem row={row} session={session} later={later} />;
  }
}
