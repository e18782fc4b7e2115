// An app of its own: a board of questions in React, built on the package as npm installs it.
import { useObservable, useConnectionState, useLog, usePresence, useRoom } from "party-client/react";
import { StrictMode, useState, type FormEvent } from "react";
import { createRoot } from "react-dom/client";
import type { Ask, Command, Name, Question } from "./protocol";

type Board = { draft: Ask; body: Question; introduction: Name; profile: Name; command: Command; own: number[] };

function App() {
  const [board, setBoard] = useState(location.hash.slice(1));
  const [name, setName] = useState("Guest");
  const [isOpen, setOpen] = useState(true);
  return (
    <>
      <Field label="Your name" enter={setName} />
      <Field label="Board" enter={setBoard} />
      <button onClick={() => setOpen(!isOpen)}>{isOpen ? "Leave" : "Enter"}</button>
      {isOpen && <Questions board={board} name={name} />}
    </>
  );
}

function Questions({ board, name }: { board: string; name: string }) {
  const room = useRoom<Board>({
    party: "board",
    room: board,
    presence: { name },
    preview: ({ text }, _me, now) => ({ by: name, votes: 0, answered: false, ...now, text }),
  });
  const { items } = useLog(room);
  const { members } = usePresence(room);
  const { status } = useConnectionState(room);
  const voted = useObservable(room.own) ?? [];
  return (
    <main data-connection={status}>
      <h1>{board}</h1>
      <p>Here: {Array.from(members?.values() ?? [], ({ data }) => data.name).sort().join(", ")}</p>
      <ul>
        {items.map(({ id, seq, body, pending }) => (
          <li key={id} data-pending={pending !== undefined}>
            {body?.by}: {body?.text}
            {seq !== undefined && (
              <button aria-pressed={voted.includes(seq)} onClick={() => room.command({ do: "upvote", question: seq })}>
                {body?.votes} votes
              </button>
            )}
          </li>
        ))}
      </ul>
      <Field label="Your question" enter={(text) => room.send({ text })} />
    </main>
  );
}

/** A text field whose text is taken with Enter. */
function Field({ label, enter }: { label: string; enter(text: string): void }) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter(text);
    setText("");
  };
  return (
    <form onSubmit={submit}>
      <input aria-label={label} value={text} onChange={(event) => setText(event.target.value)} />
    </form>
  );
}

const page = document.getElementById("app");
if (page) createRoot(page).render(<StrictMode><App /></StrictMode>);
