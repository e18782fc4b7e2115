// The peer's page: a chat as one writes it with React, its router and the hook of `partysocket`, as the original app
// is. The first frame brings the whole history, and all of it is shown.

import { nanoid } from "nanoid";
import { usePartySocket } from "partysocket/react";
import { StrictMode, useState, type FormEvent } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Navigate, Route, Routes, useParams } from "react-router";

type Message = { id: string; user: string; role: string; content: string };

type Frame = ({ type: "add" | "update" } & Message) | { type: "all"; messages: Message[] };

const NAMES = ["Ada", "Bob", "Cleo", "Dan", "Eve", "Finn"];

function Chat() {
  const { room = "" } = useParams();
  const [name] = useState(() => NAMES[Math.floor(Math.random() * NAMES.length)] ?? "");
  const [messages, setMessages] = useState<Message[]>([]);
  const socket = usePartySocket({
    party: "chat",
    room,
    onMessage(event) {
      const frame = JSON.parse(event.data as string) as Frame;
      if (frame.type === "all") setMessages(frame.messages);
      else setMessages((before) => withMessage(before, frame));
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = event.currentTarget.elements.namedItem("content") as HTMLInputElement;
    const message = { id: nanoid(8), content: input.value, user: name, role: "user" };
    setMessages((before) => withMessage(before, message));
    socket.send(JSON.stringify({ type: "add", ...message } satisfies Frame));
    input.value = "";
  };
  return (
    <main>
      {messages.map(({ id, user, content }) => (
        <div key={id} className="message">
          <b>{user}</b>
          <span>{content}</span>
        </div>
      ))}
      <form onSubmit={send}>
        <input name="content" placeholder={`Hello ${name}! Type a message...`} autoComplete="off" />
        <button type="submit">Send</button>
      </form>
    </main>
  );
}

/** Returns the messages with one more. A known message is replaced. */
function withMessage(messages: Message[], { id, user, role, content }: Message): Message[] {
  const message = { id, user, role, content };
  const known = messages.some((other) => other.id === id);
  return known ? messages.map((other) => (other.id === id ? message : other)) : [...messages, message];
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <Routes>
          <Route path="/" element={<Navigate to={`/${nanoid()}`} />} />
          <Route path="/:room" element={<Chat />} />
          <Route path="*" element={<Navigate to="/" />} />
        </Routes>
      </BrowserRouter>
    </StrictMode>,
  );
}
