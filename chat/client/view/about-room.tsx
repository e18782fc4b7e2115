// What the room says about itself: everyone reads it, moderators change it.
import * as texts from "#texts/room.ts";
import { Fragment, h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { changeRoom, founderName, interval, INTERVALS, rulesOf } from "../about.ts";
import { LIMITS, type About, type Change } from "../protocol.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

type AboutRoomProps = { session: RoomSession; onClose: () => void };

export function AboutRoom({ session, onClose }: AboutRoomProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const about = useValue(session.room.shared) ?? {};
  const moderates = useValue(session.room.you)?.role === "moderator";
  const founder = founderName(session);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="dialog about" aria-labelledby="about-title" closedby="any" onClose={onClose}>
      <h2 id="about-title">{moderates ? texts.roomSettings : texts.aboutThisRoom}</h2>
      {moderates ? <Settings session={session} about={about} onDone={close} /> : <Facts session={session} about={about} onDone={close} />}
      {founder !== undefined && <p>{texts.foundedBy(<bdi>{founder}</bdi>)}</p>}
    </dialog>
  );
}

type PartProps = { session: RoomSession; about: About; onDone: () => void };

function Facts({ session, about, onDone }: PartProps) {
  return (
    <>
      <p class="about-name" dir="auto">
        {about.name || roomTitle(session.name)}
      </p>
      {about.topic && <p dir="auto">{about.topic}</p>}
      {rulesOf(about).map((rule) => (
        <p key={rule}>{rule}</p>
      ))}
      <div class="dialog-end">
        <button type="button" class="button" onClick={onDone}>
          {texts.close}
        </button>
      </div>
    </>
  );
}

function Settings({ session, about, onDone }: PartProps) {
  const [name, setName] = useState(about.name ?? "");
  const [topic, setTopic] = useState(about.topic ?? "");
  const [locked, setLocked] = useState(about.locked ?? false);
  const [closed, setClosed] = useState(about.invitation !== undefined);
  const [slowMode, setSlowMode] = useState(about.slowMode ?? 0);
  const save = (event: Event) => {
    event.preventDefault();
    // Only what was changed here: another moderator may have changed the rest meanwhile.
    const changes: [boolean, Change][] = [
      [name !== (about.name ?? ""), { name }],
      [topic !== (about.topic ?? ""), { topic }],
      [locked !== (about.locked ?? false), { lock: locked }],
      [slowMode !== (about.slowMode ?? 0), { slow_mode: slowMode }],
      [closed !== (about.invitation !== undefined), { invitation_only: closed }],
    ];
    for (const [isNew, change] of changes) if (isNew) void changeRoom(session, change);
    onDone();
  };
  return (
    <form class="settings" onSubmit={save}>
      <Field label={texts.name} value={name} most={LIMITS.roomNameChars} placeholder={roomTitle(session.name)} onValue={setName} />
      <Field label={texts.topic} value={topic} most={LIMITS.topicChars} placeholder={texts.whatAbout} onValue={setTopic} />
      <label class="setting">
        <span>{texts.onlyModerators}</span>
        <input type="checkbox" checked={locked} onChange={(event) => setLocked(event.currentTarget.checked)} />
      </label>
      <label class="setting">
        <span id="invitation-only">{texts.invitationOnly}</span>
        <input
          type="checkbox"
          checked={closed}
          aria-labelledby="invitation-only"
          aria-describedby="about-invitation-only"
          onChange={(event) => setClosed(event.currentTarget.checked)}
        />
      </label>
      <p id="about-invitation-only" class="hint">
        {texts.aboutInvitationOnly}
      </p>
      <label class="setting">
        <span>{texts.slowMode}</span>
        <select class="field" value={slowMode} onChange={(event) => setSlowMode(Number(event.currentTarget.value))}>
          {withCurrent(about.slowMode).map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds === 0 ? texts.off : interval(seconds)}
            </option>
          ))}
        </select>
      </label>
      <div class="dialog-end">
        <button type="button" class="button" onClick={onDone}>
          {texts.cancel}
        </button>
        <button type="submit" class="button primary">
          {texts.save}
        </button>
      </div>
    </form>
  );
}

/** Returns the intervals to choose from, with the one that holds: an operator may have set another. */
function withCurrent(current = 0): number[] {
  return [...new Set([...INTERVALS, current])].sort((a, b) => a - b);
}

type FieldProps = { label: string; value: string; most: number; placeholder: string; onValue: (value: string) => void };

function Field({ label, value, most, placeholder, onValue }: FieldProps) {
  return (
    <label class="labelled">
      <span>{label}</span>
      <input
        class="field"
        dir="auto"
        value={value}
        maxLength={most}
        placeholder={placeholder}
        autocomplete="off"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}
