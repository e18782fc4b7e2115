// How the page is drawn: what `chat/client/dom` keeps and changes, in a real document.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type * as Element from "../../chat/client/dom/element.ts";
import type * as Hooks from "../../chat/client/dom/hooks.ts";
import type * as Render from "../../chat/client/dom/render.ts";
import { launch } from "../support/browser.ts";
import { root } from "../support/workerd.ts";

/** What the tests find in the page: the modules, and what their components note. */
declare const dom: typeof Element & typeof Hooks & typeof Render & { notes: string[] };

let browser: Browser;
let script: string;
let page: Page;

before(async () => {
  const contents = ["element", "hooks", "render"].map((name) => `export * from "./${name}.ts";`).join("") + "export const notes = [];";
  const stdin = { contents, resolveDir: join(root, "chat/client/dom") };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", globalName: "dom", write: false });
  script = outputFiles[0]?.text ?? "";
  browser = await launch();
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  await page.setContent("<div id=app></div>");
  await page.addScriptTag({ content: script });
});

after(() => browser.close());

test("what has a key stays the same element wherever it goes, with its focus", async () => {
  const shown = await page.evaluate(async () => {
    const { h, render, useState } = dom;
    let set = (_: string) => {};
    const List = () => {
      const [keys, setKeys] = useState("abcd");
      set = setKeys;
      return h("ul", null, [...keys].map((key) => h("input", { key, id: key })), "end");
    };
    render(h(List, null), document.querySelector("#app")!);
    const before = new Map([...document.querySelectorAll("input")].map((input) => [input.id, input]));
    before.get("b")?.focus();
    const seen: string[] = [];
    for (const keys of ["dbca", "xb", "abx", ""]) {
      set(keys);
      await new Promise((done) => setTimeout(done));
      const inputs = [...document.querySelectorAll("input")];
      const same = inputs.filter((input) => before.get(input.id) === input).map(({ id }) => id);
      seen.push([inputs.map(({ id }) => id).join(""), same.join(""), document.activeElement?.id, document.querySelector("ul")?.lastChild?.textContent].join());
    }
    return seen;
  });
  assert.deepEqual(shown, ["dbca,dbca,b,end", "xb,b,b,end", "abx,b,b,end", ",,,end"]);
});

test("what is shown under a condition comes and goes without touching its neighbours", async () => {
  const shown = await page.evaluate(async () => {
    const { h, render, useState } = dom;
    let set = (_: boolean) => {};
    const Part = () => {
      const [open, setOpen] = useState(false);
      set = setOpen;
      return h("p", null, open && h("b", null, "open"), h("input", null), open ? "yes" : null, 0);
    };
    render(h(Part, null), document.querySelector("#app")!);
    const input = document.querySelector("input");
    const seen = [document.querySelector("p")?.innerHTML];
    for (const open of [true, false]) {
      set(open);
      await new Promise((done) => setTimeout(done));
      seen.push(document.querySelector("p")?.innerHTML);
    }
    return [...seen, document.querySelector("input") === input];
  });
  assert.deepEqual(shown, ["<input>0", "<b>open</b><input>yes0", "<input>0", true]);
});

test("attributes are set, changed and taken away, and what an input holds is what it is told to", async () => {
  const shown = await page.evaluate(async () => {
    const { h, render, useState } = dom;
    let set = (_: boolean) => {};
    const Part = () => {
      const [on, setOn] = useState(true);
      set = setOn;
      const props = { "aria-busy": on, disabled: on, title: on ? "t" : undefined, style: `--hue: ${on ? 1 : 2}`, value: "fixed" };
      return h("textarea", { ...props, ...(on && { id: "x" }) });
    };
    render(h(Part, null), document.querySelector("#app")!);
    const area = document.querySelector("textarea")!;
    const look = () => `${area.outerHTML} ${area.value}`;
    const seen = [look()];
    area.value = "typed";
    set(false);
    await new Promise((done) => setTimeout(done));
    return [...seen, look()];
  });
  assert.deepEqual(shown, [
    '<textarea aria-busy="true" disabled="true" title="t" id="x" style="--hue: 1;"></textarea> fixed',
    '<textarea aria-busy="false" style="--hue: 2;"></textarea> fixed',
  ]);
});

test("effects run when the page is complete, again for another reason, and are undone at the end; elements are let go of", async () => {
  const notes = await page.evaluate(async () => {
    const { h, notes, render, useEffect, useElement, useState } = dom;
    let set = (_: number) => {};
    const element: { current: Element.Ref<unknown> | undefined } = { current: undefined };
    const Inner = ({ count }: { count: number }) => {
      const ref = useElement<HTMLElement>();
      element.current = ref;
      useEffect(() => {
        notes.push(`${count} in ${ref.current?.isConnected}`);
        return () => notes.push(`not ${count}`);
      }, [count >> 1]);
      return h("i", { ref });
    };
    const Outer = () => {
      const [count, setCount] = useState(0);
      set = setCount;
      useEffect(() => void notes.push(`outer ${count}`), [count]);
      return count < 3 && h("p", null, h(Inner, { count }));
    };
    render(h(Outer, null), document.querySelector("#app")!);
    for (const count of [1, 2, 3]) {
      set(count);
      await new Promise((done) => setTimeout(done));
    }
    return [...notes, `${element.current?.current} ${document.querySelector("#app")?.innerHTML}`];
  });
  assert.deepEqual(notes, ["outer 0", "0 in true", "outer 1", "outer 2", "not 0", "2 in true", "not 2", "outer 3", "null "]);
});

test("a component is drawn once for several changes, one that has gone not at all, and one that fails alone", async () => {
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  const notes = await page.evaluate(async () => {
    const { h, notes, render, useState } = dom;
    const set: Record<string, (value: number) => void> = {};
    const Part = ({ name }: { name: string }): Element.Child => {
      const [value, setValue] = useState(0);
      set[name] = setValue;
      notes.push(`${name}${value}`);
      if (value === 13) throw new Error("thirteen");
      return name === "a" && value > 1 ? null : h("p", null, name, value, name === "a" && part("b"));
    };
    const part = (name: string) => h(Part, { name });
    render([part("a"), part("c"), part("d")], document.querySelector("#app")!);
    const change = async (...changes: [string, number][]) => {
      for (const [name, value] of changes) set[name]?.(value);
      await new Promise((done) => setTimeout(done));
    };
    await change(["b", 1], ["a", 1], ["b", 2]);
    await change(["b", 3], ["a", 2]);
    await change(["b", 4]);
    await change(["c", 13], ["d", 1]);
    return [...notes, document.querySelector("#app")?.textContent];
  });
  assert.deepEqual(notes, ["a0", "b0", "c0", "d0", "a1", "b2", "a2", "c13", "d1", "c0d1"]);
  assert.deepEqual(faults, ["thirteen"]);
});

test("a handler gets the events of its element, and what it gives does not stop them", async () => {
  const shown = await page.evaluate(() => {
    const { h, notes, render } = dom;
    const onclick = () => (notes.push("clicked"), false);
    render(h("input", { type: "checkbox", onclick }), document.querySelector("#app")!);
    const box = document.querySelector("input")!;
    box.click();
    return [...notes, box.checked];
  });
  assert.deepEqual(shown, ["clicked", true]);
});
