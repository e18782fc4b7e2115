// What the page says about files: choosing, sending and showing them.

/** Choosing files. */
export const attach = "Attach files";
export const dropHere = "Drop files here to attach them";
export const filesToSend = "Files to send";
export const attached = (name: string) => `${name} is attached`;
export const remove = (name: string) => `Remove ${name}`;
export const textOnly = "This room takes text only.";
export const isTooLarge = (name: string, most: string) => `${name} is too large: a file has at most ${most}.`;
export const isEmpty = (name: string) => `${name} is empty.`;
export const saveChangeFirst = "A change of a message cannot add a file. Save the change first.";
export const whenConnected = "Files can be sent when there is a connection. They stay here until then.";
/** The name of a file that has none. */
export const unnamed = "file";

/** Sending them. */
export const waiting = "Waiting to upload";
export const uploading = (name: string) => `Uploading ${name}`;
export const sent = (name: string) => `${name} sent`;
export const notSent = (name: string) => `${name} was not sent.`;
export const cancel = "Cancel";
export const tryAgain = "Try again";

/** Showing them. */
export const bytes = (count: string) => `${count} bytes`;
export const showLarge = (name: string) => `Show ${name} large`;
export const download = "Download";
export const close = "Close";
