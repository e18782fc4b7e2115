//! The names that members and other things may have. A name is what others see, so it must be visible, and not pass for
//! the words of the app itself.
//!
//! # Example
//!
//! ```
//! # use party::channel::*;
//! # use party::parts::names::NameRules;
//! # use party::Result;
//! const NAMES: NameRules = NameRules::new().max_chars(40);
//!
//! # party::example_rules! { profile:
//! # type Introduction = String;
//! # type Profile = String;
//! fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<String> {
//!     match name {
//!         Some(name) => NAMES.check(&name),
//!         None => Ok(by.profile().cloned().unwrap_or_else(|| "Guest".to_owned())),
//!     }
//! }
//! # }
//! ```

use crate::error::{Error, ErrorCode, Result};

/// Names that read as if the app itself or its moderators spoke.
const RESERVED: &[&str] = &["admin", "administrator", "moderator", "moderators", "system", "theroom"];

/// Characters that show nothing, or change the direction of the text around them (Unicode's default ignorable code
/// points and bidirectional controls), and the blank of Braille. U+200C, U+200D and the variation selectors are not
/// among them: scripts and emoji need these.
const INVISIBLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{e000}', '\u{f8ff}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{10ffff}'),
];

/// Letters of other alphabets and digits that look like a Latin letter, and that letter.
const LOOKALIKES: &[(&str, char)] = &[
    ("аАαΑａ@4", 'a'),
    ("ԁｄ", 'd'),
    ("еЕєЄεΕｅ3", 'e'),
    ("іІıιΙｉ1!|l", 'i'),
    ("мМΜｍ", 'm'),
    ("пΝｎ", 'n'),
    ("оОοΟσｏ0", 'o'),
    ("гｒ", 'r'),
    ("ѕЅｓ5$", 's'),
    ("тТτΤｔ7", 't'),
    ("уУΥｙ", 'y'),
];

/// The rules for the names of members.
///
/// # Defaults
///
/// | setting | default |
/// | --- | --- |
/// | [`max_chars`](Self::max_chars) | 64 characters |
/// | [`reserved`](Self::reserved) | `admin`, `administrator`, `moderator`, `moderators`, `system`, `theroom` |
///
/// Whatever the settings are, a name has no control characters and no characters that cannot be seen or change the
/// direction of the text around them, and is not made of blanks alone. Names of all scripts and emoji are allowed.
#[derive(Clone, Copy, Debug)]
pub struct NameRules {
    max_chars: usize,
    reserved: &'static [&'static str],
}

impl NameRules {
    /// Returns the default rules.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::names::NameRules;
    ///
    /// const NAMES: NameRules = NameRules::new();
    /// assert!(NAMES.check("Zoë").is_ok());
    /// ```
    pub const fn new() -> Self {
        Self { max_chars: 64, reserved: RESERVED }
    }

    /// Sets the greatest length in characters, that is in Unicode's code points.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::names::NameRules;
    ///
    /// assert!(NameRules::new().max_chars(3).check("Grace").is_err());
    /// ```
    pub const fn max_chars(mut self, chars: usize) -> Self {
        self.max_chars = chars;
        self
    }

    /// Sets the names that nobody may have, in small Latin letters and without blanks.
    ///
    /// A name that looks like one of them at a glance is refused, too: `M0derator`, `м o d e r a t o r`, `[moderator]`.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::names::NameRules;
    ///
    /// const NAMES: NameRules = NameRules::new().reserved(&["teacher"]);
    /// assert!(NAMES.check("★ Teacher ★").is_err());
    /// ```
    pub const fn reserved(mut self, names: &'static [&'static str]) -> Self {
        self.reserved = names;
        self
    }

    /// Checks a name, and returns it without the space around it.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INVALID`], with a text that says why.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::names::NameRules;
    ///
    /// assert_eq!(NameRules::new().check(" Ada ")?, "Ada");
    /// assert!(NameRules::new().check("Adm1n").is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn check(&self, name: &str) -> Result<String> {
        let (name, most) = (name.trim(), self.max_chars);
        let invalid = |text: String| Err(Error::client(ErrorCode::INVALID, text));
        if name.is_empty() || name.chars().nth(most).is_some() || name.chars().any(char::is_control) {
            return invalid(format!("a name has 1 to {most} characters, none of them a control character"));
        }
        if name.chars().any(is_invisible) || name.chars().all(|char| is_joiner(char) || char.is_whitespace())
        {
            return invalid("a name has no characters that cannot be seen".to_owned());
        }
        if self.reserved.contains(&skeleton(name).as_str()) {
            return invalid("this name is not available".to_owned());
        }
        Ok(name.to_owned())
    }
}

impl Default for NameRules {
    fn default() -> Self {
        Self::new()
    }
}

