// The words of a message. They reach the page as text nodes only, so nothing in them is ever taken for markup.
import { Fragment, h } from "preact";
import { stretches } from "../links.ts";

export function RichText({ text }: { text: string }) {
  return (
    <>
      {stretches(text).map((stretch) =>
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
