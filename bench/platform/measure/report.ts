// How figures are printed: in Markdown.

/** Prints a title, and an empty line. */
export function title(text: string): void {
  console.log(`## ${text}\n`);
}

/** Prints sentences in lines of at most 120 letters, and an empty line. */
export function paragraph(...sentences: string[]): void {
  const lines = [""];
  for (const word of sentences.join(" ").split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > 120) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  console.log(`${lines.join("\n")}\n`);
}

/** Prints a table, its columns aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(4, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) => cell.padStart(widths[column] ?? 0));
    return `| ${padded.join(" | ")} |`;
  };
  const dashes = widths.map((width) => `${"-".repeat(width - 1)}:`);
  console.log(`${[head, dashes, ...rows].map(line).join("\n")}\n`);
}

/** Prints each message of a failure once. */
export function failures(what: string, messages: readonly string[]): void {
  for (const message of new Set(messages)) paragraph(`${what} has failed: ${message}`);
}

/** Returns a number for readers: with a digit after the point where it is small, and a dash where there is none. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return "-";
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 });
}
