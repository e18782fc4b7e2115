// Files that come by paste, or by drag and drop.

/** Returns whether files are dragged: what they are is not known before they are dropped. */
export function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") ?? false;
}

/**
 * Returns the files that are pasted. A text that was copied with its formatting, as from a table, also comes as a
 * picture of itself: then the text is meant.
 */
export function pastedFiles(data: DataTransfer | null): File[] {
  if (!data || (data.types.includes("text/plain") && data.types.includes("text/html"))) return [];
  return [...data.files];
}

/** Returns the files that are dropped, without folders. */
export function droppedFiles(data: DataTransfer | null): File[] {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === "file");
  return items.flatMap((item) => (item.webkitGetAsEntry?.()?.isDirectory ? [] : (item.getAsFile() ?? [])));
}
