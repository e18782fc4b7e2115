// The questions as the page shows them, with this member's own unacknowledged questions and votes. Pure.
import type { BoardItem, BoardOutbox, BoardPending } from "./room-types.ts";

export type Card = {
  id: string;
  /** None until the room has acknowledged the question. */
  seq?: number;
  text: string;
  by: string;
  votes: number;
  answered: boolean;
  /** Whether this member asked it. */
  mine: boolean;
  /** Whether this member has upvoted it. */
  voted: boolean;
  /** Whether something about it is on its way to the room. */
  waiting: boolean;
  /** The refused operations. */
  refused: BoardPending[];
};

/** The place of a question that the room has not acknowledged, after all others with as many votes. */
const LAST = Number.MAX_SAFE_INTEGER;

export type Board = { open: Card[]; answered: Card[] };

/**
 * Makes the cards, those with the most votes first. `voted` has the questions that this member has upvoted, including
 * those whose vote is on its way; `own` has those that the room has counted.
 */
export function board(
  items: readonly BoardItem[],
  outbox: BoardOutbox,
  me: string | undefined,
  own: ReadonlySet<number>,
  voted: ReadonlySet<number>,
): Board {
  const aboutItem = ({ seq, id }: BoardItem) => outbox.filter((pending) => (targetOf(pending) ?? pending.frame.id) === (seq ?? id));
  const cards = items.flatMap((item) => card(item, aboutItem(item), me, own, voted) ?? []);
  cards.sort((one, other) => other.votes - one.votes || (one.seq ?? LAST) - (other.seq ?? LAST));
  return { open: cards.filter(({ answered }) => !answered), answered: cards.filter(({ answered }) => answered) };
}

function card(
  { id, seq, author, body }: BoardItem,
  about: readonly BoardPending[],
  me: string | undefined,
  own: ReadonlySet<number>,
  voted: ReadonlySet<number>,
): Card | undefined {
  if (!body) return undefined;
  const waiting = about.filter(({ error }) => !error);
  const isVote = ({ frame }: BoardPending) => frame.type === "command" && frame.data.do === "upvote";
  // A vote that the room has counted already, from another device, makes no difference.
  const coming = waiting.some(isVote) && seq !== undefined && !own.has(seq) ? 1 : 0;
  return {
    id,
    ...(seq === undefined ? {} : { seq }),
    text: body.text,
    by: body.by,
    votes: body.votes + coming,
    answered: body.answered || waiting.some(({ frame }) => frame.type === "command" && frame.data.do === "answer"),
    mine: author === undefined || author === me,
    voted: seq !== undefined && voted.has(seq),
    waiting: waiting.length > 0,
    refused: about.filter(({ error }) => error),
  };
}

/** Returns the `seq` of the question that something is about, unless it is a new one. */
export function targetOf({ frame }: BoardPending): number | undefined {
  switch (frame.type) {
    case "append":
      return undefined;
    case "command":
      return frame.data.question;
    default:
      return frame.target;
  }
}
