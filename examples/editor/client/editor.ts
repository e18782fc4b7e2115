// The editor: CodeMirror on the text of the document.
//
// It is in a shadow tree. There CodeMirror makes its style sheets by script, which a strict content security policy
// allows; in the page itself it would add `<style>` elements.
import { defaultKeymap } from "@codemirror/commands";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import { cursors } from "./cursors.ts";
import { COLORS } from "./people.ts";
import type { Session } from "./session.ts";
import { theme } from "./theme.ts";

/** Puts the editor into an element. Returns it, to be destroyed some time. */
export function openEditor(host: HTMLElement, session: Session, onFirstLine: (line: string) => void): EditorView {
  const { text, awareness, place } = session;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    doc: text.toString(),
    extensions: [
      yCollab(text, null),
      cursors(text, awareness),
      place.key === undefined ? forReaders : forWriters,
      search({ top: true }),
      keymap.of([...yUndoManagerKeymap, ...searchKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      EditorView.updateListener.of(({ docChanged, state }) => docChanged && onFirstLine(state.doc.line(1).text)),
      theme(COLORS.length),
    ],
  });
  onFirstLine(view.state.doc.line(1).text);
  return view;
}

/** The arrow keys scroll it, also where one may not write. */
const field = { "aria-label": "Text", tabindex: "0" };

const forWriters: Extension = [
  placeholder("Write here. Everyone with the link sees it."),
  EditorView.contentAttributes.of({ ...field, spellcheck: "true", autocorrect: "on", autocapitalize: "on" }),
];

const forReaders: Extension = [
  placeholder("Nothing is written here yet."),
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ ...field, "aria-readonly": "true" }),
];
