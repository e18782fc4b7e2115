//! From which entries an app derives something.

/// From which new entries an app derives something, for [`Rules::derives`](super::Rules::derives).
///
/// # Example
///
/// An app that counts deletions derives nothing from new items:
///
/// ```
/// # use party::channel::*;
/// # use party::parts::wire::Entry;
/// # use party::Result;
/// # use party::testing::{TestMember, TestRoom};
/// # party::example_rules! { rules:
/// fn derives(&self) -> Result<Derives> {
///     Ok(Derives::Changes)
/// }
///
/// fn committed(&self, by: &Context<'_, Self>, entry: &Entry) -> Result<()> {
///     let deleted = by.room().storage().get::<u64>("deleted")?.unwrap_or(0);
///     by.room().storage().put("deleted", &(deleted + u64::from(entry.body.is_none())))
/// }
/// # }
///
/// let room = TestRoom::<Pad>::new("pad");
/// let mut ada = TestMember::<Notes>::new("ada");
/// ada.join(&room);
/// ada.append("milk".to_owned());
/// assert_eq!(room.storage().get::<u64>("deleted")?, None, "nothing was derived");
/// ada.delete(1);
/// assert_eq!(room.storage().get::<u64>("deleted")?, Some(1));
/// # Ok::<(), party::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Derives {
    /// From none.
    #[default]
    Nothing,
    /// From edits and deletions.
    Changes,
    /// From all: new items, edits and deletions. It gives each append a transaction, which makes it about a quarter
    /// slower.
    Entries,
}
