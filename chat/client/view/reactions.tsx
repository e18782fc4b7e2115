// The reactions to a message: a button for each emoji under it, and those to choose from in its menu.
import * as texts from "#texts/conversation.ts";
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { reactionsIn, reactionsOn, type Reaction } from "../reactions.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

export function Reactions({ session, row: { item, menu } }: { session: RoomSession; row: MessageRow }) {
  const reactions = reactionsOn(item, useValue(reactionsIn(session).own));
  if (reactions.length === 0) return null;
  return (
    <div class="reactions" role="group" aria-label={texts.reactions}>
      {reactions.map((reaction) => {
        const { emoji, count, own } = reaction;
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            aria-pressed={own}
            aria-label={texts.reactionBy(emoji, count, givers(reaction))}
            title={givers(reaction)}
            disabled={!menu}
            onClick={() => reactionsIn(session).toggle(item, emoji)}
          >
            <span>{emoji}</span> {count}
          </button>
        );
      })}
    </div>
  );
}

/** Returns who has given an emoji. */
export function givers({ names, count, own }: Reaction): string {
  const others = count - names.length;
  const known = names.length > 0 ? [...names] : own ? [texts.you] : [];
  if (names.length > 0 && others > 0) known.push(texts.others(others));
  return known.length < 2 ? known.join("") : texts.and(known.slice(0, -1).join(", "), known.at(-1) ?? "");
}

const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢"];
const MORE = [..."👎👏🙏💪👀🙌🔥✨⭐✅❌❓❗💯😀😄😅😊😍🤔😎😴😭😡🤯🥳🤝🚀💡🎂🌈🍕", "❤️‍🔥"];

/** The emoji in the menu of a message. */
export function EmojiChoices({ session, row: { item } }: { session: RoomSession; row: MessageRow }) {
  const [more, setMore] = useState(false);
  const given = reactionsOn(item, useValue(reactionsIn(session).own));
  return (
    <>
      <div class="emoji-choices" role="group" aria-label={texts.react}>
        {[...QUICK, ...(more ? MORE : [])].map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="emoji-choice"
            role="menuitemcheckbox"
            aria-checked={given.some((reaction) => reaction.emoji === emoji && reaction.own)}
            aria-label={emoji}
            onClick={({ currentTarget }) => {
              currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
              reactionsIn(session).toggle(item, emoji);
            }}
          >
            {emoji}
          </button>
        ))}
        {!more && (
          <button type="button" class="emoji-choice" role="menuitem" aria-label={texts.moreEmoji} onClick={() => setMore(true)}>
            <Icon name="plus" />
          </button>
        )}
      </div>
      {given.map((reaction) => (
        <p key={reaction.emoji} class="menu-note" role="presentation">
          {reaction.emoji} {givers(reaction)}
        </p>
      ))}
    </>
  );
}
