// What the page says about the room and its members: the top of the page, menus, dialogs, and moderation.

/** The language of these texts: dates and times are in the same. */
export const language = "en";

/** The title of the browser tab. */
export const tabTitle = (room: string) => `${room} · Party chat`;
export const newInTitle = (count: string, mentions: string) => `${count} new, ${mentions}`;

/** The members. */
export const peopleHere = (count: number) => `${count === 1 ? "1 person" : `${count} people`} here`;
export const peopleList = "People";
export const tooManyPeople = "Too many people to list.";
export const youTag = "you";
export const moderatorTag = "moderator";
export const readerTag = "reader";
export const mutedTag = "muted";
export const guestTag = "guest";
export const banned = "Banned";
export const bansByAddress = "A ban also keeps out others who come from the same address.";
export const actionOn = (action: string, name: string) => `${action} ${name}`;

/** The right side of a wide page. */
export const aboutTheRoom = "About the room";
export const here = "Here";
export const pinned = "Pinned";
export const andMore = (count: number) => `and ${count} more`;
export const people = (count: number) => `${count} people`;

/** The menu of the room. */
export const roomMenu = "Room menu";
export const roomSettings = "Room settings";
export const aboutThisRoom = "About this room";
export const notifications = "Notifications";
export const saveAsText = "Save as text";
export const myRooms = "My rooms";
export const newRoom = "New room";

/** The settings, and what others read of them. */
export const foundedBy = <T>(name: T): (string | T)[] => ["Founded by ", name];
export const name = "Name";
export const topic = "Topic";
export const whatAbout = "What is this room about?";
export const onlyModerators = "Only moderators may write";
export const slowMode = "Slow mode: each member may write once in";
export const off = "Off";
export const invitationOnly = "Only people with an invitation can join";
export const aboutInvitationOnly =
  "Those who are here now stay. All others need the link that “Invite” shows, also if they were here before.";
export const invitationRule = "Only people with an invitation can join.";
export const lockedRule = "The room is locked: only moderators may write.";
export const slowModeRule = (interval: string) => `Slow mode is on: each member may write once in ${interval}.`;

/** Invitations. */
export const invite = "Invite";
export const invitePeople = "Invite people";
export const everyoneWithLink = "Everyone with this link can read and write here.";
export const onlyWithLink = "Only people with this link can join. Everyone here may pass it on.";
export const newLink = "New link…";
export const askForNewLink = "Make a new invitation link?";
export const newLinkWarning = "Links that were passed on before let nobody in any more. Those who have joined stay.";
export const confirmNewLink = "Make a new link";
export const newLinkMade = "There is a new invitation link.";
export const qrCode = "QR code of the link";
export const share = "Share…";

/** The rooms that the reader was in. */
export const roomsAreListed = "The rooms in which something was written are listed here. This browser remembers them.";
export const forget = "Forget";
export const forgetRoom = (room: string) => `Forget ${room}`;
export const draft = "Draft";

/** The reader's name. */
export const whatName = "What should people call you?";
export const aboutName = "Shown next to your messages. This browser remembers it.";
export const yourName = "Your name";
export const suggestName = "Suggest a name";

/** Notifications. */
export const notificationsAre = {
  off: "Notifications: off",
  mentions: "Notifications: mentions",
  all: "Notifications: all messages",
};
export const notify = { off: "Off", mentions: "Mentions", all: "All messages" };
export const notificationBy = (author: string, room: string) => `${author} in ${room}`;
export const mentionBy = (author: string, room: string) => `${author} mentions you in ${room}`;

/** Actions of a moderator, and what they have done. */
export const muteForMinutes = "Mute for 10 minutes";
export const mutedForMinutes = (name: string) => `${name} is muted for 10 minutes.`;
export const mutePermanently = "Mute permanently";
export const muted = (name: string) => `${name} is muted.`;
export const unmute = "Unmute";
export const unmuted = (name: string) => `${name} may write.`;
export const ban = "Ban…";
export const askToBan = (name: string) => `Ban ${name}?`;
export const banWarning = (name: string) =>
  `${name} is removed and cannot rejoin. This also keeps out others who come from the same address, ` +
  "such as the same household or office.";
export const confirmBan = "Ban";
export const isBanned = (name: string) => `${name} is banned.`;
export const unban = "Unban";
export const unbanned = (name: string) => `${name} can join again.`;
export const appoint = "Make moderator";
export const appointed = (name: string) => `${name} is a moderator now.`;
export const dismiss = "Dismiss as moderator";
export const dismissed = (name: string) => `${name} is not a moderator any more.`;
export const remove = "Remove";
export const removed = (name: string) => `${name} was removed and can rejoin.`;
export const removedFromClosed = (name: string) => `${name} was removed and needs an invitation to rejoin.`;
export const youAreModerator = "You are a moderator of this room now.";

/** Buttons. */
export const save = "Save";
export { cancel, close, copyLink } from "./conversation.ts";
