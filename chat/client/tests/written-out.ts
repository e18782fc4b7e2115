// All texts of a language, with examples in the place of what differs.
import { readdirSync } from "node:fs";

/** The folder with a folder for each language. */
export const TEXTS = new URL("../texts/", import.meta.url);

/** A text, a text with arguments, or several under one name. */
type Text = string | ((...given: unknown[]) => unknown) | { [name: string]: Text };

/** Those that take a number as a text, as it can be "97+". */
const COUNT_IS_TEXT = ["conversation.newMessages", "conversation.mentionYou"];

/** Returns the names of the languages. */
export function languages(): string[] {
  const folders = readdirSync(TEXTS, { withFileTypes: true }).filter((one) => one.isDirectory());
  return folders.map(({ name }) => name).sort();
}

/** Returns the names of the files of a language. */
export function filesOf(language: string): string[] {
  return readdirSync(new URL(`${language}/`, TEXTS)).sort();
}

/**
 * Returns the texts of a language by the names of file and text: "room.invite". Of a text with arguments there are two,
 * "room.people 1" and "room.people 2": what is counted is 1 or 2, and names are "B" and "C".
 */
export async function textsOf(language: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  const add = (name: string, text: Text): void => {
    if (typeof text === "string") all.set(name, text);
    else if (typeof text === "object") for (const part in text) add(`${name}.${part}`, text[part] ?? "");
    else for (const count of [1, 2]) all.set(`${name} ${count}`, written(name, text, count));
  };
  for (const file of filesOf(language)) {
    const module = (await import(new URL(`${language}/${file}`, TEXTS).href)) as Text;
    add(file.replace(".ts", ""), module);
  }
  return all;
}

function written(name: string, text: (...given: unknown[]) => unknown, count: number): string {
  return [text(COUNT_IS_TEXT.includes(name) ? String(count) : count, "B", "C")].flat().join("");
}
