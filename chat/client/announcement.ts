// What is read out about files: that one is attached, uploaded, or sent.
import { source } from "party-client";

export const announcement = source("");
