// The cursors and selections of the others in the editor, and the own cursor for them.
//
// `y-codemirror.next` has such a plugin, too. It puts the colours that others have chosen into `style` attributes: a
// strict content security policy forbids these, and others could write any style into the page. Here a colour is a
// class. What is sent is the same.
import { Annotation, type Range } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import type { Awareness } from "y-protocols/awareness";
import {
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  createRelativePositionFromTypeIndex,
  type Text,
} from "yjs";
import { personOf, type Person } from "./people.ts";

/** Marks a transaction in which somebody else's cursor has moved. */
const moved = Annotation.define<true>();

/** Returns the extension for a text and the people that write it. */
export function cursors(text: Text, awareness: Awareness) {
  return ViewPlugin.define((view) => new Cursors(view, text, awareness), { decorations: (cursors) => cursors.decorations });
}

class Cursors {
  decorations: DecorationSet;
  readonly #text: Text;
  readonly #awareness: Awareness;
  readonly #hear: (changed: { added: number[]; updated: number[]; removed: number[] }) => void;

  constructor(view: EditorView, text: Text, awareness: Awareness) {
    this.#text = text;
    this.#awareness = awareness;
    this.#hear = ({ added, updated, removed }) => {
      const isOther = (id: number) => id !== awareness.clientID;
      if ([...added, ...updated, ...removed].some(isOther)) view.dispatch({ annotations: moved.of(true) });
    };
    awareness.on("change", this.#hear);
    this.decorations = this.#drawn(view.state.doc.length);
  }

  update(update: ViewUpdate): void {
    if (update.selectionSet || update.docChanged || update.focusChanged) this.#tell(update.view);
    const hasMoved = update.transactions.some((transaction) => transaction.annotation(moved));
    if (update.docChanged || hasMoved) this.decorations = this.#drawn(update.state.doc.length);
  }

  destroy(): void {
    this.#awareness.off("change", this.#hear);
  }

  /** Tells the others where the own cursor is, if it is in the text and has moved. */
  #tell(view: EditorView): void {
    if (!view.hasFocus) return;
    const { anchor, head } = view.state.selection.main;
    const cursor = { anchor: this.#relative(anchor), head: this.#relative(head) };
    const before: unknown = this.#awareness.getLocalState()?.["cursor"];
    if (JSON.stringify(before) !== JSON.stringify(cursor)) this.#awareness.setLocalStateField("cursor", cursor);
  }

  #relative(index: number) {
    return createRelativePositionFromTypeIndex(this.#text, index);
  }

  /** Returns the place of a cursor; `undefined` if it is not in this text, or nothing that we know. */
  #index(position: unknown): number | undefined {
    const { doc } = this.#text;
    if (!doc || typeof position !== "object" || position === null) return undefined;
    try {
      const found = createAbsolutePositionFromRelativePosition(createRelativePositionFromJSON(position), doc);
      return found?.type === this.#text ? found.index : undefined;
    } catch {
      return undefined; // Somebody sends what is not a position.
    }
  }

  #drawn(length: number): DecorationSet {
    const ranges: Range<Decoration>[] = [];
    for (const [id, state] of this.#awareness.getStates()) {
      if (id === this.#awareness.clientID) continue;
      const { cursor } = state as { cursor?: { anchor?: unknown; head?: unknown } | null };
      const [anchor, head] = [this.#index(cursor?.anchor), this.#index(cursor?.head)];
      // The document may be ahead of the editor for a moment.
      if (anchor === undefined || head === undefined || Math.max(anchor, head) > length) continue;
      const person = personOf(id, state);
      const clock = this.#awareness.meta.get(id)?.clock ?? 0;
      const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
      if (from < to) ranges.push(Decoration.mark({ class: `cm-selected person-${person.color}` }).range(from, to));
      ranges.push(Decoration.widget({ widget: new Caret(person, clock), side: head > anchor ? -1 : 1 }).range(head));
    }
    return Decoration.set(ranges, true);
  }
}

/** A cursor with its name. The name is shown for a moment whenever the cursor moves, and under the pointer. */
class Caret extends WidgetType {
  readonly #person: Person;
  readonly #clock: number;

  constructor(person: Person, clock: number) {
    super();
    this.#person = person;
    this.#clock = clock;
  }

  override eq(other: Caret): boolean {
    return this.#person.id === other.#person.id && this.#clock === other.#clock;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = `cm-caret person-${this.#person.color}`;
    caret.ariaHidden = "true";
    const name = caret.appendChild(document.createElement("span"));
    name.className = "cm-name";
    name.textContent = this.#person.name;
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
