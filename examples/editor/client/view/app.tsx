// The page: a bar with the state and the people, the text, and one panel beside it.
import { h, Fragment } from "preact";
import { useState } from "preact/hooks";
import type { Version } from "../protocol.ts";
import type { Session } from "../session.ts";
import { offlineWords, stateWords } from "../words.ts";
import { EditorPlace } from "./editor-place.tsx";
import { Icon } from "./icons.tsx";
import { Faces, PeoplePanel, type Opener } from "./people-panel.tsx";
import { Preview } from "./preview.tsx";
import { SharePanel } from "./share-panel.tsx";
import { useValue } from "./use-value.ts";
import { VersionsPanel } from "./versions-panel.tsx";

/** What is open beside the text. */
export type Panel = "people" | "share" | "versions";

export function App({ session }: { session: Session }) {
  const [panel, setPanel] = useState<Panel>();
  const [title, setTitle] = useState("");
  const [shown, setShown] = useState<Version>();
  const close = () => (setPanel(undefined), setShown(undefined));
  const toggle = (next: Panel) => (panel === next ? close() : (setShown(undefined), setPanel(next)));
  return (
    <>
      <Bar session={session} title={title} panel={panel} toggle={toggle} />
      <main data-panel={panel} data-preview={shown !== undefined}>
        <div class="work">
          <Messages session={session} />
          <EditorPlace session={session} hidden={shown !== undefined} onTitle={setTitle} />
          {shown && <Preview key={shown.id} session={session} version={shown} close={() => setShown(undefined)} />}
        </div>
        {panel && (
          <section class="panel" id="panel" aria-label={NAMES[panel]} onKeyDown={({ key }) => key === "Escape" && close()}>
            <div class="panel-head">
              <h2>{NAMES[panel]}</h2>
              <button class="button quiet" type="button" aria-label="Close" onClick={close}>
                <Icon name="close" />
              </button>
            </div>
            {panel === "people" && <PeoplePanel session={session} />}
            {panel === "share" && <SharePanel place={session.place} />}
            {panel === "versions" && <VersionsPanel session={session} shown={shown?.id} show={setShown} />}
          </section>
        )}
      </main>
    </>
  );
}

const NAMES: { [panel in Panel]: string } = { people: "People", share: "Share", versions: "Versions" };

type BarProps = { session: Session; title: string; panel: Panel | undefined; toggle: (panel: Panel) => void };

function Bar({ session, title, panel, toggle }: BarProps) {
  const connection = useValue(session.connection);
  const refusal = useValue(session.refusal);
  const reads = session.place.key === undefined;
  const opens = (name: Panel): Opener => ({
    type: "button",
    "aria-expanded": panel === name,
    "aria-controls": panel === name ? "panel" : undefined,
    onClick: () => toggle(name),
  });
  return (
    <header data-connection={connection} data-refused={refusal !== undefined}>
      <div class="title">
        <h1>{title}</h1>
        <p class="state" role="status">
          <span class="dot" aria-hidden="true" />
          {refusal === undefined ? stateWords(connection, reads) : "Not accepted"}
        </p>
      </div>
      <Faces session={session} button={opens("people")} />
      <button class="button" aria-label="Versions" {...opens("versions")}>
        <Icon name="history" />
        <span class="wide">Versions</span>
      </button>
      <button class="button primary" aria-label="Share" {...opens("share")}>
        <Icon name="link" />
        <span class="wide">Share</span>
      </button>
    </header>
  );
}

/** What needs attention. */
function Messages({ session }: { session: Session }) {
  const connection = useValue(session.connection);
  const refusal = useValue(session.refusal);
  const notice = useValue(session.notice);
  return (
    <div role="status">
      {connection === "offline" && refusal === undefined && (
        <p class="message passing">
          <span>{offlineWords(session.place.key === undefined)}</span>
        </p>
      )}
      {refusal !== undefined && (
        <p class="message bad">
          <span>
            The room has not accepted what you wrote last. {refusal} It is only in this browser: undo it, or make the text
            shorter, and try again.
          </span>
          <button class="button" type="button" onClick={() => location.reload()}>
            Try again
          </button>
        </p>
      )}
      {notice !== undefined && (
        <p class="message">
          <span>{notice}</span>
          <button class="button quiet" type="button" aria-label="Dismiss" onClick={() => (session.notice.value = undefined)}>
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}
