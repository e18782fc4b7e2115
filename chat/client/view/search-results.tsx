// What a search has found: each message with its author, its time, and the part of its text around the words.
import * as texts from "#texts/conversation.ts";
import { Fragment, h, type VNode } from "preact";
import { finding } from "../finding.ts";
import { foundWords } from "../found-words.ts";
import { isFar, jumpTo } from "../jump.ts";
import type { RoomSession } from "../room-session.ts";
import type { Hit, Search, Searching } from "../search.ts";
import { Avatar, hue } from "./avatar.tsx";
import { DayAndTime } from "./day.tsx";
import { Reason } from "./reason.tsx";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

type ResultsProps = { session: RoomSession; search: Searching; onClose: () => void };

export function SearchResults({ session, search, onClose }: ResultsProps) {
  const found = useValue(search.state);
  const { status } = useValue(session.connection);
  const me = useValue(session.room.you)?.member;
  const open = (seq: number) => {
    if (isFar(session.room, seq)) return void (finding.value = { seq });
    onClose();
    void jumpTo(session, seq);
  };
  return (
    <>
      <p class="search-note" role="status">
        {note(found, status === "connected")}
      </p>
      {found.text !== "" && (
        <ol class="hits" aria-label={texts.messagesFound} aria-busy={found.busy}>
          {found.hits.map((hit) => (
            <li key={hit.seq}>
              <HitButton hit={hit} words={found.text} mine={hit.author === me} onOpen={() => open(hit.seq)} />
            </li>
          ))}
        </ol>
      )}
      {found.next !== undefined && !found.busy && (
        <button type="button" class="button search-more" onClick={search.more}>
          {texts.showMore}
        </button>
      )}
    </>
  );
}

/** Returns how the search goes. */
function note({ text, hits, busy, next, refused }: Search, connected: boolean): string | VNode {
  if (text === "") return texts.howToSearch;
  if (busy && !connected) return texts.searchWaits;
  if (refused !== undefined) return <Reason error={refused} about="search" />;
  if (busy) return hits.length > 0 && next !== undefined ? texts.searchingFurther : texts.searching;
  if (next !== undefined) return hits.length === 0 ? texts.nothingSoFar : texts.newestFound(hits.length);
  return hits.length === 0 ? texts.nothingFound : texts.found(hits.length);
}

type HitProps = { hit: Hit; words: string; mine: boolean; onOpen: () => void };

function HitButton({ hit: { author, at, body }, words, mine, onOpen }: HitProps) {
  return (
    <button type="button" class="hit" style={{ "--hue": hue(author) }} onClick={onOpen}>
      <Avatar name={body?.user ?? ""} member={author} />
      <span class="hit-head">
        <bdi class="name">{mine ? texts.you : body?.user}</bdi>
        <DayAndTime at={at} />
      </span>
      {body?.content && (
        <span class="hit-text" dir="auto">
          {marked(body.content, words)}
        </span>
      )}
      {body?.file && (
        <span class="hit-text hit-file" dir="auto">
          <Icon name="file" />
          <span>{marked(body.file.name, words)}</span>
        </span>
      )}
    </button>
  );
}

function marked(text: string, words: string) {
  return foundWords(text, words).map(({ text, hit }) => (hit ? <mark>{text}</mark> : text));
}
