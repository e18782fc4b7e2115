// Builds the worker into build/ and the page's script into public/dist/. wrangler runs it, see wrangler.jsonc.
//
// It fetches what is missing: worker-build, by cargo, into .tools/; and on a CI machine (CI is set) Rust itself, since build machines
// for Workers have none.

import { spawnSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The version of worker-build. It must have the same minor version as the crate `worker` in Cargo.toml. */
const WORKER_BUILD = "0.8.7";

const here = fileURLToPath(new URL(".", import.meta.url));
const tools = join(here, ".tools");
process.env.PATH = [join(tools, "bin"), process.env.PATH, join(homedir(), ".cargo", "bin")].join(delimiter);

function run(program, ...words) {
  const { status, error } = spawnSync(program, words, { cwd: here, stdio: "inherit", shell: process.platform === "win32" });
  if (error || status !== 0) throw new Error(`${program} ${words.join(" ")}: ${error?.message ?? `status ${status}`}`);
}

function answers(program, ...words) {
  return spawnSync(program, words, { cwd: here, stdio: "ignore" }).status === 0;
}

if (!answers("cargo", "--version")) {
  if (!process.env.CI) throw new Error("Rust is missing: install it from https://rustup.rs, then run this again");
  run("sh", "-c", "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --no-modify-path --profile minimal");
}
if (!answers("worker-build", "--version")) {
  console.log("installing worker-build (once; a few minutes)");
  run("cargo", "install", "worker-build", "--version", WORKER_BUILD, "--root", tools);
}

run("worker-build", "--release");

// The names of all functions are a quarter of the module, and nobody reads them.
const [module, slim] = ["build/index_bg.wasm", "build/slim.wasm"];
if (existsSync(join(here, module))) {
  const features = ["bulk-memory", "exception-handling", "multivalue", "mutable-globals", "nontrapping-float-to-int"];
  const enabled = [...features, "reference-types", "sign-ext"].map((feature) => `--enable-${feature}`);
  const passes = ["-Oz", "--coalesce-locals-learning", "--reorder-functions-by-name", "--strip-debug", "--strip-producers"];
  run(process.execPath, join("node_modules", "binaryen", "bin", "wasm-opt"), module, ...enabled, ...passes, "-o", slim);
  renameSync(join(here, slim), join(here, module));
}

await build({
  absWorkingDir: here,
  entryPoints: ["client/main.ts"],
  outdir: "public/dist",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
});
