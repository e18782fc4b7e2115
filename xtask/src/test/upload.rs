//! How large an upload may be. Every byte of it is fetched and compiled before a room's first answer in a new place.

use crate::error::{Error, Result};
use crate::workers::Worker;

/// The most that the app's upload may have, in KiB as wrangler compresses it: a little above what it has. It is lowered when
/// that gets smaller; whoever raises it says in the commit what it is for.
const CEILING: f64 = 187.0;

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

/// The compressed size of an upload in KiB, of what wrangler has said.
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
    fn an_upload_whose_size_is_not_told_is_refused() {
        assert!(check(&Worker::app(), "Total Upload: large").is_err());
    }
}
