// No sentence of the page is outside of the folder `texts`: there it could not be translated.
import assert from "node:assert/strict";
import { basename, relative } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { SyntaxKind, type Node, type SourceFile } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";

const CLIENT = fileURLToPath(new URL("..", import.meta.url));

/** Attributes whose values people read. */
const READ = ["alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "label", "placeholder", "title"];

/** What reads as a sentence, or as a part of one, anywhere: several words, or a mark at the end. */
const SENTENCE = /^\P{L}*\p{Lu}\p{Ll}.*( \p{L}|[.!?…]$)|\p{L} \p{L}+ \p{L}| .*[.!?…]$/u;

/** What is in no language, and the module that has it. Random names are in English in every language. */
const NO_SENTENCES: Record<string, RegExp> = {
  "formatted.tsx": /^noopener /,
  "header.tsx": /^party$/,
  "random-name.ts": /^(Bright|Badger) /,
};

const CHOICES = [SyntaxKind.AmpersandAmpersandToken, SyntaxKind.BarBarToken, SyntaxKind.QuestionQuestionToken];

const api = new API({ cwd: CLIENT });
after(() => api.close());

/** Returns the source files of the page, without its texts. */
function sources(): SourceFile[] {
  const [project] = api.updateSnapshot({ openProjects: [`${CLIENT}tsconfig.json`] }).getProjects();
  const names = project?.rootFiles.filter((name) => !name.includes("/texts/")) ?? [];
  return names.flatMap((name) => project?.program.getSourceFile(name) ?? []);
}

/** Returns the text of a literal, or of one of the fixed parts of a template. */
function textOf(node: Node): string {
  const isText = is.isJsxText(node) || is.isStringLiteral(node) || is.isNoSubstitutionTemplateLiteral(node);
  return isText || is.isTemplateHead(node) || is.isTemplateMiddle(node) || is.isTemplateTail(node) ? node.text : "";
}

/** Returns whether the page shows a literal as it is, or screen readers read it out. */
function isShown(node: Node): boolean {
  if (is.isJsxText(node)) return true;
  const { parent } = node;
  if (is.isJsxAttribute(parent)) return READ.includes(parent.name.getText());
  if (is.isJsxExpression(parent)) return !is.isJsxAttribute(parent.parent) || READ.includes(parent.parent.name.getText());
  const passes = is.isConditionalExpression(parent) || is.isParenthesizedExpression(parent) || is.isTemplateSpan(parent);
  const chooses = is.isBinaryExpression(parent) && CHOICES.includes(parent.operatorToken.kind);
  return (passes || chooses || is.isTemplateExpression(parent)) && isShown(parent);
}

/** Returns whether it is for programs and developers: the name of a property, or the text of an exception. */
function isUnread(node: Node): boolean {
  const { parent } = node;
  return (is.isPropertyAssignment(parent) && parent.name === node) || is.isNewExpression(parent);
}

/** Returns the sentences of a file: each with the file, its line, and its text. */
function sentencesIn(file: SourceFile): string[] {
  const found: string[] = [];
  const look = (node: Node): void => {
    const text = textOf(node).trim();
    const isRead = (SENTENCE.test(text) && !isUnread(node)) || (/\p{L}/u.test(text) && isShown(node));
    if (isRead && !NO_SENTENCES[basename(file.fileName)]?.test(text)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      found.push(`${relative(CLIENT, file.fileName)}:${line + 1}: ${text}`);
    }
    node.forEachChild(look);
  };
  file.forEachChild(look);
  return found;
}

test("all that people read is in the folder of the texts", () => {
  const files = sources();
  assert.ok(files.length > 100, `${files.length} files`);
  const found = files.flatMap(sentencesIn);
  assert.ok(found.length === 0, `move these to \`texts\`, and use them by their names:\n${found.join("\n")}`);
});
