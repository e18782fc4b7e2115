// The panel in which one searches: whether it is open, and what it shows.
import { source } from "party-client";

/** What the panel shows: a search, or the message at this `seq` with its neighbours. */
export type Finding = { seq?: number };

/** It, while the panel is open. */
export const finding = source<Finding | undefined>(undefined);
