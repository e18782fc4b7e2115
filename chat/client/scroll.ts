// Keeping the end of the conversation in view for a reader who is there, and the place of one who reads further up,
// whatever comes, goes or changes above it. Browsers can do the latter themselves, but not all of them, and none at the
// very top.
import type { Source } from "party-client";

const NEAR_END = 40;
const NEAR_TOP = 800;
const MARKS = 8;

export type Place = {
  /** Keeps the reader's place. Call it when the rows have changed, before they are painted. */
  keep(): void;
  stop(): void;
};

/**
 * Ties `atEnd` to a scrolling element: it is `true` when the reader is at the end, and setting it to `true` scrolls
 * there. The children of `column` are the content, except the first, which is always at the top. `nearTop` is called as
 * long as the reader is near it.
 */
export function keepPlace(scroller: HTMLElement, column: HTMLElement, atEnd: Source<boolean>, nearTop: () => void): Place {
  let top = scroller.scrollTop;
  let size = "";
  let marks: [child: Element, y: number][] = []; // The first things in view, and where they end. Some of them may go.

  // By its end, for what changes about a message when another comes above it, changes at its top.
  const y = (child: Element) => child.getBoundingClientRect().bottom;
  const sizeNow = () => `${scroller.clientHeight} ${scroller.scrollHeight}`;
  const mark = () => {
    top = scroller.scrollTop;
    size = sizeNow();
    const { children } = column;
    const edge = scroller.getBoundingClientRect().top;
    let [low, high] = [1, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const child = children[middle];
      if (child && y(child) <= edge) low = middle + 1;
      else high = middle;
    }
    marks = Array.from(children).slice(low, low + MARKS).map((child) => [child, y(child)]);
    if (top < NEAR_TOP) nearTop();
  };
  const keep = () => {
    const [child, before] = marks.find(([child]) => child.isConnected) ?? [];
    if (atEnd.value) scroller.scrollTop = scroller.scrollHeight;
    // Scrolling by the reader meanwhile is kept; only movement of the content is undone.
    else if (child && before !== undefined) scroller.scrollTop += y(child) - before + (scroller.scrollTop - top);
    mark();
  };
  const look = () => {
    // Content that has grown or shrunk has moved the reader, and not the reader themselves.
    if (atEnd.value && size !== sizeNow()) return keep();
    // Only a move upwards leaves the end: an event of our own scrolling may come after the next message has made the
    // way longer.
    if (scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= NEAR_END) atEnd.value = true;
    else if (scroller.scrollTop < top) atEnd.value = false;
    mark();
  };
  const sizes = new ResizeObserver(keep);
  sizes.observe(scroller);
  sizes.observe(column);
  scroller.addEventListener("scroll", look, { passive: true });
  const unfollow = atEnd.subscribe((followed) => followed && keep());
  return {
    keep,
    stop() {
      unfollow();
      sizes.disconnect();
      scroller.removeEventListener("scroll", look);
    },
  };
}
