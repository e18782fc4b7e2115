//! Links between the documents lead somewhere: to a file or folder that exists, and to a heading in it. Every page of
//! the book is in its table of contents.

use crate::markdown;
use crate::project;
use std::collections::BTreeMap;
use std::fs;

/// The table of contents of the book, and the folder of its pages.
const CONTENTS: &str = "docs/book/src/SUMMARY.md";
const PAGES: &str = "docs/book/src/";

/// Returns every link that leads nowhere, and every page of the book that nothing leads to.
pub(super) fn check() -> Vec<String> {
    let files = project::own_files();
    let documents = files.iter().filter(|path| path.extension().is_some_and(|end| end == "md"));
    let read = documents.map(|path| (project::shown(path), fs::read_to_string(path).unwrap_or_default()));
    let texts: BTreeMap<String, String> = read.collect();
    let exists = |path: &str| project::path(path).exists();
    texts.keys().flat_map(|document| dead(document, &texts, exists)).chain(unlisted(&texts)).collect()
}

/// Returns the links of a document that lead nowhere.
fn dead(document: &str, texts: &BTreeMap<String, String>, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let text = texts.get(document).map_or("", String::as_str);
    let mut found = Vec::new();
    for (line, target) in markdown::targets(text) {
        let Some((path, anchor)) = markdown::resolve(document, &target) else { continue };
        let has_anchor = |anchor: &String| {
            texts.get(&path).is_none_or(|text| markdown::anchors(text).contains(anchor.as_str()))
        };
        if !exists(&path) {
            found.push(format!("{document}:{line}: `{path}` does not exist: correct the link"));
        } else if !anchor.iter().all(has_anchor) {
            found.push(format!(
                "{document}:{line}: `{target}` names no heading of `{path}`: correct the link"
            ));
        }
    }
    found
}

/// Returns the pages of the book that are not in its table of contents.
fn unlisted(texts: &BTreeMap<String, String>) -> Vec<String> {
    let contents = texts.get(CONTENTS).map_or("", String::as_str);
    let listed: Vec<_> = markdown::targets(contents)
        .iter()
        .filter_map(|(_, target)| markdown::resolve(CONTENTS, target))
        .collect();
    let pages = texts.keys().filter(|path| path.starts_with(PAGES) && *path != CONTENTS);
    pages
        .filter(|page| !listed.iter().any(|(path, _)| path == *page))
        .map(|page| format!("{page}:1: the page is not in `{CONTENTS}`: add it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pages: &[(&str, &str)]) -> BTreeMap<String, String> {
        pages.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_link_to_a_missing_file_or_heading_is_found() {
        let texts = texts(&[
            ("docs/a.md", "[x](b.md#two)\n[y](b.md#one)\n[z](c.md)\n[w](../src)"),
            ("docs/b.md", "# One"),
        ]);
        let found = dead("docs/a.md", &texts, |path| path != "docs/c.md");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("docs/a.md:1: `b.md#two` names no heading"), "{found:?}");
        assert!(found[1].starts_with("docs/a.md:3: `docs/c.md` does not exist"), "{found:?}");
    }

    #[test]
    fn a_page_that_is_not_in_the_table_of_contents_is_found() {
        let texts =
            texts(&[(CONTENTS, "- [A](a.md)"), ("docs/book/src/a.md", ""), ("docs/book/src/b.md", "")]);
        assert_eq!(
            unlisted(&texts),
            ["docs/book/src/b.md:1: the page is not in `docs/book/src/SUMMARY.md`: add it"]
        );
    }
}
