// The frames under way, without a room: how many there may be, and which one an error without an id is about.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inFlight } from "../src/in-flight.ts";

type Flight = ReturnType<typeof inFlight>;

/** Sends a text with these frames. */
function send(flight: Flight, ...ids: string[]): void {
  for (const id of ids) flight.add(id);
  flight.sent(ids);
}

/** Sends a text that the room does not answer. */
function sendSilent(flight: Flight): void {
  flight.sent([undefined]);
}

/** Sends this frame alone, and returns the guilty frame when the room could not read it. */
function sendUnread(flight: Flight, id: string): string | undefined {
  send(flight, id);
  return flight.unread(false);
}

test("a window of frames is under way at most, and the next one waits for the last answer", () => {
  const flight = inFlight();
  const ids = Array.from({ length: 16 }, (_, index) => `${index}`);
  for (const [index, id] of ids.entries()) {
    flight.add(id);
    assert.equal(flight.free, 15 - index);
  }
  for (const id of ids) {
    assert.equal(flight.free, 0);
    flight.answered(id);
  }
  assert.equal(flight.free, 16);
});

test("a frame that was recalled is not under way", () => {
  const flight = inFlight();
  flight.add("a");
  flight.recalled("a");
  assert.deepEqual([...flight.ids], []);
  assert.equal(flight.free, 16);
});

test("a refusal for a while halves the window down to one frame, and each acceptance adds one up to the first size", () => {
  const flight = inFlight();
  const answer = (more?: boolean) => {
    send(flight, "a");
    flight.answered("a", more);
    return flight.free;
  };
  assert.deepEqual([16, 8, 4, 2, 1].map(() => answer(false)), [8, 4, 2, 1, 1]);
  assert.equal(answer(), 1);
  assert.deepEqual([1, 2, 3].map(() => answer(true)), [2, 3, 4]);
  for (let answers = 0; answers < 20; answers++) answer(true);
  assert.equal(flight.free, 16);
});

test("a window that was given up does not keep others from being sent, though an older frame is under way", () => {
  const flight = inFlight();
  send(flight, "a", "b");
  flight.answered("a");
  send(flight, ...Array.from({ length: 15 }, (_, index) => `${index}`));
  assert.equal(flight.free, 0);
  assert.equal(flight.unread(false), undefined);
  assert.deepEqual([...flight.ids], ["b"]);
  assert.equal(flight.free, 6);
});

test("the frame of a text that was not read is guilty only where it stood alone", () => {
  const flight = inFlight();
  send(flight, "a", "b");
  assert.equal(flight.unread(false), undefined);
  assert.deepEqual([...flight.ids], []);
  assert.equal(flight.free, 1);
  send(flight, "a");
  assert.equal(flight.unread(false), "a");
});

test("of several texts, the one that was not read is known when the others have been answered", () => {
  const flight = inFlight();
  send(flight, "a", "b");
  send(flight, "c");
  send(flight, "d");
  assert.equal(flight.unread(false), undefined);
  assert.equal(flight.answered("b", true), undefined);
  assert.equal(flight.answered("d", true), "c");
  assert.deepEqual([...flight.ids], ["a"]);
});

test("several texts that were not read are all sent again, and none is guilty yet", () => {
  const flight = inFlight();
  send(flight, "a");
  send(flight, "b");
  flight.unread(false);
  assert.equal(flight.unread(false), undefined);
  assert.deepEqual([...flight.ids], []);
});

test("a text that is not answered was read, once a later one has been answered", () => {
  const flight = inFlight();
  flight.sent([undefined]);
  flight.sent([undefined]);
  assert.equal(flight.waits, false);
  send(flight, "a");
  flight.answered("a", true);
  send(flight, "b");
  assert.equal(flight.unread(false), "b");
});

test("a frame beside one that is not answered is not guilty before it stood alone", () => {
  const flight = inFlight();
  flight.add("a");
  flight.sent(["a", undefined]);
  assert.equal(flight.unread(false), undefined);
  send(flight, "a");
  assert.equal(flight.unread(false), "a");
});

test("where the connection is closed for a text, all texts are lost, and a single frame is guilty", () => {
  const flight = inFlight();
  send(flight, "a");
  send(flight, "b");
  assert.equal(flight.unread(true), undefined);
  assert.deepEqual([...flight.ids], []);
  flight.clear();
  send(flight, "a");
  assert.equal(flight.unread(true), "a");
});

