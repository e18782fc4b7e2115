// The connection to one room: it is opened, watched, and opened again for as long as that makes sense.
import { addressOf, type Place } from "./address.ts";
import { backoff } from "./backoff.ts";
import { isFinal, isLater, TOO_LARGE, UNAUTHORIZED } from "./close-codes.ts";
import { elapsed } from "./clock.ts";
import { heartbeat } from "./heartbeat.ts";
import { isHidden, isOffline, watchPage } from "./page-lifecycle.ts";
import type { Request } from "./request.ts";
import { socket } from "./socket.ts";
import { timer } from "./timer.ts";
import type { Timings } from "./timings.ts";
import type { Code } from "./wire.ts";

export type State =
  /**
   * `connecting` until the room has welcomed us for the first time, then `reconnecting` whenever there is no
   * connection.
   */
  | { status: "connecting" | "connected" | "reconnecting" | "offline" }
  /** Closed permanently: by the room, with a code of docs/protocol.md, or by the client, with 1000. */
  | { status: "closed"; code: number; reason: string };

export type ConnectionOptions = {
  place: Place;
  WebSocket: unknown;
  timings: Timings;
  /** Returns the request for the next attempt. `renew` is set if the last token was no longer valid. */
  request(renew: boolean): Promise<Request>;
  /** Called when there is no request, or no connection can be opened with it. It is tried again after a pause. */
  failed(code: Code, error: unknown): void;
  /** Called when the connection is open, but the room has not sent a welcome in time. */
  unanswered(): void;
  receive(text: string): void;
  /** Called when the room closes the connection because a frame was too large. */
  tooLarge(reason: string): void;
  /** Called when the connection is lost, with the frames that were not answered. */
  lost(): void;
  changed(state: State): void;
};

export type Connection = {
  send(text: string): void;
  /** Notes that the room has sent the welcome. */
  welcomed(): void;
  /** The room asks the client to wait `delay` milliseconds before it reconnects. */
  later(delay: number): void;
  /** This connection is of no use: opens another, at once if it has lasted for a while. */
  replace(): void;
  /** Opens a connection now, whatever has happened. */
  open(): void;
  close(): void;
};

export function connection(options: ConnectionOptions): Connection {
  const { timings } = options;
  let asked: Request = { query: {}, protocols: [] };
  let turn = 0; // Counts attempts: what an earlier one still brings is of no interest.
  let live = false; // Is there a connection, or an attempt at one?
  let opened = false;
  let failures = 0;
  let welcomedAt: number | undefined;
  let everWelcomed = false;
  let renewed = false;
  let notBefore = 0;
  let told = timings.later; // For how long the room wants to be left alone.
  let ended = true; // Until `open()`.

  const retry = timer(() => dial());
  const silence = timer(() => {
    options.unanswered();
    replace();
  });
  const pulse = heartbeat(() => send("ping"), replace, isHidden, timings);
  let unwatch = () => {};
  const line = socket({
    WebSocket: options.WebSocket,
    patience: timings.connect,
    opened() {
      opened = true;
      pulse.heard();
      pulse.sent(); // The room counts from the opening.
      silence.set(timings.answer);
    },
    received(data) {
      pulse.heard();
      if (data !== "pong") options.receive(data);
    },
    gone: down,
  });

  function send(text: string): void {
    line.send(text);
    if (opened) pulse.sent();
  }

  function look(back: boolean): void {
    if (ended) return;
    if (opened) pulse.probe();
    else if (back) dial();
    else waiting();
  }

  /** Reports that there is no connection. Attempts go on when the browser sees no network: it may be wrong. */
  function waiting(): void {
    options.changed({ status: isOffline() ? "offline" : everWelcomed ? "reconnecting" : "connecting" });
  }

  /** Leaves the connection, or the attempt at one. */
  function hangUp(): void {
    turn++;
    if (welcomedAt !== undefined && elapsed() - welcomedAt >= timings.steady) failures = 0;
    welcomedAt = undefined;
    opened = live = false;
    [retry, silence, pulse].forEach((timer) => timer.stop());
    line.leave();
    options.lost();
  }

  function dial(pause = 0): void {
    hangUp();
    waiting();
    const wait = Math.max(notBefore - elapsed(), 0) + pause;
    if (wait) retry.set(wait);
    else void connect(turn);
  }

  async function connect(mine: number): Promise<void> {
    let code: Code = "expired";
    try {
      const request = await options.request(renewed);
      if (mine !== turn) return;
      asked = request;
      told = timings.later;
      live = true;
      code = "invalid_address";
      line.open(addressOf(options.place, asked.query), asked.protocols);
    } catch (error) {
      if (mine !== turn) return;
      options.failed(code, error);
      again();
    }
  }

  /** Handles a connection that is lost, or could not be opened. */
  function down(code: number, reason: string): void {
    if (code === TOO_LARGE) {
      options.tooLarge(reason);
      if (!live) return; // A listener has ended the visit.
    }
    if (isLater(code)) notBefore = elapsed() + told;
    if (code === UNAUTHORIZED && !renewed && asked.protocols.length > 1) {
      renewed = true;
      dial();
    } else if (isFinal(code)) end(code, reason);
    else again();
  }

  function again(): void {
    hangUp();
    dial(backoff(failures++, timings));
  }

  /** Reconnects at once, unless that has just failed. */
  function replace(): void {
    hangUp();
    const pause = failures && backoff(failures, timings);
    failures++;
    dial(pause);
  }

  function end(code: number, reason: string): void {
    ended = true;
    hangUp();
    options.changed({ status: "closed", code, reason });
  }

  return {
    replace,
    send,
    later: (delay) => void (told = delay),
    welcomed() {
      welcomedAt = elapsed();
      everWelcomed = true;
      renewed = false;
      silence.stop();
      options.changed({ status: "connected" });
    },
    open() {
      unwatch();
      unwatch = watchPage(look);
      ended = renewed = false;
      failures = 0;
      notBefore = 0;
      dial();
    },
    close() {
      unwatch();
      end(1000, "");
    },
  };
}
