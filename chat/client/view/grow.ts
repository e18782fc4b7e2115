// An input that is as high as its content, for browsers that cannot do that themselves.

const growsByItself = CSS.supports("field-sizing", "content");

/** Sets its height. The style sheet limits how far. */
export function grow(input: HTMLTextAreaElement | null): void {
  if (!input || growsByItself) return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}
