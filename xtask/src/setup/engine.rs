//! The programs by which the browser tests reach the engines of Firefox and Safari: the system's, or those that are
//! installed now. Where that is not possible, the tests run in the engines that are there, except on a CI service.

use super::apt;
use super::browser;
use crate::environment;
use crate::error::{Error, Result};
use crate::process;
use std::path::PathBuf;

/// An engine beside Chromium's.
pub(super) struct Engine {
    name: &'static str,
    /// The environment variable that names the program.
    variable: &'static str,
    /// What the program is called where it is in PATH.
    programs: &'static [&'static str],
    /// Where it is otherwise.
    places: &'static [&'static str],
    /// Another program that is needed.
    also: Option<&'static str>,
    /// The packages that have them, on systems of Debian's family.
    packages: &'static [&'static str],
}

/// Firefox itself.
pub(super) const FIREFOX: Engine = Engine {
    name: "Firefox",
    variable: environment::FIREFOX,
    programs: &["firefox-esr", "firefox"],
    places: &[
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        r"C:\Program Files\Mozilla Firefox\firefox.exe",
    ],
    also: None,
    packages: &["firefox-esr"],
};

/// WebKit, which is Safari's engine: the driver of WebKitGTK, whose windows are on a display of Xvfb.
pub(super) const WEBKIT: Engine = Engine {
    name: "WebKit",
    variable: environment::WEBKIT,
    programs: &["WebKitWebDriver"],
    places: &[],
    also: Some("Xvfb"),
    packages: &["webkit2gtk-driver", "xvfb"],
};

impl Engine {
    /// Returns the engine's program, if this machine has it now.
    pub(super) fn find_or_install(&self) -> Result<Option<PathBuf>> {
        if let Some(named) = browser::named_by_user(self.variable)? {
            return Ok(Some(named));
        }
        if let Some(found) = self.installed() {
            return Ok(Some(found));
        }
        if apt::available() {
            apt::install(self.packages, &format!("the browser tests need {}", self.name))?;
        }
        let found = self.installed();
        if found.is_none() {
            self.report_missing()?;
        }
        Ok(found)
    }

    /// Returns the system's program.
    fn installed(&self) -> Option<PathBuf> {
        self.also.is_none_or(|program| process::find(program).is_some()).then_some(())?;
        let in_places = || self.places.iter().map(PathBuf::from).find(|program| program.is_file());
        self.programs.iter().find_map(|name| process::find(name)).or_else(in_places)
    }

    /// Says that the tests run without this engine. On a CI service that is an error.
    fn report_missing(&self) -> Result<()> {
        let Self { name, variable, .. } = self;
        let packages = self.packages.join(" ");
        let remedy = format!("on Debian install {packages}, or set {variable} to its program");
        if environment::value(environment::CI).is_some() {
            return Err(Error::new(format!("the browser tests found no {name}: {remedy}")));
        }
        println!("there is no {name} here, so the browser tests do not run in it: {remedy}");
        Ok(())
    }
}
