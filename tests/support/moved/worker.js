// A room of ours whose object was used from JavaScript before: what is moved from PartyServer in place. And a namespace that only looks
// like one, and fails as the name of the room says, to see what the router asks of the platform.

import Front, { Probe } from "../../probe/build/index.js";

/** What PartyServer's rooms have stored. */
const STORED = {
  text: "plum",
  number: 5,
  list: [1, 0.5, null, { deep: true }],
  unset: { here: 1, gone: undefined },
  date: new Date(0),
  map: new Map([[1, 2]]),
  bytes: new Uint8Array([1, 2]),
  infinite: { deep: [Infinity] },
  big: 1n,
};

export class Moved {
  #rung = Promise.withResolvers();
  #room;

  constructor(ctx, env) {
    this.ctx = ctx;
    this.#room = new Probe(ctx, env);
  }

  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const { storage } = this.ctx;
    switch (searchParams.get("js")) {
      case "put":
        await storage.put(STORED);
        return new Response("put");
      case "get":
        return Response.json(await storage.get(searchParams.get("key")));
      case "name":
        await storage.put("__ps_name", searchParams.get("name"));
        return new Response("named");
      case "alarm":
        await storage.setAlarm(Date.now());
        await this.#rung.promise;
        return new Response("rung");
      default:
        return this.#room.fetch(request);
    }
  }

  async alarm() {
    await this.#room.alarm();
    this.#rung.resolve();
  }
}

/** The same without SQLite. */
export class Old extends Moved {}

/** The options of each stub that was asked for since they were last read. */
let asked = [];

const Fake = {
  idFromName: (name) => name,
  get: () => undefined,
  jurisdiction: () => Fake,
  getByName(_name, options) {
    asked.push(options);
    return { fetch: () => Promise.reject(Object.assign(new Error("unreachable"), { retryable: true })) };
  },
};

/** Objects by their ids, which nobody can address by a name. */
const ids = new Map();

/** The request with the name that its address tells. */
function named(request) {
  const told = new URL(request.url).searchParams.get("told");
  const copy = new Request(request);
  if (told !== null) copy.headers.set("x-partykit-room", told);
  return copy;
}

export default {
  fetch(request, env, ctx) {
    const [, kind, room] = new URL(request.url).pathname.split("/");
    switch (kind) {
      case "asked": {
        const seen = asked;
        asked = [];
        return Response.json(seen);
      }
      case "named":
        return env.Moved.getByName(room).fetch(named(request));
      case "old":
        return env.Old.get(env.Old.newUniqueId()).fetch(named(request));
      case "unique":
        if (!ids.has(room)) ids.set(room, env.Moved.newUniqueId().toString());
        return env.Moved.get(env.Moved.idFromString(ids.get(room))).fetch(named(request));
      default:
        return Front.prototype.fetch.call({ env: { ...env, Fake }, ctx }, request);
    }
  },
};
