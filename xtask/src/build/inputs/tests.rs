//! What changes the number, and what does not.

use super::Inputs;
use std::fs;
use std::path::PathBuf;

/// Returns a fresh folder with two files.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("party-inputs-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("tests")).unwrap();
    fs::write(folder.join("a.rs"), "a").unwrap();
    fs::write(folder.join("tests/b.rs"), "b").unwrap();
    folder
}

/// Returns the number of a folder without its tests.
fn digest(folder: &std::path::Path) -> String {
    Inputs::default().folder(folder.to_str().unwrap(), &["tests"]).digest()
}

#[test]
fn the_same_content_written_again_is_the_same_input() {
    let folder = folder("same");
    let before = digest(&folder);
    fs::write(folder.join("a.rs"), "a").unwrap();
    assert_eq!(digest(&folder), before);
}

#[test]
fn a_changed_a_new_and_a_renamed_file_are_other_inputs() {
    let folder = folder("other");
    let mut seen = vec![digest(&folder)];
    fs::write(folder.join("a.rs"), "A").unwrap();
    seen.push(digest(&folder));
    fs::write(folder.join("c.rs"), "").unwrap();
    seen.push(digest(&folder));
    fs::rename(folder.join("c.rs"), folder.join("d.rs")).unwrap();
    seen.push(digest(&folder));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4);
}

#[test]
fn a_left_out_folder_does_not_count() {
    let folder = folder("left-out");
    let before = digest(&folder);
    fs::write(folder.join("tests/b.rs"), "B").unwrap();
    assert_eq!(digest(&folder), before);
}

#[test]
fn a_missing_file_differs_from_an_empty_one() {
    let folder = folder("missing");
    let digest = || Inputs::default().file(folder.join("new")).digest();
    let before = digest();
    fs::write(folder.join("new"), "").unwrap();
    assert_ne!(digest(), before);
}
