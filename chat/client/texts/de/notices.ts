// What the page says when something is not as usual, in German.

/** A missing connection. */
export const offline = "Du bist offline. Deine Nachrichten werden gesendet, sobald du wieder online bist.";
export const roomFull = "Der Raum ist voll. Du kommst hinein, sobald ein Platz frei ist.";
export const tooMuch =
  "Das war zu viel auf einmal. Gleich lässt dich der Raum wieder hinein, und nichts geht verloren.";
export const noAnswer = "Der Raum antwortet nicht. Neuer Versuch läuft. Vielleicht hilft es, die Seite neu zu laden.";
export const lost = "Die Verbindung ist weg. Deine Nachrichten werden gesendet, sobald sie wieder da ist.";

/** The same in the place of the messages. */
export const youAreOffline = "Du bist offline";
export const noAnswerYet = "Der Raum antwortet noch nicht";
export const tryingAgain =
  "Neuer Versuch läuft. Du kannst schon schreiben: Deine Nachrichten werden gesendet, sobald die Verbindung da ist.";

/** The room has closed the connection. */
export const writtenIsKept = "Was du geschrieben hast, bleibt erhalten.";
export const joining = "Beitreten\u00a0…";
export const removed = "Die Moderation hat dich entfernt";
export const canJoinAgain = "Du kannst wieder beitreten.";
export const joinAgain = "Wieder beitreten";
export const banned = "Die Moderation hat dich gesperrt";
export const untilBanIsTakenBack =
  "Du kannst diesem Raum erst wieder beitreten, wenn die Moderation die Sperre aufhebt.";
export const addressBanned = "Die Moderation hat jemanden mit deiner Adresse gesperrt";
export const aboutAddressBan =
  "Die Sperre gilt auch für andere mit derselben Adresse, etwa im selben Haushalt oder Büro. " +
  "Bitte die Moderation des Raums, sie aufzuheben.";
export const checkAgain = "Noch einmal prüfen";
export const stillBanned = "Die Sperre gilt noch.";
export const byInvitation = "In diesen Raum kommt man nur mit Einladung";
export const askForLink = "Bitte ein Mitglied um den Einladungslink.";
export const stillByInvitation = "Der Raum verlangt weiterhin eine Einladung.";
export const invitationNotValid = "Diese Einladung gilt nicht mehr";
export const askForNewLink = "Bitte ein Mitglied um den neuen Einladungslink.";
export const stillNotValid = "Die Einladung gilt weiterhin nicht.";
export const tooManyLetIn = "Dieser Raum hat zu viele Personen hereingelassen";
export const askModerator = "Wende dich an die Moderation des Raums.";
export const notLetIn = "Der Raum lässt dich nicht hinein";
export const tryAgain = "Noch einmal versuchen";
export const openElsewhere = "Dieser Raum ist woanders offen";
export const replaced = "Eine neuere Verbindung hat diese hier ersetzt.";
export const useItHere = "Hier weitermachen";
export const pageTooOld = "Diese Seite ist zu alt für den Raum";
export const reloadPage = "Lade die Seite neu, um weiterzumachen.";
export const notKnown = "Der Raum kennt dich nicht mehr";
export const joinAsNew = "Du kannst als neues Mitglied wieder beitreten.";
export const join = "Beitreten";
export const closed = "Der Raum hat die Verbindung beendet";
export const connectAgain = "Neu verbinden";

/** The reader may not write. */
export const onlyRead = "In diesem Raum darfst du lesen, aber nicht schreiben.";
export const locked = "Der Raum ist geschlossen: Nur die Moderation darf schreiben.";
export const muted = "Die Moderation hat dich stummgeschaltet. Du kannst mitlesen.";
export const mutedUntil = (time: string) => `Die Moderation hat dich bis ${time} stummgeschaltet. Du kannst mitlesen.`;

/** The reader writes faster than the room takes it. */
export const slowModeWaits = (interval: string) =>
  `Langsamer Modus: Deine Nachricht wird ${interval} nach deiner letzten gesendet.`;
