// What the page says around messages, in German.

/** Around the messages. */
export const beginning = "Hier beginnt dieser Raum";
export const loadingOlder = "Ältere Nachrichten werden geladen\u00a0…";
export const showOlder = "Ältere Nachrichten anzeigen";
export const jumpToLatest = "Zu den neuesten Nachrichten";
export const newMessages = (count: string) => `${count} neue ${count === "1" ? "Nachricht" : "Nachrichten"}`;
/** The same in the line above them. */
export const newCount = (count: string) => `Neu · ${count}`;
/** `count` may be "97+". */
export const mentionYou = (count: string) => `${count} ${count === "1" ? "erwähnt" : "erwähnen"} dich`;

/** A room without messages. */
export const nobodyHasWritten = "Hier hat noch niemand geschrieben";
export const sendTheLink =
  "Schick diesen Link den Leuten, mit denen du reden willst. Alle, die ihn haben, können lesen und schreiben.";
export const copyInviteLink = "Einladungslink kopieren";

/** The members that are typing. */
export const somebody = "Jemand";
export const isTyping = (name: string) => `${name} schreibt\u00a0…`;
export const areTyping = (first: string, second: string) => `${first} und ${second} schreiben\u00a0…`;
export const severalAreTyping = "Mehrere Personen schreiben\u00a0…";

/** The menu of a message. */
export const messageActions = "Aktionen für die Nachricht";
export const copyText = "Text kopieren";
export const copyLink = "Link kopieren";
export const reply = "Antworten";
export const editMessage = "Nachricht bearbeiten";
export const pinMessage = "Nachricht anheften";
export const unpinMessage = "Nachricht lösen";
export const deleteMessage = "Nachricht löschen\u00a0…";
export const askToDelete = "Diese Nachricht löschen?";
export const deleteWarning = "Sie verschwindet für alle und lässt sich nicht wiederherstellen.";
export const confirmDelete = "Löschen";

/** Copying. */
export const cannotCopy = "Dieser Browser lässt uns nicht kopieren.";
export const cannotCopyLink = (link: string) => `Dieser Browser lässt uns nicht kopieren. Der Link ist ${link}`;
export const copyCode = "Code kopieren";
export const copied = "Kopiert";
export const notCopied = "Nicht kopiert";
export const linkCopied = "Link kopiert";

/** An own message that is not in the log yet. */
export const sending = "Wird gesendet\u00a0…";
export const waitingToSend = "Wartet aufs Senden";
export const saving = "Wird gespeichert\u00a0…";
export const waitingToSave = "Wartet aufs Speichern";
export const notDone = {
  append: "Nicht gesendet.",
  edit: "Nicht geändert.",
  delete: "Nicht gelöscht.",
  command: "Nicht ausgeführt.",
};
export const retry = "Wiederholen";
export const edit = "Bearbeiten";
export const discard = "Verwerfen";
export const discarded = "Verworfen.";
export const undo = "Rückgängig";
export const deletedBeforeChange = "Die Nachricht wurde gelöscht, bevor sie geändert werden konnte.";
export const keepTheText = "Text behalten";

/** Editing and answering in the input. */
export const editing = "Du bearbeitest deine Nachricht";
export const cancelEditing = "Bearbeiten abbrechen";
export const cancelReply = "Antwort abbrechen";
export const replyToDeleted = "Antwort auf eine gelöschte Nachricht";
export const replyTo = <T>(name: T): (string | T)[] => ["Antwort an ", name];
/** Read out before the name and the text of the message that is answered. */
export const answers = "Antwortet auf ";
export const messageDeleted = "Nachricht gelöscht";

/** Which member has deleted messages; `who` is a name, or one of those below. */
export const youDeleted = (count: number) =>
  `Du hast ${count > 1 ? `${count} Nachrichten` : "diese Nachricht"} gelöscht`;
export const deletedBy = (who: string, count: number) =>
  `${who} hat ${count > 1 ? `${count} Nachrichten` : "diese Nachricht"} gelöscht`;
/** The reader is the author. */
export const deletedYours = (who: string, count: number) =>
  `${who} hat ${count > 1 ? `${count} Nachrichten von dir` : "deine Nachricht"} gelöscht`;
