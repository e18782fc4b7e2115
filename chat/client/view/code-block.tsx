// A block of code: it scrolls sideways, and a button copies it.
import * as texts from "#texts/conversation.ts";
import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { copyText } from "../clipboard.ts";
import { Icon } from "./icons.tsx";

const SHOWN = 2500;

export function CodeBlock({ text, language }: { text: string; language: string }) {
  return (
    <div class="code-block" dir="ltr">
      <div class="code-top">
        <span>{language}</span>
        <CopyCode text={text} />
      </div>
      {/* The keyboard scrolls what has the focus. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}

function CopyCode({ text }: { text: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const done = setTimeout(() => setSaid(""), SHOWN);
    return () => clearTimeout(done);
  }, [said]);
  const copy = async () => setSaid((await copyText(text)) ? texts.copied : texts.notCopied);
  return (
    <>
      <span role="status">{said}</span>
      <button type="button" class="copy-code" aria-label={texts.copyCode} title={texts.copyCode} onClick={copy}>
        <Icon name={said === texts.copied ? "check" : "copy"} />
      </button>
    </>
  );
}
