// What the reader wants to be notified of, and what the browser says to it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type * as Choice from "../notification-choice.ts";

const kept = new Map<string, string>();
const events = new EventTarget();
let asked = 0;

/** A browser that has said nothing yet, and will say `answer`. On a phone the class is there, and throws. */
function browser(answer: NotificationPermission, now: NotificationPermission = "default", phone = false): void {
  class Stub {
    static permission = now;
    static requestPermission = async () => (asked++, (Stub.permission = answer));
    constructor() {
      if (phone) throw new TypeError("Illegal constructor");
    }
  }
  Object.assign(globalThis, { Notification: Stub, isSecureContext: true });
}

Object.assign(globalThis, {
  localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) },
  addEventListener: events.addEventListener.bind(events),
});

let page = 0;
const open = () => import(`../notification-choice.ts?${page++}`) as Promise<typeof Choice>;

beforeEach(() => {
  kept.clear();
  asked = 0;
});

test("nobody is asked before they choose, and what they choose is kept", async () => {
  browser("granted");
  const { notify, choose } = await open();
  assert.deepEqual([notify.value, asked], ["off", 0]);
  await choose("off");
  assert.equal(asked, 0);
  await choose("mentions");
  assert.deepEqual([notify.value, asked, kept.get("party.notify")], ["mentions", 1, "mentions"]);
  await choose("all");
  assert.deepEqual([notify.value, asked], ["all", 1]);
  assert.equal((await open()).notify.value, "all");
});

test("a reader who refuses is not notified, and one who gives no answer can be asked again", async () => {
  browser("denied");
  const refused = await open();
  await refused.choose("all");
  assert.deepEqual([refused.notify.value, refused.permission.value], ["off", "denied"]);
  await refused.choose("all");
  assert.equal(asked, 1);
  browser("default");
  const dismissed = await open();
  await dismissed.choose("mentions");
  await dismissed.choose("mentions");
  assert.deepEqual([dismissed.notify.value, dismissed.permission.value, asked], ["off", "default", 3]);
});

test("a browser without notifications, or with those of phones only, is none that can show them", async () => {
  browser("granted", "default", true);
  const phone = await open();
  await phone.choose("all");
  assert.deepEqual([phone.notify.value, phone.permission.value, asked], ["off", "missing", 0]);
  Reflect.deleteProperty(globalThis, "Notification");
  const old = await open();
  await old.choose("all");
  assert.deepEqual([old.notify.value, old.permission.value], ["off", "missing"]);
  browser("granted");
  Object.assign(globalThis, { isSecureContext: false });
  assert.equal((await open()).permission.value, "missing");
});

test("a choice is off while the browser does not allow it, and is back when it does", async () => {
  kept.set("party.notify", "mentions");
  browser("granted", "denied");
  const { notify, look } = await open();
  assert.equal(notify.value, "off");
  browser("granted", "granted");
  look();
  assert.equal(notify.value, "mentions");
});

test("all tabs follow what is chosen in one, and what is written by others is no choice", async () => {
  browser("granted", "granted");
  kept.set("party.notify", "loud");
  const { notify } = await open();
  assert.equal(notify.value, "off");
  const chosen = (newValue: string | null) => events.dispatchEvent(Object.assign(new Event("storage"), { key: "party.notify", newValue }));
  chosen("all");
  assert.equal(notify.value, "all");
  chosen(null);
  assert.equal(notify.value, "off");
});
