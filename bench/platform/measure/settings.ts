// What the owner asks on the command line, within the bounds that keep a run short and cheap.

import { parseArgs } from "node:util";
import { LEAST_KEY, MOST, PLACES, type Place } from "../answers.ts";

export const USAGE = `usage: FIGURES_KEY=... node bench/platform/measure/main.ts ADDRESS [options]

ADDRESS is that of the worker which was deployed from this folder. Nothing else is asked.

  --sockets N   how many sockets are opened: 1 to ${MOST.sockets}, 500 by default
  --calls N     the most calls at once: 1 to ${MOST.calls}, ${MOST.calls} by default
  --wait N      milliseconds that a called object waits: 1 to ${MOST.wait}, 200 by default
  --trips N     round trips to each place: 1 to ${MOST.trips}, 20 by default
  --rounds N    how often calls and sends are repeated: 1 to 20, 5 by default
  --places A,B  the places to call, of ${PLACES.join(", ")}; all by default
  --minutes N   after how long the run ends, finished or not: 1 to 15, 10 by default`;

/** A mistake on the command line, or in what it names. */
export class Mistake extends Error {}

export interface Settings {
  readonly address: URL;
  readonly key: string;
  readonly sockets: number;
  readonly calls: number;
  readonly wait: number;
  readonly trips: number;
  readonly rounds: number;
  readonly places: readonly Place[];
  readonly minutes: number;
}

/** Reads the words of the command line, and the key. */
export function read(words: string[], key = ""): Settings {
  const { values, positionals } = parsed(words);
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) throw new Mistake("name one address");
  if (key.length < LEAST_KEY) throw new Mistake(`FIGURES_KEY is not set, or has less than ${LEAST_KEY} letters`);
  const number = (name: Exclude<keyof typeof values, "places">, most: number, otherwise: number): number => {
    const value = Number(values[name] ?? otherwise);
    if (!(Number.isInteger(value) && value >= 1 && value <= most)) throw new Mistake(`--${name} is 1 to ${most}`);
    return value;
  };
  return {
    address: safe(address),
    key,
    sockets: number("sockets", MOST.sockets, 500),
    calls: number("calls", MOST.calls, MOST.calls),
    wait: number("wait", MOST.wait, 200),
    trips: number("trips", MOST.trips, 20),
    rounds: number("rounds", 20, 5),
    places: values.places === undefined ? PLACES : values.places.split(",").map(place),
    minutes: number("minutes", 15, 10),
  };
}

function parsed(words: string[]) {
  const text = { type: "string" } as const;
  const options = { sockets: text, calls: text, wait: text, trips: text, rounds: text, places: text, minutes: text };
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new Mistake(error instanceof Error ? error.message : String(error));
  }
}

/** Returns an address to which the key may be sent: over TLS, or on this machine. */
function safe(text: string): URL {
  const address = URL.parse(text);
  const isHere = address?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(address.hostname);
  if (address && (address.protocol === "https:" || isHere)) return new URL("/", address);
  throw new Mistake(`${text} is not an address that begins with https://`);
}

function place(text: string): Place {
  const found = PLACES.find((place) => place === text);
  if (!found) throw new Mistake(`${text} is not one of ${PLACES.join(", ")}`);
  return found;
}
