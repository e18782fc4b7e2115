// Reading what the room sends. What is not of the wire, or newer than this client, is ignored and breaks nothing.
import type { Message, ServerFrame } from "./protocol.ts";

/** The frame a text holds; `undefined` for anything we do not know. */
export function readFrame(text: unknown): ServerFrame | undefined {
  const frame = typeof text === "string" ? parsed(text) : undefined;
  if (!isRecord(frame)) return undefined;
  switch (frame["type"]) {
    case "all":
      return Array.isArray(frame["messages"]) ? { type: "all", messages: frame["messages"].filter(isMessage) } : undefined;
    case "add":
    case "update":
      return isMessage(frame) ? (frame as ServerFrame) : undefined;
    case "error":
      return typeof frame["message"] === "string" ? (frame as ServerFrame) : undefined;
    default:
      return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && ["id", "content", "user"].every((field) => typeof value[field] === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
