//! A Chromium for the browser tests: the system's, or one that is installed now. The tests are never skipped for want
//! of one.

use super::apt;
use super::browser;
use super::node::Node;
use super::packages::Packages;
use crate::console;
use crate::environment;
use crate::error::{Error, Result};
use crate::process;
use std::env;
use std::path::PathBuf;

/// What the program is called where it is in PATH.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
];

/// Where it is otherwise, on macOS.
const ON_MACOS: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/// Where it is below the folders for programs, on Windows.
const ON_WINDOWS: &[&str] = &[
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
];

/// Windows' folders for programs.
const WINDOWS_FOLDERS: &[&str] = &["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"];

/// Returns the browser's program.
pub(super) fn find_or_install(node: &Node, packages: &Packages) -> Result<PathBuf> {
    if let Some(named) = browser::named_by_user(environment::CHROMIUM)? {
        return Ok(named);
    }
    if let Some(found) = installed().or_else(|| playwrights(node)) {
        return Ok(found);
    }
    if apt::available() {
        apt::install(&["chromium"], "the browser tests need Chromium")?;
    } else {
        let mut playwright = node.script(packages.playwright());
        playwright.args(["install", "chromium"]);
        // Whether it has worked is seen below; without the network, the remedy there is the better message.
        let _ = console::timed("installing Chromium", || process::quiet(&mut playwright));
    }
    installed().or_else(|| playwrights(node)).ok_or_else(|| {
        Error::new("the browser tests found no Chromium: install Chromium or Chrome, or set CHROMIUM_BIN to its program")
    })
}

/// Returns the system's browser.
fn installed() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::find(name)).or_else(in_standard_places)
}

/// Returns a browser that is not in PATH.
fn in_standard_places() -> Option<PathBuf> {
    let on_macos = ON_MACOS.iter().map(PathBuf::from);
    let folders = WINDOWS_FOLDERS.iter().filter_map(|name| env::var_os(name).map(PathBuf::from));
    let on_windows = folders.flat_map(|folder| ON_WINDOWS.iter().map(move |program| folder.join(program)));
    on_macos.chain(on_windows).find(|program| program.is_file())
}

/// Returns the browser that playwright has downloaded.
fn playwrights(node: &Node) -> Option<PathBuf> {
    let ask = "import('playwright-core').then((it) => console.log(it.chromium.executablePath()))";
    let printed = process::output(node.script("-e").arg(ask)).ok()?;
    Some(PathBuf::from(printed.trim())).filter(|program| program.is_file())
}
