//! The tags of one connection: its id first, no doubles, at most ten.

use crate::error::{Error, ErrorKind, Result};
use crate::name::{ConnectionId, Tag};

/// The largest number of tags of a socket, its id among them
/// ([`acceptWebSocket`](https://developers.cloudflare.com/durable-objects/api/state/#acceptwebsocket)).
const MAX_TAGS: usize = 10;

/// Returns the tags that a connection is accepted with.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] when there are more than ten.
pub(crate) fn of_connection(id: &ConnectionId, chosen: Vec<Tag>) -> Result<Vec<Tag>> {
    let mut tags = vec![Tag::new(id.as_str())?];
    for tag in chosen {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > MAX_TAGS {
        let text = format!(
            "a connection has {} tags, its id among them; at most {MAX_TAGS} are possible",
            tags.len()
        );
        return Err(Error::new(ErrorKind::Invalid, text));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chosen: &[&str]) -> Result<Vec<String>> {
        let chosen = chosen.iter().map(|tag| Tag::new(tag)).collect::<Result<_>>()?;
        let tags = of_connection(&ConnectionId::new("me")?, chosen)?;
        Ok(tags.iter().map(Tag::to_string).collect())
    }

    #[test]
    fn the_id_is_the_first_tag_and_doubles_are_dropped() {
        assert_eq!(check(&[]).unwrap(), ["me"]);
        assert_eq!(check(&["red", "me", "red", "blue"]).unwrap(), ["me", "red", "blue"]);
    }

    #[test]
    fn a_connection_has_at_most_ten_tags_with_its_id() {
        let nine = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
        assert_eq!(check(&nine).unwrap().len(), 10);
        assert!(check(&[nine.as_slice(), &["10"]].concat()).is_err());
    }
}
