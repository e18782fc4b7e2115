// The page: notes of the wall that its address names.

import { Room, randomId } from "party-client";

/** The types of the frames between page and room, see src/room.rs. */
type Wall = {
  draft: { text: string };
  body: { text: string; by: string };
  introduction: { name: string };
  profile: { name: string };
};

/** Returns the name of the wall. A visit without one gets a new wall, whose address invites others. */
function wall(): string {
  const name = decodeURIComponent(location.pathname.slice(1));
  if (name) return name;
  const own = randomId();
  history.replaceState(null, "", `/${own}`);
  return own;
}

const find = <E extends Element>(selector: string): E => {
  const element = document.querySelector<E>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
};

const name = find<HTMLInputElement>("#name");
name.value = localStorage.getItem("name") ?? "Guest";

const room = new Room<Wall>({
  party: "wall",
  room: wall(),
  presence: { name: name.value },
  preview: ({ text }) => ({ text, by: name.value }),
});

name.addEventListener("change", () => {
  localStorage.setItem("name", name.value);
  room.setPresence({ name: name.value });
});

const text = find<HTMLTextAreaElement>("#text");
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value.trim()) room.send({ text: text.value });
  text.value = "";
});

const notes = find("#notes");
room.log.subscribe(({ items }) => {
  notes.replaceChildren(
    ...items.flatMap(({ body, pending }) => {
      if (!body) return [];
      const note = document.createElement("li");
      note.classList.toggle("pending", pending !== undefined);
      // Text of people is text, never HTML, and its direction does not reach into ours.
      for (const [tag, content] of [["p", body.text], ["bdi", body.by]] as const) {
        const part = document.createElement(tag);
        part.textContent = content;
        if (tag === "p") part.dir = "auto";
        note.append(part);
      }
      return [note];
    }),
  );
});

room.state.subscribe(({ status }) => (find("#status").textContent = status));
room.presence.subscribe(({ count }) => (find("#count").textContent = `${count} here`));
room.notice.subscribe((notice) => (find("#notice").textContent = notice?.message ?? ""));
