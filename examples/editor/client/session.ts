// One visit to one text: the document, its connection to the room, and what the page shows of both.
import { source, type Observable, type Source } from "party-client";
import { IndexeddbPersistence } from "y-indexeddb";
import YProvider from "y-partyserver/provider";
import { readAuthMessage } from "y-protocols/auth";
import type { Awareness } from "y-protocols/awareness";
import { applyUpdate, Doc, type Text } from "yjs";
import type { Place } from "./address.ts";
import { ownColor, ownName } from "./own-name.ts";
import { nameOf, peopleOf, type Person } from "./people.ts";
import { readNews, type Command, type Version } from "./protocol.ts";
import { sentence } from "./words.ts";

/** The name of the text in the document: `GET …/document?text=codemirror`. */
const TEXT = "codemirror";

/** The kind of the message in which a room says why something was refused. */
const AUTH = 2;

/** The close code of a client whose message is too large for the room. */
const MESSAGE_TOO_LARGE = 1009;

/** How long the page waits for what the browser has kept. */
const PATIENCE_MS = 2000;

export type Connection = "connecting" | "connected" | "offline";

export type Session = {
  readonly place: Place;
  readonly text: Text;
  readonly awareness: Awareness;
  readonly connection: Observable<Connection>;
  readonly people: Observable<readonly Person[]>;
  /** The newest first. */
  readonly versions: Observable<readonly Version[]>;
  /** Why the room does not take what was written here, if so. It stays in this browser. */
  readonly refusal: Observable<string | undefined>;
  /** Something to tell. `undefined` dismisses it. */
  readonly notice: Source<string | undefined>;
  /** Sends a command about versions. Returns whether there is a connection for it; if not, the page says so. */
  command(command: Command): boolean;
  /** Returns the text of a version. */
  version(id: number): Promise<string>;
};

/** Opens a text. */
export function openSession(place: Place): Session {
  const { room, key } = place;
  const doc = new Doc();
  const connection = source<Connection>("connecting");
  const people = source<readonly Person[]>([]);
  const versions = source<readonly Version[]>([]);
  const [refusal, notice] = [source<string | undefined>(undefined), source<string | undefined>(undefined)];
  const provider = new YProvider(location.host, room, doc, {
    party: "editor",
    protocol: location.protocol === "https:" ? "wss" : "ws",
    params: { news: "", key },
    connect: false,
  });
  const { awareness } = provider;

  // The provider only writes the reason to the console.
  provider.messageHandlers[AUTH] = (_encoder, decoder) => {
    readAuthMessage(decoder, doc, (_doc, reason) => (refusal.value = sentence(reason)));
  };
  provider.on("connection-close", ({ code }: CloseEvent) => {
    if (code !== MESSAGE_TOO_LARGE) return;
    // It would send the same again.
    provider.disconnect();
    refusal.value = "It is too much for one message.";
  });
  provider.on("status", ({ status }: { status: string }) => {
    if (status === "connected") refusal.value = undefined;
    else if (status === "disconnected") connection.value = "offline";
  });
  provider.on("connection-error", () => (connection.value = "offline"));
  provider.on("synced", (synced: boolean) => synced && (connection.value = "connected"));
  provider.on("custom-message", (message: string) => {
    const news = readNews(message);
    if (news?.type === "versions") versions.value = news.versions.toReversed();
    else if (news?.type === "refused") notice.value = sentence(news.reason);
  });

  awareness.on("change", () => (people.value = peopleOf(awareness)));
  ownName.subscribe((name) => {
    const user = { name: nameOf(name), color: ownColor, colorLight: `${ownColor}33`, reads: key === undefined };
    awareness.setLocalStateField("user", user);
  });

  // A browser without a network would keep a connection that leads nowhere.
  addEventListener("offline", () => (provider.disconnect(), (connection.value = "offline")));
  addEventListener("online", () => void provider.connect());
  void kept(room, doc).then(() => {
    if (navigator.onLine) void provider.connect();
    else connection.value = "offline";
  });

  return {
    place,
    text: doc.getText(TEXT),
    awareness,
    connection,
    people,
    versions,
    refusal,
    notice,
    command(command) {
      const isConnected = connection.value === "connected";
      if (isConnected) provider.sendMessage(JSON.stringify(command));
      else notice.value = "There is no connection. Try again when it is back.";
      return isConnected;
    },
    version: (id) => versionText(room, id),
  };
}

/**
 * Has the browser keep the document, and waits until the document has what was kept before. It comes before the
 * connection: what is kept is not a change of a reader.
 */
function kept(room: string, doc: Doc): Promise<unknown> {
  const loaded = new IndexeddbPersistence(`party.editor.${room}`, doc).whenSynced;
  // Where the browser keeps nothing, it says so in no way.
  return Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

async function versionText(room: string, id: number): Promise<string> {
  const response = await fetch(`/parties/editor/${encodeURIComponent(room)}/versions/${id}`);
  if (!response.ok) throw new Error(await response.text());
  const doc = new Doc();
  applyUpdate(doc, new Uint8Array(await response.arrayBuffer()));
  return doc.getText(TEXT).toString();
}
