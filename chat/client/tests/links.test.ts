// Web addresses in plain text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stretches } from "../links.ts";
import { cpuTime } from "./cpu-time.ts";

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

test("a link shows the host that it leads to, and hides nothing", () => {
  const shown = (text: string) => stretches(text).map((stretch) => [stretch.text, stretch.href]);
  for (const [text, reads] of [
    ["https://b\u00fccher.example/a", "https://xn--bcher-kva.example/a"],
    ["https://b\u0430nk.example", "https://xn--bnk-6cd.example/"],
    ["https://bank.example\\@evil.example", "https://bank.example/@evil.example"],
    ["https://bank\u3002example/", "https://bank.example/"],
    ["https://ba\u00adnk.example/", "https://bank.example/"],
    ["https://a.example/\u00ad", "https://a.example/%C2%AD"],
    ["https://a.example/\u{e0061}", "https://a.example/%F3%A0%81%A1"],
    ["https://127.1/", "https://127.0.0.1/"],
  ] as const) {
    assert.deepEqual(shown(text), [[reads, reads]], text);
  }
  for (const text of ["https://A.example/b", "HTTP://a.example:8080/?q#r", "https://a.example/wiki/K\u00e4se"]) {
    assert.equal(shown(text)[0]?.[0], text);
  }
});

test("nothing but http and https becomes a link", () => {
  assert.deepEqual(hrefs("javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example //a.example www.a.example"), []);
});

test("an address that pretends to be another's is not a link", () => {
  assert.deepEqual(hrefs("https://bank.example@evil.example/ https://user:secret@evil.example/"), []);
});

test("a link cannot carry quotes, brackets or direction overrides out of its text", () => {
  assert.deepEqual(hrefs('https://a.example/"><img'), ["https://a.example/"]);
  for (const turn of ["\u202e", "\u2067", "\u200f", "\u061c"]) {
    assert.deepEqual(linked(`https://a.example/${turn}gpj.exe`), ["https://a.example/"]);
  }
});

test("a text that is not an address stays text", () => {
  assert.deepEqual(hrefs("https:// http://[::"), []);
});

test("a very long text is split quickly", () => {
  const time = cpuTime(() => {
    stretches(`https://a.example/${")".repeat(8000)}`);
    stretches("https://".repeat(1000));
  });
  assert.ok(time < 500, `${time} ms`);
});
