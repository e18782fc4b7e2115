// Writing: what is typed reaches the input, and is kept until it is sent.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";

const app = serveApp();
const { room } = app;

test("a draft and a half-made edit are there again after a reload, and after a visit to another room", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.say("helo");
  await ada.sees("helo");
  await ada.input.fill("half a thought");
  for (const back of ["reload", "goBack"] as const) {
    if (back === "goBack") {
      await ada.enterNewRoom();
      await ada.page.getByText("Nobody has written here yet").waitFor();
      assert.equal(await ada.input.inputValue(), "");
      await ada.input.fill("a thought for the other room");
    }
    await ada.page[back]();
    await ada.sees("helo");
    assert.equal(await ada.input.inputValue(), "half a thought");
  }
  await ada.choose("helo", "Edit message");
  await ada.input.fill("hello, wor");
  await ada.page.reload();
  await ada.page.getByText("Editing your message").waitFor();
  assert.equal(await ada.input.inputValue(), "hello, wor");
  await ada.page.goForward();
  await ada.page.getByText("Nobody has written here yet").waitFor();
  assert.equal(await ada.input.inputValue(), "a thought for the other room");
  await ada.page.goBack();
  await ada.page.getByText("Editing your message").waitFor();
  await ada.input.fill("hello, world");
  await ada.input.press("Enter");
  await ada.sees("hello, world");
  assert.equal(await ada.input.inputValue(), "half a thought");
  await ada.input.press("Enter");
  await ada.sees("half a thought");
  await ada.page.reload();
  await ada.sees("half a thought");
  assert.equal(await ada.input.inputValue(), "");
  assert.deepEqual(ada.faults, []);
  await ada.leave();
});

test("a draft outlives its tab, and what is sent in one tab is no draft of another", async () => {
  const address = room();
  const ada = await Visitor.at(app.browser, address);
  await ada.input.fill("half a thought");
  const other = await Visitor.in(ada.page.context(), address);
  await ada.page.close();
  assert.equal(await other.input.inputValue(), "half a thought");
  const third = await Visitor.in(other.page.context(), address);
  await other.input.press("Enter");
  await third.sees("half a thought");
  await third.page.waitForFunction(() => document.querySelector("textarea")?.value === "");
  await other.leave();
});

/** Has a room refuse a message: its author is muted while there is no connection. */
async function refused(): Promise<[moderator: Visitor, author: Visitor]> {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await bob.say("first");
  await ada.sees("first");
  await bob.page.context().setOffline(true);
  await bob.state("offline");
  await bob.say("a long and well-wrought thought");
  await ada.choose("first", "Mute permanently");
  await ada.page.getByText("is muted.").waitFor();
  await bob.page.context().setOffline(false);
  await bob.page.getByText("Not sent.").waitFor();
  return [ada, bob];
}

test("a refused message can be taken back into the input, and one that is discarded is not lost with its text", async () => {
  const [ada, bob] = await refused();
  await bob.page.getByRole("button", { name: "Discard" }).click();
  await bob.page.getByText("Not sent.").waitFor({ state: "detached" });
  await bob.page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await bob.input.inputValue(), "a long and well-wrought thought");
  await bob.page.reload();
  await bob.connected();
  assert.equal(await bob.input.inputValue(), "a long and well-wrought thought");
  await Promise.all([ada.leave(), bob.leave()]);
});

test("printable keys and pasted text go to the input, wherever the focus was", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.say("hello");
  const message = await ada.sees("hello");
  const written = async (text: string) => {
    assert.equal(await ada.input.inputValue(), text);
    assert.equal(await ada.input.evaluate((input) => input === document.activeElement), true);
    await ada.input.fill("");
  };
  await message.locator(".bubble").click();
  await ada.page.keyboard.type("one word");
  await written("one word");
  await ada.page.mouse.click(10, 400);
  await ada.page.keyboard.type("Two");
  await written("Two");
  await ada.page.getByRole("button", { name: /Your name/ }).click();
  await ada.page.keyboard.press("Escape");
  await ada.page.keyboard.type("three");
  await written("three");
  await ada.page.mouse.click(10, 400);
  await ada.page.evaluate(() => navigator.clipboard.writeText("pasted"));
  await ada.page.keyboard.press("Control+v");
  await written("pasted");
  await ada.leave();
});

