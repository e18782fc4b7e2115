// Makes the picture in the README of the board from the real page: `node tests/browser/board-screenshot.ts`, after
// `cargo xtask build --example board`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Person } from "../support/board.ts";
import { launch } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { root } from "../support/workerd.ts";

const QUESTIONS = [
  { by: "Grace", text: "When do we get a second meeting room?", votes: ["Ada"] },
  { by: "Edsger", text: "Could we publish the road map, so that customers can plan with it?", votes: ["Ada", "Grace", "Barbara"] },
  { by: "Barbara", text: "Is there a budget for conferences next year?", votes: ["Grace", "Edsger"] },
  { by: "Ada", text: "Who decides which incidents get a public report?", votes: [] },
];
const ANSWERED = QUESTIONS[0]?.text ?? "";

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
const home = join(root, "examples/board");
const [server, browser] = await Promise.all([DevServer.start(disk, undefined, home), launch()]);
try {
  const address = new URL("/all-hands", server.url);
  const people = new Map<string, Person>();
  for (const name of ["Ada", "Grace", "Edsger", "Barbara"]) {
    const person = await Person.open(browser, address, name, { viewport: { width: 760, height: 730 }, deviceScaleFactor: 2 });
    if (!people.size) await person.page.getByText("You moderate").waitFor();
    people.set(name, person);
  }
  for (const { by, text } of QUESTIONS) {
    await people.get(by)?.ask(text);
    for (const person of people.values()) await person.sees(text);
  }
  for (const { text, votes } of QUESTIONS) for (const name of votes) await people.get(name)?.upvote(text);
  const page = people.get("Ada")?.page;
  await page?.getByRole("article", { name: ANSWERED }).getByRole("button", { name: "Mark answered" }).click();
  await page?.getByRole("region", { name: "Answered" }).getByText(ANSWERED).waitFor();
  for (const { text, votes } of QUESTIONS) await people.get("Ada")?.seesVotes(text, votes.length, votes.includes("Ada"));
  await page?.mouse.move(0, 0);
  await page?.screenshot({ path: join(home, "board.png"), animations: "disabled" });
} finally {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
}
