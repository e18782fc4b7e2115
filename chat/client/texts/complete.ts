// A check of the compiler: each language has all texts of English, and of the same types. Nothing of this is bundled.

/** The types of a file of texts, whatever their words are: functions keep theirs, and groups of texts are such files. */
type Texts<File> = {
  [Name in keyof File]: File[Name] extends string ? string : File[Name] extends (...given: never) => unknown ? File[Name] : Texts<File[Name]>;
};

type Checked<English, File extends Texts<English>> = File;

export type German = [
  Checked<typeof import("./en/first.ts"), typeof import("./de/first.ts")>,
  Checked<typeof import("./en/conversation.ts"), typeof import("./de/conversation.ts")>,
  Checked<typeof import("./en/room.ts"), typeof import("./de/room.ts")>,
  Checked<typeof import("./en/files.ts"), typeof import("./de/files.ts")>,
  Checked<typeof import("./en/notices.ts"), typeof import("./de/notices.ts")>,
];
