// A gate in front of a server. While it is shut, nobody has a connection to the server and nobody gets one.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class Gate {
  readonly #gate: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;

  private constructor(gate: Server) {
    this.#gate = gate;
    this.#port = (gate.address() as AddressInfo).port;
    gate.on("connection", (client) => this.#keep(client));
  }

  /** Opens a gate that leads to a server on this machine. */
  static async to({ hostname, port }: URL): Promise<Gate> {
    const gate = createServer((client) => {
      const server = connect(Number(port), hostname);
      client.pipe(server).pipe(client);
      // An end that is cut off takes the other with it.
      client.on("error", () => undefined).on("close", () => server.destroy());
      server.on("error", () => undefined).on("close", () => client.destroy());
    });
    await once(gate.listen(0, hostname), "listening");
    return new Gate(gate);
  }

  /** The address by which the server is reached. */
  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  async shut(): Promise<void> {
    const shut = once(this.#gate, "close");
    this.#gate.close();
    for (const socket of this.#sockets) socket.destroy();
    await shut;
  }

  async open(): Promise<void> {
    await once(this.#gate.listen(this.#port, "127.0.0.1"), "listening");
  }

  #keep(client: Socket): void {
    this.#sockets.add(client);
    client.on("close", () => this.#sockets.delete(client));
  }
}
