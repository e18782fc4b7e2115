//! Markdown, as far as links go: their targets, the headings that they lead to, and where they lead.

use std::collections::BTreeSet;

/// Returns the lines of a text, each with whether it is prose, and not part of a block of code.
fn lines(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut in_code = false;
    text.lines().map(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        (!in_code && !is_fence, line)
    })
}

/// Returns the text with another target for each of its links. `change` gets the line's number and the target.
pub(crate) fn with_targets(text: &str, mut change: impl FnMut(usize, &str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
    for (number, (is_prose, line)) in (1..).zip(lines(text)) {
        match is_prose {
            true => changed.push_str(&with_targets_of_line(line, &mut |target| change(number, target))),
            false => changed.push_str(line),
        }
        changed.push('\n');
    }
    changed
}

/// Returns one line with other targets. What is between backticks is code and has no links.
fn with_targets_of_line(line: &str, change: &mut dyn FnMut(&str) -> String) -> String {
    let parts = line.split('`').enumerate().map(|(number, part)| match number.is_multiple_of(2) {
        true => with_targets_of_prose(part, change),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

fn with_targets_of_prose(part: &str, change: &mut dyn FnMut(&str) -> String) -> String {
    let mut pieces = part.split("](");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |done, piece| match piece.split_once(')') {
        Some((target, rest)) => format!("{done}]({}){rest}", change(target)),
        None => format!("{done}]({piece}"),
    })
}

/// Returns the targets of a text's links, each with its line.
pub(crate) fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    with_targets(text, |line, target| {
        found.push((line, target.to_owned()));
        target.to_owned()
    });
    found
}

/// Returns what a link can name behind `#` in a text: its headings, as GitHub and mdBook write them.
pub(crate) fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let prose = lines(text).filter(|(is_prose, _)| *is_prose).map(|(_, line)| line);
    for heading in prose.filter(|line| line.starts_with('#')) {
        let plain = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = plain.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone()).chain(numbered).find(|anchor| !anchors.contains(anchor));
        anchors.extend(free);
    }
    anchors
}

/// Returns where a link of a file leads, as a path of the checkout and an anchor. `None` if it leads out of the
/// checkout.
pub(crate) fn resolve(file: &str, target: &str) -> Option<(String, Option<String>)> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (target, None),
    };
    if path.is_empty() {
        return Some((file.to_owned(), anchor));
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), anchor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_of_code() {
        let text = "[a](one.md#x) and `[b](no.md)`\n```md\n[c](no.md)\n```\n[`d`](two.md), [e](three.md)";
        let found = targets(text);
        assert_eq!(found, [(1, "one.md#x".to_owned()), (5, "two.md".to_owned()), (5, "three.md".to_owned())]);
    }

    #[test]
    fn only_targets_change() {
        let text = "a [b](c) `[d](e)`\n\n    f\n";
        assert_eq!(with_targets(text, |_, target| format!("{target}.html")), text.replace("(c)", "(c.html)"));
    }

    #[test]
    fn headings_are_anchors() {
        let text = "# PartyServer's behaviour, and `ours`\n```sh\n# no heading\n```\n## Errors\n## Errors\n";
        let found = anchors(text);
        assert!(found.iter().eq(["errors", "errors-1", "partyservers-behaviour-and-ours"]), "{found:?}");
    }

    #[test]
    fn a_target_is_resolved_from_the_folder_of_its_file() {
        let resolved = |target| resolve("docs/book/src/rooms.md", target);
        assert_eq!(
            resolved("../../protocol.md#errors"),
            Some(("docs/protocol.md".into(), Some("errors".into())))
        );
        assert_eq!(resolved("#names"), Some(("docs/book/src/rooms.md".into(), Some("names".into()))));
        assert_eq!(resolved("../../../party/src"), Some(("party/src".into(), None)));
        assert_eq!(resolved("https://example.com/#x"), None);
    }
}