test("keys that mean something where the focus is stay there", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.say("hello");
  await ada.sees("hello");
  await ada.page.getByRole("button", { name: /Your name/ }).click();
  await ada.page.keyboard.type("Ada");
  assert.equal(await ada.page.getByRole("textbox", { name: "Your name" }).inputValue(), "Ada");
  await ada.page.keyboard.press("Escape");
  await ada.page.getByRole("button", { name: "Invite", exact: true }).focus();
  await ada.page.keyboard.press(" ");
  await ada.page.getByRole("dialog", { name: "Invite people" }).waitFor();
  await ada.page.keyboard.press("Escape");
  await ada.log.focus();
  for (const key of ["Control+c", "ArrowUp", "PageUp", "Home", "F6", " "]) await ada.page.keyboard.press(key);
  assert.equal(await ada.log.evaluate((log) => log === document.activeElement), true);
  assert.equal(await ada.input.inputValue(), "");
  await ada.leave();
});

test("a refused message is taken back into the input, before what is written there", async () => {
  const [ada, bob] = await refused();
  await bob.page.getByRole("button", { name: "Edit", exact: true }).click();
  await bob.page.getByText("Not sent.").waitFor({ state: "detached" });
  assert.equal(await bob.input.inputValue(), "a long and well-wrought thought");
  await ada.moderate("Bob", "Unmute");
  await bob.page.getByText("has muted you").waitFor({ state: "detached" });
  await bob.input.press("End");
  await bob.input.pressSequentially("!");
  await bob.input.press("Enter");
  await ada.sees("a long and well-wrought thought!");
  await Promise.all([ada.leave(), bob.leave()]);
});

test("the text of a change is not lost with the message that it was for", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await bob.say("helo");
  await ada.sees("helo");
  await bob.choose("helo", "Edit message");
  await bob.input.fill("hello, all of you");
  await ada.choose("helo", "Delete message…");
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await bob.page.getByText("(moderator) deleted your message").waitFor();
  await bob.input.press("Enter");
  await bob.page.getByText("was deleted before it could be changed").waitFor();
  await bob.page.getByRole("button", { name: "Keep the text" }).click();
  assert.equal(await bob.input.inputValue(), "hello, all of you");
  await Promise.all([ada.leave(), bob.leave()]);
});

test("emptying an edit offers to delete the message", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.say("helo");
  await ada.sees("helo");
  await ada.input.press("ArrowUp");
  for (const answer of ["Cancel", "Delete"]) {
    await ada.input.fill(" ");
    await ada.input.press("Enter");
    await ada.page.getByRole("dialog", { name: "Delete this message?" }).getByRole("button", { name: answer }).click();
    assert.equal(await ada.page.getByText("Editing your message").count(), answer === "Cancel" ? 1 : 0);
  }
  await ada.page.getByText("You deleted this message").waitFor();
  assert.equal(await ada.input.inputValue(), "");
  await ada.leave();
});

test("a message with half an emoji is sent without it", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.input.evaluate((input: HTMLTextAreaElement) => {
    input.value = "so\ud83d happy";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await ada.input.press("Enter");
  await ada.sees("so happy");
  await ada.leave();
});

test("a browser whose storage is full keeps what fits, asks before the rest is left, and says what has become of it", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.say("before");
  await ada.sees("before");
  await ada.page.context().setOffline(true);
  await ada.state("offline");
  await ada.page.evaluate(() => {
    // There is space for about 25,000 letters.
    for (let size = 2 ** 22, index = 0; size >= 1024; ) {
      try {
        localStorage.setItem(`junk ${index++}`, "x".repeat(size));
      } catch {
        size /= 2;
      }
    }
    localStorage.setItem("junk 0", "x".repeat((localStorage.getItem("junk 0")?.length ?? 0) - 25_000));
  });
  const texts = ["one", "two", "three", "four", "five"].map((text) => `${text} ${"x".repeat(8000)}`);
  for (const text of texts) await ada.say(text);
  await ada.page.getByText("leave this page open").waitFor();
  const asked: string[] = [];
  ada.page.on("dialog", (dialog) => (asked.push(dialog.type()), void dialog.accept()));
  await ada.page.evaluate(() => (WebSocket.prototype.send = () => {})); // Nothing goes out before the reload.
  await ada.page.context().setOffline(false);
  await ada.page.reload();
  assert.deepEqual(asked, ["beforeunload"]);
  await ada.page.getByRole("alert").getByText("could not store all").waitFor();
  await ada.sees("two");
  assert.deepEqual((await ada.texts()).map((text) => text.split(" ")[0]), ["before", "one", "two"]);
  await ada.leave();
});
