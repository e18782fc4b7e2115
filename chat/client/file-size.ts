// The size of a file for people, in the units that they see elsewhere: 1 KB is 1,024 bytes.
import * as texts from "#texts/files.ts";
import { language } from "#texts/room.ts";

const UNITS = ["KB", "MB", "GB"];
const STEP = 1024;

/** Returns a size such as "10 MB", "1.4 KB" or "312 bytes". */
export function sizeText(bytes: number): string {
  if (bytes < STEP) return texts.bytes(format(bytes));
  let [size, unit] = [bytes / STEP, 0];
  while (size >= STEP && unit < UNITS.length - 1) [size, unit] = [size / STEP, unit + 1];
  return `${format(size)} ${UNITS[unit]}`;
}

/** Writes a number with at most one decimal, which large numbers do not need. */
function format(number: number): string {
  return number.toLocaleString(language, { maximumFractionDigits: number < 10 ? 1 : 0 });
}
