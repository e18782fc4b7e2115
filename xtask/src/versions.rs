//! The tools that are pinned here. The compiler is pinned in `rust-toolchain.toml`, the JavaScript tools in
//! `package-lock.json`, and the wasm-bindgen CLI must equal the crate of that name in `Cargo.lock`.

use crate::version::Version;

/// Packages a worker. It refuses a `worker` crate of another minor version: raise the two together.
pub(crate) const WORKER_BUILD: &str = "0.8.7";

/// Makes mutants of Rust code for `cargo xtask mutants`. Stryker, which does it for TypeScript, is in
/// `party-client/mutants/package-lock.json`.
pub(crate) const CARGO_MUTANTS: &str = "27.1.0";

/// The oldest Node that runs our build: it only runs npm and binaryen's `wasm-opt`.
pub(crate) const NODE_FOR_BUILDS: Version = Version(20, 0, 0);

/// The oldest Node that wrangler 4.164 accepts.
pub(crate) const NODE_FOR_WRANGLER: Version = Version(22, 12, 0);

/// The oldest Node of its line that runs `.ts` files as they are, as our tests want.
pub(crate) const NODE_FOR_TESTS: Version = Version(22, 18, 0);

/// The Node that is installed where the system's is too old: a version that all of `setup/node.rs`'s packages have.
pub(crate) const NODE: Version = Version(22, 23, 2);

/// Makes pages of the book.
pub(crate) const MDBOOK: &str = "0.5.4";
