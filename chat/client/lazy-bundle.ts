// All that is fetched after the first message, in one script (`parts.js`): what opens when somebody asks for it, and
// what is shown when something happens. It shares nearly everything with the page's own script. The first import is a
// trick: by it the bundle shares all, so that the bundler makes two scripts, and not three. It is the only circle of
// imports: `main.tsx` loads this file, and nothing else does.
import "./main.tsx";
import "./sync-name.ts";

declare const BUILD: string;

/** The build of the page that this belongs to: it may be older than the script that it loads. */
export const build = BUILD;

export { inputNote } from "./sentences.ts";
export { clock } from "./time.ts";
export { drawLess, drawMore } from "./drawing.ts";
export { firstDrawn, messageAt } from "./drawn.ts";
export { enter } from "./background-rooms.ts";
export { sendFiles } from "./uploads.ts";
export { stillRight } from "./still-right.ts";
export { AttachButton, Attachments } from "./view/attachments.tsx";
export { takeKeys } from "./view/take-keys.ts";
export { Deleted } from "./view/deleted.tsx";
export { Day } from "./view/day.tsx";
export { editByKey, Editing, saveEmpty } from "./view/editing.tsx";
export { EmptyRoom } from "./view/empty-room.tsx";
export { FileView } from "./view/file-view.tsx";
export { FloatingDay } from "./view/floating-day.tsx";
export { Formatted } from "./view/formatted.tsx";
export { groupsOf } from "./view/groups.ts";
export { grow } from "./view/grow.ts";
export { Later } from "./view/later.tsx";
export { MentionChoices } from "./view/mention-choices.tsx";
export { moveFocus } from "./view/move-focus.ts";
export { NameDialog } from "./view/name-dialog.tsx";
export { Namesake } from "./view/namesake.tsx";
export { NewLine } from "./view/new-line.tsx";
export { Notices } from "./view/notices.tsx";
export { Pinned } from "./view/pinned.tsx";
export { Older } from "./view/older.tsx";
export { Rail } from "./view/rail.tsx";
export { Reactions } from "./view/reactions.tsx";
export { AnsweredMessage, Replying } from "./view/reply.tsx";
export { ToEnd } from "./view/to-end.tsx";
export { Tools } from "./view/tools.tsx";
export { UploadList } from "./view/upload-list.tsx";
export { isTap } from "./view/pointing.ts";
export { ConnectionProblem } from "./view/connection-problem.tsx";
export { Typing } from "./view/typing.tsx";
export { DeliveryStatus } from "./view/delivery-status.tsx";
