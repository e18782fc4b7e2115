// One WebSocket at a time. Events of a socket that was left are ignored.
import { timer } from "./timer.ts";

export type Socket = {
  /** Opens a connection. It must be left before the next one is opened. Throws what the class throws. */
  open(address: string, protocols: string[]): void;
  /** Sends a text, if the connection is open. */
  send(text: string): void;
  /** Closes the connection, or gives up the attempt at one. */
  leave(): void;
};

export type SocketOptions = {
  /** The class to use; that of the platform without. */
  WebSocket: unknown;
  /** The longest time that a connection may take to open, in milliseconds. */
  patience: number;
  opened(): void;
  received(data: string): void;
  /** Called once when a connection is lost or did not open, unless it was left. */
  gone(code: number, reason: string): void;
};

export function socket(options: SocketOptions): Socket {
  let current: WebSocket | undefined;
  const late = timer(() => gone());

  function leave(): void {
    late.stop();
    const left = current;
    current = undefined;
    left?.close(1000);
  }

  function gone(code = 1006, reason = ""): void {
    leave();
    options.gone(code, reason);
  }

  return {
    leave,
    open(address, protocols) {
      const Class = (options.WebSocket ?? WebSocket) as typeof WebSocket;
      const made = (current = new Class(address, protocols));
      late.set(options.patience);
      const on = <K extends keyof WebSocketEventMap>(type: K, run: (event: WebSocketEventMap[K]) => void) =>
        // Those of a socket that was left stay: in Node, an error that nobody listens to ends the process.
        made.addEventListener(type, (event) => made === current && run(event));
      on("open", () => (late.stop(), options.opened()));
      on("message", ({ data }) => options.received(data as string));
      on("close", ({ code, reason }) => gone(code, reason));
      on("error", () => gone());
    },
    send: (text) => current?.readyState === 1 && current.send(text),
  };
}
