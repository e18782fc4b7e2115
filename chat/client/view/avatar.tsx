// A person as a disc in their colour with their initials. Decoration: the name always stands beside it as text.
import { hueOf } from "../colour.ts";
import { initials } from "../initials.ts";

export function Avatar({ name }: { name: string }) {
  // The style sheet prints the initials: as text they would be read, selected and copied along with the name.
  return <span class="avatar" style={{ "--hue": hueOf(name) }} data-initials={initials(name)} aria-hidden="true" />;
}