/// Checks a text of one line, such as the title of a room, and returns it without the space around it. It may be empty.
///
/// # Errors
///
/// [`ErrorCode::TOO_LONG`] for more than `max_chars` characters, [`ErrorCode::INVALID`] for a control character or one
/// that cannot be seen.
///
/// # Example
///
/// ```
/// use party::parts::names::checked_title;
///
/// assert_eq!(checked_title(" Garden club ", 60)?, "Garden club");
/// assert!(checked_title("two\nlines", 60).is_err());
/// # Ok::<(), party::Error>(())
/// ```
pub fn checked_title(title: &str, max_chars: usize) -> Result<String> {
    let title = title.trim();
    if title.chars().nth(max_chars).is_some() {
        return Err(Error::client(ErrorCode::TOO_LONG, format!("at most {max_chars} characters")));
    }
    if title.chars().any(|char| char.is_control() || is_invisible(char)) {
        return Err(Error::client(ErrorCode::INVALID, "it has no characters that cannot be seen"));
    }
    Ok(title.to_owned())
}

/// Returns whether a character cannot be seen.
pub(crate) fn is_invisible(char: char) -> bool {
    INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&char))
}

/// Returns whether a character only changes how its neighbours are shown.
fn is_joiner(char: char) -> bool {
    matches!(char, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Characters between letters that do not make another word of them: blanks, punctuation, accents, and those that only
/// change how their neighbours are shown.
fn is_ornament(char: char) -> bool {
    is_joiner(char)
        || char.is_whitespace()
        || (char.is_ascii() && !char.is_ascii_alphabetic())
        || matches!(
            char,
            '\u{a0}'..='\u{bf}'
                | '\u{2b0}'..='\u{36f}'
                | '\u{1ab0}'..='\u{1aff}'
                | '\u{1dc0}'..='\u{1dff}'
                | '\u{2000}'..='\u{206f}'
                | '\u{20d0}'..='\u{20ff}'
                | '\u{2190}'..='\u{27bf}'
                | '\u{3000}'..='\u{303f}'
                | '\u{fe20}'..='\u{fe2f}'
        )
}

/// Returns the Latin letters of a name as a reader would take them at a glance. (Unicode's own tables of letters and
/// cases would be several KB more to upload.)
fn skeleton(name: &str) -> String {
    let letters = name.chars().map(|char| {
        let char = char.to_ascii_lowercase();
        let alike = LOOKALIKES.iter().find(|(alike, _)| alike.chars().any(|other| other == char));
        alike.map_or(char, |(_, letter)| *letter)
    });
    letters.filter(|char| !is_ornament(*char)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> bool {
        NameRules::new().check(name).is_err_and(|error| error.code() == ErrorCode::INVALID)
    }

    #[test]
    fn a_name_is_trimmed_and_has_1_to_64_visible_characters() {
        assert_eq!(NameRules::new().check("  Ada Lovelace ").unwrap(), "Ada Lovelace");
        assert!(NameRules::new().check(&"é".repeat(64)).is_ok());
        for name in ["", "  ", "A\nda", "\u{3000}", &"é".repeat(65)] {
            assert!(refused(name), "{name:?}");
        }
    }

    #[test]
    fn names_of_all_scripts_and_emoji_are_accepted() {
        for name in [
            "Zoë",
            "محمد",
            "اَلْعَرَبِيَّةُ",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "日本語",
            "👩\u{200d}💻 Ada",
            "☀\u{fe0f}",
            "Ada!",
            "-",
            "🏳\u{fe0f}\u{200d}🌈",
        ] {
            assert_eq!(NameRules::new().check(name).unwrap(), name);
        }
    }

    #[test]
    fn a_name_with_characters_that_cannot_be_seen_is_refused() {
        for name in [
            "\u{200b}",
            "Ada\u{200b}",
            "\u{202e}adA",
            "A\u{2066}da",
            "\u{3164}",
            "\u{2800}",
            "\u{feff}Ada",
            "Ada\u{e0041}",
            "\u{200d}",
            "\u{200c}\u{fe0f}",
            "Ada\u{ad}",
            "\u{f8ff}",
        ] {
            assert!(refused(name), "{name:?}");
        }
    }

    #[test]
    fn a_name_that_reads_as_the_rooms_own_is_refused() {
        for name in [
            "moderator",
            "Moderator",
            "M O D E R A T O R",
            "M0derat0r",
            "мoderator",
            "[Admin]",
            "ADM1N",
            "Syѕtem",
            "The room",
            "mod\u{200d}erator",
            "mod\u{fe0f}erator",
            "mo\u{301}derator",
            "mod\u{2003}erator",
            "· moderator ·",
            "★ admin ★",
        ] {
            assert!(refused(name), "{name:?}");
        }
        for name in ["Moderata", "Adminah", "Roomi", "Systema"] {
            assert!(NameRules::new().check(name).is_ok(), "{name:?}");
        }
    }
}
