// Writes a configuration for `wrangler dev`: what a wrangler.toml says, and buckets on this machine that it does not
// have. So files can be tried before there is a bucket to deploy with.
//
// node xtask/local-config.mjs WRANGLER_TOML FILE [BUCKET ...]

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { unstable_readConfig as readConfig } from "wrangler";

const [config, file, ...buckets] = process.argv.slice(2);
const home = dirname(resolve(config));
const { name, main, compatibility_date, compatibility_flags, assets, build, durable_objects, migrations, vars, r2_buckets } =
  readConfig({ config }, { hideWarnings: true });

const absolute = (paths) => [paths ?? []].flat().map((path) => resolve(home, path));
const missing = buckets.filter((binding) => r2_buckets.every((bucket) => bucket.binding !== binding));
const worker = {
  name,
  main: resolve(home, main),
  compatibility_date,
  compatibility_flags,
  build: { ...build, cwd: home, watch_dir: absolute(build.watch_dir) },
  ...(assets && { assets: { ...assets, directory: resolve(home, assets.directory) } }),
  durable_objects,
  migrations,
  vars,
  r2_buckets: [...r2_buckets, ...missing.map((binding) => ({ binding, bucket_name: `local-${binding.toLowerCase()}` }))],
};
const text = `${JSON.stringify(worker, null, 2)}\n`;
// A server that runs starts again when its configuration is written.
if (read(file) !== text) writeFileSync(file, text);

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
