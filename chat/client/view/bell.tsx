// The bell: which messages the reader is notified of, and what the browser says to that. A phone has no place for it in
// the header: there it is opened from the menu of the room.
import * as texts from "#texts/room.ts";
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { choose, look, notify, permission, type Wanted } from "../notification-choice.ts";
import { notificationNote } from "../sentences.ts";
import { useValue } from "./use-value.ts";

const CHOICES: readonly Wanted[] = ["off", "mentions", "all"];

const ID = "notifications";

/** Opens the choice, from elsewhere. */
export function openNotifications(): void {
  document.getElementById(ID)?.showPopover();
}

export function Bell() {
  const chosen = useValue(notify);
  const label = texts.notificationsAre[chosen];
  return (
    <>
      <button type="button" class="button bell" aria-label={label} title={label} popovertarget={ID}>
        <BellIcon state={chosen} />
      </button>
      <section
        id={ID}
        class="people"
        popover="auto"
        aria-labelledby="notifications-title"
        onToggle={(event) => event.newState === "open" && look()}
      >
        <h2 id="notifications-title">{texts.notifications}</h2>
        <Choices chosen={chosen} />
      </section>
    </>
  );
}

function Choices({ chosen }: { chosen: Wanted }) {
  const allowed = useValue(permission);
  const [refusals, setRefusals] = useState(0); // Counts, so that each is drawn: the choice is off again.
  const change = async (wanted: Wanted) => {
    await choose(wanted);
    setRefusals((before) => (wanted !== "off" && permission.value === "default" ? before + 1 : 0));
  };
  return (
    <>
      <div role="radiogroup" aria-labelledby="notifications-title">
        {CHOICES.map((wanted) => (
          <label key={wanted} class="person">
            <input
              type="radio"
              name="notify"
              checked={wanted === chosen}
              disabled={allowed === "missing" || allowed === "denied"}
              onClick={() => void change(wanted)}
            />
            {texts.notify[wanted]}
          </label>
        ))}
      </div>
      <p role="status">{notificationNote(allowed, refusals > 0)}</p>
    </>
  );
}

/** A bell that is struck through, still, or ringing. It is drawn here, as the first message does not need it. */
function BellIcon({ state }: { state: Wanted }) {
  const more = { off: "M4 4l16 16", mentions: "", all: "M3 8a8 8 0 0 1 2.500-4M21 8a8 8 0 0 0-2.500-4" }[state];
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={`M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500H4.500ZM10 20.500h4${more}`} />
    </svg>
  );
}
