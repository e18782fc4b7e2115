// The versions of the text: saved with a name, and looked at.
import { h, Fragment } from "preact";
import { useState } from "preact/hooks";
import type { Version } from "../protocol.ts";
import type { Session } from "../session.ts";
import { timeWords } from "../words.ts";
import { useValue } from "./use-value.ts";

type Props = { session: Session; shown: number | undefined; show: (version: Version) => void };

export function VersionsPanel({ session, shown, show }: Props) {
  const versions = useValue(session.versions);
  return (
    <>
      {session.place.key !== undefined && <SaveForm session={session} />}
      {versions.length === 0 && <p class="soft">No versions yet. A version keeps the text as it is when you save it.</p>}
      <ul class="versions" aria-label="Versions">
        {versions.map((version) => (
          <li key={version.id}>
            <button type="button" aria-pressed={version.id === shown} onClick={() => show(version)}>
              <span class="name">{version.name}</span>
              <span class="soft">{timeWords(version.at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function SaveForm({ session }: { session: Session }) {
  const [name, setName] = useState("");
  function save(event: Event): void {
    event.preventDefault();
    if (!name.trim()) return;
    if (session.command({ type: "save", name: name.trim() })) setName("");
  }
  return (
    <form class="save" onSubmit={save}>
      <label class="field">
        Name of a new version
        <input value={name} maxLength={100} onInput={({ currentTarget }) => setName(currentTarget.value)} />
      </label>
      <button class="button primary" disabled={!name.trim()}>
        Save
      </button>
    </form>
  );
}
