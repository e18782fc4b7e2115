// Notifications of the app.browser, the badge of the app, and the icon of the tab.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { isolated } from "../../chat/client/isolated.ts";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { hide, Visitor } from "../support/browser.ts";

const app = serveApp();
const { room } = app;

/** What a stubbed browser does: what it answers when it is asked, and whether its class throws, as on a phone. */
type Stubbed = { answer: NotificationPermission; now?: NotificationPermission; phone?: boolean };

/** A notification that the stub has shown. */
type Shown = { title: string; body: string; tag: string; closed: boolean; click(): void };

type Stub = { asked: boolean[]; shown: Shown[]; badges: (number | null)[] };

/** Stands in for the platform's notifications and badges, from the next time that the page is loaded. */
async function stub(page: Page, stubbed: Stubbed): Promise<void> {
  await page.addInitScript(({ answer, now = "default", phone = false }: Stubbed) => {
    const seen: Stub = { asked: [], shown: [], badges: [] };
    class Notified extends EventTarget {
      static permission: NotificationPermission = now;
      static async requestPermission() {
        seen.asked.push(navigator.userActivation.isActive);
        return (Notified.permission = answer);
      }
      onclick?: () => void;
      readonly #shown: Shown;
      constructor(title: string, { body = "", tag = "" }: NotificationOptions = {}) {
        super();
        if (phone) throw new TypeError("Illegal constructor");
        this.#shown = { title, body, tag, closed: false, click: () => this.onclick?.() };
        if (Notified.permission === "granted") seen.shown.push(this.#shown);
      }
      close() {
        this.#shown.closed = true;
      }
    }
    const badge = async (count: number | null) => void seen.badges.push(count);
    Object.assign(navigator, { setAppBadge: badge, clearAppBadge: () => badge(null) });
    Object.assign(globalThis, { Notification: Notified, stubbed: seen });
  }, stubbed);
}

const seenIn = (page: Page) => page.evaluate(() => JSON.parse(JSON.stringify((globalThis as unknown as { stubbed: Stub }).stubbed)) as Stub);

/** Waits until `count` notifications were shown, and returns the last. */
async function notified({ page }: Visitor, count: number): Promise<Shown> {
  await page.waitForFunction((count) => (globalThis as unknown as { stubbed: Stub }).stubbed.shown.length === count, count);
  const last = (await seenIn(page)).shown.at(-1);
  assert.ok(last);
  return last;
}

/** Lets Ada, whose browser is stubbed, and Bob enter a room. */
async function enter(stubbed: Stubbed, options: BrowserContextOptions = {}): Promise<[Visitor, Visitor]> {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address, options), await Visitor.as("Bob", app.browser, address)];
  await stub(ada.page, stubbed);
  await ada.page.reload();
  await ada.connected();
  await ada.page.getByRole("button", { name: "2 people here" }).waitFor();
  return [ada, bob];
}

async function leave(...visitors: Visitor[]): Promise<void> {
  for (const visitor of visitors) assert.deepEqual(visitor.faults, []);
  await Promise.all(visitors.map((visitor) => visitor.leave()));
}

const bellOf = ({ page }: Visitor) => page.getByRole("button", { name: /^Notifications:/ });
const noteOf = ({ page }: Visitor) => page.locator("#notifications [role=status]");

async function choose(ada: Visitor, choice: string): Promise<void> {
  if (await bellOf(ada).isVisible()) await bellOf(ada).click();
  else {
    // On a phone.
    await ada.page.getByRole("button", { name: "Room menu" }).click();
    await ada.page.getByRole("button", { name: "Notifications", exact: true }).click();
  }
  await ada.page.getByRole("radio", { name: choice }).click();
}

