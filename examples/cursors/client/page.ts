// What is seen: who is here, and where they point. All of the DOM is here.

import type { Member, Point } from "./wire.ts";

const FAR = 65_535;

/** The page, with one item for each member and one cursor for each of the others. */
export class Page {
  readonly stage = byId("stage");
  readonly #status = byId("status");
  readonly #list = byId("members");
  readonly #items = new Map<number, HTMLElement>();
  readonly #cursors = new Map<number, HTMLElement>();

  /** Says how the connection is. */
  say(status: string): void {
    this.#status.textContent = status;
  }

  /** Begins anew, as on every new connection. */
  clear(): void {
    for (const element of [...this.#items.values(), ...this.#cursors.values()]) element.remove();
    this.#items.clear();
    this.#cursors.clear();
  }

  addSelf(member: Member): void {
    this.#item(member, "You");
  }

  /** Adds a member, in place of one with the same number. */
  add(member: Member): void {
    this.remove(member.number);
    const name = `Guest ${member.number}`;
    this.#item(member, name);
    const cursor = element("div", member.hue);
    cursor.className = "cursor";
    cursor.hidden = true;
    cursor.ariaHidden = "true";
    cursor.append(document.createElement("span"));
    cursor.lastElementChild?.append(name);
    this.stage.append(cursor);
    this.#cursors.set(member.number, cursor);
    if (member.at) this.move(member.number, member.at);
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

  #item({ number, hue }: Member, name: string): void {
    const item = element("li", hue);
    item.append(name);
    this.#list.append(item);
    this.#items.set(number, item);
  }
}

function element(name: "li" | "div", hue: number): HTMLElement {
  const made = document.createElement(name);
  made.style.setProperty("--hue", String(hue));
  return made;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
