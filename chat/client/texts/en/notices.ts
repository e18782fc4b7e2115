// What the page says when something is not as usual: no connection, no admission, no permission.

/** A missing connection. */
export const offline = "You are offline. Your messages are sent when you are online again.";
export const roomFull = "The room is full. You will join as soon as there is a place.";
export const tooMuch = "That was too much at once. The room lets you back in after a moment, and nothing is lost.";
export const noAnswer = "The room does not answer. Trying again. Reloading the page may help.";
export const lost = "The connection is lost. Your messages are sent when it is back.";

/** The same in the place of the messages. */
export const youAreOffline = "You are offline";
export const noAnswerYet = "The room does not answer yet";
export const tryingAgain = "Trying again. You can already write: your messages are sent when the connection is back.";

/** The room has closed the connection. */
export const writtenIsKept = "What you have written is kept.";
export const joining = "Joining…";
export const removed = "A moderator removed you";
export const canJoinAgain = "You can join again.";
export const joinAgain = "Join again";
export const banned = "A moderator banned you";
export const untilBanIsTakenBack = "You cannot join this room unless a moderator takes the ban back.";
export const addressBanned = "A moderator banned somebody who came from your address";
export const aboutAddressBan =
  "The ban also keeps out others who come from the same address, such as the same household or office. " +
  "Ask a moderator of the room to take it back.";
export const checkAgain = "Check again";
export const stillBanned = "The ban is still in force.";
export const byInvitation = "This room is by invitation only";
export const askForLink = "Ask a member for the invitation link.";
export const stillByInvitation = "The room still needs an invitation.";
export const invitationNotValid = "This invitation is not valid any more";
export const askForNewLink = "Ask a member for the new invitation link.";
export const stillNotValid = "The invitation is still not valid.";
export const tooManyLetIn = "This room has let in too many people";
export const askModerator = "Ask a moderator of the room.";
export const notLetIn = "The room does not let you in";
export const tryAgain = "Try again";
export const openElsewhere = "This room is open elsewhere";
export const replaced = "A newer connection has taken the place of this one.";
export const useItHere = "Use it here";
export const pageTooOld = "This page is too old for the room";
export const reloadPage = "Reload the page to continue.";
export const notKnown = "The room does not know you any more";
export const joinAsNew = "You can join again as a new member.";
export const join = "Join";
export const closed = "The room has closed the connection";
export const connectAgain = "Connect again";

/** The reader may not write. */
export const onlyRead = "In this room you may read, but not write.";
export const locked = "The room is locked: only moderators may write.";
export const muted = "A moderator has muted you. You can read along.";
export const mutedUntil = (time: string) => `A moderator has muted you until ${time}. You can read along.`;

/** The reader writes faster than the room takes it. */
export const slowModeWaits = (interval: string) =>
  `Slow mode is on: your message is sent ${interval} after your last one.`;
export const slowDown = "Slow down a little: your message is sent in a moment.";

/** Messages that the browser does not store. */
export const notStored = "This browser cannot store your message: leave this page open until it is sent.";
export const notAllStored = "This browser cannot store all of your messages: leave this page open until they are sent.";
export const someAreLost =
  "This browser could not store all messages that were waiting when the page was left. " +
  "Those that are not shown here are lost.";

/** The choice of notifications. */
export const noNotifications = "This browser shows no notifications for this page.";
export const notificationsBlocked =
  "This browser blocks notifications from this page. You can allow them in its settings.";
export const notAllowedYet = "Notifications are not allowed yet. Choose again to be asked again.";
export const whenNotified =
  "You get them only while this page is open, and not while you look at it. The choice is for all rooms.";

export const dismiss = "Dismiss";

const notUnderstood = "The room does not understand that. Reloading the page may help.";

/**
 * Why the room has refused something, or the connection has not done it: by the error's code, and where it says more,
 * by what it is about.
 */
export const reasons: Record<string, string> = {
  bad_message: notUnderstood,
  binary: notUnderstood,
  conflict: "Somebody else has sent that already.",
  empty: "The message is empty.",
  "empty file": "The file is empty.",
  "empty search": "A search needs a letter or a digit.",
  expired: "You are no longer signed in. Reload the page.",
  forbidden: "You may not do that.",
  "forbidden member": "Only moderators can do that, and not to themselves or to the founder of the room.",
  internal: "Something went wrong in the room. Try again.",
  invalid:
    "The room does not accept that: it may have characters that cannot be seen, or be a name that is not available.",
  "invalid room": "It has characters that cannot be seen.",
  muted: "A moderator has muted you.",
  no_answer: "There was no answer. Try again.",
  not_found: "This message is not there any more.",
  "not_found file": "The room does not have the file any more. Attach it again.",
  not_json: notUnderstood,
  offline: "There is no connection. Try again when it is back.",
  outbox_full: "Too many messages are waiting to be sent.",
  room_full: "The room is full.",
  slow_down: "That was too much at once. Try again in a moment.",
  too_large: "The message is too long.",
  "too_large file": "The room has no space for this file.",
  "too_large member": "Too many members are banned, muted or moderators already.",
  "too_large reaction": "A message has at most 16 different reactions.",
  "too_large room": "That is too much. A room has at most 20 pinned messages.",
  "too_large search": "A search has at most 16 words.",
  too_long: "That is too long.",
  unauthorized: "The room does not know you any more.",
  unavailable: "Something that the room needs does not answer. Try again later.",
  unsupported: notUnderstood,
  "unsupported file": "This room takes text only.",
};
