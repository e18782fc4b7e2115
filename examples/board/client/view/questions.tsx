// A list of questions. When their order changes, they glide to their new places, and the focus stays where it is.
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Card } from "../cards.ts";
import type { Session } from "../session.ts";
import { QuestionCard } from "./question-card.tsx";

const GLIDE = { duration: 260, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

type Props = { cards: Card[]; session: Session; rewrite: (text: string) => void };

export function Questions({ cards, session, rewrite }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const places = useRef(new Map<Element, number>());
  // A browser takes the focus from an element that is moved within its list.
  const focused = document.activeElement;
  useLayoutEffect(() => {
    if (focused instanceof HTMLElement && focused !== document.activeElement && list.current?.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
    const now = new Map<Element, number>();
    for (const item of list.current?.children ?? []) {
      const [place, before] = [(item as HTMLElement).offsetTop, places.current.get(item)];
      now.set(item, place);
      if (before === undefined || before === place || calm.matches) continue;
      item.animate([{ transform: `translateY(${before - place}px)` }, { transform: "none" }], GLIDE);
    }
    places.current = now;
  }, [cards]);
  return (
    <ul class="questions" ref={list}>
      {cards.map((card) => (
        <li key={card.id}>
          <QuestionCard card={card} session={session} rewrite={rewrite} />
        </li>
      ))}
    </ul>
  );
}
