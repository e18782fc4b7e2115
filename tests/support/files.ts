// Files for the browser tests: real pictures, and the ways in which they come to the page.

import { crc32, deflateSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";

/** A file as a browser's file chooser takes it. */
export type TestFile = { name: string; mimeType: string; buffer: Buffer };

/** Returns a picture of one colour. `padding` more bytes make it as large as wanted. */
export function picture(name: string, width = 64, height = 48, padding = 0): TestFile {
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, Buffer.of(40, 120, 200))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const chunks = [chunk("IHDR", header), chunk("IDAT", rows), chunk("teXt", Buffer.alloc(padding)), chunk("IEND", Buffer.alloc(0))];
  return { name, mimeType: "image/png", buffer: Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...chunks]) };
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, check]);
}

/** Returns a file that is no picture. */
export function document(name: string, text = "some text"): TestFile {
  return { name, mimeType: "text/plain", buffer: Buffer.from(text) };
}

/** Pastes files, as from a screenshot. */
export async function paste(page: Page, ...files: TestFile[]): Promise<void> {
  const data = await transfer(page, files);
  await page.evaluate((clipboardData) => {
    const target = globalThis.document.activeElement ?? globalThis.document.body;
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, data);
}

/** Drags files over the page, and drops them after `held`. */
export async function drop(page: Page, files: TestFile[], held: () => Promise<void> = async () => {}): Promise<void> {
  const dataTransfer = await transfer(page, files);
  await page.dispatchEvent(".log", "dragover", { dataTransfer });
  await held();
  await page.dispatchEvent(".log", "drop", { dataTransfer });
}

/** Chooses files by the button in the input. */
export async function attach(page: Page, ...files: TestFile[]): Promise<void> {
  const asked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await asked).setFiles(files);
}

/** Returns the files that are chosen and not sent. */
export function chips(page: Page): Locator {
  return page.getByRole("list", { name: "Files to send" }).getByRole("listitem");
}

function transfer(page: Page, files: TestFile[]) {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString("base64") }));
  return page.evaluateHandle((plain) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of plain) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, plain);
}
