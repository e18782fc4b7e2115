// The line to one room. `partysocket` opens it and opens it again; here its events become one calm state and typed frames.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { PartySocket } from "partysocket";
import type { ClientFrame, ServerFrame } from "./protocol.ts";
import { readFrame } from "./server-frame.ts";

export type ConnectionState = "connecting" | "connected" | "reconnecting" | "offline";

export type Connection = {
  state: ReadonlySignal<ConnectionState>;
  /** Sends now if the room's history has arrived on this connection, else not at all: the outbox is sent when it does. */
  send(frame: ClientFrame): void;
  close(): void;
};

const CALM = 2500; // A blip shorter than this is not shown: the room was deployed anew, the phone changed its network.
const ANSWER = 10_000; // A line that stays silent for so long after we have spoken is dead, though the browser has not noticed.

/** Opens the line. `receive` gets every frame, in order. */
export function connect(room: string, receive: (frame: ServerFrame) => void): Connection {
  const ready = signal(false);
  const wasReady = signal(false);
  const lost = signal(false);
  const online = signal(navigator.onLine);
  const socket = openSocket(room);
  const calm = timer(CALM, () => (lost.value = !ready.value));
  const answer = timer(ANSWER, () => socket.reconnect());
  const stop = new AbortController();

  socket.addEventListener("close", () => {
    ready.value = false;
    answer.stop();
    calm.start();
  });
  socket.addEventListener("message", ({ data }) => {
    answer.stop();
    const frame = readFrame(data);
    if (frame?.type === "all") {
      calm.stop();
      ready.value = wasReady.value = true;
      lost.value = false;
    }
    if (frame) receive(frame);
  });
  for (const change of ["online", "offline"]) {
    // A socket can outlive its network by minutes. A fresh one tells at once how things stand.
    addEventListener(change, () => ((online.value = navigator.onLine), socket.reconnect()), { signal: stop.signal });
  }

  return {
    state: computed(() => {
      if (ready.value) return "connected";
      if (!online.value) return "offline";
      if (lost.value) return "reconnecting";
      return wasReady.value ? "connected" : "connecting";
    }),
    send(frame) {
      if (!ready.peek()) return;
      socket.send(JSON.stringify(frame));
      answer.start();
    },
    close() {
      stop.abort();
      socket.close();
      calm.stop();
      answer.stop();
    },
  };
}

function openSocket(room: string): PartySocket {
  return new PartySocket({
    host: location.host,
    protocol: location.protocol === "https:" ? "wss" : "ws",
    party: "chat",
    room,
    query: { wire: "2" },
    maxEnqueuedMessages: 0,
    // After a deploy all clients lose their rooms in the same instant; they must not all come back in the same one.
    minReconnectionDelay: 300 + 2000 * Math.random(),
  });
}

/** A timer that runs once; starting it while it runs changes nothing. */
function timer(delay: number, run: () => void): { start(): void; stop(): void } {
  let running: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(running);
    running = undefined;
  };
  return { stop, start: () => void (running ??= setTimeout(() => (stop(), run()), delay)) };
}
