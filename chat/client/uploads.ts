// Files on their way to the room. They are uploaded one after the other, so that their messages come in the order in
// which they were chosen. A file that could not be sent waits for the reader.
import * as texts from "#texts/files.ts";
import { RoomError, source, type Source } from "party-client";
import { upload } from "party-client/upload";
import { announcement } from "./announcement.ts";
import { chosenBefore, noteUpload, refusal, takesNone, type Chosen } from "./chosen.ts";
import { tidy } from "./message-text.ts";
import type { Failure } from "./notices.ts";
import type { RoomSession } from "./room-session.ts";
import type { ChatRoom } from "./room-types.ts";
import { takeBackMessage } from "./take-back.ts";
import { uploaded } from "./uploaded.ts";

/** A message whose file is on its way. */
export type Upload = {
  chosen: Chosen;
  content: string;
  replyTo?: number | undefined;
  /** When it was sent, in the room's time. */
  at: number;
  /** The number of bytes that are sent; `undefined` while it waits for those before it. */
  sent?: number | undefined;
  /** Why it failed. */
  error?: Failure | undefined;
};

const rooms = new Map<ChatRoom, { list: Source<readonly Upload[]>; cancel?: AbortController | undefined }>();

/** Returns the uploads of a room. */
export function uploadsIn(room: ChatRoom): Source<readonly Upload[]> {
  return stateOf(room).list;
}

function stateOf(room: ChatRoom) {
  const known = rooms.get(room) ?? { list: source<readonly Upload[]>([]) };
  if (!rooms.has(room)) known.list.subscribe(guard);
  rooms.set(room, known);
  return known;
}

/** Has the browser ask before the page is left, as long as there are uploads: they would be lost. */
function guard(): void {
  const some = [...rooms.values()].some(({ list }) => list.value.length > 0);
  if (some) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
}

function ask(event: Event): void {
  event.preventDefault();
}

/**
 * Sends the files of the draft, each as a message. The text goes with the first. Returns whether that has begun:
 * without a connection all stays as it is.
 */
export function sendFiles(session: RoomSession): boolean {
  const { room, draft, notice, reading, atEnd } = session;
  const { text, replyTo, files = [] } = draft.value;
  const refused = files.flatMap(({ file }) => refusal(session, file) ?? []);
  if (room.state.value.status !== "connected") notice.value = { text: texts.whenConnected, done: true };
  else if (takesNone(session)) notice.value = { text: texts.textOnly };
  else if (refused.length > 0) notice.value = { text: refused.join(" ") };
  else {
    reading.dismiss();
    atEnd.value = true;
    const list = uploadsIn(room);
    const first = { content: tidy(text), replyTo };
    const added = files.map((chosen, index) => ({ chosen, at: room.now(), ...(index === 0 ? first : { content: "" }) }));
    list.value = [...list.value, ...added];
    draft.value = { text: "" };
    void uploadAll(session);
    return true;
  }
  return false;
}

/** Uploads a file again that has failed. */
export function tryAgain(session: RoomSession, { chosen }: Upload): void {
  change(session.room, chosen, { error: undefined, sent: undefined });
  void uploadAll(session);
}

/** Gives up an upload. Its file and its text go back into the input. */
export function takeBackUpload(session: RoomSession, upload: Upload): void {
  discard(session, upload);
  takeBackMessage(session, upload.content, upload.chosen);
}

/** Gives up an upload. */
export function discard({ room }: RoomSession, { chosen }: Upload): void {
  const { list, cancel } = stateOf(room);
  const now = list.value.find((upload) => upload.chosen.id === chosen.id);
  remove(room, chosen);
  if (now?.sent !== undefined && !now.error) cancel?.abort();
}

async function uploadAll(session: RoomSession): Promise<void> {
  const state = stateOf(session.room);
  if (state.cancel) return; // It goes on by itself.
  for (let next; (next = state.list.value.find(({ error }) => !error)); ) {
    state.cancel = new AbortController();
    await uploadOne(session, next, state.cancel.signal);
  }
  state.cancel = undefined;
}

async function uploadOne(session: RoomSession, { chosen, content, replyTo }: Upload, signal: AbortSignal): Promise<void> {
  const { room } = session;
  const { name, file, width, height } = chosen;
  const onProgress = (sent: number) => change(room, chosen, { sent: Math.min(sent, file.size) });
  onProgress(0);
  announcement.value = texts.uploading(name);
  try {
    const size = width && height ? { width, height } : {};
    const stored = await upload(room, file, { name, signal, onProgress, ...size });
    uploaded.set(stored.id, stored);
    noteUpload(stored.id, chosen);
    const { done } = room.send({ content, file: stored.id, ...(replyTo === undefined ? {} : { replyTo }) });
    // A refusal is shown at the message.
    done.then(() => (announcement.value = texts.sent(name)), () => undefined);
    remove(room, chosen);
  } catch (error) {
    if (signal.aborted) return;
    const failure = error instanceof RoomError ? error : new RoomError("internal", String(error));
    change(room, chosen, { error: failure });
    announcement.value = texts.notSent(name);
  }
}

function change(room: ChatRoom, { id }: Chosen, fields: Partial<Upload>): void {
  const list = uploadsIn(room);
  list.value = list.value.map((upload) => (upload.chosen.id === id ? { ...upload, ...fields } : upload));
}

function remove(room: ChatRoom, { id }: Chosen): void {
  const list = uploadsIn(room);
  list.value = list.value.filter(({ chosen }) => chosen.id !== id);
}

/** Returns where a file is shown from: this page has it still if it comes from here. */
export function addressIn(room: ChatRoom, id: string): string {
  return chosenBefore(id)?.url ?? room.fileAddress(id);
}
