// Keeping the end of the conversation in view for a reader who is there, and the place of one who reads further up,
// whatever comes, goes or changes above it. Browsers can do the latter themselves, but not all of them, and none at the
// very top. A reader who has missed more than fits is led to where that begins.
import type { Source } from "party-client";

const NEAR_END = 40;
const NEAR_TOP = 800;
const MARKS = 8;
/** What is seen above the line where the missed messages begin, in pixels. */
const ABOVE_LINE = 64;
/** The number of rows up to which the line is followed to messages that are loaded later. */
const FOLLOWED = 600;

export type Place = {
  /** Keeps the reader's place. Call it when the rows have changed, before they are painted. */
  keep(): void;
  stop(): void;
};

/** What is asked, and what is told, when the place has changed. */
export type Watch = {
  /** Called as long as the reader is near the top. */
  nearTop(): void;
  /** Called with the last row that is in view as a whole. */
  seen(row: Element): void;
  /** Returns the line above what the reader has missed and not seen yet, if there is one. */
  line(): Element | null;
};

type Row = Element | null | undefined;

/** Returns the row above another. Rows are in groups, and the groups follow each other. */
export function rowBefore(row: Element): Row {
  return row.previousElementSibling ?? row.parentElement?.previousElementSibling?.lastElementChild;
}

function rowAfter(row: Element): Row {
  return row.nextElementSibling ?? row.parentElement?.nextElementSibling?.firstElementChild;
}

/**
 * Ties `atEnd` to a scrolling element: it is `true` when the reader is at the end, and setting it to `true` scrolls
 * there. The children of `column` are groups of rows, except the first, which is always at the top.
 */
export function keepPlace(scroller: HTMLElement, column: HTMLElement, atEnd: Source<boolean>, watch: Watch): Place {
  let top = scroller.scrollTop;
  let size = "";
  let marks: [child: Element, y: number][] = []; // The first things in view, and where they end. Some of them may go.
  let held: Element | undefined; // The line that the reader was led to, until they scroll.
  let passed: Element | undefined; // The last line that needs no leading any more.

  // By its end, for what changes about a message when another comes above it, changes at its top.
  const y = (child: Element) => child.getBoundingClientRect().bottom;
  /** Returns the first child that ends below an edge. Those of a group that is out of view are not looked at. */
  const below = ({ children }: Element, edge: number, from = 0) => {
    let [low, high] = [from, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const child = children[middle];
      if (child && y(child) <= edge) low = middle + 1;
      else high = middle;
    }
    return children[low];
  };
  const rowBelow = (edge: number) => {
    const group = below(column, edge, 1);
    return group && below(group, edge);
  };
  const sizeNow = () => `${scroller.clientHeight} ${scroller.scrollHeight}`;
  const mark = () => {
    top = scroller.scrollTop;
    size = sizeNow();
    const edges = scroller.getBoundingClientRect();
    marks = [];
    for (let row: Row = rowBelow(edges.top); row && marks.length < MARKS; row = rowAfter(row)) marks.push([row, y(row)]);
    const unseen = rowBelow(edges.bottom + NEAR_END);
    const last = unseen ? rowBefore(unseen) : column.lastElementChild?.lastElementChild;
    if (last) watch.seen(last);
    if (top < NEAR_TOP) watch.nearTop();
  };
  /** Notices a new line. Who is at the end, and has missed more than fits, is led there. */
  const lead = () => {
    const line = watch.line();
    if (!line || line === passed) return;
    const rest = column.getBoundingClientRect().bottom - line.getBoundingClientRect().top;
    if (atEnd.value && rest <= scroller.clientHeight) return;
    passed = line;
    if (!atEnd.value) return;
    held = line;
    atEnd.value = false;
  };
  const keep = () => {
    const [child, before] = marks.find(([child]) => child.isConnected) ?? [];
    lead();
    if (held && column.querySelectorAll("article").length > FOLLOWED) held = undefined;
    // What was missed has been read elsewhere.
    if (held && !held.isConnected) atEnd.value = true;
    else if (held) scroller.scrollTop += held.getBoundingClientRect().top - scroller.getBoundingClientRect().top - ABOVE_LINE;
    else if (atEnd.value) scroller.scrollTop = scroller.scrollHeight;
    // Scrolling by the reader meanwhile is kept; only movement of the content is undone.
    else if (child && before !== undefined) scroller.scrollTop += y(child) - before + (scroller.scrollTop - top);
    mark();
  };
  const look = () => {
    // Content that has grown or shrunk has moved the reader, and not the reader themselves.
    const isOther = size !== sizeNow();
    if ((atEnd.value || held) && isOther) return keep();
    if (scroller.scrollTop !== top) held = undefined;
    const isUpwards = scroller.scrollTop < top;
    if (isOther) keep();
    const isNearEnd = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= NEAR_END;
    // Only a move upwards leaves the end: an event of our own scrolling may come after the next message has made the
    // way longer. And it never reaches the end: the reader is being led to a message further up.
    if (isNearEnd && (isOther || !isUpwards)) atEnd.value = true;
    else if (isUpwards && !isNearEnd) atEnd.value = false;
    mark();
  };
  const sizes = new ResizeObserver(keep);
  sizes.observe(scroller);
  sizes.observe(column);
  scroller.addEventListener("scroll", look, { passive: true });
  const unfollow = atEnd.subscribe((followed) => {
    if (!followed) return;
    held = undefined;
    keep();
  });
  return {
    keep,
    stop() {
      unfollow();
      sizes.disconnect();
      scroller.removeEventListener("scroll", look);
    },
  };
}
