// A page for React in Node: just enough of a DOM for components that render nothing. A test sees what they pass on
// while they render.
import { act, createElement, StrictMode, type FunctionComponent } from "react";
import { createRoot } from "react-dom/client";
import type { TestContext } from "node:test";
import { promises } from "./fake-socket.ts";

/** As much of an element as React looks at. */
class Container extends EventTarget {
  readonly nodeType = 1;
  readonly nodeName = "DIV";
  readonly tagName = "DIV";
  readonly namespaceURI = "http://www.w3.org/1999/xhtml";
  readonly ownerDocument = Object.assign(new EventTarget(), { nodeType: 9 });
  textContent = "";
}

/** Mounts a component under StrictMode. Returns how to render it with other properties, and how to unmount it. */
export async function mount<P extends object>(context: TestContext, component: FunctionComponent<P>, properties: P) {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, window: { HTMLIFrameElement: Container } });
  const faults: unknown[][] = [];
  context.mock.method(console, "error", (...fault: unknown[]) => void faults.push(fault));
  const container: unknown = new Container();
  const root = createRoot(container as Element);
  const settled = (change: () => void) => act(async () => (change(), promises()));
  let isMounted = true;
  const page = {
    /** What React has complained about. */
    faults,
    render: (next: P) => settled(() => root.render(createElement(StrictMode, {}, createElement(component, next)))),
    unmount: async () => {
      if (isMounted) await settled(() => root.unmount());
      isMounted = false;
    },
  };
  context.after(page.unmount);
  await page.render(properties);
  return page;
}
