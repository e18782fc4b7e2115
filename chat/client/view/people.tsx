// Who is here: a few faces and a count, which open the whole list. There a moderator finds what can be done to each.
import { useState } from "preact/hooks";
import { peopleOf, type Person } from "../people.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar } from "./avatar.tsx";
import { choicesAbout } from "./choices.ts";
import { useValue } from "./use-value.ts";

const FACES = 3;

export function People({ session }: { session: RoomSession }) {
  const presence = useValue(session.room.presence);
  const me = useValue(session.room.you);
  const [open, setOpen] = useState(false);
  const { count } = presence;
  if (count === 0) return null;
  const people = peopleOf(presence, me?.member);
  const here = count === 1 ? "1 person" : `${count} people`;
  return (
    <>
      <button type="button" class="button faces" aria-label={`${here} here`} title={`${here} here`} popovertarget="people">
        {people.slice(0, FACES).map(({ name, member }) => (
          <Avatar key={member} name={name} member={member} />
        ))}
        <span class="count">{count}</span>
      </button>
      <section id="people" class="people" popover="auto" aria-labelledby="people-title" onToggle={(event) => setOpen(event.newState === "open")}>
        <h2 id="people-title">{here} here</h2>
        {open &&
          (people.length > 0 ? (
            <ul aria-label="People">
              {people.map((person) => (
                <li key={person.member}>
                  <PersonLine session={session} person={person} me={me?.member} moderates={me?.role === "moderator"} />
                </li>
              ))}
            </ul>
          ) : (
            <p>There are too many for a list.</p>
          ))}
      </section>
    </>
  );
}

type PersonLineProps = { session: RoomSession; person: Person; me: string | undefined; moderates: boolean };

function PersonLine({ session, person, me, moderates }: PersonLineProps) {
  const { name, member, role, guest } = person;
  const tags = [member === me && "you", role === "moderator" && "moderator", role === "reader" && "reader", guest && "guest"];
  const line = (
    <>
      <Avatar name={name} member={member} />
      <bdi class="person-name">{name}</bdi>
      {tags.map((tag) => tag && <span class="tag">{tag}</span>)}
    </>
  );
  if (!moderates || member === me) return <div class="person">{line}</div>;
  // All of one name: opening one closes the other.
  return (
    <details name="person">
      <summary class="person">{line}</summary>
      {choicesAbout(session, member, name).map(({ label, danger, run }) => (
        <button key={label} type="button" class="choice" data-danger={danger} onClick={run}>
          {label}
        </button>
      ))}
    </details>
  );
}
