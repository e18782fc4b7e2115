// Is the line alive? A socket can outlive its network by minutes, so we ask, and take any frame for an answer.
import { timer } from "./timer.ts";
import type { Timings } from "./timings.ts";

export type Heartbeat = {
  /** Something came: there is no need to ask for a while. */
  heard(): void;
  /** Asks now. */
  probe(): void;
  stop(): void;
};

export function heartbeat(ping: () => void, dead: () => void, isHidden: () => boolean, timings: Timings): Heartbeat {
  const answer = timer(dead);
  const rest = timer(probe);
  function probe() {
    rest.stop();
    ping();
    answer.set(timings.pong);
  }
  return {
    probe,
    heard() {
      answer.stop();
      rest.set(isHidden() ? timings.pingHidden : timings.ping);
    },
    stop() {
      answer.stop();
      rest.stop();
    },
  };
}