test("of two texts, the one that was not read is known though the later one was answered before the error", () => {
  const flight = inFlight();
  send(flight, "a");
  send(flight, "b");
  flight.answered("b");
  assert.equal(flight.unread(false), "a");
});

test("a text that is not answered may be the one that was not read, as long as no later one was answered", () => {
  const flight = inFlight();
  send(flight, "a");
  sendSilent(flight);
  send(flight, "b");
  sendSilent(flight);
  flight.answered("b");
  assert.equal(flight.unread(false), undefined);
  assert.deepEqual([...flight.ids], []);
});

test("where only texts that are not answered are left for an error, it is about one of them", () => {
  const flight = inFlight();
  send(flight, "a");
  send(flight, "b");
  flight.unread(false);
  sendSilent(flight);
  sendSilent(flight);
  assert.equal(flight.answered("a"), undefined);
  assert.equal(flight.free, 15);
  assert.equal(flight.answered("b"), undefined);
  assert.equal(flight.free, 1);
});

/** Gives up a frame "a" among texts that are not answered, so that errors about these may still come. */
function giveUp(flight: Flight, silent: number): void {
  for (let texts = 0; texts < silent; texts++) sendSilent(flight);
  assert.equal(sendUnread(flight, "a"), undefined);
  assert.equal(flight.ids.has("a"), false);
}

test("after texts that are not answered, each of their errors may come before a frame is guilty", () => {
  const flight = inFlight();
  giveUp(flight, 2);
  assert.equal(sendUnread(flight, "a"), undefined);
  assert.equal(sendUnread(flight, "a"), undefined);
  assert.equal(sendUnread(flight, "a"), "a");
});

test("while errors of earlier texts may come, an error gives up all texts", () => {
  const flight = inFlight();
  giveUp(flight, 1);
  send(flight, "b");
  send(flight, "c");
  assert.equal(flight.unread(false), undefined);
  assert.deepEqual([...flight.ids], []);
});

test("the answer to a frame that was sent later shows that no error of earlier texts is to come", () => {
  const flight = inFlight();
  giveUp(flight, 2);
  send(flight, "b");
  flight.answered("b");
  assert.equal(sendUnread(flight, "c"), "c");
});

test("the answer to a frame that was given up, or whose text was answered before, does not show that", () => {
  const flight = inFlight();
  send(flight, "x", "y");
  flight.answered("x");
  giveUp(flight, 2);
  flight.answered("y");
  send(flight, "a");
  flight.answered("a");
  assert.equal(sendUnread(flight, "b"), undefined);
});

test("a frame that was given up counts like others after the errors of its time", () => {
  const flight = inFlight();
  giveUp(flight, 1);
  send(flight, "b");
  flight.answered("b");
  sendSilent(flight);
  assert.equal(sendUnread(flight, "c"), undefined);
  send(flight, "a");
  flight.answered("a");
  assert.equal(sendUnread(flight, "d"), "d");
});

test("a frame that was given up before any text without an answer was sent counts like others", () => {
  const flight = inFlight();
  send(flight, "a", "b");
  flight.unread(false);
  sendSilent(flight);
  assert.equal(sendUnread(flight, "c"), undefined);
  send(flight, "a");
  flight.answered("a");
  assert.equal(sendUnread(flight, "d"), "d");
});

test("a new connection has nothing under way, however much the one before it had", () => {
  const flight = inFlight();
  for (let frames = 0; frames < 16; frames++) send(flight, `${frames}`);
  flight.clear();
  flight.add("a");
  assert.deepEqual([...flight.ids], ["a"]);
  assert.equal(flight.free, 15);
  assert.equal(flight.waits, false);
});

test("a new connection knows no errors of the one before it", () => {
  const flight = inFlight();
  giveUp(flight, 2);
  flight.clear();
  assert.equal(sendUnread(flight, "b"), "b");
});

test("a frame that was given up on the connection before counts like others", () => {
  const flight = inFlight();
  giveUp(flight, 2);
  flight.clear();
  sendSilent(flight);
  assert.equal(sendUnread(flight, "b"), undefined);
  send(flight, "a");
  flight.answered("a");
  assert.equal(sendUnread(flight, "c"), "c");
});
