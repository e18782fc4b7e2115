// Reads the frames of the room. Unknown and newer frames are ignored and break nothing. Bodies and presence data are
// the app's, which its room has checked; only what this package itself goes by is looked at.
import type { ServerFrame } from "./wire.ts";

type Check = (value: unknown) => boolean;

/** Returns the frames in a text: one, or an array of them. */
export function readFrames<B, D>(text: unknown): ServerFrame<B, D>[] {
  try {
    return [JSON.parse(text as string)].flat().filter(isFrame);
  } catch {
    return [];
  }
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
  ["event", isAnything],
  ["probe", has({ id: isText })],
  ["error", has({ code: isText, message: isText, id: maybe(isText), retryAfter: maybe(isNumber) })],
]);

function isFrame(value: { type?: unknown } | null): boolean {
  return FRAMES.get(value?.type)?.(value) ?? false;
}
