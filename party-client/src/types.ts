// What an app's rooms hold, as one type parameter.

/** The types of an app. Those that are left out are `unknown`. */
export type RoomTypes = {
  /** What is sent as the body of an item. */
  draft?: unknown;
  /** What the room makes of it: stored, and received by everyone. */
  body?: unknown;
  /** What is sent about ourselves. */
  introduction?: unknown;
  /** What the room makes of it: what each member shows to all. */
  profile?: unknown;
  /** The data of a command. */
  command?: unknown;
  /** The app's own state for this member. */
  own?: unknown;
  /** The data of an event of the app. */
  event?: unknown;
};

export type TypeOf<T extends RoomTypes, Name extends keyof RoomTypes> = T extends Record<Name, infer Value> ? Value : unknown;

export type Draft<T extends RoomTypes> = TypeOf<T, "draft">;
export type Body<T extends RoomTypes> = TypeOf<T, "body">;
export type Introduction<T extends RoomTypes> = TypeOf<T, "introduction">;
export type Profile<T extends RoomTypes> = TypeOf<T, "profile">;
export type Command<T extends RoomTypes> = TypeOf<T, "command">;
export type Own<T extends RoomTypes> = TypeOf<T, "own">;
export type Event<T extends RoomTypes> = TypeOf<T, "event">;
