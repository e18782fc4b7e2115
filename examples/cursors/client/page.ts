// The page: the members and their cursors. All of the DOM is here.

import { hueOf } from "./hue.ts";
import type { Point } from "./wire.ts";

const FAR = 65_535;

/** The page, with one item for each member and one cursor for each of the others. */
export class Page {
  readonly stage = byId("stage");
  readonly #status = byId("status");
  readonly #list = byId("members");
  readonly #items = new Map<number, HTMLElement>();
  readonly #cursors = new Map<number, HTMLElement>();

  /** Shows how the connection is. */
  say(status: string): void {
    this.#status.textContent = status;
  }

  /** Begins from scratch with our own number, as on every new connection. */
  begin(number: number): void {
    for (const element of [...this.#items.values(), ...this.#cursors.values()]) element.remove();
    this.#items.clear();
    this.#cursors.clear();
    this.#item(number, "You");
  }

  /** Adds a member, unless it is here already. */
  add(number: number): void {
    if (this.#items.has(number)) return;
    const name = `Guest ${number}`;
    this.#item(number, name);
    const cursor = element("div", number);
    cursor.className = "cursor";
    cursor.hidden = true;
    cursor.ariaHidden = "true";
    cursor.append(document.createElement("span"));
    cursor.lastElementChild?.append(name);
    this.stage.append(cursor);
    this.#cursors.set(number, cursor);
  }

  remove(number: number): void {
    for (const shown of [this.#items, this.#cursors]) {
      shown.get(number)?.remove();
      shown.delete(number);
    }
  }

  move(number: number, { x, y }: Point): void {
    const cursor = this.#cursors.get(number);
    if (!cursor) return;
    cursor.style.left = `${(x / FAR) * 100}%`;
    cursor.style.top = `${(y / FAR) * 100}%`;
    cursor.hidden = false;
  }

  #item(number: number, name: string): void {
    const item = element("li", number);
    item.append(name);
    this.#list.append(item);
    this.#items.set(number, item);
  }
}

function element(name: "li" | "div", number: number): HTMLElement {
  const made = document.createElement(name);
  made.style.setProperty("--hue", String(hueOf(number)));
  return made;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
