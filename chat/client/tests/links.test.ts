// Web addresses in plain text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stretches } from "../links.ts";

const hrefs = (text: string) => stretches(text).flatMap(({ href }) => href ?? []);
const linked = (text: string) => stretches(text).filter(({ href }) => href !== undefined).map((stretch) => stretch.text);

test("an address in a sentence becomes a link without the sentence's punctuation", () => {
  assert.deepEqual(linked("See https://a.example/b, or http://c.example! (https://d.example)."), ["https://a.example/b", "http://c.example", "https://d.example"]);
});

test("brackets that belong to the address stay in it", () => {
  assert.deepEqual(linked("(https://a.example/wiki/Rust_(language))"), ["https://a.example/wiki/Rust_(language)"]);
});

test("all stretches together are the text, letter for letter", () => {
  for (const text of ["", "plain", "https://a.example", "x https://a.example/?q=1&r=2#s y\n\nhttp://", "<https://a.example>"]) {
    assert.equal(stretches(text).map((stretch) => stretch.text).join(""), text);
  }
});

test("nothing but http and https becomes a link", () => {
  assert.deepEqual(hrefs("javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example //a.example www.a.example"), []);
});

test("an address that pretends to be another's is no link", () => {
  assert.deepEqual(hrefs("https://bank.example@evil.example/ https://user:secret@evil.example/"), []);
});

test("a link cannot carry quotes, brackets or direction overrides out of its text", () => {
  assert.deepEqual(hrefs('https://a.example/"><img'), ["https://a.example/"]);
  assert.deepEqual(linked("https://a.example/\u202egpj.exe"), ["https://a.example/"]);
});

test("what is no address at all is text", () => {
  assert.deepEqual(hrefs("https:// http://[::"), []);
});

test("a very long text is split quickly", () => {
  const started = performance.now();
  stretches(`https://a.example/${")".repeat(8000)}`);
  stretches("https://".repeat(1000));
  assert.ok(performance.now() - started < 500);
});
