// One sea on the page: an 8 by 8 grid of buttons, for the pointer and for the arrow keys.
import { cellName, columnName, SIZE } from "./words.ts";
import type { SeaView } from "./protocol.ts";

export type Board = {
  element: HTMLElement;
  update(sea: SeaView, last: number | null, isTarget: boolean): void;
};

type Join = { name: string; step: number };
const JOINS: Join[] = [
  { name: "west", step: -1 },
  { name: "east", step: 1 },
  { name: "north", step: -SIZE },
  { name: "south", step: SIZE },
];

/** Returns a sea. `fire` is called for a cell that the pointer or the keyboard chooses. */
export function board(label: string, fire: (cell: number) => void): Board {
  const cells = Array.from({ length: SIZE * SIZE }, (_, cell) => cellButton(cell));
  const element = document.createElement("div");
  element.className = "sea";
  element.setAttribute("role", "grid");
  element.setAttribute("aria-label", label);
  element.append(columnHeads(), ...rows(cells));
  element.addEventListener("click", ({ target }) => {
    const cell = cells.findIndex((button) => button === target);
    if (cell >= 0 && cells[cell]?.getAttribute("aria-disabled") === "false") fire(cell);
  });
  element.addEventListener("keydown", (event) => walk(cells, event));
  return {
    element,
    update(sea, last, isTarget) {
      element.classList.toggle("target", isTarget);
      cells.forEach((button, cell) => paint(button, cell, sea, last === cell, isTarget));
    },
  };
}

function paint(button: HTMLButtonElement, cell: number, sea: SeaView, isLast: boolean, isTarget: boolean): void {
  const ship = sea.ships.find((ship) => ship.includes(cell));
  const [isHit, isMiss] = [sea.hits.includes(cell), sea.misses.includes(cell)];
  const isSunk = ship?.every((part) => sea.hits.includes(part)) ?? false;
  const classes = ["cell"];
  if (ship) classes.push("ship", ...JOINS.filter(({ step }) => ship.includes(cell + step)).map(({ name }) => name));
  if (isSunk) classes.push("sunk");
  if (isHit) classes.push("hit");
  if (isMiss) classes.push("miss");
  if (isLast) classes.push("last");
  button.className = classes.join(" ");
  const state = isSunk ? "sunk ship" : isHit ? "hit" : isMiss ? "water" : ship ? "ship" : "unknown";
  button.setAttribute("aria-label", `${cellName(cell)}, ${state}`);
  button.setAttribute("aria-disabled", String(!isTarget || isHit || isMiss));
}

function cellButton(cell: number): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "gridcell");
  button.tabIndex = cell === 0 ? 0 : -1;
  return button;
}

function rows(cells: HTMLButtonElement[]): HTMLElement[] {
  return Array.from({ length: SIZE }, (_, row) => {
    const element = document.createElement("div");
    element.setAttribute("role", "row");
    element.append(head(String(row + 1)), ...cells.slice(row * SIZE, (row + 1) * SIZE));
    return element;
  });
}

function columnHeads(): HTMLElement {
  const element = document.createElement("div");
  element.className = "heads";
  element.setAttribute("aria-hidden", "true");
  element.append(head(""), ...Array.from({ length: SIZE }, (_, column) => head(columnName(column))));
  return element;
}

function head(text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = "head";
  element.setAttribute("aria-hidden", "true");
  element.textContent = text;
  return element;
}

/** The arrow keys go from cell to cell; only one cell at a time is in the order of the tab key. */
function walk(cells: HTMLButtonElement[], event: KeyboardEvent): void {
  const from = cells.findIndex((button) => button === event.target);
  if (from < 0) return;
  const [column, row] = [from % SIZE, Math.floor(from / SIZE)];
  const to: Record<string, number> = {
    ArrowLeft: column > 0 ? from - 1 : from,
    ArrowRight: column < SIZE - 1 ? from + 1 : from,
    ArrowUp: row > 0 ? from - SIZE : from,
    ArrowDown: row < SIZE - 1 ? from + SIZE : from,
    Home: from - column,
    End: from - column + SIZE - 1,
  };
  const next = to[event.key];
  if (next === undefined) return;
  event.preventDefault();
  cells.forEach((button, cell) => (button.tabIndex = cell === next ? 0 : -1));
  cells[next]?.focus();
}
