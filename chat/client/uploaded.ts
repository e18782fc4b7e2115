// Files that were uploaded from this page, by their ids: how a message is shown until the room has it.
import type { RoomFile } from "party-client";

export const uploaded = new Map<string, RoomFile>();
