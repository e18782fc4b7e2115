// The members: a few faces and a count, which open the whole list. There a moderator finds the actions on each.
import * as texts from "#texts/room.ts";
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { bansOf } from "../bans.ts";
import { isolated } from "../isolated.ts";
import { rosterOf, type Person } from "../roster.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar } from "./avatar.tsx";
import { Namesake } from "./namesake.tsx";
import { Choices, choicesAbout } from "./action-menu.tsx";
import { useValue } from "./use-value.ts";

const FACES = 3;

export function People({ session }: { session: RoomSession }) {
  const presence = useValue(session.room.presence);
  const me = useValue(session.room.you);
  const [open, setOpen] = useState(false);
  const { count } = presence;
  if (count === 0) return null;
  const people = rosterOf(presence, me?.member);
  // The reader's own face is in the header already.
  const faces = people.length > 1 ? people.slice(1, 1 + FACES) : people;
  const here = texts.peopleHere(count);
  return (
    <>
      <button type="button" class="button faces" aria-label={here} title={here} popovertarget="people">
        {faces.map(({ name, member }) => (
          <Avatar key={member} name={name} member={member} />
        ))}
        <span class="count">{count}</span>
      </button>
      <section
        id="people"
        class="people"
        popover="auto"
        aria-labelledby="people-title"
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        <h2 id="people-title">{here}</h2>
        {open && <List session={session} people={people} />}
        {open && me?.role === "moderator" && <BannedList session={session} />}
      </section>
    </>
  );
}

function List({ session, people }: { session: RoomSession; people: readonly Person[] }) {
  const me = useValue(session.room.you);
  if (people.length === 0) return <p>{texts.tooManyPeople}</p>;
  return (
    <ul aria-label={texts.peopleList}>
      {people.map((person) => (
        <li key={person.member}>
          <PersonLine session={session} person={person} me={me?.member} moderates={me?.role === "moderator"} />
        </li>
      ))}
    </ul>
  );
}

/** Shows the members that this browser has banned. They are on no roster, so a ban is taken back here. */
function BannedList({ session }: { session: RoomSession }) {
  const bans = useValue(bansOf(session.name));
  const { members } = useValue(session.room.presence);
  // Whoever is here is banned no more: another moderator has taken the ban back.
  const banned = bans.filter(({ member }) => !members?.has(member));
  if (banned.length === 0) return null;
  return (
    <>
      <h3 id="banned-title">{texts.banned}</h3>
      <ul aria-labelledby="banned-title">
        {banned.map(({ member, name }) => (
          <li key={member} class="person">
            <Avatar name={name} member={member} />
            <bdi class="person-name">{name}</bdi>
            {choicesAbout(session, member, name).map(({ label, run }) => (
              <button key={label} type="button" class="button" aria-label={texts.actionOn(label, isolated(name))} onClick={run}>
                {label}
              </button>
            ))}
          </li>
        ))}
      </ul>
      <p>{texts.bansByAddress}</p>
    </>
  );
}

type PersonLineProps = { session: RoomSession; person: Person; me: string | undefined; moderates: boolean };

/** Shows a person with what they are. */
export function PersonLabel({ session, person, me }: Omit<PersonLineProps, "moderates">) {
  const { name, member, role, guest, mutedUntil } = person;
  const tags = [
    member === me && texts.youTag,
    role === "moderator" && texts.moderatorTag,
    role === "reader" && texts.readerTag,
    mutedUntil !== undefined && mutedUntil > session.room.now() && texts.mutedTag,
    guest && texts.guestTag,
  ];
  return (
    <>
      <Avatar name={name} member={member} />
      <bdi class="person-name">{name}</bdi>
      <Namesake session={session} name={name} member={member} />
      {tags.map((tag) => tag && <span class="tag">{tag}</span>)}
    </>
  );
}

function PersonLine({ session, person, me, moderates }: PersonLineProps) {
  const { name, member } = person;
  const label = <PersonLabel session={session} person={person} me={me} />;
  if (!moderates || member === me) return <div class="person">{label}</div>;
  // All of one name: opening one closes the other.
  return (
    <details name="person">
      <summary class="person">{label}</summary>
      <Choices choices={choicesAbout(session, member, name)} />
    </details>
  );
}