export const slowDown = "Etwas langsamer: Deine Nachricht wird gleich gesendet.";

/** Messages that the browser does not store. */
export const notStored =
  "Dieser Browser kann deine Nachricht nicht speichern: Lass die Seite offen, bis sie gesendet ist.";
export const notAllStored =
  "Dieser Browser kann nicht alle deine Nachrichten speichern: Lass die Seite offen, bis sie gesendet sind.";
export const someAreLost =
  "Dieser Browser konnte nicht alle wartenden Nachrichten speichern, als die Seite verlassen wurde. " +
  "Die hier fehlen, sind verloren.";

/** The choice of notifications. */
export const noNotifications = "Dieser Browser zeigt für diese Seite keine Benachrichtigungen.";
export const notificationsBlocked =
  "Dieser Browser blockiert Benachrichtigungen dieser Seite. In seinen Einstellungen kannst du sie erlauben.";
export const notAllowedYet =
  "Benachrichtigungen sind noch nicht erlaubt. Wähle noch einmal, um wieder gefragt zu werden.";
export const whenNotified =
  "Du bekommst sie nur, solange diese Seite offen ist und du nicht auf sie schaust. Die Wahl gilt für alle Räume.";

export const dismiss = "Ausblenden";

const notUnderstood = "Der Raum versteht das nicht. Vielleicht hilft es, die Seite neu zu laden.";

/**
 * Why the room has refused something, or the connection has not done it: by the error's code, and where it says more,
 * by what it is about.
 */
export const reasons: Record<string, string> = {
  bad_message: notUnderstood,
  binary: notUnderstood,
  conflict: "Das hat schon jemand anderes gesendet.",
  empty: "Die Nachricht ist leer.",
  "empty file": "Die Datei ist leer.",
  "empty search": "Eine Suche braucht einen Buchstaben oder eine Ziffer.",
  expired: "Du bist nicht mehr angemeldet. Lade die Seite neu.",
  forbidden: "Das darfst du nicht.",
  "forbidden member":
    "Das kann nur die Moderation, und nicht mit sich selbst oder mit der Person, die den Raum gegründet hat.",
  internal: "Im Raum ist etwas schiefgegangen. Versuch es noch einmal.",
  invalid:
    "Der Raum nimmt das nicht an: vielleicht sind Zeichen darin, die man nicht sieht, oder der Name ist nicht erlaubt.",
  "invalid room": "Darin sind Zeichen, die man nicht sieht.",
  muted: "Die Moderation hat dich stummgeschaltet.",
  no_answer: "Es kam keine Antwort. Versuch es noch einmal.",
  not_found: "Diese Nachricht gibt es nicht mehr.",
  "not_found file": "Der Raum hat die Datei nicht mehr. Häng sie noch einmal an.",
  not_json: notUnderstood,
  offline: "Keine Verbindung. Versuch es noch einmal, sobald sie wieder da ist.",
  outbox_full: "Es warten schon zu viele Nachrichten aufs Senden.",
  room_full: "Der Raum ist voll.",
  slow_down: "Das war zu viel auf einmal. Versuch es gleich noch einmal.",
  too_large: "Die Nachricht ist zu lang.",
  "too_large file": "Der Raum hat keinen Platz für diese Datei.",
  "too_large member": "Zu viele Mitglieder sind schon gesperrt, stumm oder in der Moderation.",
  "too_large reaction": "Eine Nachricht hat höchstens 16 verschiedene Reaktionen.",
  "too_large room": "Das ist zu viel. Ein Raum hat höchstens 20 angeheftete Nachrichten.",
  "too_large search": "Eine Suche hat höchstens 16 Wörter.",
  too_long: "Das ist zu lang.",
  unauthorized: "Der Raum kennt dich nicht mehr.",
  unavailable: "Etwas, das der Raum braucht, antwortet nicht. Versuch es später noch einmal.",
  unsupported: notUnderstood,
  "unsupported file": "Dieser Raum nimmt nur Text an.",
};
