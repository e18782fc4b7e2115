// The people that are here: their faces in the bar, and all of them in a panel with a field for the own name.
import { h, Fragment } from "preact";
import { ownName, takeName } from "../own-name.ts";
import { initialOf, type Person } from "../people.ts";
import type { Session } from "../session.ts";
import { useValue } from "./use-value.ts";

/** How many faces are in the bar. */
const FACES = 3;

/** What a button is that opens a panel. */
export type Opener = {
  readonly type: "button";
  readonly "aria-expanded": boolean;
  readonly "aria-controls": string | undefined;
  readonly onClick: () => void;
};

type FacesProps = { session: Session; button: Opener };

export function Faces({ session, button }: FacesProps) {
  const people = useValue(session.people);
  const rest = people.length - FACES;
  const count = people.length === 1 ? "1 person here" : `${people.length} people here`;
  return (
    <button class="button faces" {...button}>
      <span class="hidden">{count}</span>
      {people.slice(0, FACES).map((person) => (
        <Face key={person.id} person={person} />
      ))}
      {rest > 0 && (
        <span class="rest" aria-hidden="true">
          +{rest}
        </span>
      )}
    </button>
  );
}

export function PeoplePanel({ session }: { session: Session }) {
  const people = useValue(session.people);
  const name = useValue(ownName);
  return (
    <>
      <label class="field">
        Your name
        <input
          value={name}
          maxLength={40}
          placeholder="Guest"
          autocomplete="nickname"
          onInput={({ currentTarget }) => takeName(currentTarget.value)}
        />
      </label>
      <ul class="people" aria-label="Who is here">
        {people.map((person) => (
          <li key={person.id}>
            <Face person={person} />
            <span class="name">{person.name}</span>
            <span class="soft">{[person.isSelf && "you", person.reads && "reads"].filter(Boolean).join(", ")}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Face({ person: { name, color } }: { person: Person }) {
  return (
    <span class={`face person-${color}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}
