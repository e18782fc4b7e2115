// The main journeys of the page in each engine. All else is tested in Chromium.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isolated } from "../../chat/client/isolated.ts";
import type { BrowserWindow, Named, RunningBrowser } from "../support/browser-window.ts";
import { fill } from "../support/chat.ts";
import { DevServer } from "../support/dev-server.ts";
import { engines } from "../support/engines.ts";
import { Gate } from "../support/gate.ts";

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
let server: DevServer;
let gate: Gate;

before(async () => {
  server = await DevServer.start(disk);
  gate = await Gate.to(server.url);
});

after(async () => {
  await gate.shut();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
});

/** Returns the address of a room that nobody has been in. */
function newRoom(): URL {
  return new URL(`/${randomUUID()}`, gate.url);
}

/** Does something while nobody can reach the server. */
async function offline(act: () => Promise<void>): Promise<void> {
  await gate.shut();
  try {
    await act();
  } finally {
    await gate.open();
  }
}

/** Somebody with a browser profile of their own. */
class Person {
  readonly window: BrowserWindow;

  constructor(window: BrowserWindow) {
    this.window = window;
  }

  /** Opens a room, and waits until it has answered. */
  async enter(room: URL): Promise<void> {
    await this.window.open(room);
    await this.entered();
  }

  /** Waits until the room has answered, and all of the page is there. */
  async entered(): Promise<void> {
    await this.window.sees({ selector: "[role=log][aria-busy=false]" });
    await this.window.sees({ role: "button", name: /(person|people) here$/ });
  }

  async rename(name: string): Promise<void> {
    await this.window.click({ role: "button", name: /^Your name: / });
    await this.window.sees({ role: "textbox", name: "Your name" });
    await this.window.press("Control+a");
    await this.window.type(name);
    await this.window.press("Enter");
    await this.isNamed(name);
  }

  isNamed(name: string): Promise<void> {
    return this.window.sees({ role: "button", name: `Your name: ${isolated(name)}` });
  }

  async say(text: string): Promise<void> {
    await this.window.click({ role: "textbox", name: "Message" });
    await this.window.type(text);
    await this.window.press("Enter");
  }

  /** Waits until a message is there, and stored. */
  sees(text: string): Promise<void> {
    return this.window.sees({ selector: "article[data-state=sent]", text });
  }

  /** Chooses something from the menu of a message. */
  async choose(message: string, choice: Named): Promise<void> {
    await this.sees(message);
    await this.window.click({ role: "button", name: "Message actions", message });
    await this.window.click(choice);
  }

  /** Returns the texts of all messages, in their order. */
  messages(): Promise<string[]> {
    return this.window.texts("article .bubble");
  }
}

/** Runs in the page: waits until the message that the reader was led to is in view. */
function foundIsInView(): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => entries.some((it) => it.isIntersecting) && resolve());
    for (const message of document.querySelectorAll("article[tabindex='-1']")) observer.observe(message);
  });
}

const JOURNEYS: Record<string, (ada: Person, bob: Person, room: URL) => Promise<void>> = {
  "two people talk, each in a window of their own": async (ada, bob) => {
    await ada.say("hello, Bob");
    await bob.sees("hello, Bob");
    await bob.say("hello, Ada");
    await ada.sees("hello, Ada");
    for (const { window } of [ada, bob]) await window.sees({ role: "button", name: "2 people here" });
  },

  "after a reload the history and the own name are there": async (ada, bob) => {
    await ada.say("one");
    await ada.sees("one");
    await bob.say("two");
    await ada.sees("two");
    await ada.window.reload();
    await ada.entered();
    await ada.isNamed("Ada");
    await ada.sees("two");
    assert.deepEqual(await ada.messages(), ["one", "two"]);
  },

  "the page opens offline, and a message that is written there is sent once": async (ada, bob) => {
    await ada.say("before");
    await bob.sees("before");
    await ada.window.run(() => navigator.serviceWorker.ready.then(() => undefined));
    await offline(async () => {
      await ada.window.reload();
      await ada.window.sees({ selector: "[data-connection=reconnecting]" });
      await ada.say("written offline");
      await ada.window.sees({ selector: "article[data-state=sending]", text: "written offline" });
    });
    await ada.sees("written offline");
    await bob.say("after");
    for (const person of [ada, bob]) {
      await person.sees("after");
      assert.deepEqual(await person.messages(), ["before", "written offline", "after"]);
    }
  },

  "a reply says what it answers while it is written, and leads there from far": async (ada, bob, room) => {
    await ada.say("shall we meet at noon?");
    await bob.choose("noon", { role: "menuitem", name: "Reply" });
    await bob.window.sees({ selector: ".dock", text: "Reply to Ada" });
    await fill(server.url, room.pathname.slice(1), 25);
    await bob.window.type("yes, gladly"); // The input has the focus.
    await bob.window.press("Enter");
    await ada.sees("yes, gladly");
    await ada.window.click({ role: "button", name: /^Answers Ada ?shall we meet at noon\?$/ });
    await ada.window.sees({ selector: "article[tabindex='-1']", text: "noon" });
    await ada.window.run(foundIsInView);
  },

  "a reaction is a button under its message, for everyone": async (ada, bob) => {
    await ada.say("it works");
    await bob.choose("it works", { role: "menuitemcheckbox", name: "🎉" });
    await bob.window.sees({ role: "button", name: /^🎉 1: /u, message: "it works" });
    await ada.window.click({ role: "button", name: /^🎉 1: Bob$/u, message: "it works" });
    await bob.window.sees({ role: "button", name: /^🎉 2: /u, message: "it works" });
  },

  "lines with a link are pasted as they are, also while something else has the focus": async (ada, bob) => {
    await bob.say("a message to click at");
    await ada.window.click({ role: "textbox", name: "Message" });
    await ada.window.type("first line");
    await ada.window.press("Shift+Enter");
    await ada.window.type("then https://example.com/page");
    await ada.window.press("Control+a");
    await ada.window.press("Control+x");
    await ada.window.sees({ selector: ".send:disabled" }); // The input is empty.
    await ada.window.click({ selector: "article .bubble", text: "a message to click at" });
    await ada.window.press("Control+v");
    await ada.window.sees({ selector: ".send:enabled" });
    await ada.window.press("Enter");
    await bob.sees("first line");
    await bob.window.sees({ selector: "article a[href='https://example.com/page']" });
    assert.deepEqual((await bob.messages()).slice(1), ["first line\nthen https://example.com/page"]);
  },
};

/** Opens a window for somebody. */
async function person(name: string, browser: RunningBrowser): Promise<Person> {
  const person = new Person(await browser.window());
  await person.enter(newRoom());
  await person.rename(name);
  return person;
}

for (const engine of engines()) {
  describe(`in ${engine.name}`, () => {
    let browser: RunningBrowser | undefined;
    let pair: [ada: Person, bob: Person];
    before(async () => {
      browser = await engine.launch();
      pair = await Promise.all([person("Ada", browser), person("Bob", browser)]);
    });
    after(() => browser?.close());
    for (const [title, journey] of Object.entries(JOURNEYS)) {
      test(title, async () => {
        const room = newRoom();
        await Promise.all(pair.map((person) => person.enter(room)));
        await journey(...pair, room);
        for (const { window } of pair) assert.deepEqual(await window.faults(), []);
      });
    }
  });
}
