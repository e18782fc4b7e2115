// The types of an app's rooms, as one type parameter.

/** The types of an app. Those that are left out are `unknown`. */
export type RoomTypes = {
  /** The body of an item, as a client sends it. */
  draft?: unknown;
  /** The body that the room makes of it: it is stored, and everyone receives it. */
  body?: unknown;
  /** The presence data, as a client sends it. */
  introduction?: unknown;
  /** The presence data that the room makes of it, and that everyone receives. */
  profile?: unknown;
  /** The data of a command. */
  command?: unknown;
  /** The app's own state for this member. */
  own?: unknown;
  /** The app's own state of the room. */
  shared?: unknown;
  /** A query. */
  query?: unknown;
  /** What the app answers to a query. */
  answer?: unknown;
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
export type Shared<T extends RoomTypes> = TypeOf<T, "shared">;
export type Query<T extends RoomTypes> = TypeOf<T, "query">;
export type Answer<T extends RoomTypes> = TypeOf<T, "answer">;
export type Event<T extends RoomTypes> = TypeOf<T, "event">;
