// Makes the page like a description of it, and keeps it so with as few changes as it takes: what has the same type, and the same key or
// place among its siblings, stays the same element, with what was typed into it, its focus and its place.
import { Fragment, TEXT, type Child, type Description, type Ref } from "./element.ts";

/** What a hook remembers, and what is to be done when its component goes. */
export type Remembered = object & { leave?: (() => void) | undefined };

/** Something that is described and on the page: an element, a text, or a component with what it has described. */
export type Live = {
  description: Description | undefined;
  above: Live | undefined;
  /** None for a component. */
  node: Element | Text | undefined;
  below: Map<unknown, Live>;
  /** What the hooks of a component remember, in the order of their calls. */
  memory: Remembered[];
  /** Is it to be drawn again? */
  due: boolean;
};

/** The component that is being drawn, and how many of its hooks have been called. */
export const drawing: { live: Live; hooks: number } = { live: living(undefined), hooks: 0 };

const due = new Set<Live>();
const effects: (() => void)[] = [];

/** Puts up what is described, in an empty element. */
export function render(child: Child, into: Element): void {
  const root = living(undefined);
  root.node = into;
  draw(root, [child]);
  settle();
}

/** Draws a component again, soon, together with what else has changed. */
export function redraw(live: Live): void {
  if (!live.description) return; // It has gone.
  live.due = true;
  if (!due.size) queueMicrotask(drawDue);
  due.add(live);
}

/** Runs when the page is like its description, before it is painted. */
export function afterwards(effect: () => void): void {
  effects.push(effect);
}

function drawDue(): void {
  // Those above first: they may draw those below, or remove them.
  const lives = [...due].sort((one, other) => depth(one) - depth(other));
  due.clear();
  for (const live of lives) if (live.due) attempt(() => (update(live), place(holder(live))));
  settle();
}

function settle(): void {
  for (const effect of effects.splice(0)) attempt(effect);
}

/** One part that fails is no reason for the others to stand still. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    reportError(error);
  }
}

function living(above: Live | undefined): Live {
  return { description: undefined, above, node: undefined, below: new Map(), memory: [], due: false };
}

/** Makes what is below like `children`. */
function draw(live: Live, children: readonly Child[]): void {
  const before = live.below;
  live.below = new Map();
  const drawn: [Live, Description][] = [];
  children.forEach((child, index) => {
    if (child == null || typeof child === "boolean") return;
    const description = described(child);
    const key = description.key ?? index;
    const old = before.get(key);
    const same = old?.description?.type === description.type ? old : undefined;
    if (same) before.delete(key);
    const next = same ?? living(live);
    live.below.set(key, next);
    drawn.push([next, description]);
  });
  before.forEach((old) => remove(old));
  for (const [next, description] of drawn) {
    // One that was kept from before describes what is there.
    if (next.description === description) continue;
    const { props = {} } = next.description ?? {};
    next.description = description;
    next.node ??= made(next, description.type);
    update(next, props);
  }
  if (live.node) place(live);
}

function described(child: Exclude<Child, boolean | null | undefined>): Description {
  if (Array.isArray(child)) return { type: Fragment, props: { children: child }, key: undefined };
  return typeof child === "object" ? (child as Description) : { type: TEXT, props: { text: `${child}` }, key: undefined };
}

function made(live: Live, type: Description["type"]): Element | Text | undefined {
  if (type === TEXT) return new Text();
  if (typeof type === "function") return undefined;
  return document.createElementNS(type === "svg" ? "http://www.w3.org/2000/svg" : (holder(live).node as Element).namespaceURI, type);
}

function update(live: Live, before: Record<string, unknown> = {}): void {
  const { node, description } = live;
  const { type, props } = description as Description;
  if (typeof type === "function") {
    live.due = false;
    drawing.live = live;
    drawing.hooks = 0;
    const child = type(props);
    draw(live, Array.isArray(child) ? child : [child]);
  } else if (node instanceof Text) {
    if (node.data !== props["text"]) node.data = `${props["text"]}`;
  } else if (node) {
    for (const name in before) if (!(name in props)) set(node as HTMLElement, name, undefined, before[name]);
    for (const name in props) set(node as HTMLElement, name, props[name], before[name]);
    draw(live, props.children ?? []);
  }
}

function set(node: HTMLElement, name: string, value: unknown, before: unknown): void {
  const fields = node as unknown as Record<string, unknown>;
  // The value is what was typed meanwhile, and not what was set before.
  if (name === "value") fields[name] === value || (fields[name] = value);
  else if (value === before || name === "key" || name === "children") return;
  else if (name === "ref") (value as Ref<Element>).current = node;
  else if (name === "style") node.style.cssText = `${value}`; // The attribute is forbidden by the page's policy.
  else if (typeof (value ?? before) === "function") fields[name] = value && ((event: unknown) => void (value as (event: unknown) => void)(event));
  else if (value == null || (value === false && !name.includes("-"))) node.removeAttribute(name);
  else node.setAttribute(name, `${value}`);
}

function remove(live: Live, within = false): void {
  const { node, description, memory, below } = live;
  const { ref } = (description?.props ?? {}) as { ref?: Ref<Element> };
  if (node && ref) ref.current = null;
  if (node && !within) node.remove();
  live.description = undefined;
  live.due = false;
  for (const { leave } of memory) leave?.();
  for (const next of below.values()) remove(next, within || !!node);
}

/** The element that holds what a component has described. */
function holder(live: Live): Live {
  return live.above?.node ? live.above : holder(live.above as Live);
}

function depth({ above }: Live): number {
  return above ? depth(above) + 1 : 0;
}

/** Brings what is directly in an element into its order. */
function place({ node, below }: Live): void {
  const parent = node as Element & { moveBefore?(child: Node, next: Node | null): void };
  let at = parent.firstChild;
  for (const child of nodesOf(below)) {
    if (child === at) at = at.nextSibling;
    // Moved so, it keeps its focus and its place.
    else if (child.parentNode === parent && parent.moveBefore) parent.moveBefore(child, at);
    else parent.insertBefore(child, at);
  }
}

function* nodesOf(below: Live["below"]): Generator<Element | Text> {
  for (const { node, below: further } of below.values()) {
    if (node) yield node;
    else yield* nodesOf(further);
  }
}
