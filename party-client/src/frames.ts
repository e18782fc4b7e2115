// Reading what the room sends. What is not of the wire, or newer than this client, is ignored and breaks nothing. Bodies and presence data
// are the app's, which its room has checked; only what this package itself goes by is looked at.
import type { ServerFrame } from "./wire.ts";

type Fields = Record<string, unknown>;

/** The frames in a text: one, or an array of them. */
export function readFrames<B, D>(text: unknown): ServerFrame<B, D>[] {
  try {
    const value: unknown = JSON.parse(text as string);
    return (Array.isArray(value) ? value : [value]).filter(isFrame) as ServerFrame<B, D>[];
  } catch {
    return [];
  }
}

const KNOWN: Record<string, (fields: Fields) => boolean> = {
  welcome: ({ you, epoch, head, entries, presence }) =>
    is(isYou)(you) && isText(epoch) && isNumber(head) && areEntries(entries) && maybe(is(isRoster))(presence),
  entry: isEntry,
  ack: ({ id, seq }) => isText(id) && isNumber(seq),
  page: ({ before, entries }) => maybe(isNumber)(before) && areEntries(entries),
  presence: isRoster,
  ephemeral: ({ from, kind, ttl }) => isText(from) && isText(kind) && isNumber(ttl),
  you: isYou,
  error: ({ code, message, id, retryAfter }) => isText(code) && isText(message) && maybe(isText)(id) && maybe(isNumber)(retryAfter),
};

function isFrame(value: unknown): boolean {
  return isRecord(value) && isText(value["type"]) && Object.hasOwn(KNOWN, value["type"]) && KNOWN[value["type"]]!(value);
}

function isEntry({ seq, id, target }: Fields): boolean {
  return isNumber(seq) && isText(id) && maybe(isNumber)(target);
}

function isYou({ member, secret, mutedUntil }: Fields): boolean {
  return isText(member) && maybe(isText)(secret) && maybe(isNumber)(mutedUntil);
}

function isRoster({ count, members, join, leave }: Fields): boolean {
  return isNumber(count) && maybe(areMembers)(members) && maybe(areMembers)(join) && maybe(every(isText))(leave);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const is = (has: (fields: Fields) => boolean) => (value: unknown) => isRecord(value) && has(value);
const maybe = (holds: (value: unknown) => boolean) => (value: unknown) => value === undefined || holds(value);
const every = (holds: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(holds);
const areEntries = every(is(isEntry));
const areMembers = every(is(({ member }) => isText(member)));
