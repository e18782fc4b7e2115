//! `cargo xtask new`: a project of one's own, made of the folder `template`.

use crate::arguments::Arguments;
use crate::error::{Context, Error, Result};
use crate::process;
use crate::project;
use crate::setup::{self, Node};
use crate::versions;
use std::fs;
use std::path::{Path, PathBuf};

/// What the project is made of, and its name there.
const TEMPLATE: (&str, &str) = ("template", "my-party");

/// How the template names the crate, which nobody can fetch from there.
const CRATE: &str = r#"{ git = "https://github.com/YOU/party""#;

/// Where the browser's side of rooms is, built.
const CLIENT: &str = "party-client/dist";

/// Where a project has it.
const VENDORED: &str = "vendor/party-client";

/// `cargo xtask new NAME [--into FOLDER]`.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let into = arguments.option("--into")?;
    let name =
        arguments.next().ok_or_else(|| Error::new("the project needs a name: `cargo xtask new NAME`"))?;
    arguments.finish()?;
    let folder = match into {
        Some(folder) => std::env::current_dir().context("there is no current folder")?.join(folder),
        None => project::root().with_file_name(&name),
    };
    let (node, _) = setup::javascript(versions::NODE_FOR_TESTS)?;
    make(&name, &folder, &node)?;
    println!("{name} is in {}. Go on there with:", folder.display());
    println!("  npm install\n  npm run dev");
    Ok(())
}

/// Makes a project in a folder that is not there yet, or empty.
pub(crate) fn make(name: &str, folder: &Path, node: &Node) -> Result<()> {
    if !is_name(name) {
        return Err(Error::new(format!(
            "`{name}` cannot be the name of a crate and of a worker: use a-z, 0-9 and hyphens, a letter first"
        )));
    }
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::new(format!("{} is not empty", folder.display())));
    }
    let template = project::path(TEMPLATE.0);
    for file in project::files(&template, &|folder| !project::is_foreign(folder)) {
        let text = fs::read_to_string(&file).context(format!("cannot read `{}`", file.display()))?;
        let place = file.strip_prefix(&template).unwrap_or(&file);
        write(&folder.join(place), &adapted(&text, name))?;
    }
    // The versions with which the crate was tested.
    copy(&project::path("Cargo.lock"), &folder.join("Cargo.lock"))?;
    process::quiet(&mut node.script("party-client/build.ts"))?;
    let client = project::path(CLIENT);
    for file in project::files(&client, &|_| true) {
        copy(&file, &folder.join(VENDORED).join(file.strip_prefix(&client).unwrap_or(&file)))?;
    }
    Ok(())
}

/// Returns a file of the template with the project's name, and the crate of this checkout.
fn adapted(text: &str, name: &str) -> String {
    let party = project::path("party").display().to_string().replace('\\', "/");
    text.replace(CRATE, &format!("{{ path = {party:?}")).replace(TEMPLATE.1, name)
}

fn is_name(name: &str) -> bool {
    let is_part = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-');
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(is_part)
        && name.len() <= 54
}

fn write(file: &PathBuf, text: &str) -> Result<()> {
    in_folder(file)?;
    fs::write(file, text).context(format!("cannot write `{}`", file.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    in_folder(to)?;
    fs::copy(from, to).map(drop).context(format!("cannot write `{}`", to.display()))
}

/// Makes the folder of a file.
fn in_folder(file: &Path) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).context(format!("cannot make `{}`", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_a_crate_and_of_a_worker() {
        for name in ["wall", "my-wall-2"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "2walls", "My-Wall", "my_wall", "wall!", &"w".repeat(55)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_project_has_its_own_name_and_the_crate_of_the_checkout() {
        let manifest = adapted(
            "name = \"my-party\"\nparty = { git = \"https://github.com/YOU/party\", features = [] }",
            "wall",
        );
        assert!(manifest.starts_with("name = \"wall\"\nparty = { path = \""), "{manifest}");
        assert!(manifest.ends_with("/party\", features = [] }"), "{manifest}");
    }

    #[test]
    fn the_template_names_what_a_project_replaces() {
        let manifest = fs::read_to_string(project::path("template/Cargo.toml")).unwrap();
        assert_eq!((manifest.matches(CRATE).count(), manifest.matches(TEMPLATE.1).count()), (2, 1));
    }
}
