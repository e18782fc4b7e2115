// The words of a message. They reach the page as text nodes only, so nothing in them is ever taken for markup. Until it
// is known what is a link they are plain text.
import { Fragment, h } from "preact";
import { lazy } from "../lazy.ts";
import type { Stretch } from "../links.ts";
import { useValue } from "./use-value.ts";

export function RichText({ text }: { text: string }) {
  const stretches: Stretch[] = useValue(lazy)?.stretches(text) ?? [{ text }];
  return (
    <>
      {stretches.map((stretch) =>
        stretch.href === undefined ? (
          stretch.text
        ) : (
          <a href={stretch.href} target="_blank" rel="noopener noreferrer nofollow">
            {stretch.text}
          </a>
        ),
      )}
    </>
  );
}
