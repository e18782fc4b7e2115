//! What a member attempts.

use crate::MemberId;
use crate::parts::wire::{Action, Entry};

/// The action that a member asks for, for [`Rules::authorize`].
///
/// # Example
///
/// ```
/// use party::channel::Attempt;
///
/// fn needs_an_account(attempt: &Attempt<'_>) -> bool {
///     matches!(attempt, Attempt::Append | Attempt::Edit(_) | Attempt::Delete(_))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Attempt<'a> {
    /// Append an item.
    Append,
    /// Give an item another body.
    Edit(&'a Entry),
    /// Delete an item.
    Delete(&'a Entry),
    /// Show other presence data.
    Introduce,
    /// Send an ephemeral event of a kind.
    Ephemeral(&'a str),
    /// Act on a member.
    Moderate(Action, &'a MemberId),
    /// Send a command.
    Command,
}
