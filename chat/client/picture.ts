// Which files are shown as pictures: those that every browser shows, whose size is known before they are loaded, and
// that contain no scripts.
import type { RoomFile } from "party-client";

const PICTURES = /^image\/(avif|gif|jpeg|png|webp)$/;

/** Returns whether a file of this type can be shown as a picture. */
export function isPictureType(type: string): boolean {
  return PICTURES.test(type);
}

/** Returns whether a file is shown as a picture. */
export function isPicture({ type, width, height }: Pick<RoomFile, "type" | "width" | "height">): boolean {
  return !!(width && height) && isPictureType(type);
}
