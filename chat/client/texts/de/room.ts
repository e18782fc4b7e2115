// What the page says about the room and its members, in German.

/** The language of these texts: dates and times are in the same. */
export const language = "de";

/** The title of the browser tab. */
export const tabTitle = (room: string) => `${room} · Party chat`;
export const newInTitle = (count: string, mentions: string) => `${count} neu, ${mentions}`;

/** The members. */
export const peopleHere = (count: number) => `${count === 1 ? "1 Person" : `${count} Personen`} hier`;
export const peopleList = "Personen";
export const tooManyPeople = "Zu viele Personen für eine Liste.";
export const youTag = "du";
export const moderatorTag = "Moderation";
export const readerTag = "liest mit";
export const mutedTag = "stumm";
export const guestTag = "Gast";
export const banned = "Gesperrt";
export const bansByAddress = "Eine Sperre gilt auch für andere mit derselben Adresse.";
export const actionOn = (action: string, name: string) => `${name}: ${action}`;

/** The right side of a wide page. */
export const aboutTheRoom = "Über den Raum";
export const here = "Hier";
export const pinned = "Angeheftet";
export const andMore = (count: number) => `und ${count} weitere`;
export const people = (count: number) => `${count} Personen`;

/** The menu of the room. */
export const roomMenu = "Menü des Raums";
export const roomSettings = "Raumeinstellungen";
export const aboutThisRoom = "Über diesen Raum";
export const notifications = "Benachrichtigungen";
export const saveAsText = "Als Text speichern";
export const myRooms = "Meine Räume";
export const newRoom = "Neuer Raum";

/** The settings, and what others read of them. */
export const foundedBy = <T>(name: T): (string | T)[] => ["Gegründet von ", name];
export const name = "Name";
export const topic = "Thema";
export const whatAbout = "Worum geht es in diesem Raum?";
export const onlyModerators = "Nur die Moderation darf schreiben";
export const slowMode = "Langsamer Modus: je Mitglied eine Nachricht in";
export const off = "Aus";
export const invitationOnly = "Nur mit Einladung kann man beitreten";
export const aboutInvitationOnly =
  "Wer jetzt hier ist, bleibt. Alle anderen brauchen den Link, den „Einladen“ zeigt, auch wenn sie schon einmal hier waren.";
export const invitationRule = "Nur mit Einladung kann man beitreten.";
export const lockedRule = "Der Raum ist geschlossen: Nur die Moderation darf schreiben.";
export const slowModeRule = (interval: string) =>
  `Langsamer Modus: Jedes Mitglied darf einmal in ${interval} schreiben.`;

/** Invitations. */
export const invite = "Einladen";
export const invitePeople = "Leute einladen";
export const everyoneWithLink = "Alle mit diesem Link können hier lesen und schreiben.";
export const onlyWithLink = "Nur mit diesem Link kann man beitreten. Alle hier dürfen ihn weitergeben.";
export const newLink = "Neuer Link\u00a0…";
export const askForNewLink = "Neuen Einladungslink erstellen?";
export const newLinkWarning = "Mit den bisherigen Links kommt dann niemand mehr herein. Wer beigetreten ist, bleibt.";
export const confirmNewLink = "Neuen Link erstellen";
export const newLinkMade = "Es gibt einen neuen Einladungslink.";
export const qrCode = "QR-Code des Links";
export const share = "Teilen\u00a0…";

/** The rooms that the reader was in. */
export const roomsAreListed = "Hier stehen die Räume, in denen etwas geschrieben wurde. Dieser Browser merkt sie sich.";
export const forget = "Vergessen";
export const forgetRoom = (room: string) => `${room} vergessen`;
export const draft = "Entwurf";

/** The reader's name. */
export const whatName = "Wie sollen dich die anderen nennen?";
export const aboutName = "Der Name steht bei deinen Nachrichten. Dieser Browser merkt ihn sich.";
export const yourName = "Dein Name";
export const suggestName = "Namen vorschlagen";

/** Notifications. */
export const notificationsAre = {
  off: "Benachrichtigungen: aus",
  mentions: "Benachrichtigungen: Erwähnungen",
  all: "Benachrichtigungen: alle Nachrichten",
};
export const notify = { off: "Aus", mentions: "Erwähnungen", all: "Alle Nachrichten" };
export const notificationBy = (author: string, room: string) => `${author} in ${room}`;
export const mentionBy = (author: string, room: string) => `${author} erwähnt dich in ${room}`;

/** Actions of a moderator, and what they have done. */
export const muteForMinutes = "10 Minuten stummschalten";
export const mutedForMinutes = (name: string) => `${name} ist für 10 Minuten stumm.`;
export const mutePermanently = "Dauerhaft stummschalten";
export const muted = (name: string) => `${name} ist stumm.`;
export const unmute = "Wieder schreiben lassen";
export const unmuted = (name: string) => `${name} darf wieder schreiben.`;
export const ban = "Sperren\u00a0…";
export const askToBan = (name: string) => `${name} sperren?`;
export const banWarning = (name: string) =>
  `${name} wird entfernt und kann nicht zurückkommen. Das gilt auch für andere mit derselben Adresse, ` +
  "etwa im selben Haushalt oder Büro.";
export const confirmBan = "Sperren";
export const isBanned = (name: string) => `${name} ist gesperrt.`;
export const unban = "Entsperren";
export const unbanned = (name: string) => `${name} kann wieder beitreten.`;
export const appoint = "In die Moderation aufnehmen";
export const appointed = (name: string) => `${name} gehört jetzt zur Moderation.`;
export const dismiss = "Aus der Moderation entlassen";
export const dismissed = (name: string) => `${name} gehört nicht mehr zur Moderation.`;
export const remove = "Entfernen";
export const removed = (name: string) => `${name} wurde entfernt und kann zurückkommen.`;
export const removedFromClosed = (name: string) =>
  `${name} wurde entfernt und braucht eine Einladung, um zurückzukommen.`;
export const youAreModerator = "Du gehörst jetzt zur Moderation dieses Raums.";

/** Buttons. */
export const save = "Speichern";
export { cancel, close, copyLink } from "./conversation.ts";
