// What the page says in its first script: every byte here delays the first message. The rest is in the other files.

/** The state of the connection. */
export const connection = {
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Reconnecting…",
  offline: "Offline",
  closed: "Closed",
};

/** The top of the page. */
export const roomTools = "Room";
export const yourName = (name: string) => `Your name: ${name}`;

/** The conversation. */
export const messages = "Messages";
export const loadingMessages = "Loading messages…";
export const you = "You";
export const messageBy = (author: string, time: string) => `${author}, ${time}`;
export const messageActions = "Message actions";
export const assistant = "assistant";
export const edited = "edited";
export const deleting = "Deleting…";
export const deletedMessages = (count: number) => (count > 1 ? `${count} messages deleted` : "Message deleted");

/** The input. */
export const message = "Message";
export const messageAs = (name: string) => `Message as ${name}`;
export const mayNotWrite = "You may not write at the moment";
export const save = "Save";
export const send = "Send";

/** The script of what is loaded later is missing. */
export const missingPart = "A part of this page could not be loaded. If this message stays, reload the page.";
