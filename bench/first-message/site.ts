// A site as a browser sees it: the files of a page, compressed, and behind `/parties/` the rooms of a worker. Both
// contestants are served by it, so that what differs is the page and the room.

import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

export class Site {
  readonly url: URL;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Serves the files in a folder, and the rooms of the worker on a port. */
  static async of(folder: string, rooms: number): Promise<Site> {
    const files = filesIn(folder);
    const server = createServer(({ url = "/" }, response) => {
      // An address that is not a file is a room, and has the page.
      const path = url !== "/" && files.has(url) ? url : "/index.html";
      const type = TYPES[extname(path)] ?? "text/plain";
      response.writeHead(200, { "content-type": type, "content-encoding": "gzip", "cache-control": "no-store" });
      response.end(files.get(path));
    });
    server.on("upgrade", (request, socket, head) => handOn(request, socket as Socket, head, rooms));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Site(server);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Returns the files by their addresses, as they travel. */
function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(folder.length), gzipSync(readFileSync(file))];
    }),
  );
}

/** Hands a WebSocket on to the worker, byte by byte. */
function handOn({ url, headers }: IncomingMessage, socket: Socket, head: Buffer, port: number): void {
  const room = connect(port, "127.0.0.1", () => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    room.write(`GET ${url} HTTP/1.1\r\n${lines.join("")}\r\n`);
    room.write(head);
    room.pipe(socket).pipe(room);
  });
  for (const [one, other] of [[room, socket], [socket, room]] as const) {
    one.setNoDelay(true);
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}
