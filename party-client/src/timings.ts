// How long things take, in milliseconds. Apps leave this alone; tests do not.

export const TIMINGS = {
  /** After so long in which nothing was received, or nothing was sent, a ping is sent. */
  ping: 10_000,
  /** The same on a hidden page, where nobody waits and phones save their batteries. */
  pingHidden: 60_000,
  /** Until a `pong`, or any other frame, must have come. */
  pong: 5_000,
  /** The time that the app has to return a token, or the parameters. */
  app: 15_000,
  /** The time that a connection has to open. A room that wakes over a slow phone connection needs a while. */
  connect: 10_000,
  /** Until a frame must have been answered, or an open connection welcomed. */
  answer: 10_000,
  /** The shortest pause before coming back, and the longest. */
  least: 300,
  most: 15_000,
  /** The time that a connection must have lasted for the next pause to be short again. */
  steady: 5_000,
  /** The pause after "try again later", if the room does not say how long. */
  later: 10_000,
  /** After which a new secret is proved: by then a browser shows one tab what another has stored. */
  settle: 50,
  /** The time in which frames are gathered into one message, after one was sent. */
  gather: 5,
  /** After which an ephemeral event is said again though it has not changed. */
  repeat: 2_000,
};

export type Timings = typeof TIMINGS;
