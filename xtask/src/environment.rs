//! The environment variables that `cargo xtask` obeys and sets, all in one place.
//!
//! | variable | who sets it | meaning |
//! | --- | --- | --- |
//! | `PARTY_TOOLS` | you | the folder for installed tools, in place of `party-tools` in the system's cache folder |
//! | `PARTY_PROFILE` | you, `dev`, `test` | `dev` or `release`: what `build` builds when no flag says so |
//! | `PARTY_KEEP_SERVING` | `dev` | a build that fails leaves the last good one in place and does not stop the server |
//! | `PARTY_WRANGLER` | `test` | for tests: wrangler's JavaScript entry, to be run by the Node that runs the test |
//! | `CHROMIUM_BIN` | you, `test` | the browser of the browser tests; the tests always find it set |
//! | `FIREFOX_BIN` | you, `test` | the Firefox of the browser tests; empty: there is none |
//! | `WEBKIT_DRIVER_BIN` | you, `test` | the driver of WebKitGTK for the browser tests; empty: there is none |
//! | `WRANGLER_COMMAND` | wrangler | `dev` or `deploy`: for which of its commands wrangler runs our build |
//! | `WASM_BINDGEN_BIN`, `WASM_OPT_BIN`, `ESBUILD_BIN` | you, `build` | worker-build's tools; yours go before ours |
//! | `CI` | a CI service | missing system packages may be installed by `sudo` |

/// The folder for installed tools.
pub(crate) const TOOLS: &str = "PARTY_TOOLS";
/// `dev` or `release`.
pub(crate) const PROFILE: &str = "PARTY_PROFILE";
/// Set under `cargo xtask dev`.
pub(crate) const KEEP_SERVING: &str = "PARTY_KEEP_SERVING";
/// Wrangler's entry, for tests.
pub(crate) const WRANGLER: &str = "PARTY_WRANGLER";
/// The browser, for tests.
pub(crate) const CHROMIUM: &str = "CHROMIUM_BIN";
/// Firefox, for tests.
pub(crate) const FIREFOX: &str = "FIREFOX_BIN";
/// WebKit's driver, for tests.
pub(crate) const WEBKIT: &str = "WEBKIT_DRIVER_BIN";
/// Set by wrangler when it runs our build.
pub(crate) const WRANGLER_COMMAND: &str = "WRANGLER_COMMAND";
/// Where worker-build finds wasm-bindgen.
pub(crate) const WASM_BINDGEN: &str = "WASM_BINDGEN_BIN";
/// Where worker-build finds wasm-opt.
pub(crate) const WASM_OPT: &str = "WASM_OPT_BIN";
/// Where worker-build finds esbuild.
pub(crate) const ESBUILD: &str = "ESBUILD_BIN";
/// Set by CI services.
pub(crate) const CI: &str = "CI";

/// Returns the value of a variable that is set and not empty.
pub(crate) fn value(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
