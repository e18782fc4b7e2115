//! The two kinds of a build: for the developer at work, and for users.

use crate::environment;
use crate::error::{Error, Result};

/// How much a build is optimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build; with overflow checks and a source map.
    Dev,
    /// Small and fast.
    Release,
}

impl Profile {
    /// Returns the profile that the environment asks for: `PARTY_PROFILE` first, then the wrangler command that runs
    /// us.
    pub(crate) fn from_environment() -> Result<Self> {
        let named = environment::value(environment::PROFILE);
        let wrangler = environment::value(environment::WRANGLER_COMMAND);
        Self::choose(named.as_deref(), wrangler.as_deref())
    }

    /// Returns the choice between what is named and what wrangler is about.
    fn choose(named: Option<&str>, wrangler: Option<&str>) -> Result<Self> {
        match (named, wrangler) {
            (Some("dev"), _) | (None, Some("dev")) => Ok(Self::Dev),
            (Some("release") | None, _) => Ok(Self::Release),
            (Some(other), _) => {
                Err(Error::new(format!("PARTY_PROFILE is `{other}`: set it to `dev` or `release`")))
            }
        }
    }

    /// Returns the profile's name, as `PARTY_PROFILE` has it and worker-build's flags.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

#[cfg(test)]
mod tests;
