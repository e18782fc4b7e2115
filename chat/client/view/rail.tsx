// The right side of a wide page: what the room is about, who is here, and what is pinned.
import * as texts from "#texts/room.ts";
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { rosterOf } from "../roster.ts";
import type { RoomSession } from "../room-session.ts";
import { PersonLabel } from "./people.tsx";
import { PinList } from "./pinned.tsx";
import { useValue } from "./use-value.ts";

/** The number of people that are shown; the list that opens from the header has all. */
const SHOWN = 50;

/** As in the style sheet, which keeps its place. */
const WIDE = "(min-width: 68.75rem)";

export function Rail({ session }: { session: RoomSession }) {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const look = () => setWide(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return wide ? <Content session={session} /> : null;
}

function Content({ session }: { session: RoomSession }) {
  const presence = useValue(session.room.presence);
  const me = useValue(session.room.you);
  const { topic, pins = [] } = useValue(session.room.shared) ?? {};
  const people = rosterOf(presence, me?.member);
  const more = presence.count - Math.min(people.length, SHOWN);
  return (
    <aside class="rail" aria-label={texts.aboutTheRoom}>
      {topic && <p dir="auto">{topic}</p>}
      <section aria-labelledby="rail-people">
        <h2 id="rail-people">{texts.here}</h2>
        <ul>
          {people.slice(0, SHOWN).map((person) => (
            <li key={person.member} class="person">
              <PersonLabel session={session} person={person} me={me?.member} />
            </li>
          ))}
        </ul>
        {more > 0 && <p>{people.length > 0 ? texts.andMore(more) : texts.people(more)}</p>}
      </section>
      {pins.length > 0 && (
        <section aria-labelledby="rail-pins">
          <h2 id="rail-pins">{texts.pinned}</h2>
          <PinList session={session} pins={pins} />
        </section>
      )}
    </aside>
  );
}
