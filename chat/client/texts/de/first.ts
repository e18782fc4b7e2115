// What the page says in its first script, in German.

/** The state of the connection. */
export const connection = {
  connecting: "Verbindet\u00a0…",
  connected: "Verbunden",
  reconnecting: "Verbindet neu\u00a0…",
  offline: "Offline",
  closed: "Getrennt",
};

/** The top of the page. */
export const roomTools = "Raum";
export const yourName = (name: string) => `Dein Name: ${name}`;

/** The conversation. */
export const messages = "Nachrichten";
export const loadingMessages = "Nachrichten werden geladen\u00a0…";
export const you = "Du";
export const messageBy = (author: string, time: string) => `${author}, ${time}`;
export const messageActions = "Aktionen für die Nachricht";
export const assistant = "Assistenz";
export const edited = "bearbeitet";
export const deleting = "Wird gelöscht\u00a0…";
export const deletedMessages = (count: number) => (count > 1 ? `${count} Nachrichten gelöscht` : "Nachricht gelöscht");

/** The input. */
export const message = "Nachricht";
export const messageAs = (name: string) => `Nachricht als ${name}`;
export const mayNotWrite = "Du darfst gerade nicht schreiben";
export const save = "Speichern";
export const send = "Senden";

/** The script of what is loaded later is missing. */
export const missingPart = "Ein Teil dieser Seite konnte nicht geladen werden. Bleibt das so, lade die Seite neu.";
