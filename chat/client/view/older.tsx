// The part above the messages. Older ones are loaded automatically when the reader scrolls; the button is for readers
// who do not.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";

export function Older({ older, loading, onMore }: { older: boolean; loading: boolean; onMore: () => void }) {
  if (!older) return <p>{texts.beginning}</p>;
  return (
    <button type="button" class="button" aria-disabled={loading} onClick={onMore}>
      {loading ? texts.loadingOlder : texts.showOlder}
    </button>
  );
}
