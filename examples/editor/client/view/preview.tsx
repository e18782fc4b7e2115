// A version as it was, in place of the text.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Version } from "../protocol.ts";
import type { Session } from "../session.ts";
import { timeWords } from "../words.ts";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

export function Preview({ session, version, close }: { session: Session; version: Version; close: () => void }) {
  const [text, setText] = useState<string>();
  const [failure, setFailure] = useState<string>();
  /** Whether the page has asked if the version is really to be deleted. */
  const [asked, setAsked] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const isThere = useValue(session.versions).some(({ id }) => id === version.id);
  useEffect(() => {
    heading.current?.focus();
    session.version(version.id).then(setText, () => setFailure("This version cannot be fetched now."));
  }, [version.id]);
  useEffect(() => {
    if (!isThere) close();
  }, [isThere]);
  function restore(): void {
    if (session.command({ type: "restore", version: version.id })) close();
  }
  function remove(): void {
    if (asked) session.command({ type: "delete", version: version.id });
    setAsked(!asked);
  }
  return (
    <section class="preview" aria-labelledby="preview">
      <div class="preview-head">
        <div class="about">
          <h2 id="preview" ref={heading} tabIndex={-1}>
            {version.name}
          </h2>
          <p class="soft">{timeWords(version.at)}</p>
        </div>
        {session.place.key !== undefined && (
          <div class="actions">
            <button class="button primary" type="button" onClick={restore}>
              Restore
            </button>
            <button class="button" type="button" onClick={remove}>
              {asked ? "Really delete" : "Delete"}
            </button>
          </div>
        )}
        <button class="button" type="button" aria-label="Back to the text" onClick={close}>
          <Icon name="back" />
          Back
        </button>
      </div>
      <div class="page" role="region" aria-label="Text of the version" tabIndex={0}>
        {failure === undefined ? <pre>{text}</pre> : <p>{failure}</p>}
      </div>
    </section>
  );
}
