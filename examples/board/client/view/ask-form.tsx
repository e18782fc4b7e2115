// The field for a new question, and the name that it is asked under.
import { h, type RefObject } from "preact";
import { useId, useImperativeHandle, useRef, useState } from "preact/hooks";
import { ownName, takeName } from "../name.ts";
import type { Session } from "../session.ts";
import { MAX_NAME, tidy } from "../text.ts";
import { QuestionField, useQuestion } from "./question-field.tsx";
import { useValue } from "./use-value.ts";

/** What other parts of the page do with the field. */
export type AskField = { fill(text: string): void };

export function AskForm({ session, field }: { session: Session; field: RefObject<AskField | null> }) {
  const question = useQuestion("");
  const input = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useImperativeHandle(field, () => ({ fill: (text) => (question.set(text), input.current?.focus()) }), []);
  function ask(): void {
    if (question.valid && session.ask(question.text)) question.set("");
    input.current?.focus();
  }
  return (
    <form class="ask panel" onSubmit={(event) => (event.preventDefault(), ask())}>
      <label class="hidden" for={id}>
        Your question
      </label>
      <QuestionField id={id} input={input} question={question} placeholder="What would you like to know?" submit={ask} />
      <div class="row">
        <NameField />
        <span class="space" />
        <button class="button primary" type="submit" disabled={!question.valid}>
          Ask
        </button>
      </div>
    </form>
  );
}

function NameField() {
  const kept = useValue(ownName);
  const [typed, setTyped] = useState<string>();
  function take(): void {
    if (typed !== undefined) takeName(Array.from(tidy(typed)).slice(0, MAX_NAME).join("").trim());
    setTyped(undefined);
  }
  return (
    <label class="name">
      <span>as</span>
      <input
        aria-label="Your name"
        autocomplete="nickname"
        enterkeyhint="done"
        maxLength={2 * MAX_NAME}
        placeholder="Guest"
        value={typed ?? kept}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={take}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          take();
        }}
      />
    </label>
  );
}
