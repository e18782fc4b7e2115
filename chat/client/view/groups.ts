// The rows of a conversation in groups of some that follow each other. The browser skips a group that is out of view as
// a whole: the style sheet says so. To look after each row by itself would take it longer than to draw them.
import { h } from "preact";
import type { GroupNode, RowNode } from "./message-list.tsx";

/** The most rows of a group. Before this code was there, all were in one. */
export const MOST = 50;

/** The number of rows at the top that are a group: they change when others are drawn above them, and only they. */
export const EDGE = 2;

/** About the height of a row, in pixels. Mostly the browser knows the height that a group had. */
const HEIGHT = 64;

/** The classes of a group: what is new is drawn as it is, so that its height is known when it may be skipped. */
const [NEW, KNOWN] = ["rows", "rows known"];

/**
 * Returns the groups of rows, top to bottom. A row stays in the group that it had `before`: the browser would make it
 * again for another one. A group whose rows are the same is the same node as before, so it is not compared. Where only
 * the end has changed, only the groups there are looked through.
 */
export function groupsOf(rows: readonly RowNode[], before: readonly GroupNode[]): GroupNode[] {
  const placed = placedIn(before);
  const same = before.slice(0, sameGroups(rows, before));
  const rest = rows.slice(same.reduce((count, group) => count + rowsIn(group).length, 0));
  const places = placesOf(rest, placed);
  const groups = new Map<number, RowNode[]>();
  rest.forEach((row, at) => {
    const place = places[at] ?? 0;
    const others = groups.get(place);
    if (others) others.push(row);
    else groups.set(place, [row]);
  });
  const known = new Map(before.map((group) => [group.key, group]));
  const others = Array.from(groups, ([place, children]) => {
    const old = known.get(place);
    return old && isSame(rowsIn(old), children) ? asKnown(old) : groupOf(place, old?.props.class ?? NEW, children);
  });
  const after = [...same.map(asKnown), ...others];
  memory.set(after, placed);
  return after;
}

/**
 * Returns how many groups at the beginning stay as they are. The last group whose rows are the same is not one of them:
 * a new row may follow in it.
 */
function sameGroups(rows: readonly RowNode[], before: readonly GroupNode[]): number {
  let start = 0;
  const others = before.findIndex((group) => {
    const end = start + rowsIn(group).length;
    const isOther = !isSame(rowsIn(group), rows.slice(start, end));
    start = end;
    return isOther;
  });
  return Math.max((others < 0 ? before.length : others) - 1, 0);
}

/** The number of the group of each row, by the row's key. It is learned once: for many rows that takes long. */
type Placed = Map<unknown, number>;

const memory = new WeakMap<readonly GroupNode[], Placed>();

function placedIn(groups: readonly GroupNode[]): Placed {
  return memory.get(groups) ?? new Map(groups.flatMap((group) => rowsIn(group).map(({ key }) => [key, Number(group.key)] as const)));
}

/** Returns the number of the group of each row, and learns it. They rise from top to bottom. */
function placesOf(rows: readonly RowNode[], placed: Placed): number[] {
  // Those above what was there are counted from it upwards.
  const start = rows.findIndex(({ key }) => placed.has(key));
  const top = placed.get(rows[start]?.key) ?? 0;
  let place = top - Math.ceil(start / MOST) - 1;
  let size = 0;
  return rows.map(({ key }, at) => {
    const above = at < EDGE ? place : top - Math.ceil((start - at) / MOST);
    const fresh = at < start ? above : size < MOST ? place : place + 1;
    const before = placed.get(key);
    const next = Math.max(place, before ?? fresh);
    if (next !== before) placed.set(key, next);
    size = next === place ? size + 1 : 1;
    return (place = next);
  });
}

function asKnown(group: GroupNode): GroupNode {
  return group.props.class === KNOWN ? group : groupOf(Number(group.key), KNOWN, rowsIn(group) as RowNode[]);
}

function groupOf(place: number, name: string, rows: RowNode[]): GroupNode {
  const style = { containIntrinsicBlockSize: `auto ${rows.length * HEIGHT}px` };
  return h("div", { key: place, class: name, style, children: rows }) as GroupNode;
}

function rowsIn({ props }: GroupNode): readonly RowNode[] {
  return props.children;
}

function isSame(rows: readonly RowNode[], others: readonly RowNode[]): boolean {
  return rows.length === others.length && rows.every((row, at) => row === others[at]);
}
