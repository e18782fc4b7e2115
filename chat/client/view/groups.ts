// The rows of a conversation in groups of some that follow each other. The browser skips a group that is out of view as
// a whole: the style sheet says so. To look after each row by itself would take it longer than to draw them.
import { h } from "preact";
import type { Row } from "../rows.ts";
import { Group } from "./group.ts";
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
 * Returns the groups of rows, top to bottom; `nodeOf` makes the node of a row that has none. A row stays in the group
 * that it had `before`: the browser would make it again for another one. A group whose rows are the same is the same
 * node as before, so it is not compared, and so is a row. Where only the end has changed, only the groups there are
 * looked through.
 */
export function groupsOf(rows: readonly Row[], before: readonly GroupNode[], nodeOf: (row: Row) => RowNode): GroupNode[] {
  const placed = placedIn(before);
  const [same, start] = sameGroups(rows, before);
  const rest = rows.slice(start);
  const places = placesOf(rest, placed);
  const known = new Map(before.slice(same).map((group) => [group.key, group]));
  const nodes = new Map([...known.values()].flatMap(nodesIn).map((node) => [node.props.row, node]));
  const groups = new Map<number, RowNode[]>();
  rest.forEach((row, at) => {
    const place = places[at] ?? 0;
    const old = nodes.get(row);
    const node = old && isOf(old, row) ? old : nodeOf(row);
    const others = groups.get(place);
    if (others) others.push(node);
    else groups.set(place, [node]);
  });
  const others = Array.from(groups, ([place, children]) => {
    const old = known.get(place);
    return old && isSame(nodesIn(old), children) ? asKnown(old) : groupOf(place, old?.props.class ?? NEW, children);
  });
  const after = [...before.slice(0, same).map(asKnown), ...others];
  memory.set(after, placed);
  return after;
}

/**
 * Returns how many groups at the beginning stay as they are, and how many rows they have. The last group whose rows are
 * the same is not one of them: a new row may follow in it.
 */
function sameGroups(rows: readonly Row[], before: readonly GroupNode[]): [groups: number, rows: number] {
  let [start, last] = [0, 0];
  const other = before.findIndex((group) => {
    const nodes = nodesIn(group);
    if (!nodes.every((node, at) => isOf(node, rows[start + at]))) return true;
    last = nodes.length;
    start += last;
    return false;
  });
  return [Math.max((other < 0 ? before.length : other) - 1, 0), start - last];
}

/** Returns whether the node is the one of a row. One that was made before this code was there lacks it. */
function isOf({ props }: RowNode, row: Row | undefined): boolean {
  return props.row === row && props.later !== undefined;
}

/** The number of the group of each row, by the row's key. It is learned once: for many rows that takes long. */
type Placed = Map<unknown, number>;

const memory = new WeakMap<readonly GroupNode[], Placed>();

function placedIn(groups: readonly GroupNode[]): Placed {
  return memory.get(groups) ?? new Map(groups.flatMap((group) => nodesIn(group).map(({ key }) => [key, Number(group.key)] as const)));
}

/** Returns the number of the group of each row, and learns it. They rise from top to bottom. */
function placesOf(rows: readonly Row[], placed: Placed): number[] {
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
  return group.props.class === KNOWN ? group : groupOf(Number(group.key), KNOWN, nodesIn(group));
}

function groupOf(place: number, name: string, nodes: RowNode[]): GroupNode {
  const style = { containIntrinsicBlockSize: `auto ${nodes.length * HEIGHT}px` };
  return h(Group, { key: place, class: name, style, children: nodes }) as GroupNode;
}

function nodesIn({ props }: GroupNode): RowNode[] {
  return props.children;
}

function isSame(nodes: readonly RowNode[], others: readonly RowNode[]): boolean {
  return nodes.length === others.length && nodes.every((node, at) => node === others[at]);
}
