// A member of a board, over the real `party-client`, in Node.

import { Room } from "party-client";
import type { Question } from "../../examples/board/client/protocol.ts";
import type { BoardRoom, BoardTypes } from "../../examples/board/client/room-types.ts";
import { cuttable } from "./chat.ts";
import { browser, memory, until } from "./member.ts";

export { browser };

/** Everyone who is on a board. */
const present = new Set<Asker>();

/** Has everyone leave: what a test leaves open keeps Node from ending. */
export function allLeave(): void {
  for (const asker of present) asker.leave();
}

/** Somebody on a board, in one tab of a browser. */
export class Asker {
  readonly room: BoardRoom;
  /** Breaks the connection. */
  readonly cut: () => void;

  constructor(url: URL, room: string, name: string, tabs = browser(), tab = browser()) {
    const { Socket, cut } = cuttable();
    this.cut = cut;
    this.room = new Room<BoardTypes>({
      host: url.host,
      protocol: "ws",
      party: "board",
      room,
      presence: { name },
      memory: memory(tabs, tab),
      WebSocket: Socket,
      timings: { least: 20, most: 200 },
    });
    present.add(this);
    this.room.connect();
  }

  async connected(): Promise<void> {
    await until("the connection", this.room.state, ({ status }) => status === "connected");
  }

  upvote(question: number): void {
    // A vote that is not answered when the visit ends stays unanswered.
    this.room.command({ do: "upvote", question }).done.catch(() => undefined);
  }

  /** Waits until everything that was written here is acknowledged. */
  async settled(): Promise<void> {
    await until("an empty outbox", this.room.outbox, (outbox) => outbox.length === 0, 60_000);
  }

  /** Waits until the board has exactly these questions. */
  async sees(...questions: Question[]): Promise<void> {
    const wanted = JSON.stringify(questions);
    await until(wanted, this.room.log, ({ loaded }) => loaded && JSON.stringify(this.questions()) === wanted);
  }

  questions(): Question[] {
    return this.room.log.value.items.flatMap(({ body }) => body ?? []);
  }

  leave(): void {
    present.delete(this);
    this.room.close();
  }
}
