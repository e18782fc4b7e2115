// The conversation: a log that screen readers follow, that stays at its end for those who read there, and that grows at
// its top for those who go back.
import { h, type RefObject, type VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { lazy } from "../lazy.ts";
import type { RoomSession } from "../room-session.ts";
import { rowsOf, type Row } from "../rows.ts";
import { sameDay } from "../same-day.ts";
import { keepPlace, type Place } from "../scroll.ts";
import { NotLoaded } from "./loading.tsx";
import { Lazy } from "./lazy.tsx";
import { MessageItem } from "./message-item.tsx";
import { useValue } from "./use-value.ts";

/** The smallest height of a message, in pixels. */
const LOWEST = 45;

export function MessageList({ session, link }: { session: RoomSession; link: string }) {
  const { loaded } = useValue(session.room.log);
  const log = useRef<HTMLDivElement>(null);
  return (
    <div class="log-frame">
      <div
        ref={log}
        class="log"
        role="log"
        aria-label="Messages"
        aria-live="off"
        aria-relevant="additions"
        aria-busy={!loaded}
        tabIndex={0}
        onKeyDown={(event) => lazy.value?.moveFocus(event)}
      >
        <Conversation session={session} link={link} />
      </div>
      {loaded && <Lazy>{({ ToEnd }) => <ToEnd session={session} log={log} />}</Lazy>}
    </div>
  );
}

function Conversation({ session, link }: { session: RoomSession; link: string }) {
  const { room, atEnd } = session;
  const { loaded, items, older, loading } = useValue(room.log);
  const rows = useRows(session);
  const column = useRef<HTMLDivElement>(null);
  const place = useRef<Place | undefined>(undefined);
  const whole = useWhole(rows.length, column);
  useLayoutEffect(() => {
    const scroller = column.current?.parentElement;
    if (!column.current || !scroller) return;
    place.current = keepPlace(scroller, column.current, atEnd, () => whole.current && void room.loadOlder());
    return place.current.stop;
  }, [session]);
  useLayoutEffect(() => place.current?.keep(), [items, whole.current]);
  return (
    <div ref={column} class="column">
      {rows.length > 0 && (
        <div class="older">
          {loaded && <Lazy>{({ Older }) => <Older older={older} loading={loading} onMore={() => void room.loadOlder()} />}</Lazy>}
        </div>
      )}
      {whole.current ? rows : rows.slice(-Math.ceil(innerHeight / LOWEST))}
      {rows.length === 0 && loaded && <Lazy>{({ EmptyRoom }) => <EmptyRoom link={link} session={session} />}</Lazy>}
      {rows.length === 0 && !loaded && <NotLoaded session={session} />}
    </div>
  );
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

/**
 * Returns the rows. One that has not changed is the same node as before, so it is not compared when a message arrives.
 */
function useRows(session: RoomSession): VNode[] {
  const { items } = useValue(session.room.log);
  const you = useValue(session.room.you);
  const memory = useRef<{ rows: Row[]; nodes: WeakMap<Row, VNode> }>({ rows: [], nodes: new WeakMap() });
  const { nodes } = memory.current;
  const context = { me: you?.member, mayWrite: you?.role !== "reader", sameDay };
  const rows = (memory.current.rows = rowsOf(items, context, memory.current.rows));
  return rows.map((row) => {
    const node = nodes.get(row) ?? <RowItem key={row.key} row={row} session={session} />;
    nodes.set(row, node);
    return node;
  });
}

function RowItem({ row, session }: { row: Row; session: RoomSession }) {
  switch (row.kind) {
    case "day":
      return (
        <p class="separator">
          <span>
            <Lazy>{({ Day }) => <Day at={row.at} />}</Lazy>
          </span>
        </p>
      );
    case "deleted":
      return <p class="deleted">{row.pending ? "Deleting…" : row.count > 1 ? `${row.count} messages deleted` : "Message deleted"}</p>;
    case "message":
      return <MessageItem row={row} session={session} />;
  }
}
