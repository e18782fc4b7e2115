// Keeping the end of the conversation in view for a reader who is there, and leaving one who reads further up alone.
import { effect, type Signal } from "@preact/signals";

const NEAR_END = 40;

/**
 * Ties `atEnd` to a scrolling element: it tells where the reader is, and setting it to `true` goes there. While it is true, the end stays
 * in view whatever grows or shrinks: new messages, a taller input, the keyboard of a phone. Gives back what unties them.
 */
export function followEnd(scroller: HTMLElement, content: HTMLElement, atEnd: Signal<boolean>): () => void {
  let top = scroller.scrollTop;
  const toEnd = () => {
    if (!atEnd.peek()) return;
    scroller.scrollTop = scroller.scrollHeight;
    top = scroller.scrollTop;
  };
  const look = () => {
    // Only a move upwards leaves the end: an event of our own scrolling may come after the next message has made the way longer.
    if (scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= NEAR_END) atEnd.value = true;
    else if (scroller.scrollTop < top) atEnd.value = false;
    top = scroller.scrollTop;
  };
  const sizes = new ResizeObserver(toEnd);
  sizes.observe(scroller);
  sizes.observe(content);
  scroller.addEventListener("scroll", look, { passive: true });
  const stop = effect(() => {
    if (atEnd.value) toEnd();
  });
  return () => {
    stop();
    sizes.disconnect();
    scroller.removeEventListener("scroll", look);
  };
}
