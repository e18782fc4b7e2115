// What the page says around messages: reading, writing, answering, searching and saving them.

/** Around the messages. */
export const beginning = "The beginning of this room";
export const loadingOlder = "Loading older messages…";
export const showOlder = "Show older messages";
export const jumpToLatest = "Jump to the latest";
export const newMessages = (count: string) => `${count} new ${count === "1" ? "message" : "messages"}`;
/** The same in the line above them. */
export const newCount = (count: string) => `New · ${count}`;
/** `count` may be "97+". */
export const mentionYou = (count: string) => `${count} ${count === "1" ? "mentions" : "mention"} you`;

/** A room without messages. */
export const nobodyHasWritten = "Nobody has written here yet";
export const sendTheLink =
  "Send this link to the people you want to talk to. Everyone with the link can read and write.";
export const copyInviteLink = "Copy invite link";

/** The members that are typing. */
export const somebody = "Somebody";
export const isTyping = (name: string) => `${name} is typing…`;
export const areTyping = (first: string, second: string) => `${first} and ${second} are typing…`;
export const severalAreTyping = "Several people are typing…";

/** The menu of a message. */
export const messageActions = "Message actions";
export const copyText = "Copy text";
export const copyLink = "Copy link";
export const reply = "Reply";
export const editMessage = "Edit message";
export const pinMessage = "Pin message";
export const unpinMessage = "Unpin message";
export const deleteMessage = "Delete message…";
export const askToDelete = "Delete this message?";
export const deleteWarning = "It is gone for everyone, and cannot be brought back.";
export const confirmDelete = "Delete";

/** Copying. */
export const cannotCopy = "This browser does not let us copy.";
export const cannotCopyLink = (link: string) => `This browser does not let us copy. The link is ${link}`;
export const copyCode = "Copy code";
export const copied = "Copied";
export const notCopied = "Not copied";
export const linkCopied = "Link copied";

/** An own message that is not in the log yet. */
export const sending = "Sending…";
export const waitingToSend = "Waiting to send";
export const saving = "Saving…";
export const waitingToSave = "Waiting to save";
export const notDone = { append: "Not sent.", edit: "Not changed.", delete: "Not deleted.", command: "Not done." };
export const retry = "Retry";
export const edit = "Edit";
export const discard = "Discard";
export const discarded = "Discarded.";
export const undo = "Undo";
export const deletedBeforeChange = "The message was deleted before it could be changed.";
export const keepTheText = "Keep the text";

/** Editing and answering in the input. */
export const editing = "Editing your message";
export const cancelEditing = "Cancel editing";
export const cancelReply = "Cancel the reply";
export const replyToDeleted = "Reply to a message that was deleted";
export const replyTo = <T>(name: T): (string | T)[] => ["Reply to ", name];
/** Read out before the name and the text of the message that is answered. */
export const answers = "Answers ";
export const messageDeleted = "Message deleted";

/** Which member has deleted messages; `who` is a name, or one of those below. */
export const youDeleted = (count: number) => (count > 1 ? `You deleted ${count} messages` : "You deleted this message");
export const deletedBy = (who: string, count: number) =>
  `${who} deleted ${count > 1 ? `${count} messages` : "this message"}`;
/** The reader is the author. */
export const deletedYours = (who: string, count: number) =>
  `${who} deleted ${count > 1 ? `${count} of your messages` : "your message"}`;
export const moderatorNamed = (name: string) => `${name} (moderator)`;
export const theAuthor = "The author";
export const namesake = (place: number) => `No. ${place}`;
export const sameName = "Somebody else had this name before";
export const aModerator = "A moderator";
export const anOperator = "An operator";

/** The note at the input. */
export const editingKeys = "Enter saves, Escape cancels";
export const writingKeys = "Enter sends, Shift+Enter starts a new line";
export const bytesLeft = (count: number) => `${count} ${count === 1 ? "byte" : "bytes"} left`;
export const bytesTooMany = (count: number) => `${count} ${count === 1 ? "byte" : "bytes"} too long`;

/** Mentions. */
export const peopleToMention = "People to mention";
export const people = (count: number) => `${count} ${count === 1 ? "person" : "people"}`;
export const mentionKeys = (count: number) => `${people(count)}. Arrow keys choose, Enter takes.`;
export const morePeople = (count: number) => `${count} more: type a part of the name`;

/** Reactions. */
export const reactions = "Reactions";
export const react = "React";
export const moreEmoji = "More emoji";
export const reactionBy = (emoji: string, count: number, names: string) => `${emoji} ${count}: ${names}`;
export const you = "You";
export const others = (count: number) => (count === 1 ? "1 other" : `${count} others`);
export const and = (before: string, last: string) => `${before} and ${last}`;

/** Pinned messages. */
export const pinnedMessages = "Pinned messages";
export const allPinned = (count: number) => `All ${count} pinned messages`;
export const pinnedDeleted = "This message was deleted.";
export const unpin = "Unpin";

/** The search. */
export const search = "Search";
export const searchMessages = "Search messages";
export const searchByKey = { mac: "Search messages (⌘K)", others: "Search messages (Ctrl+K)" };
export const backToSearch = "Back to the search";
export const messagesFound = "Messages found";
export const showMore = "Show more";
export const howToSearch = "Type a word, or the beginning of one. Messages that have all of your words are found.";
export const searchWaits = "There is no connection. The search goes on when it is back.";
export const searching = "Searching…";
export const searchingFurther = "Searching further back…";
export const nothingSoFar = "Nothing found so far.";
export const nothingFound = "No messages found.";
export const found = (count: number) => (count === 1 ? "1 message found." : `${count} messages found.`);
export const newestFound = (count: number) => `The newest ${count === 1 ? "1 message" : `${count} messages`} found.`;

/** A message that is too far back for the conversation. */
export const neighbours = "A message and its neighbours";
export const messages = "Messages";
export const lookingForMessage = "Looking for the message…";
export const messageWaits = "There is no connection. The message is shown when it is back.";
export const messageNotFetched = "The message could not be fetched. Try again.";
export const messageGone = "This message is not there any more.";

/** Saving the conversation. */
export const readingMessages = (count: number) => `Reading the messages: ${count} so far…`;
export const notSaved = "The messages could not be saved.";
export const saved = (count: number) => (count === 1 ? "Saved 1 message." : `Saved ${count} messages.`);

/** Buttons of dialogs and notices. */
export const cancel = "Cancel";
export const close = "Close";
