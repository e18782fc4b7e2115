// A field for the text of a question, with a counter.
import { h, Fragment, type RefObject } from "preact";
import { useState } from "preact/hooks";
import { lengthOf, MAX_QUESTION, tidy } from "../text.ts";

/** From how many characters left the counter is shown. */
const NEAR = 100;

/** The state of a field. */
export type QuestionState = {
  typed: string;
  set(typed: string): void;
  /** The text as it is sent. */
  text: string;
  left: number;
  valid: boolean;
};

export function useQuestion(initial: string): QuestionState {
  const [typed, set] = useState(initial);
  const text = tidy(typed);
  const left = MAX_QUESTION - lengthOf(text);
  return { typed, set, text, left, valid: text !== "" && left >= 0 };
}

type Props = {
  id: string;
  input: RefObject<HTMLTextAreaElement | null>;
  question: QuestionState;
  placeholder?: string;
  submit(): void;
  cancel?(): void;
};

export function QuestionField({ id, input, question, placeholder, submit, cancel }: Props) {
  const { left } = question;
  return (
    <>
      <textarea
        id={id}
        ref={input}
        rows={1}
        enterkeyhint="send"
        aria-describedby={`${id}-count`}
        aria-invalid={left < 0}
        placeholder={placeholder}
        value={question.typed}
        onInput={(event) => question.set(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Enter") (event.preventDefault(), submit());
          if (event.key === "Escape") cancel?.();
        }}
      />
      <p id={`${id}-count`} class="counter" data-over={left < 0} hidden={left > NEAR}>
        {left >= 0 ? `${characters(left)} left` : `${characters(-left)} too long`}
      </p>
    </>
  );
}

function characters(count: number): string {
  return count === 1 ? "1 character" : `${count} characters`;
}
