// Uploading a file over HTTP. It is apart from the rest of the package, so that a page can fetch it later, or not at
// all. Browsers say only for XMLHttpRequest how much of a body is sent.
import { randomId, RoomError, timer, type Failure, type RoomFile } from "../index.ts";

export type UploadOptions = {
  /** The file's name; a `File` has its own. */
  name?: string;
  /** The width and height of an image in pixels, so that others can leave space for it before they load it. */
  width?: number;
  height?: number;
  /** Ends the upload: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called with how many bytes of all are sent. The file is not stored before the promise resolves. */
  onProgress?: (sent: number, total: number) => void;
};

/** The part of a `Room` that an upload needs. */
export type UploadRoom = {
  readonly state: { readonly value: { readonly status: string } };
  fileAddress(id: string): string;
  bearer(): Promise<string | undefined>;
};

const OFFLINE: Failure = { code: "offline", message: "there is no connection" };

/** How long nothing may be sent or answered, in milliseconds. */
const SILENCE = 60_000;

/**
 * Uploads a file to the room, and resolves when the room has stored it. The file then belongs to the item whose draft
 * names it; a file that no item names is deleted after a day.
 *
 * Rejects with a `RoomError` that has the room's code, such as `too_large`, `empty`, `unsupported` (the room stores no
 * files), `muted`, `forbidden` or `slow_down`. It has `offline` if there is no connection, or if it is lost meanwhile.
 * Nothing is sent again automatically: another call is another upload.
 */
export async function upload(room: UploadRoom, file: Blob, options: UploadOptions = {}): Promise<RoomFile> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  if (room.state.value.status !== "connected") throw errorOf(OFFLINE);
  const bearer = await room.bearer();
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => end(() => (request.abort(), reject(signal?.reason)));
    const silence = timer(() => end(() => (request.abort(), reject(errorOf(OFFLINE)))));
    const wait = () => silence.set(SILENCE);
    const end = (settle: () => void) => {
      silence.stop();
      signal?.removeEventListener("abort", cancel);
      settle();
    };
    request.open("PUT", `${room.fileAddress(randomId())}?${queryOf(file, options)}`);
    request.setRequestHeader("Authorization", `Bearer ${bearer}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => {
      wait();
      onProgress?.(loaded, total);
    };
    request.onload = () => end(() => (request.status === 201 ? resolve(JSON.parse(request.responseText)) : reject(errorOf(refusal(request)))));
    request.onerror = () => end(() => reject(errorOf(OFFLINE)));
    signal?.addEventListener("abort", cancel);
    wait();
    request.send(file);
  });
}

function queryOf(file: Blob, { name = (file as Partial<File>).name, width, height }: UploadOptions): URLSearchParams {
  const query = new URLSearchParams({ name: name ?? "" });
  if (width !== undefined) query.set("width", `${width}`);
  if (height !== undefined) query.set("height", `${height}`);
  return query;
}

/** Returns the room's error frame. What is in front of the room answers without one. */
function refusal({ status, responseText }: XMLHttpRequest): Failure {
  try {
    const { code, message } = JSON.parse(responseText) as Partial<Failure>;
    if (typeof code === "string") return { code, message: `${message}` };
  } catch {
    // It is not JSON.
  }
  return { code: status === 413 ? "too_large" : "unavailable", message: `the room answered with the status ${status}` };
}

function errorOf({ code, message }: Failure): RoomError {
  return new RoomError(code, message);
}
