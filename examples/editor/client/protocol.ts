// What travels beside the document, as `src/protocol.rs` has it.

/** A version of the text. */
export type Version = {
  readonly id: number;
  readonly name: string;
  /** When it was saved, in milliseconds since 1970. */
  readonly at: number;
  /** Its size in bytes. */
  readonly bytes: number;
};

/** A command of a page that may write. */
export type Command =
  | { readonly type: "save"; readonly name: string }
  | { readonly type: "restore" | "delete"; readonly version: number };

/** What the room tells a page. */
export type News =
  | { readonly type: "versions"; readonly versions: readonly Version[] }
  | { readonly type: "refused"; readonly reason: string };

/** Reads a message; `undefined` if this page does not know it, as one of a newer room. */
export function readNews(message: string): News | undefined {
  const news = JSON.parse(message) as News | { readonly type: unknown };
  return news.type === "versions" || news.type === "refused" ? (news as News) : undefined;
}
