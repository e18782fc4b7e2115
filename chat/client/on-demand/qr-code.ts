// QR codes: a script of its own, because few visits need it.
import { encode } from "uqr";

/** A drawing of dark squares, each of size 1. */
export type QrCode = { size: number; path: string };

/** Returns a text as a QR code. */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size, path };
}
