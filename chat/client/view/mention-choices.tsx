// The people that a mention can name, over the input while it is typed. The focus stays in the input, whose attributes
// say what is open and chosen: it is a text box with a list, because in HTML a text of several lines is no combobox.
import * as texts from "#texts/conversation.ts";
import { Fragment, h } from "preact";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { keyOf } from "../mention.ts";
import { candidatesOf, insertionOf, matching, type Candidate, type Query } from "../mention-query.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar } from "./avatar.tsx";
import { composes } from "./composes.ts";
import { insert, useQuery, type Input } from "./mention-input.ts";

/** How many people are shown at once. More are found by typing. */
const MOST = 6;

const LIST = "mention-list";
const optionId = (at: number) => `mention-${at}`;

function isWhole(person: Candidate | undefined, query: Query | undefined): boolean {
  return person !== undefined && query !== undefined && keyOf(person.name) === keyOf(query.typed);
}

export function MentionChoices({ session, input }: { session: RoomSession; input: Input }) {
  const [query, close] = useQuery(session, input);
  const all = useMatching(session, query);
  const people = all.slice(0, MOST);
  const [chosen, choose] = useChosen(people, query);
  const open = people.length > 0;

  const take = (at: number) => {
    const [person, element] = [people[at], input.current];
    if (!person || !query || !element) return;
    close();
    insert(element, insertionOf(person.name, query, element.value));
  };
  const keys = {
    ArrowDown: () => choose((chosen + 1) % people.length),
    ArrowUp: () => choose((chosen + people.length - 1) % people.length),
    // A name that is there as a whole has nothing to take: Enter sends, as everywhere.
    ...(isWhole(people[chosen], query) ? {} : { Enter: () => take(chosen) }),
    Tab: () => take(chosen),
    Escape: close,
  };
  useKeys(input, open ? keys : {});
  useAttributes(input, open ? chosen : undefined);
  return (
    <>
      {open && <List people={people} more={all.length - people.length} chosen={chosen} onPoint={choose} onTake={take} />}
      <p class="visually-hidden" role="status">
        {open ? texts.mentionKeys(all.length) : ""}
      </p>
    </>
  );
}

type ListProps = { people: readonly Candidate[]; more: number; chosen: number; onPoint(at: number): void; onTake(at: number): void };

function List({ people, more, chosen, onPoint, onTake }: ListProps) {
  return (
    // The input keeps the focus.
    <div class="mentions" onMouseDown={(event) => event.preventDefault()}>
      <ul id={LIST} role="listbox" aria-label={texts.peopleToMention}>
        {people.map(({ name, member, count }, at) => (
          <li
            key={member}
            id={optionId(at)}
            class="person"
            role="option"
            aria-selected={at === chosen}
            onMouseMove={() => onPoint(at)}
            onClick={() => onTake(at)}
          >
            <Avatar name={name} member={member} />
            <bdi class="person-name">{name}</bdi>
            {count > 1 && <span class="tag">{texts.people(count)}</span>}
          </li>
        ))}
      </ul>
      {more > 0 && <p>{texts.morePeople(more)}</p>}
    </div>
  );
}

/**
 * Returns the people that fit a query. They stay the same until more is typed: somebody who comes does not move the
 * others.
 */
function useMatching({ room }: RoomSession, query: Query | undefined): Candidate[] {
  const { presence, log, you } = room;
  return useMemo(
    () => (query ? matching(candidatesOf(presence.value, log.value.items, you.value?.member), query.typed) : []),
    [query],
  );
}

/** Returns the place of the person that is chosen, and how to choose another one. A new query begins with the first. */
function useChosen(people: readonly Candidate[], query: Query | undefined): [number, (at: number) => void] {
  const [{ of, at }, setChosen] = useState<{ of: Query | undefined; at: number }>({ of: undefined, at: 0 });
  const chosen = of === query ? Math.min(at, people.length - 1) : 0;
  return [chosen, (at) => setChosen({ of: query, at })];
}

/** Uses keys before the input does, except those of an input method. */
function useKeys(input: Input, keys: Record<string, () => void>): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const run = keys[event.key];
      const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
      if (!run || !plain || composes(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      run();
    };
    const element = input.current;
    element?.addEventListener("keydown", press, { capture: true });
    return () => element?.removeEventListener("keydown", press, { capture: true });
  });
}

/** Tells screen readers which option is chosen. `undefined` if the list is not open. */
function useAttributes(input: Input, chosen: number | undefined): void {
  useLayoutEffect(() => input.current?.setAttribute("aria-autocomplete", "list"), []);
  useLayoutEffect(() => {
    const element = input.current;
    if (!element || chosen === undefined) return;
    const attributes = { "aria-controls": LIST, "aria-activedescendant": optionId(chosen) };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.getElementById(optionId(chosen))?.scrollIntoView({ block: "nearest" });
    return () => Object.keys(attributes).forEach((name) => element.removeAttribute(name));
  }, [chosen]);
}
