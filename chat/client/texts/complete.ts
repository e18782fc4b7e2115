// A check of the compiler: each language has all texts of English, of the same types. Nothing of this is bundled.

/** The types of a file of texts, whatever its words are. A text with arguments keeps its type. */
type Texts<File> = { [Name in keyof File]: File[Name] extends (...given: never) => unknown ? File[Name] : Words<File[Name]> };

/** A text; or several under one name, which are such a file themselves. */
type Words<Value> = Value extends string ? string : Texts<Value>;

type Checked<English, File extends Texts<English>> = File;

export type German = [
  Checked<typeof import("./en/first.ts"), typeof import("./de/first.ts")>,
  Checked<typeof import("./en/conversation.ts"), typeof import("./de/conversation.ts")>,
  Checked<typeof import("./en/room.ts"), typeof import("./de/room.ts")>,
  Checked<typeof import("./en/files.ts"), typeof import("./de/files.ts")>,
  Checked<typeof import("./en/notices.ts"), typeof import("./de/notices.ts")>,
];
