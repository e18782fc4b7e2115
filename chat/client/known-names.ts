// The names that can be mentioned in a room: those of the members, of the authors of what is loaded, and the reader's
// own. A name that was known stays known for the visit, so that a mention stays one when somebody leaves.
import { source, type Observable, type Source } from "party-client";
import { displayName } from "./identity.ts";
import { keyOf, mentionsOf, type Mentions, type Self } from "./mention.ts";
import type { RoomSession } from "./room-session.ts";
import type { Message } from "./room-types.ts";
import { sharedStart } from "./shared-start.ts";

/** The parts of a visit that are read here. */
type Visit = { room: Pick<RoomSession["room"], "log" | "presence" | "you"> };

type Known = {
  names: Map<string, Set<string>>;
  /** The members and messages whose names are among them. */
  learned: WeakSet<object>;
  /** What was loaded when they were learned. */
  items: readonly Message[];
  /** The reader, whose own mentions are marked. */
  self: Self;
  mentions: Source<Mentions>;
};

const rooms = new WeakMap<object, Known>();

/** Returns the mentions that there can be in the room: they change with the names that are known. */
export function mentionsIn(visit: Visit): Observable<Mentions> {
  return knownIn(visit).mentions;
}

/** Follows the names in the room. Returns how to stop. */
export function followNames(visit: Visit): () => void {
  const known = knownIn(visit);
  const look = () => {
    const [learned, self] = [learn(visit, known), selfIn(visit)];
    if (!learned && self.member === known.self.member && self.name === known.self.name) return;
    known.self = self;
    known.mentions.value = mentionsOf(known.names, self);
  };
  const { log, presence, you } = visit.room;
  const stops = [log, presence, you, displayName].map((one: Observable<unknown>) => one.subscribe(look));
  return () => stops.forEach((stop) => stop());
}

function knownIn(visit: Visit): Known {
  let known = rooms.get(visit);
  if (!known) {
    const names = new Map<string, Set<string>>();
    const learned = new WeakSet<object>();
    const self = selfIn(visit);
    known = { names, learned, items: [], self, mentions: source(mentionsOf(names, self)) };
    if (learn(visit, known)) known.mentions.value = mentionsOf(names, self);
    rooms.set(visit, known);
  }
  return known;
}

function selfIn({ room }: Visit): Self {
  return { member: room.you.value?.member, name: displayName.value };
}

/** Adds the names of the members and authors of now. Returns whether there are new ones. */
function learn({ room }: Visit, known: Known): boolean {
  const { names, learned, items: before } = known;
  let more = false;
  const add = (of: object, name: string, member: string | undefined) => {
    if (member === undefined || learned.has(of)) return;
    learned.add(of);
    const key = keyOf(name);
    const members = names.get(key) ?? new Set<string>();
    more ||= !members.has(member);
    names.set(key, members.add(member));
  };
  for (const one of room.presence.value.members?.values() ?? []) add(one, one.data.name, one.member);
  const { items } = room.log.value;
  known.items = items;
  for (const { body, author } of items.slice(sharedStart(items, before))) if (body) add(body, body.user, author);
  return more;
}
