// Reads the frames of the room. Unknown and newer frames are ignored and break nothing. Bodies and presence data are
// the app's, which its room has checked; only what this package itself goes by is looked at.
import type { Entry, ServerFrame } from "./wire.ts";

type Check = (value: unknown) => boolean;

/** Returns the frames in a text: one, or an array of them. */
export function readFrames<B, D>(text: unknown): ServerFrame<B, D>[] {
  try {
    return [JSON.parse(text as string)].flat().filter(isFrame);
  } catch {
    return [];
  }
}

/** A frame that is no entry of the log. */
export type ControlFrame<B, D> = Exclude<ServerFrame<B, D>, { type: "entry" }>;

/** Returns the frames in their order. Entries that follow each other are together: they are taken in at once. */
export function inRuns<B, D>(frames: readonly ServerFrame<B, D>[]): (Entry<B>[] | ControlFrame<B, D>)[] {
  const parts: (Entry<B>[] | ControlFrame<B, D>)[] = [];
  let run: Entry<B>[] | undefined;
  for (const frame of frames) {
    if (frame.type !== "entry") {
      run = undefined;
      parts.push(frame);
      continue;
    }
    if (!run) parts.push((run = []));
    const { type: _, ...entry } = frame;
    run.push(entry);
  }
  return parts;
}

const isText: Check = (value) => typeof value === "string";
const isAnything: Check = () => true;
const isNumber: Check = (value) => typeof value === "number";
const maybe = (is: Check): Check => (value) => value === undefined || is(value);
const every = (is: Check): Check => (value) => Array.isArray(value) && value.every(is);
const has = (fields: Record<string, Check>): Check => {
  const checks = Object.entries(fields);
  return (value) => Object(value) === value && checks.every(([name, is]) => is((value as Record<string, unknown>)[name]));
};

const isEntry = has({ seq: isNumber, id: isText, target: maybe(isNumber) });
const isYou = has({ member: isText, role: isText, secret: maybe(isText), mutedFor: maybe(isNumber) });
const areMembers = maybe(every(has({ member: isText })));
const isRoster = has({ count: isNumber, members: areMembers, join: areMembers, leave: maybe(every(isText)) });

const isWelcome = has({
  you: isYou,
  epoch: isText,
  position: isText,
  head: isNumber,
  now: isNumber,
  entries: every(isEntry),
  presence: maybe(isRoster),
});

const FRAMES = new Map<unknown, Check>([
  ["welcome", isWelcome],
  ["entry", isEntry],
  ["ack", has({ id: isText, seq: maybe(isNumber) })],
  ["page", has({ id: isText, before: maybe(isNumber), entries: every(isEntry) })],
  ["presence", isRoster],
  ["ephemeral", has({ from: isText, kind: isText, ttl: isNumber })],
  ["you", isYou],
  ["own", isAnything],
  ["shared", isAnything],
  ["answer", has({ id: isText })],
  ["event", isAnything],
  ["probe", has({ id: isText })],
  ["error", has({ code: isText, message: isText, id: maybe(isText), retryAfter: maybe(isNumber) })],
]);

function isFrame(value: { type?: unknown } | null): boolean {
  return FRAMES.get(value?.type)?.(value) ?? false;
}
