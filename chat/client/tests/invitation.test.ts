// Links into rooms that need an invitation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { invitationIn, invitationTo, inviteLink } from "../invitation.ts";
import { closing } from "../sentences.ts";

const KEY = "Zk3-_9AbCdEfGhIjKlMnOp";

/** Leads the page to an address. */
const go = (path: string, hash = "") => {
  Object.assign(globalThis, { location: { origin: "https://chat.example.com", pathname: path, hash } });
};

test("a link has the key where no server sees it, if the room needs one", () => {
  go("/lobby");
  assert.equal(inviteLink("lobby", undefined), "https://chat.example.com/lobby");
  const link = inviteLink("caf%C3%A9", KEY);
  assert.equal(link, `https://chat.example.com/caf%C3%A9#invite=${KEY}`);
  assert.equal(invitationIn(new URL(link).hash), KEY);
});

test("an address without a key, or with another text in its place, has no key", () => {
  for (const hash of ["", "#", "#m=7", "#invite=", "#invite=a b", "#invite=a,b", `#invite=${"k".repeat(65)}`, `#x&invite=${KEY}`]) {
    assert.equal(invitationIn(hash), undefined, hash);
  }
});

test("the key of the address is for the room of the address, and is kept when the address has lost it", () => {
  go("/lobby", `#invite=${KEY}`);
  const [lobby, other] = [invitationTo("lobby"), invitationTo("other")];
  assert.deepEqual([lobby(), other()], [KEY, undefined]);
  go("/lobby");
  assert.equal(lobby(), KEY);
  go("/other", "#invite=another");
  assert.deepEqual([lobby(), other()], [KEY, "another"]);
  go("/lobby", "#invite=new");
  assert.equal(lobby(), "new");
});

test("a refusal says what to do, for each reason of the room", () => {
  const first = closing(4403, "This room is by invitation only");
  assert.deepEqual([first.title, first.text], ["This room is by invitation only", "Ask a member for the invitation link."]);
  assert.equal(closing(4403, "The invitation is not valid any more").text, "Ask a member for the new invitation link.");
  assert.equal(closing(4403, "The room has let in too many members").text, "Ask a moderator of the room.");
});
