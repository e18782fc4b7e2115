//! The browser client: one script, bundled by esbuild. The page and its style sheet are plain files in `public/`.

use super::inputs::Inputs;
use super::profile::Profile;
use super::stamp::Stamp;
use crate::error::Result;
use crate::process;
use crate::setup;
use crate::versions;

/// The module that the page starts.
const ENTRY: &str = "chat/client/main.tsx";

/// The script that the page loads.
const PRODUCT: &str = "public/dist/main.js";

/// Bundles the client if it has changed.
pub(super) fn build(profile: Profile) -> Result<()> {
    let inputs = Inputs::default().text(profile.name()).file("package-lock.json");
    let stamp = Stamp::new("client", inputs.folder("chat/client", &["tests"]));
    if stamp.is_fresh(&[PRODUCT]) {
        return Ok(());
    }
    stamp.renew(|| bundle(profile))
}

/// Runs esbuild. It writes nothing when the client has a mistake.
fn bundle(profile: Profile) -> Result<()> {
    println!("building the browser client ({})", profile.name());
    let (node, packages) = setup::javascript(versions::NODE_FOR_BUILDS)?;
    let mut esbuild = node.command(packages.esbuild());
    esbuild.args([ENTRY, "--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.args(["--jsx=automatic", "--jsx-import-source=preact", &format!("--outfile={PRODUCT}")]);
    esbuild.arg(match profile {
        Profile::Dev => "--sourcemap=inline",
        Profile::Release => "--minify",
    });
    process::run(&mut esbuild)
}
