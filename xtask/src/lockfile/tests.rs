//! Lock files as cargo and npm write them.

use super::{cargo_version, npm_matches, npm_version};

const CARGO: &str = r#"
[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]
"#;

const WANTED: &str = r#"{
  "packages": {
    "": {
      "version": "9.9.9"
    },
    "node_modules/preact": {
      "version": "11.2.0",
      "license": "MIT"
    },
    "node_modules/@esbuild/win32-x64": {
      "version": "0.28.2",
      "optional": true,
      "engines": {
        "node": ">=18"
      }
    }
  }
}"#;

#[test]
fn a_crate_is_found_by_its_whole_name() {
    assert_eq!(cargo_version(CARGO, "wasm-bindgen"), Some("0.2.130"));
    assert_eq!(cargo_version(CARGO, "wasm"), None);
}

#[test]
fn a_package_is_found_by_its_whole_name() {
    assert_eq!(npm_version(WANTED, "preact").as_deref(), Some("11.2.0"));
    assert_eq!(npm_version(WANTED, "react"), None);
}

#[test]
fn packages_for_other_systems_may_be_missing() {
    let installed = WANTED.replace("node_modules/@esbuild/win32-x64", "elsewhere");
    assert!(npm_matches(WANTED, &installed));
}

#[test]
fn a_missing_or_another_version_is_no_match() {
    assert!(!npm_matches(WANTED, &WANTED.replace("11.2.0", "11.1.0")));
    assert!(!npm_matches(WANTED, &WANTED.replace("node_modules/preact", "elsewhere")));
    assert!(!npm_matches(WANTED, ""));
}

#[test]
fn a_package_of_this_checkout_must_be_linked() {
    let linked = |name: &str| {
        format!("    \"{name}\": {{\n      \"resolved\": \"client\",\n      \"link\": true\n    }}")
    };
    let wanted = format!(
        "{}\n    \"client\": {{\n      \"version\": \"0.1.0\"\n    }}",
        linked("node_modules/client")
    );
    assert!(npm_matches(&wanted, &linked("node_modules/client")));
    assert!(!npm_matches(&wanted, &linked("node_modules/other")));
}
