// Members' colours: of their own as long as there are any, and readable at every hue in both schemes, by the values of the style sheet
// itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hueOf, HUES } from "../colour.ts";

const AA = 4.5;
const [light, dark] = schemes(readFileSync(new URL("../style/page.css", import.meta.url), "utf8"));

test("the first members all have hues of their own, well apart, and keep them", () => {
  const members = Array.from({ length: HUES }, (_, n) => `mX2f${n}`);
  const hues = members.map(hueOf);
  assert.equal(new Set(hues).size, HUES);
  const sorted = [...hues].sort((a, b) => a - b);
  sorted.slice(1).forEach((hue, n) => assert.ok(hue - (sorted[n] ?? 0) >= 25));
  assert.deepEqual(members.map(hueOf), hues);
});

test("further members spread over the hues, and all keep clear of the red of failures", () => {
  const hues = Array.from({ length: 500 }, (_, n) => hueOf(`m${n}`));
  assert.equal(new Set(hues).size, HUES);
  for (const hue of hues) assert.ok(hue >= 50 && hue < 355, `${hue}`);
});

for (const [scheme, values] of Object.entries({ light, dark })) {
  const at = (lightness: string, chroma: string, hue: number) => luminance(number(values, lightness), number(values, chroma), hue);
  const fixed = (name: string) => luminance(...colour(values, name));
  const holds = (what: string, pair: (hue: number) => [number, number]) =>
    test(`${what} is readable at every hue in the ${scheme} scheme`, () => {
      for (let hue = 0; hue < 360; hue++) assert.ok(contrast(...pair(hue)) >= AA, `hue ${hue}: ${contrast(...pair(hue)).toFixed(2)}`);
    });

  holds("a name", (hue) => [at("--name-l", "--name-c", hue), fixed("--paper")]);
  holds("an avatar", (hue) => [at("--avatar-ink-l", "--avatar-ink-c", hue), at("--avatar-l", "--avatar-c", hue)]);
  holds("one's own message", (hue) => [fixed("--ink"), at("--own-l", "--own-c", hue)]);
  holds("a filled button", (hue) => [fixed("--on-accent"), at("--accent-l", "--accent-c", hue)]);
  holds("a button that warns", () => [fixed("--paper"), fixed("--danger")]);
  holds("a choice that warns", () => [fixed("--danger"), fixed("--hover")]);
  holds("soft text on a card", () => [fixed("--ink-soft"), fixed("--card")]);
  holds("soft text", () => [fixed("--ink-soft"), fixed("--paper")]);
  holds("soft text on a hovered control", () => [fixed("--ink-soft"), fixed("--hover")]);
  test(`the edge of the input is seen in the ${scheme} scheme`, () => {
    for (const ground of ["--paper", "--card"]) assert.ok(contrast(fixed("--edge-of-input"), fixed(ground)) >= 3, ground);
  });
  holds("the reason of a failure", () => [fixed("--danger"), fixed("--paper")]);
}

type Values = Map<string, string>;

/** Returns the custom properties of the light scheme, and of the dark one, which overrides some of them. */
function schemes(css: string): [Values, Values] {
  const [, lightRules = "", darkRules = ""] = css.split(/:root \{/);
  const read = (rules: string) => [...(rules.split("}")[0] ?? "").matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = "", value = ""]): [string, string] => [name, value]);
  return [new Map(read(lightRules)), new Map([...read(lightRules), ...read(darkRules)])];
}

function number(values: Values, name: string): number {
  const value = Number(values.get(name));
  assert.ok(Number.isFinite(value), `${name} is in the style sheet`);
  return value;
}

function colour(values: Values, name: string): [number, number, number] {
  const [lightness, chroma, hue] = values.get(name)?.match(/[\d.]+/g)?.map(Number) ?? [];
  assert.ok(lightness !== undefined && chroma !== undefined && hue !== undefined, `${name} is an oklch colour`);
  return [lightness, chroma, hue];
}

/**
 * Relative luminance (WCAG 2) of an OKLCH colour, by the matrices of CSS Color 4. What lies outside sRGB is clipped.
 */
function luminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clipped = (value: number) => Math.min(1, Math.max(0, value));
  const red = clipped(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clipped(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clipped(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
