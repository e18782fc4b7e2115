//! `cargo xtask book`: builds the book in `docs/book` with mdBook, into `target/book/html`.
//!
//! The sources link as GitHub reads them: to documents in `docs` and to files of the checkout. mdBook knows only what
//! is in its own folder. So the book is put together in `target/book`: with the documents that it links to, and with
//! links to all else that lead to the checkout, or to the host that `--repository` names. `cargo xtask tidy` checks
//! that all links lead somewhere.

use crate::arguments::Arguments;
use crate::error::{Context, Result};
use crate::markdown;
use crate::process;
use crate::project;
use crate::setup;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The sources, and the folder of the pages in them.
const SOURCE: &str = "docs/book";
const PAGES: &str = "docs/book/src/";

/// Where the other documents are, and under which name they are in the book.
const DOCUMENTS: &str = "docs/";
const REFERENCE: &str = "reference/";

/// `cargo xtask book [--open] [--repository URL]`.
pub(crate) fn command(mut arguments: Arguments) -> Result<()> {
    let open = arguments.flag("--open");
    let repository = arguments.option("--repository")?;
    arguments.finish()?;
    let folder = project::path("target/book");
    gather(&folder, repository.as_deref())?;
    let mut mdbook = Command::new(setup::mdbook()?);
    mdbook.arg("build").arg(&folder).arg("--dest-dir").arg(folder.join("html"));
    if open {
        mdbook.arg("--open");
    }
    process::run(&mut mdbook)?;
    println!("the book is in {}", folder.join("html/index.html").display());
    Ok(())
}

/// Puts the book together in a folder.
fn gather(folder: &Path, repository: Option<&str>) -> Result<()> {
    let _ = fs::remove_dir_all(folder.join("src"));
    write(&folder.join("book.toml"), &fs::read(project::path(SOURCE).join("book.toml")).unwrap_or_default())?;
    for path in project::files(&project::path(DOCUMENTS), &|_| true) {
        let own = project::shown(&path);
        let Some(name) = name_in_book(&own) else { continue };
        let content = fs::read(&path).context(format!("cannot read `{own}`"))?;
        let content = match (own.ends_with(".md"), std::str::from_utf8(&content)) {
            (true, Ok(text)) => relinked(&own, text, repository).into_bytes(),
            _ => content,
        };
        write(&folder.join("src").join(name), &content)?;
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).context(format!("cannot make `{}`", folder.display()))?;
    fs::write(path, content).context(format!("cannot write `{}`", path.display()))
}

/// Returns the name that a file of the checkout has in the book, or `None`.
fn name_in_book(path: &str) -> Option<String> {
    match (path.strip_prefix(PAGES), path.strip_prefix(DOCUMENTS)) {
        (Some(page), _) => Some(page.to_owned()),
        (None, Some(document)) if !path.starts_with(SOURCE) => Some(format!("{REFERENCE}{document}")),
        _ => None,
    }
}

/// Returns a document with links that are right in the book.
fn relinked(file: &str, text: &str, repository: Option<&str>) -> String {
    let depth = name_in_book(file).map_or(0, |name| name.matches('/').count());
    markdown::with_targets(text, |_, target| {
        let Some((path, anchor)) = markdown::resolve(file, target) else { return target.to_owned() };
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        if target.starts_with('#') {
            return target.to_owned();
        }
        match (name_in_book(&path), repository) {
            (Some(name), _) => format!("{}{name}{anchor}", "../".repeat(depth)),
            (None, Some(repository)) => format!("{repository}/blob/HEAD/{path}{anchor}"),
            (None, None) => format!("file://{}{anchor}", project::path(path).display()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_documents_stay_in_the_book_and_others_lead_to_the_repository() {
        let text = "[a](testing.md#x) [b](../../protocol.md#y) [c](../../../party/src/room.rs) [d](https://x) [e](#f)";
        let expected = "[a](testing.md#x) [b](reference/protocol.md#y) [c](https://host/me/blob/HEAD/party/src/room.rs) \
                        [d](https://x) [e](#f)\n";
        assert_eq!(relinked("docs/book/src/rooms.md", text, Some("https://host/me")), expected);
        let text = "[a](security.md) [b](book/src/rooms.md#z) ![c](images/chat.png)";
        let expected =
            "[a](../reference/security.md) [b](../rooms.md#z) ![c](../reference/images/chat.png)\n";
        assert_eq!(relinked("docs/semantics.md", text, None), expected);
    }
}