test("permission is asked when it is chosen, and a hidden page notifies of mentions only", async () => {
  const [ada, bob] = await enter({ answer: "granted" });
  await hide(ada.page, true);
  await bob.say("@Ada before anything was chosen");
  await ada.sees("before anything");
  await hide(ada.page, false);
  assert.deepEqual(await seenIn(ada.page).then(({ asked, shown }) => [asked, shown]), [[], []]);
  await choose(ada, "Mentions");
  await ada.page.getByRole("button", { name: "Notifications: mentions" }).waitFor();
  assert.deepEqual((await seenIn(ada.page)).asked, [true]);
  assert.match((await noteOf(ada).textContent()) ?? "", /only while this page is open/);
  await ada.page.keyboard.press("Escape");

  await bob.say("@Ada while you look");
  await ada.sees("while you look");
  await hide(ada.page, true);
  await bob.say("hello **@Ada**, see `this`");
  await bob.say("nothing for you");
  const { title, body, tag } = await notified(ada, 1);
  assert.equal(title, `${isolated("Bob")} mentions you in ${isolated(new URL(ada.page.url()).pathname.slice(1))}`);
  assert.equal(body, "hello @Ada, see this");
  assert.ok(tag.includes(new URL(ada.page.url()).pathname.slice(1)));
  await leave(ada, bob);
});

test("where a page may not show a notification itself, its service worker does, and a click leads to the message", async () => {
  const [ada, bob] = await enter({ answer: "granted", phone: true }, { serviceWorkers: "allow" });
  await ada.page.context().grantPermissions(["notifications"]);
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await choose(ada, "All messages");
  await ada.page.getByRole("button", { name: "Notifications: all messages" }).waitFor();
  await ada.page.keyboard.press("Escape");
  await hide(ada.page, true);
  await bob.say("shown by the worker");
  const bodies = (count: number) => ada.page.evaluate(async (count) => {
    const worker = await navigator.serviceWorker.ready;
    let all = await worker.getNotifications();
    while (all.length !== count) {
      await new Promise(requestAnimationFrame);
      all = await worker.getNotifications();
    }
    return all.map(({ body }) => body);
  }, count);
  assert.deepEqual(await bodies(1), ["shown by the worker"]);

  const [worker] = ada.page.context().serviceWorkers();
  await worker?.evaluate(async () => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
    const [notification] = await scope.registration.getNotifications();
    // Only the browser's own events can be waited for.
    dispatchEvent(Object.assign(new Event("notificationclick"), { notification, waitUntil: () => {} }));
  });
  await ada.page.locator("article.found", { hasText: "shown by the worker" }).waitFor();
  assert.deepEqual(await bodies(0), []);
  await hide(ada.page, false);
  await leave(ada, bob);
});

test("all messages notify where that is chosen, cut and one for each room, and a click leads to the message", async () => {
  const [ada, bob] = await enter({ answer: "granted" });
  await choose(ada, "All messages");
  await ada.page.getByRole("button", { name: "Notifications: all messages" }).waitFor();
  await ada.page.keyboard.press("Escape");
  await hide(ada.page, true);
  await bob.say(`<img src=x onerror=alert(1)> ${"long ".repeat(100)}`);
  const first = await notified(ada, 1);
  assert.ok(first.body.startsWith("<img src=x") && first.body.length <= 121);
  await bob.say("a second one");
  const second = await notified(ada, 2);
  assert.equal(second.tag, first.tag);
  assert.equal(second.title, first.title);
  await ada.page.evaluate(() => (globalThis as unknown as { stubbed: Stub }).stubbed.shown.at(-1)?.click());
  await hide(ada.page, false);
  await ada.page.locator("article.found", { hasText: "a second one" }).waitFor();
  await leave(ada, bob);
});

test("a page that is visible without the focus notifies, and takes it back when it is looked at", async () => {
  const [ada, bob] = await enter({ answer: "granted", now: "granted" });
  await choose(ada, "Mentions");
  await ada.page.evaluate(() => (document.hasFocus = () => false));
  await bob.say("@Ada over here");
  assert.equal((await notified(ada, 1)).closed, false);
  await ada.page.evaluate(() => {
    document.hasFocus = () => true;
    dispatchEvent(new Event("focus"));
  });
  assert.equal((await seenIn(ada.page)).shown[0]?.closed, true);
  assert.deepEqual((await seenIn(ada.page)).asked, []);
  await leave(ada, bob);
});

