// How the editor looks. The colours are those of the page, `public/style.css`.
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** Returns the theme, with the colours of that many people. */
export function theme(people: number): Extension {
  const colors = Array.from({ length: people }, (_, color) => [`.person-${color}`, { "--person": `var(--person-${color})` }]);
  return EditorView.theme({
    "&": { height: "100%", color: "var(--ink)", fontSize: "1.0625rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.65" },
    ".cm-content": {
      boxSizing: "border-box",
      maxWidth: "46rem",
      margin: "0 auto",
      padding: "2rem 1.25rem 40vh",
      caretColor: "var(--ink)",
    },
    ".cm-content:focus-visible": { outline: "none" },
    ".cm-line": { padding: "0" },
    ".cm-placeholder": { color: "var(--ink-soft)" },
    "& ::selection": { background: "var(--selection)" },
    // The others.
    ...Object.fromEntries(colors),
    ".cm-selected": { backgroundColor: "color-mix(in oklab, var(--person), transparent 75%)" },
    ".cm-caret": {
      position: "relative",
      borderLeft: "2px solid var(--person)",
      marginInline: "-1px",
      pointerEvents: "auto",
    },
    ".cm-caret::before": {
      content: "''",
      position: "absolute",
      top: "-0.2em",
      left: "-4px",
      width: "6px",
      height: "6px",
      borderRadius: "50%",
      background: "var(--person)",
    },
    ".cm-name": {
      position: "absolute",
      bottom: "100%",
      left: "-2px",
      zIndex: "2",
      padding: "0.1rem 0.4rem",
      borderRadius: "0.4rem 0.4rem 0.4rem 0",
      background: "var(--person)",
      color: "var(--on-person)",
      font: "600 0.75rem/1.3 system-ui, sans-serif",
      whiteSpace: "nowrap",
      userSelect: "none",
      pointerEvents: "none",
      opacity: "0",
      animation: "cm-name 3s",
    },
    ".cm-caret:hover .cm-name": { opacity: "1" },
    "@keyframes cm-name": { "0%, 90%": { opacity: "1" }, "100%": { opacity: "0" } },
    // The search.
    ".cm-panels": { background: "var(--card)", color: "var(--ink)", zIndex: "3" },
    ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
    ".cm-panel.cm-search": { padding: "0.5rem 2.5rem 0.5rem 0.75rem", fontSize: "0.875rem" },
    ".cm-panel.cm-search label": { fontSize: "inherit" },
    ".cm-textfield": { background: "var(--paper)", color: "var(--ink)", borderColor: "var(--line)", fontSize: "inherit" },
    ".cm-button": {
      background: "var(--hover)",
      backgroundImage: "none",
      color: "var(--ink)",
      borderColor: "var(--line)",
      fontSize: "inherit",
    },
    ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "1.25rem", padding: "0 0.75rem" },
    ".cm-searchMatch": { backgroundColor: "var(--found)" },
    ".cm-searchMatch-selected": { backgroundColor: "var(--found-here)" },
  });
}
