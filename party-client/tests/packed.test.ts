// The packed file: its content, and whether compilers, Node and bundlers can import it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { publint } from "publint";
import { addReact, pack, type Packed } from "./packed.ts";

let packed: Packed;
/** A project that has the packed file and nothing else. */
let plain: string;

before(() => {
  packed = pack();
  plain = packed.install("plain", packed.file);
});

after(() => packed.remove());

test("publint finds nothing in the packed file", async () => {
  const { buffer } = new Uint8Array(readFileSync(packed.file));
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
  assert.deepEqual(messages, []);
});

test("attw finds nothing in the packed file", () => {
  const attw = fileURLToPath(new URL("../../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url));
  execFileSync(process.execPath, [attw, packed.file, "--profile", "esm-only", "--format", "ascii"], { encoding: "utf8" });
});

test("the packed file has code, types, texts and licences, and no sources", () => {
  const project = join(plain, "node_modules/party-client");
  const names = globSync("**/*", { cwd: project, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
  assert.deepEqual(names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")), []);
  const entries = ["", "react/", "upload/"].flatMap((entry) => [`${entry}index.js`, `${entry}index.d.ts`]);
  for (const name of [...entries, "README.md", "RECIPES.md", "LICENSE-MIT"])
    assert.ok(existsSync(join(project, name)), name);
  const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as Record<string, unknown>;
  assert.equal(manifest["private"], undefined);
  assert.equal(manifest["dependencies"], undefined);
});

test("without React, Node imports the client, and npm has installed nothing else", () => {
  assert.deepEqual(globSync("*", { cwd: join(plain, "node_modules") }), ["party-client"]);
  const made = `import { Room } from "party-client"; console.log(new Room({ host: "localhost", room: "lobby" }).state.value.status)`;
  assert.equal(evaluate(plain, made), "connecting");
});

for (const [name, what] of [["file", () => packed.file], ["path", () => packed.folder]] as const) {
  test(`installed from a ${name}, the hooks and the app have one Room, in Node and in a bundle`, async () => {
    const project = packed.install(`from-${name}`, what());
    addReact(project);
    const code = `
      import { Room } from "party-client";
      import { useRoom } from "party-client/react";
      import { createElement } from "react";
      import { renderToString } from "react-dom/server";
      const App = () => String(useRoom({ host: "localhost", room: "lobby" }) instanceof Room);
      console.log(renderToString(createElement(App)));`;
    assert.equal(evaluate(project, code), "true");
    const stdin = { contents: code, resolveDir: project };
    const { outputFiles } = await build({ stdin, bundle: true, format: "esm", platform: "node", write: false, logLevel: "error" });
    const bundle = outputFiles[0]?.text ?? "";
    assert.equal(bundle.split("has more than").length, 2, "the client is in the bundle once");
  });
}

test("a bundle of the client alone has nothing of React, and one of an unused import is empty", async () => {
  const bundled = async (contents: string) => {
    const stdin = { contents, resolveDir: plain };
    const { outputFiles } = await build({ stdin, bundle: true, format: "esm", minify: true, write: false, logLevel: "error" });
    return outputFiles[0]?.text ?? "";
  };
  assert.ok(!(await bundled(`import { Room } from "party-client"; new Room({ room: "lobby" });`)).includes("react"));
  assert.equal((await bundled(`import { Room } from "party-client";`)).trim(), "");
});

test("an upload rejects with the one RoomError there is", () => {
  const code = `
    import { Room, RoomError } from "party-client";
    import { upload } from "party-client/upload";
    const room = new Room({ host: "localhost", room: "lobby" });
    upload(room, new Blob(["x"])).catch((error) => console.log(error instanceof RoomError, error.code));`;
  assert.equal(evaluate(plain, code), "true offline");
});

test("the examples in README and RECIPES have the types of the packed file", () => {
  const project = packed.install("examples", packed.file);
  addReact(project);
  const examples = ["README.md", "RECIPES.md"].flatMap((name) => {
    const text = readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
    return [...text.matchAll(/^```(tsx?)\n(.*?)^```/gms)].map(([, ending, code = ""]) => ({ ending, code }));
  });
  // Those for Vue need Vue, which no test has.
  const own = examples.filter(({ code }) => !code.includes('from "vue"'));
  assert.equal(own.length, 4);
  own.forEach(({ ending, code }, index) => writeFileSync(join(project, `example-${index}.${ending}`), code));
  writeFileSync(join(project, "around.d.ts"), "declare function render(...shown: unknown[]): void;\ndeclare function showStatus(text: string): void;\n");
  copyFileSync(new URL("../../examples/board/client/protocol.ts", import.meta.url), join(project, "protocol.ts"));
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const words = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "--jsx", "react-jsx"];
  const files = globSync("*.{ts,tsx}", { cwd: project });
  execFileSync(process.execPath, [tsc, ...words, ...files], { cwd: project, stdio: ["ignore", "inherit", "inherit"] });
});

/** Runs a module in the folder of a project, and returns what it prints. */
function evaluate(project: string, code: string): string {
  const words = ["--input-type=module", "--eval", code];
  return execFileSync(process.execPath, words, { cwd: project, encoding: "utf8" }).trim();
}
