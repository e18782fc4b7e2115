//! Browser clients: one script each, bundled by esbuild. Pages and style sheets are plain files in `public/`.

use super::inputs::Inputs;
use super::profile::Profile;
use super::stamp::Stamp;
use crate::error::Result;
use crate::process;
use crate::project;
use crate::setup;
use crate::versions;
use crate::workers::Worker;

/// The sources of the package that clients are built on; bundled with each that uses it.
const PACKAGE: &str = "party-client/src";

/// Bundles a worker's client, if it has one that has changed.
pub(super) fn build(worker: &Worker, profile: Profile) -> Result<()> {
    let Some(entry) = worker.entry() else { return Ok(()) };
    let inputs = Inputs::default().text(profile.name()).file("package-lock.json");
    let inputs = inputs.folder(PACKAGE, &[]).folder(&worker.client(), &["tests"]);
    let stamp = Stamp::new(&worker.client(), inputs);
    let script = worker.script();
    if stamp.is_fresh(&[&script]) {
        return Ok(());
    }
    stamp.renew(|| bundle(&entry, &script, profile))
}

/// Runs esbuild. It writes nothing when the client has a mistake.
fn bundle(entry: &str, script: &str, profile: Profile) -> Result<()> {
    println!("building the browser client `{entry}` ({})", profile.name());
    let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
    let mut esbuild = node.command(packages.esbuild());
    esbuild.args([entry, "--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.args(["--jsx=automatic", "--jsx-import-source=preact", &format!("--outfile={script}")]);
    match profile {
        Profile::Dev => esbuild.arg("--sourcemap=inline"),
        // Ours says nothing on the console, and what `partysocket` says there is for developers.
        Profile::Release => esbuild.args(["--minify", "--drop:console"]),
    };
    process::run(esbuild.current_dir(project::root()))
}
