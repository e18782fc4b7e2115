// All that is fetched after the first message, in one script: what opens when somebody asks for it, and what is told when something happens.
// It shares nearly everything with the page's own script. By this line it shares all, so that the bundler makes two scripts, and not three.
import "./main.tsx";
import "./same-name.ts";

declare const BUILD: string;

/** What the page that this belongs to was built from: it may be older than what it gets. */
export const build = BUILD;

export { copyText } from "./clipboard.ts";
export { limitNote } from "./limit-note.ts";
export { stretches } from "./links.ts";
export { clock } from "./time.ts";
export { enter } from "./visits.ts";
export { Closed } from "./view/closed.tsx";
export { Day } from "./view/day.tsx";
export { Editing, editLast } from "./view/editing.tsx";
export { EmptyRoom } from "./view/empty-room.tsx";
export { MessageMenu } from "./view/message-menu.tsx";
export { moveFocus } from "./view/move-focus.ts";
export { NameDialog } from "./view/name-dialog.tsx";
export { Notices } from "./view/notices.tsx";
export { Older } from "./view/older.tsx";
export { People } from "./view/people.tsx";
export { QuestionDialog } from "./view/question-dialog.tsx";
export { ToEnd } from "./view/to-end.tsx";
export { Trouble } from "./view/trouble.tsx";
export { Typing } from "./view/typing.tsx";
export { Unsettled } from "./view/unsettled.tsx";
