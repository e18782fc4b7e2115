//! The limit of an upload's size, and texts that it must not contain. Every byte of it is fetched and compiled before a
//! room's first answer in a new place.

use crate::error::{Context, Error, Result};
use crate::project;
use crate::workers::Worker;
use std::fs;
use std::path::Path;

/// The most that the app's upload may have, in KiB as wrangler compresses it: a little above what it has. It is lowered
/// when that gets smaller; whoever raises it says in the commit what it is for.
const CEILING: f64 = 375.0;

/// Where wrangler tells the size, as in `Total Upload: 601.40 KiB / gzip: 214.38 KiB`.
const SIZE: (&str, &str) = ("Total Upload:", "gzip:");

/// Checks the app's upload against the ceiling, by what wrangler has said of it. The examples have none.
pub(super) fn check(worker: &Worker, text: &str) -> Result<()> {
    if *worker != Worker::app() {
        return Ok(());
    }
    let size = size(text).ok_or_else(|| {
        Error::new("wrangler does not tell the size of the upload as it did: see `xtask/src/test/upload.rs`")
    })?;
    match size <= CEILING {
        true => Ok(()),
        false => Err(Error::new(format!(
            "the upload has {size} KiB compressed, more than {CEILING}: find what has grown, or say why it may \
             and raise the ceiling in `xtask/src/test/upload.rs`"
        ))),
    }
}

/// What is uploaded of what wrangler has prepared.
const UPLOADED: &[&str] = &["js", "wasm"];

/// Checks that nothing of a prepared upload names a folder of this machine: not the checkout, and not the folders of
/// dependencies.
pub(super) fn check_names(folder: &Path) -> Result<()> {
    let folders: Vec<_> = [Some(project::root()), project::cargo_home()].into_iter().flatten().collect();
    let files = project::files(folder, &|_| true);
    let uploaded = files.iter().filter(|file| {
        file.extension().is_some_and(|kind| UPLOADED.iter().any(|uploaded| kind == *uploaded))
    });
    for file in uploaded {
        let content = fs::read(file).context(format!("cannot read `{}`", file.display()))?;
        if let Some(named) = folders.iter().find(|folder| contains(&content, folder)) {
            return Err(Error::new(format!(
                "`{}` would be uploaded and names `{}`",
                file.display(),
                named.display()
            )));
        }
    }
    Ok(())
}

fn contains(content: &[u8], folder: &Path) -> bool {
    let name = folder.display().to_string();
    content.windows(name.len()).any(|window| window == name.as_bytes())
}

/// Returns the compressed size of an upload in KiB, of what wrangler has said.
fn size(text: &str) -> Option<f64> {
    let (total, gzip) = SIZE;
    let line = text.lines().find(|line| line.contains(total))?;
    let (_, size) = line.split_once(gzip)?;
    let mut words = size.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    match words.next()? {
        "KiB" => Some(number),
        "MiB" => Some(number * 1024.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_read_from_what_wrangler_says() {
        let text =
            "Cloudflare wrangler\nTotal Upload: 601.40 KiB / gzip: 214.38 KiB\nYour Worker has access to";
        assert_eq!(size(text), Some(214.38));
        assert_eq!(size("Total Upload: 4.00 MiB / gzip: 1.50 MiB"), Some(1536.0));
        assert_eq!(size("Total Upload: 601.40 KiB"), None);
        assert_eq!(size("gzip: 214.38 KiB"), None);
    }

    #[test]
    fn only_what_is_above_the_ceiling_is_refused() {
        let of = |size: f64| format!("Total Upload: 9.00 KiB / gzip: {size:.2} KiB");
        assert!(check(&Worker::app(), &of(CEILING)).is_ok());
        let error = check(&Worker::app(), &of(CEILING + 0.01)).unwrap_err();
        assert!(error.to_string().contains("raise the ceiling"), "{error}");
    }

    #[test]
    fn an_upload_that_names_a_folder_of_this_machine_is_refused() {
        let folder = std::env::temp_dir().join(format!("party-names-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
        write("index.js.map", format!("{}/chat", project::root().display()));
        write("index.js", "export default {}".to_owned());
        let nameless = check_names(&folder);
        write("index.wasm", format!("\0asm {}/registry", project::cargo_home().unwrap().display()));
        let named = check_names(&folder).map_err(|error| error.to_string());
        fs::remove_dir_all(&folder).unwrap();
        assert!(nameless.is_ok());
        assert!(named.unwrap_err().contains("index.wasm"));
    }

    #[test]
    fn an_upload_whose_size_is_not_told_is_refused() {
        assert!(check(&Worker::app(), "Total Upload: large").is_err());
    }
}