test("the choice is kept for all rooms of this app.browser, and another tab follows it", async () => {
  const [ada, bob] = await enter({ answer: "granted", now: "granted" });
  const context = ada.page.context();
  const other = await Visitor.in(context, room());
  await stub(other.page, { answer: "granted", now: "granted" });
  await other.page.reload();
  await other.connected();
  await choose(ada, "All messages");
  await other.page.getByRole("button", { name: "Notifications: all messages" }).waitFor();
  await ada.page.reload();
  await ada.page.getByRole("button", { name: "Notifications: all messages" }).waitFor();
  await choose(ada, "Off");
  await other.page.getByRole("button", { name: "Notifications: off" }).waitFor();
  await leave(ada, bob);
});

test("a message that another tab shows is not notified of", async () => {
  const [ada, bob] = await enter({ answer: "granted", now: "granted" });
  await choose(ada, "All messages");
  await ada.page.keyboard.press("Escape");
  const other = await Visitor.in(ada.page.context(), ada.page.url());
  await hide(ada.page, true);
  await bob.say("seen elsewhere");
  await other.sees("seen elsewhere");
  await ada.page.waitForTimeout(1000); // Nothing happens, so nothing can be awaited.
  assert.deepEqual((await seenIn(ada.page)).shown, []);
  await hide(other.page, true);
  await bob.say("seen by nobody");
  assert.equal((await notified(ada, 1)).body, "seen by nobody");
  await leave(ada, bob);
});

test("a refusal, a closed question and a browser without notifications are said in words", async () => {
  const denied = await enter({ answer: "denied" });
  await choose(denied[0], "Mentions");
  await noteOf(denied[0]).getByText("This browser blocks notifications").waitFor();
  await denied[0].page.getByRole("button", { name: "Notifications: off" }).waitFor();
  assert.equal(await denied[0].page.getByRole("radio", { name: "Off" }).isChecked(), true);
  assert.equal(await denied[0].page.getByRole("radio", { name: "Mentions" }).isDisabled(), true);
  await leave(...denied);

  const [ada, bob] = await enter({ answer: "default" });
  await bellOf(ada).click();
  for (let n = 0; n < 2; n++) {
    await ada.page.getByRole("radio", { name: "All messages" }).click();
    await noteOf(ada).getByText("Notifications are not allowed yet.").waitFor();
    await ada.page.waitForFunction(() => document.querySelector<HTMLInputElement>("#notifications input")?.checked);
  }
  assert.equal((await seenIn(ada.page)).asked.length, 2);
  await leave(ada, bob);

  const phone = await enter({ answer: "granted", phone: true });
  await choose(phone[0], "All messages");
  await noteOf(phone[0]).getByText("This browser shows no notifications").waitFor();
  assert.deepEqual((await seenIn(phone[0].page)).asked, []);
  await leave(...phone);
});

test("the icons of the tab and the app show that there is something unread, until it is seen", async () => {
  const [ada, bob] = await enter({ answer: "granted" });
  const icon = () => ada.page.locator("link[rel=icon]").getAttribute("href");
  assert.equal(await icon(), "/icon.svg");
  await hide(ada.page, true);
  await bob.say("one");
  await ada.page.locator('link[rel=icon][href="/icon-new.svg"]').waitFor({ state: "attached" });
  await bob.say("two");
  await ada.page.waitForFunction(() => (globalThis as unknown as { stubbed: Stub }).stubbed.badges.includes(2));
  await hide(ada.page, false);
  await ada.page.locator('link[rel=icon][href="/icon.svg"]').waitFor({ state: "attached" });
  assert.equal((await seenIn(ada.page)).badges.at(-1), null);
  const response = await fetch(new URL("/icon-new.svg", app.url));
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "image/svg+xml"]);
  await leave(ada, bob);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    test(`everyone can use the bell: no fault of accessibility is found (${viewport.width} pixels wide, ${colorScheme})`, async () => {
      const [ada, bob] = await enter({ answer: "granted" }, { viewport, colorScheme, bypassCSP: true });
      await choose(ada, "Mentions");
      await ada.page.locator("[aria-label='Notifications: mentions']").waitFor({ state: "attached" });
      assert.deepEqual(await faultsOf(ada.page), []);
      const refused = await enter({ answer: "denied" }, { viewport, colorScheme, bypassCSP: true });
      await choose(refused[0], "Mentions");
      await noteOf(refused[0]).getByText("blocks").waitFor();
      assert.deepEqual(await faultsOf(refused[0].page), []);
      await leave(ada, bob, ...refused);
    });
  }
}
