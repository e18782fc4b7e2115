// A group of rows on the page. It is a component: Preact looks through the children of an element whenever what is
// around it is drawn again, but through those of a component only if that is another node than before.
import { h, type VNode } from "preact";
import type { RowNode } from "./message-list.tsx";

export type GroupProps = { class: string; style?: { containIntrinsicBlockSize: string }; children: RowNode[] };

export function Group(props: GroupProps): VNode<GroupProps> {
  return h("div", props);
}
