// A person as a disc in their colour with their initials. Decoration: the name is always next to it as text.
import { h } from "preact";
import { hueOf } from "../colour.ts";
import { initials } from "../initials.ts";

/** Without a `member` it is the reader, before the room has recognised them. */
export function Avatar({ name, member }: { name: string; member: string | undefined }) {
  // The style sheet prints the initials: as text they would be read, selected and copied along with the name.
  return <span class="avatar" style={{ "--hue": hue(member) }} data-initials={initials(name)} aria-hidden="true" />;
}

export function hue(member: string | undefined): number | string {
  return member === undefined ? "var(--me)" : hueOf(member);
}
