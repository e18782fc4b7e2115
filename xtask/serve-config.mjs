// Writes wrangler.jsonc for a workerd of one's own: what a wrangler.toml says, with the variables that are named.
//
// node xtask/serve-config.mjs WRANGLER_TOML FOLDER [VARIABLE ...]

import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { unstable_readConfig as readConfig } from "wrangler";

const [config, folder, ...names] = process.argv.slice(2);
const home = dirname(resolve(config));
const { name, main, compatibility_date, compatibility_flags, assets, durable_objects, migrations, vars } = readConfig(
  { config },
  { hideWarnings: true },
);

const missing = names.filter((name) => process.env[name] === undefined);
if (missing.length > 0) {
  console.error(`error: the environment has no ${missing.join(", no ")}`);
  process.exit(1);
}

const worker = {
  name,
  main: resolve(home, main),
  // worker-build has made one module of the worker already.
  no_bundle: true,
  compatibility_date,
  compatibility_flags,
  ...(assets && { assets: { ...assets, directory: resolve(home, assets.directory) } }),
  durable_objects,
  migrations,
  vars: { ...vars, ...Object.fromEntries(names.map((name) => [name, process.env[name]])) },
};
// For its owner alone: variables may be secrets.
writeFileSync(join(folder, "wrangler.jsonc"), `${JSON.stringify(worker, null, 2)}\n`, { mode: 0o600 });
