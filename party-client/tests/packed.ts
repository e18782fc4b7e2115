// The package as others get it: built, packed, and installed by npm. Nothing is fetched.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What an app with React has beside the package: the checkout's own copies. */
const REACT = ["react", "react-dom", "scheduler", "@types/react", "@types/react-dom", "csstype"];

export type Packed = {
  /** The folder that was packed. */
  folder: string;
  /** The file that `npm pack` makes. */
  file: string;
  /** Installs the package, from the file or from a path, into the folder of a new project, and returns that folder. */
  install(name: string, what: string): string;
  remove(): void;
};

/** Builds and packs the package. */
export function pack(): Packed {
  const home = mkdtempSync(join(tmpdir(), "party-client-"));
  const folder = join(home, "dist");
  execFileSync(process.execPath, [join(root, "party-client/build.ts"), folder], { stdio: ["ignore", "ignore", "inherit"] });
  const [{ filename }] = JSON.parse(npm(home, "pack", folder, "--json")) as [{ filename: string }];
  return {
    folder,
    file: join(home, filename),
    install(name, what) {
      const project = join(home, name);
      mkdirSync(project);
      writeFileSync(join(project, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
      npm(project, "install", "--install-links", what);
      return project;
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Adds React to a project. */
export function addReact(project: string): void {
  for (const name of REACT) cpSync(join(root, "node_modules", name), join(project, "node_modules", name), { recursive: true });
}

/** Runs npm in a folder, and returns what it prints. */
function npm(folder: string, ...words: string[]): string {
  const quiet = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  return execFileSync("npm", [...words, ...quiet], { cwd: folder, encoding: "utf8", shell: process.platform === "win32" });
}
