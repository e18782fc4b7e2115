// What kind of device this is.

/** Fingers and a keyboard on the screen, and nothing else. */
export const TOUCH = matchMedia("(hover: none) and (pointer: coarse)").matches;