export const moderatorNamed = (name: string) => `${name} (Moderation)`;
export const theAuthor = "Das Mitglied selbst";
export const namesake = (place: number) => `Nr. ${place}`;
export const sameName = "Jemand anders hatte diesen Namen schon";
export const aModerator = "Die Moderation";
export const anOperator = "Die Administration";

/** The note at the input. */
export const editingKeys = "Enter speichert, Escape bricht ab";
export const writingKeys = "Enter sendet, Umschalt+Enter: neue Zeile";
export const bytesLeft = (count: number) => `noch ${count} ${count === 1 ? "Byte" : "Bytes"} frei`;
export const bytesTooMany = (count: number) => `${count} ${count === 1 ? "Byte" : "Bytes"} zu lang`;

/** Mentions. */
export const peopleToMention = "Personen, die du erwähnen kannst";
export const people = (count: number) => `${count} ${count === 1 ? "Person" : "Personen"}`;
export const mentionKeys = (count: number) => `${people(count)}. Pfeiltasten wählen, Enter übernimmt.`;
export const morePeople = (count: number) => `${count} weitere: tippe einen Teil des Namens`;

/** Reactions. */
export const reactions = "Reaktionen";
export const react = "Reagieren";
export const moreEmoji = "Mehr Emojis";
export const reactionBy = (emoji: string, count: number, names: string) => `${emoji} ${count}: ${names}`;
export const you = "Du";
export const others = (count: number) => (count === 1 ? "1 weitere Person" : `${count} weitere`);
export const and = (before: string, last: string) => `${before} und ${last}`;

/** Pinned messages. */
export const pinnedMessages = "Angeheftete Nachrichten";
export const allPinned = (count: number) => `Alle ${count} angehefteten Nachrichten`;
export const pinnedDeleted = "Diese Nachricht wurde gelöscht.";
export const unpin = "Lösen";

/** The search. */
export const search = "Suche";
export const searchMessages = "Nachrichten suchen";
export const searchByKey = { mac: "Nachrichten suchen (⌘K)", others: "Nachrichten suchen (Strg+K)" };
export const backToSearch = "Zurück zur Suche";
export const messagesFound = "Gefundene Nachrichten";
export const showMore = "Mehr anzeigen";
export const howToSearch =
  "Tippe ein Wort oder seinen Anfang. Gefunden werden Nachrichten, die alle deine Wörter enthalten.";
export const searchWaits = "Keine Verbindung. Die Suche geht weiter, sobald sie wieder da ist.";
export const searching = "Suche läuft\u00a0…";
export const searchingFurther = "Suche geht weiter zurück\u00a0…";
export const nothingSoFar = "Bisher nichts gefunden.";
export const nothingFound = "Keine Nachrichten gefunden.";
export const found = (count: number) => (count === 1 ? "1 Nachricht gefunden." : `${count} Nachrichten gefunden.`);
export const newestFound = (count: number) =>
  count === 1 ? "Die neueste Nachricht wurde gefunden." : `Die neuesten ${count} Nachrichten wurden gefunden.`;

/** A message that is too far back for the conversation. */
export const neighbours = "Eine Nachricht und ihre Nachbarn";
export const messages = "Nachrichten";
export const lookingForMessage = "Die Nachricht wird gesucht\u00a0…";
export const messageWaits = "Keine Verbindung. Die Nachricht erscheint, sobald sie wieder da ist.";
export const messageNotFetched = "Die Nachricht konnte nicht geladen werden. Versuch es noch einmal.";
export const messageGone = "Diese Nachricht gibt es nicht mehr.";

/** Saving the conversation. */
export const readingMessages = (count: number) => `Nachrichten werden gelesen: bisher ${count}\u00a0…`;
export const notSaved = "Die Nachrichten konnten nicht gespeichert werden.";
export const saved = (count: number) =>
  (count === 1 ? "1 Nachricht gespeichert." : `${count} Nachrichten gespeichert.`);

/** Buttons of dialogs and notices. */
export const cancel = "Abbrechen";
export const close = "Schließen";
