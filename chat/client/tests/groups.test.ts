// The groups of rows: which rows are together, and which groups are the same as before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { h } from "preact";
import type { LazyBundle } from "../lazy.ts";
import type { Row } from "../rows.ts";
import { EDGE, groupsOf as grouped, MOST } from "../view/groups.ts";
import type { GroupNode, RowNode } from "../view/message-list.tsx";

const made = new Map<number, Row>();

/** Returns the rows with these numbers: the same row for the same number. */
const rows = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, at) => {
    const row = made.get(from + at) ?? { kind: "day", key: `row ${from + at}`, at: 0 };
    made.set(from + at, row);
    return row;
  });

const nodeOf = (row: Row, later?: unknown) => h("p", { key: row.key, row, later }) as unknown as RowNode;

const groupsOf = (rows: readonly Row[], before: readonly GroupNode[]) => grouped(rows, before, (row) => nodeOf(row, {} as LazyBundle));

const sizes = (groups: readonly GroupNode[]) => groups.map(({ props }) => props.children.length);
const keys = (groups: readonly GroupNode[]) => groups.flatMap(({ props }) => props.children.map(({ key }) => key));
const names = (groups: readonly GroupNode[]) => groups.map(({ props }) => props.class);

/** The group that there is before the code for several. */
const first = (from: number, to: number): GroupNode[] => {
  const children = rows(from, to).map((row) => nodeOf(row));
  return [h("div", { key: 0, class: "rows", children }) as unknown as GroupNode];
};

test("the rows that were drawn first stay together, and further ones are a group of their own", () => {
  const groups = groupsOf(rows(0, 120), first(0, 100));
  assert.deepEqual(sizes(groups), [100, 20]);
  assert.deepEqual(sizes(groupsOf(rows(0, 160), groups)), [100, MOST, 10]);
});

test("rows that come above are groups of their own, and the uppermost of them are one that may change", () => {
  const groups = groupsOf(rows(-150, 100), first(0, 100));
  assert.deepEqual(sizes(groups), [EDGE, MOST - EDGE, MOST, MOST, 100]);
  assert.deepEqual(keys(groups), rows(-150, 100).map(({ key }) => key));
  const more = groupsOf(rows(-160, 100), groups);
  assert.deepEqual(sizes(more), [EDGE, 10 - EDGE, ...sizes(groups)]);
});

test("a group whose rows are the same is the same node once it is known", () => {
  const fresh = groupsOf(rows(-60, 100), first(0, 100));
  assert.deepEqual(names(fresh), ["rows", "rows", "rows", "rows"]);
  const known = groupsOf(rows(-60, 100), fresh);
  assert.deepEqual(names(known), ["rows known", "rows known", "rows known", "rows known"]);
  const grown = groupsOf(rows(-60, 101), known);
  assert.deepEqual(grown.map((group, at) => group === known[at]), [true, true, true, true, false]);
});

test("a row that is the same has the same node, wherever it is, and one that was drawn before the code for groups has another", () => {
  const nodes = (groups: readonly GroupNode[]) => groups.flatMap(({ props }): RowNode[] => props.children);
  const start = first(0, 60);
  const groups = groupsOf(rows(0, 60), start);
  for (const node of nodes(groups)) assert.ok(!nodes(start).includes(node));
  const others = [...rows(-70, 0), ...rows(0, 20), ...rows(21, 70)];
  const all = nodes(groupsOf(others, groups));
  assert.deepEqual(all.map(({ props }) => props.row), others);
  for (const [at, node] of nodes(groups).entries()) assert.equal(all.includes(node), at !== 20);
});

test("a row stays in its group when others are gone or have come, and the order of the rows is kept", () => {
  const groups = groupsOf(rows(-100, 100), first(0, 100));
  const without = [...rows(-100, -70), ...rows(-65, 100)];
  assert.deepEqual(keys(groupsOf(without, groups)), without.map(({ key }) => key));
  const moved = [...rows(-100, -70), ...rows(90, 100), ...rows(-70, 90)];
  assert.deepEqual(keys(groupsOf(moved, groups)), moved.map(({ key }) => key));
  assert.deepEqual(keys(groupsOf(rows(500, 620), groups)), rows(500, 620).map(({ key }) => key));
  assert.deepEqual(groupsOf([], groups), []);
});

test("a row that comes at the end changes no other group, wherever it comes between groups the order is kept", () => {
  const fresh = groupsOf(rows(-120, 100), first(0, 100));
  const known = groupsOf(rows(-120, 100), fresh);
  const grown = groupsOf(rows(-120, 130), known);
  assert.deepEqual(grown.map((group, at) => group === known[at]), [true, true, true, true, true, false]);
  for (const at of [0, 2, 50, 100, 119, 120, 121, 220]) {
    const more = [...rows(-120, -120 + at), ...rows(900, 900 + 60), ...rows(-120 + at, 100)];
    assert.deepEqual(keys(groupsOf(more, known)), more.map(({ key }) => key));
  }
});
