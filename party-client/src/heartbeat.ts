// Is the line alive, and does the room know that we are? A socket can outlive its network by minutes. A frame that was
// received shows the one and not the other: a ping is due when nothing was received for a while, and when nothing was
// sent for a while.
import { timer } from "./timer.ts";
import type { Timings } from "./timings.ts";

export type Heartbeat = {
  /** Notes that something was received: the line is alive. */
  heard(): void;
  /** Notes that something was sent: the room knows of us. */
  sent(): void;
  /** Sends a ping now. */
  probe(): void;
  stop(): void;
};

export function heartbeat(ping: () => void, dead: () => void, isHidden: () => boolean, timings: Timings): Heartbeat {
  const answer = timer(dead);
  const [unheard, unsent] = [timer(probe), timer(probe)];
  const rest = () => (isHidden() ? timings.pingHidden : timings.ping);
  function probe() {
    unheard.stop();
    ping();
    if (!answer.left) answer.set(timings.pong);
  }
  return {
    probe,
    heard() {
      answer.stop();
      unheard.set(rest());
    },
    sent: () => unsent.set(rest()),
    stop: () => [answer, unheard, unsent].forEach((timer) => timer.stop()),
  };
}
