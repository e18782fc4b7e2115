// The page: the members, the state of the connection, a field to ask in, and the questions.
import { h, Fragment } from "preact";
import { useRef } from "preact/hooks";
import type { Session } from "../session.ts";
import { connectionWords } from "../words.ts";
import { AskForm, type AskField } from "./ask-form.tsx";
import { Icon } from "./icons.tsx";
import { Questions } from "./questions.tsx";
import { ShareLink } from "./share-link.tsx";
import { useValue } from "./use-value.ts";

export function App({ session }: { session: Session }) {
  const field = useRef<AskField>(null);
  return (
    <>
      <Header session={session} />
      <main>
        <Notice session={session} />
        <AskForm session={session} field={field} />
        <Board session={session} rewrite={(text) => field.current?.fill(text)} />
      </main>
      <footer>
        <a href="/">Start a new board</a>
      </footer>
    </>
  );
}

function Header({ session: { room } }: { session: Session }) {
  const state = useValue(room.state);
  const { count } = useValue(room.presence);
  const you = useValue(room.you);
  const words = connectionWords(state);
  return (
    <header data-connection={state.status}>
      <div class="bar">
        <h1>Questions</h1>
        <p class="here">
          <span class="dot" aria-hidden="true" />
          {words === undefined ? `${count} here` : "Offline"}
          {you?.role === "moderator" && <span class="role">You moderate</span>}
        </p>
        <ShareLink />
      </div>
      <div class="connection" role="status">
        {words !== undefined && <p>{words}</p>}
      </div>
      {state.status === "closed" && (
        <button class="button primary" type="button" onClick={() => room.connect()}>
          Connect again
        </button>
      )}
    </header>
  );
}

function Notice({ session: { notice } }: { session: Session }) {
  const text = useValue(notice);
  return (
    <div role="status">
      {text !== undefined && (
        <p class="notice">
          <span>{text}</span>
          <button class="button quiet" type="button" aria-label="Dismiss" onClick={() => (notice.value = undefined)}>
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}

function Board({ session, rewrite }: { session: Session; rewrite: (text: string) => void }) {
  const { loaded } = useValue(session.room.log);
  const { open, answered } = useValue(session.board);
  if (!loaded && !open.length) return null;
  return (
    <>
      <section aria-labelledby="open">
        <h2 id="open" tabIndex={-1} class={open.length + answered.length ? "" : "hidden"}>
          Open{open.length > 0 && <span class="count">{open.length}</span>}
        </h2>
        {open.length > 0 ? <Questions cards={open} session={session} rewrite={rewrite} /> : <Empty first={!answered.length} />}
      </section>
      {answered.length > 0 && (
        <section aria-labelledby="answered">
          <h2 id="answered">
            Answered<span class="count">{answered.length}</span>
          </h2>
          <Questions cards={answered} session={session} rewrite={rewrite} />
        </section>
      )}
    </>
  );
}

function Empty({ first }: { first: boolean }) {
  if (!first) return <p class="empty">All questions are answered.</p>;
  return (
    <div class="empty">
      <Icon name="up" />
      <p>
        <strong>No questions yet</strong>
      </p>
      <p>Ask the first one, and send the link of this page to those who have more. The questions with the most votes come first.</p>
    </div>
  );
}
