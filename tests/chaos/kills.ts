// The process is killed, asked to end and halted, while clients write.

import { Crowd, type CrowdOptions } from "./crowd.ts";
import { pass, type Part, type Setting } from "./part.ts";
import { times } from "./report.ts";
import { Server } from "./server.ts";

type Blow = "kill" | "terminate" | "halt";

interface Scale {
  readonly blows: Readonly<Record<Blow, number>>;
  /** How many operations are accepted between two blows at most. */
  readonly between: number;
  /** How long a halted process stands still. */
  readonly haltMs: number;
  /** How long a process that was asked to end has for it before it is killed, as by systemd or Kubernetes. */
  readonly graceMs: number;
  readonly crowd: CrowdOptions;
}

const LONG: Scale = {
  blows: { kill: 60, terminate: 3, halt: 3 },
  between: 8_000,
  haltMs: 20_000,
  graceMs: 30_000,
  crowd: { rooms: 8, members: 8, writers: 8, every: 112 },
};

const SHORT: Scale = {
  blows: { kill: 5, terminate: 1, halt: 1 },
  between: 150,
  haltMs: 5_000,
  graceMs: 1_000,
  crowd: { rooms: 3, members: 4, writers: 3, every: 112 },
};

/** How long a process that was asked to end goes on serving the connections that it has, before they are cut. */
const DRAIN_MS = 500;

export const kills: Part = {
  name: "kills",
  title: "SIGKILL, SIGTERM and SIGSTOP while clients write",
  run: async (setting) => {
    const scale = setting.long ? LONG : SHORT;
    const server = await Server.start(setting.folder);
    try {
      await new Blows(setting, scale, server).run();
    } finally {
      await server.end("SIGKILL");
    }
  },
};

class Blows {
  readonly #setting: Setting;
  readonly #scale: Scale;
  readonly #server: Server;
  readonly #crowd: Crowd;
  /** How long it took until everyone was welcomed again, from the start of the new process or from its going on. */
  readonly #backs: Record<Blow, number[]> = { kill: [], terminate: [], halt: [] };
  readonly #starts: number[] = [];
  readonly #counts: Record<Blow, number> = { kill: 0, terminate: 0, halt: 0 };

  constructor(setting: Setting, scale: Scale, server: Server) {
    [this.#setting, this.#scale, this.#server] = [setting, scale, server];
    this.#crowd = new Crowd(server.url, setting.folder, "kills", setting.random.fork(), scale.crowd);
  }

  async run(): Promise<void> {
    const { random, section } = this.#setting;
    await this.#crowd.here();
    this.#crowd.write();
    for (const blow of this.#schedule()) {
      // Often a blow comes while clients are still coming back from the one before it.
      await this.#crowd.accepts(random.below(4) === 0 ? 0 : random.below(this.#scale.between));
      if (blow === "kill") await this.#kill();
      if (blow === "terminate") await this.#terminate();
      if (blow === "halt") await this.#halt();
    }
    await this.#crowd.accepts(this.#scale.between);
    await this.#crowd.settle();
    await this.#server.end("SIGKILL");
    const { kill, terminate, halt } = this.#backs;
    section.figure("SIGKILL, SIGTERM, SIGSTOP", Object.values(this.#counts).join(", "));
    section.figure("workerd listens again", times(this.#starts));
    section.figure("after SIGKILL everyone is back", times(kill));
    section.figure("after SIGTERM everyone is back", times(terminate));
    section.figure("after SIGSTOP everyone is served", times(halt));
    section.judge(await this.#crowd.verdicts());
  }

  /** Returns all blows in an order of chance. */
  #schedule(): Blow[] {
    const { random } = this.#setting;
    const blows = Object.entries(this.#scale.blows) as [Blow, number][];
    const drawn = blows.flatMap(([blow, count]) => Array.from({ length: count }, () => ({ blow, at: random.fraction() })));
    return drawn.sort((a, b) => a.at - b.at).map(({ blow }) => blow);
  }

  async #kill(): Promise<void> {
    const welcomes = this.#crowd.welcomes();
    await this.#server.end("SIGKILL");
    this.#setting.section.killed();
    await this.#comesBack("kill", welcomes);
  }

  /** workerd takes no more connections, and ends once those that it has are closed. */
  async #terminate(): Promise<void> {
    const welcomes = this.#crowd.welcomes();
    const ended = this.#server.end("SIGTERM", this.#scale.graceMs);
    await pass(DRAIN_MS);
    for (const client of this.#crowd.clients) client.cut();
    await ended;
    await this.#comesBack("terminate", welcomes);
  }

  async #comesBack(blow: Blow, welcomes: ReturnType<Crowd["welcomes"]>): Promise<void> {
    const started = performance.now();
    await this.#server.restart();
    const listens = performance.now();
    this.#starts.push(listens - started);
    this.#counts[blow]++;
    // Sometimes the next blow comes before everyone is back.
    if (this.#setting.random.below(5) === 0) return;
    await this.#crowd.back(welcomes);
    this.#backs[blow].push(performance.now() - listens);
  }

  /** A process that stands still closes no connection: its clients find out, or wait. */
  async #halt(): Promise<void> {
    this.#server.signal("SIGSTOP");
    await pass(this.#scale.haltMs);
    const goesOn = performance.now();
    this.#server.signal("SIGCONT");
    await this.#crowd.everyoneAccepts();
    this.#counts.halt++;
    this.#backs.halt.push(performance.now() - goesOn);
  }
}
