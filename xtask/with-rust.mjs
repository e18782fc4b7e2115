// Runs `cargo xtask` with the words it is given, and makes sure of cargo first. npm's scripts and wrangler's build command
// start here, because they may run where only Node is certain: on a CI service's image, or in a clone whose pinned compiler
// is not installed yet.

import { spawn, spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

// A fresh installation is in no PATH yet; a cargo that is in PATH already goes first.
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
process.env.PATH = [process.env.PATH, join(cargoHome, "bin")].join(delimiter);

const run = (program, ...words) => spawnSync(program, words, { cwd: root, stdio: "inherit" });

const fail = (message) => {
  console.error(`error: ${message}`);
  process.exit(1);
};

// What `cargo --version` does here: `error` without Rust, another status than 0 without the pinned compiler. That one is
// not to be installed on the side, where nobody sees why it takes so long.
const askCargo = () => {
  const env = { ...process.env, RUSTUP_AUTO_INSTALL: "0" };
  return spawnSync("cargo", ["--version"], { cwd: root, env, stdio: "ignore" });
};

// Installing Rust unasked is for machines that are thrown away; a person is told how to do it.
const installRust = () => {
  const remedy = "install it from https://rustup.rs, then run this again";
  if (!process.env.CI || process.platform === "win32") fail(`Rust is missing: ${remedy}`);
  const download = "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs";
  const install = "sh -s -- -y --no-modify-path --profile minimal --default-toolchain none";
  if (run("sh", "-c", `${download} | ${install}`).status !== 0) fail(`Rust could not be installed: ${remedy}`);
};

const installCompiler = () => {
  if (run("rustup", "toolchain", "install", "--no-self-update").status === 0) return;
  fail("the compiler of rust-toolchain.toml is missing: install it with `rustup toolchain install`, then run this again");
};

if (askCargo().error) installRust();
if (askCargo().status !== 0) installCompiler();

const xtask = spawn("cargo", ["xtask", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => xtask.kill(signal));
xtask.on("error", (error) => fail(`cargo cannot be started: ${error.message}`));
xtask.on("exit", (code) => process.exit(code ?? 1));
