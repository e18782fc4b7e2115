// What the page says about files, in German.

/** Choosing files. */
export const attach = "Dateien anhängen";
export const dropHere = "Dateien hier ablegen, um sie anzuhängen";
export const filesToSend = "Dateien zum Senden";
export const attached = (name: string) => `${name} ist angehängt`;
export const remove = (name: string) => `${name} entfernen`;
export const textOnly = "Dieser Raum nimmt nur Text an.";
export const isTooLarge = (name: string, most: string) => `${name} ist zu groß: Eine Datei hat höchstens ${most}.`;
export const isEmpty = (name: string) => `${name} ist leer.`;
export const saveChangeFirst = "Beim Bearbeiten einer Nachricht kommt keine Datei dazu. Speichere erst die Änderung.";
export const whenConnected = "Dateien lassen sich senden, sobald es eine Verbindung gibt. Bis dahin bleiben sie hier.";
/** The name of a file that has none. */
export const unnamed = "Datei";

/** Sending them. */
export const waiting = "Wartet aufs Hochladen";
export const uploading = (name: string) => `${name} wird hochgeladen`;
export const sent = (name: string) => `${name} gesendet`;
export const notSent = (name: string) => `${name} wurde nicht gesendet.`;
export const cancel = "Abbrechen";
export const tryAgain = "Noch einmal versuchen";

/** Showing them. */
export const bytes = (count: string) => `${count} Bytes`;
export const showLarge = (name: string) => `${name} groß anzeigen`;
export const download = "Herunterladen";
export const close = "Schließen";
