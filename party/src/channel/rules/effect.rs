//! The effect of a command on the log.

/// The effect of a command on the log. It is committed under the command's id, so it happens once.
///
/// # Example
///
/// ```
/// # use party::channel::*;
/// # use party::testing::{TestMember, TestRoom};
/// # use party::Result;
/// # party::example_rules! { command:
/// # type Command = (String, u64);
/// fn command(&self, by: &Context<'_, Self>, (verb, item): (String, u64)) -> Result<Effect<String>> {
///     Ok(match verb.as_str() {
///         "copy" => Effect::Append(by.item(item)?.body),
///         "shout" => Effect::amend(item, by.item(item)?.body.to_uppercase()),
///         "drop" => Effect::Delete { target: item },
///         _ => Effect::None,
///     })
/// }
/// # }
///
/// let room = TestRoom::<Pad>::new("pad");
/// let mut ada = TestMember::<Notes>::new("ada");
/// ada.join(&room);
/// ada.append("milk".to_owned());
/// ada.command(("copy".to_owned(), 1));
/// ada.command(("shout".to_owned(), 1));
/// assert_eq!(ada.bodies(), ["MILK", "milk"]);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect<B> {
    /// Nothing: the client gets an `ack`.
    None,
    /// A new item.
    Append(B),
    /// Another body for an item of any author.
    Amend {
        /// The `seq` of the item.
        target: u64,
        /// The body.
        body: B,
        /// The author that everybody sees, if that is not the author of the change.
        shown: Option<String>,
    },
    /// The item gets its new [summary](super::Rules::summary), now or within a second.
    Summarize {
        /// The `seq` of the item.
        target: u64,
    },
    /// The item is deleted.
    Delete {
        /// The `seq` of the item.
        target: u64,
    },
}

impl<B> Effect<B> {
    /// Gives an item another body. Everybody sees who caused it.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Effect;
    ///
    /// let upvoted = Effect::amend(7, "12 votes");
    /// assert!(matches!(upvoted, Effect::Amend { target: 7, shown: None, .. }));
    /// ```
    pub fn amend(target: u64, body: B) -> Self {
        Self::Amend { target, body, shown: None }
    }

    /// Gives an item another body. Nobody sees who caused it: a vote need not be public.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Effect;
    ///
    /// let voted = Effect::amend_privately(7, "12 votes");
    /// assert!(matches!(voted, Effect::Amend { shown: Some(author), .. } if author.is_empty()));
    /// ```
    pub fn amend_privately(target: u64, body: B) -> Self {
        Self::Amend { target, body, shown: Some(String::new()) }
    }

    /// Gives an item its new [summary](super::Rules::summary). Nobody sees who caused it.
    ///
    /// For commands that many members send about one item, such as votes and reactions. The command writes what its
    /// member did to a table of the app's own; the summary is computed from that table. An item gets a summary at most
    /// once a second: a command that comes sooner is acknowledged at once, and a job makes one summary for all of them
    /// when the second is over. So 500 members that react at once cause two entries and not 500.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Effect;
    ///
    /// let voted: Effect<String> = Effect::summarize(7);
    /// assert!(matches!(voted, Effect::Summarize { target: 7 }));
    /// ```
    pub fn summarize(target: u64) -> Self {
        Self::Summarize { target }
    }
}
