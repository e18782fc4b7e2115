// The files that the reader has chosen for the next message.
import * as texts from "#texts/files.ts";
import { randomId } from "party-client";
import { announcement } from "./announcement.ts";
import { sizeText } from "./file-size.ts";
import { isolated } from "./isolated.ts";
import { isPictureType } from "./picture.ts";
import type { RoomSession } from "./room-session.ts";

/** A file that was chosen. One of a picture has its address in this browser, and its size in pixels. */
export type Chosen = { id: string; file: File; name: string; url?: string; width?: number; height?: number };

type Visit = Pick<RoomSession, "room" | "draft" | "notice">;

/** By the id of the uploaded file. */
const before = new Map<string, Chosen>();

/** Notes what a file was before it was uploaded. */
export function noteUpload(id: string, chosen: Chosen): void {
  before.set(id, chosen);
}

/** Returns what a file was before it was uploaded from this page. */
export function chosenBefore(id: string | undefined): Chosen | undefined {
  return before.get(id ?? "");
}

/** Adds files to the draft, and says why it does not take others. */
export async function choose(visit: Visit, files: readonly File[]): Promise<void> {
  const { draft, notice } = visit;
  if (draft.value.edit) return void (notice.value = { text: texts.saveChangeFirst, done: true });
  if (takesNone(visit)) return void (notice.value = { text: texts.textOnly, done: true });
  const refused = files.flatMap((file) => refusal(visit, file) ?? []);
  if (refused.length > 0) notice.value = { text: refused.join(" ") };
  const chosen = await Promise.all(files.filter((file) => refusal(visit, file) === undefined).map(measured));
  if (chosen.length === 0) return;
  draft.value = { ...draft.value, files: [...(draft.value.files ?? []), ...chosen] };
  announcement.value = chosen.map(({ name }) => texts.attached(name)).join(". ");
}

/** Takes a file out of the draft. */
export function unchoose({ draft }: Visit, { id, url }: Chosen): void {
  const files = draft.value.files?.filter((chosen) => chosen.id !== id);
  draft.value = { ...draft.value, files: files?.length ? files : undefined };
  if (url !== undefined) URL.revokeObjectURL(url);
}

/** Returns whether the room is known to take no files. */
export function takesNone({ room }: Visit): boolean {
  return room.log.value.loaded && room.shared.value?.files === undefined;
}

/** Returns why the room does not take a file, as far as that is known. */
export function refusal({ room }: Visit, { name, size }: File): string | undefined {
  const most = room.shared.value?.files ?? Infinity;
  if (size > most) return texts.isTooLarge(isolated(name), sizeText(most));
  return size === 0 ? texts.isEmpty(isolated(name)) : undefined;
}

/** Finds out the size of a picture. What the browser cannot show is a file like others. */
async function measured(file: File): Promise<Chosen> {
  const chosen: Chosen = { id: randomId(), file, name: file.name || texts.unnamed };
  if (!isPictureType(file.type)) return chosen;
  const url = URL.createObjectURL(file);
  const picture = new Image();
  const loaded = new Promise<boolean>((resolve) => {
    picture.onload = () => resolve(true);
    picture.onerror = () => resolve(false);
  });
  picture.src = url;
  if (await loaded) return { ...chosen, url, width: picture.naturalWidth, height: picture.naturalHeight };
  URL.revokeObjectURL(url);
  return chosen;
}
