// One question: its votes, its text, and what this member may do with it.
import { h } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Card } from "../cards.ts";
import type { BoardPending } from "../room-types.ts";
import type { Session } from "../session.ts";
import { refusalWords } from "../words.ts";
import { Icon } from "./icons.tsx";
import { QuestionField, useQuestion } from "./question-field.tsx";
import { useValue } from "./use-value.ts";

type Props = { card: Card; session: Session; rewrite: (text: string) => void };

export function QuestionCard({ card, session, rewrite }: Props) {
  const [doing, setDoing] = useState<"edit" | "remove">();
  const article = useRef<HTMLElement>(null);
  const stop = () => {
    setDoing(undefined);
    article.current?.focus({ preventScroll: true });
  };
  return (
    <article class="card panel" ref={article} tabIndex={-1} aria-label={card.text} data-answered={card.answered} data-state={stateOf(card)}>
      <VoteButton card={card} session={session} />
      <div class="content">
        {doing === "edit" ? (
          <EditForm card={card} session={session} done={stop} />
        ) : (
          <p class="text" dir="auto">
            {card.text}
          </p>
        )}
        <div class="row">
          <p class="by">
            {card.answered && (
              <span class="done">
                <Icon name="check" />
              </span>
            )}
            <bdi>{card.by}</bdi>
            {card.mine && <span class="you">you</span>}
            {card.waiting && <span class="waiting">Waiting to be sent …</span>}
          </p>
          {doing === undefined && <Actions card={card} session={session} start={setDoing} />}
        </div>
        {doing === "remove" && <Confirm card={card} session={session} done={stop} />}
        {card.refused.map((pending) => (
          <Refusal key={pending.frame.id} pending={pending} session={session} rewrite={rewrite} />
        ))}
      </div>
    </article>
  );
}

function stateOf({ refused, waiting }: Card): string {
  return refused.length ? "refused" : waiting ? "waiting" : "settled";
}

function VoteButton({ card, session }: { card: Card; session: Session }) {
  const { seq, voted, votes } = card;
  const count = `${votes} ${votes === 1 ? "vote" : "votes"}`;
  function vote(): void {
    if (seq !== undefined && !voted) session.upvote(seq);
  }
  return (
    <button
      class="vote"
      type="button"
      aria-pressed={voted}
      aria-label={voted ? `Upvoted, ${count}` : `Upvote, ${count}`}
      disabled={seq === undefined}
      onClick={vote}
    >
      <Icon name="up" />
      <span class="votes">{votes}</span>
    </button>
  );
}

function Actions({ card, session, start }: { card: Card; session: Session; start(what: "edit" | "remove"): void }) {
  const moderates = useValue(session.room.you)?.role === "moderator";
  const { seq, mine, answered } = card;
  if (seq === undefined) return null;
  return (
    <div class="actions">
      {moderates && !answered && (
        <button class="button quiet" type="button" onClick={() => (session.answer(seq), focusOpen())}>
          <Icon name="check" />
          Mark answered
        </button>
      )}
      {mine && (
        <button class="button quiet" type="button" aria-label="Edit" title="Edit" onClick={() => start("edit")}>
          <Icon name="edit" />
        </button>
      )}
      {(mine || moderates) && (
        <button class="button quiet" type="button" aria-label="Remove" title="Remove" onClick={() => start("remove")}>
          <Icon name="remove" />
        </button>
      )}
    </div>
  );
}

/** Puts the focus on the heading of the open questions, since the question that had it goes away. */
function focusOpen(): void {
  document.getElementById("open")?.focus({ preventScroll: true });
}

function EditForm({ card, session, done }: { card: Card; session: Session; done(): void }) {
  const question = useQuestion(card.text);
  const input = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useLayoutEffect(() => input.current?.focus(), []);
  function save(): void {
    if (!question.valid) return;
    if (card.seq !== undefined && question.text !== card.text) session.edit(card.seq, question.text);
    done();
  }
  return (
    <form class="edit" onSubmit={(event) => (event.preventDefault(), save())}>
      <label class="hidden" for={id}>
        Text of the question
      </label>
      <QuestionField id={id} input={input} question={question} submit={save} cancel={done} />
      <div class="choices">
        <button class="button primary" type="submit" disabled={!question.valid}>
          Save
        </button>
        <button class="button" type="button" onClick={done}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Confirm({ card, session, done }: { card: Card; session: Session; done(): void }) {
  const yes = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => yes.current?.focus(), []);
  function remove(): void {
    done();
    if (card.seq !== undefined) session.remove(card.seq);
    focusOpen();
  }
  return (
    <div class="choices" role="group" aria-label="Remove this question?" onKeyDown={(event) => event.key === "Escape" && done()}>
      <span>Remove this question for everyone?</span>
      <button class="button danger" type="button" ref={yes} onClick={remove}>
        Remove it
      </button>
      <button class="button" type="button" onClick={done}>
        Keep it
      </button>
    </div>
  );
}

function Refusal({ pending, session, rewrite }: { pending: BoardPending; session: Session; rewrite: (text: string) => void }) {
  const { frame } = pending;
  const discard = () => session.room.discard(frame.id);
  return (
    <div class="refusal" role="alert">
      <p>{refusalWords(pending)}</p>
      <div class="choices">
        <button class="button" type="button" onClick={() => session.room.retry(frame.id)}>
          Try again
        </button>
        {frame.type === "append" && (
          <button class="button" type="button" onClick={() => (discard(), rewrite(frame.body.text))}>
            Change the text
          </button>
        )}
        <button class="button" type="button" onClick={discard}>
          Discard
        </button>
      </div>
    </div>
  );
}
