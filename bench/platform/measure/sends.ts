// How long an object takes to send a frame to many sockets.
//
// Time stands still for the object while it sends, so it cannot tell. Two others measure it. An object beside it calls
// it and waits for the answer: without any sockets that is the round trip, and whatever it takes longer with `n`
// sockets is the loop. And this program notes when the frame arrives at each socket.

import type { WebSocket } from "ws";
import type { Watched } from "../answers.ts";
import { median } from "./numbers.ts";
import { paragraph, shown, table, title } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { Site } from "./site.ts";

const NUMBERS = [100, 250, 500, 1_000, 2_500, 5_000];

/** The length of a frame: a chat message with its entry. */
const BYTES = 300;

/** How often a busy relay sends, in microseconds. It is to be busy for half of that time. */
const FLUSH_US = 100_000;

/** How long a frame may be on its way. What has not come by then is lost, and is counted. */
const ARRIVAL_MS = 10_000;

interface Round extends Watched {
  /** Milliseconds from the first frame that has arrived to the last. */
  readonly spread: number;
  /** Milliseconds from the request of this program to the last frame. */
  readonly last: number;
  /** Frames that have not arrived. */
  readonly lost: number;
}

/** Prints the table for sockets that are open already. */
export async function measureSends(site: Site, sockets: readonly WebSocket[], { rounds }: Settings): Promise<void> {
  site.bill.add({ objects: 1 });
  const crowd = new Crowd(sockets);
  const numbers = [...NUMBERS.filter((number) => number < sockets.length), sockets.length];
  const run = async (n: number): Promise<Round[]> => {
    const found: Round[] = [];
    for (let round = 0; round < rounds; round += 1) found.push(await send(site, crowd, n));
    return found;
  };
  // The first call makes the object that calls.
  await send(site, crowd, 0);
  const empty = await run(0);
  const of = (found: Round[], field: "loop" | "busy" | "spread" | "last") => median(found.map((round) => round[field]));
  const rows: string[][] = [];
  let each = Number.NaN;
  for (const n of numbers) {
    const found = await run(n);
    const [loop, busy] = [of(found, "loop") - of(empty, "loop"), of(found, "busy") - of(empty, "busy")];
    each = (1_000 * busy) / n;
    const lost = found.reduce((sum, round) => sum + round.lost, 0);
    const cells = [loop, (1_000 * loop) / n, busy, each, of(found, "spread"), of(found, "last")];
    rows.push([`${n}`, ...cells.map(shown), `${lost}`]);
  }
  print(rows, each);
}

/** Has a frame sent to `n` sockets, and waits until it is there. */
async function send(site: Site, crowd: Crowd, n: number): Promise<Round> {
  const { number, arrived } = crowd.round();
  const start = performance.now();
  const watched = await site.ask<Watched>("watch", `watch?n=${n}&round=${number}&bytes=${BYTES}`, 2);
  const times = await arrived(watched.sockets);
  const [first, last] = [times[0] ?? start, times.at(-1) ?? start];
  return { ...watched, spread: last - first, last: last - start, lost: n - times.length };
}

function print(rows: readonly string[][], each: number): void {
  title("Sending");
  paragraph(
    `A frame of ${BYTES} bytes goes to n sockets of one object.`,
    "An object beside it measures, without the round trip:",
    '"loop" ends when the object answers, "busy" when it answers a second call, which waits behind what the first has',
    "left to do.",
    'This program measures, with its network: "spread" is from the first frame to the last, "all" is from the request',
    "to the last frame.",
  );
  table(["sockets", "loop, ms", "µs each", "busy, ms", "µs each", "spread, ms", "all, ms", "lost"], rows);
  paragraph(
    "Change: `connections` in `Relays::default` of party/src/channel/relays/options.rs.",
    `At ${shown(each)} µs for each socket, a relay that sends ten frames a second is busy for half of the time with`,
    `${each > 0 ? shown(FLUSH_US / 2 / each) : "any number of"} sockets.`,
    "Cloudflare's clock has steps of a millisecond, so a time of a few milliseconds is not exact.",
  );
}

/** The sockets, and the frames that arrive at them. */
class Crowd {
  /** When the frames of a round have arrived. */
  readonly #times = new Map<number, number[]>();
  #wake = (): void => {};

  constructor(sockets: readonly WebSocket[]) {
    for (const socket of sockets) {
      socket.on("message", (data) => {
        this.#times.get(Number.parseInt(String(data), 10))?.push(performance.now());
        this.#wake();
      });
    }
  }

  /** Begins a round: its number, and a function that waits until its frame has arrived at a number of sockets. */
  round(): { number: number; arrived: (wanted: number) => Promise<readonly number[]> } {
    const number = this.#times.size;
    const times: number[] = [];
    this.#times.set(number, times);
    const arrived = (wanted: number) =>
      new Promise<readonly number[]>((resolve) => {
        const timer = setTimeout(() => resolve([...times]), ARRIVAL_MS);
        this.#wake = () => {
          if (times.length < wanted) return;
          clearTimeout(timer);
          resolve(times);
        };
        this.#wake();
      });
    return { number, arrived };
  }
}
