//! The settings that `cargo xtask bench` gives this program: folders, and how thoroughly to measure.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::Result;

/// How many sockets are open at once at most: those of three contestants in the largest work, and some.
const FILES: u64 = 20_000;

/// Where things lie, and how thoroughly to measure.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The program `workerd`.
    pub(crate) workerd: PathBuf,
    /// A Node that runs `.ts` files as they are.
    pub(crate) node: PathBuf,
    /// A browser.
    pub(crate) chromium: PathBuf,
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    /// The folder for disks and configurations; its content may be deleted.
    pub(crate) scratch: PathBuf,
    /// The report to write.
    pub(crate) report: PathBuf,
    /// The folder for the report's images.
    pub(crate) images: PathBuf,
    /// Versions to be named in the report, as `name version`.
    pub(crate) versions: Vec<String>,
    /// Whether two minutes have to do.
    pub(crate) quick: bool,
    /// The one work to be done, if it is not all.
    pub(crate) only: Option<String>,
}

impl Setup {
    /// Reads `name=value` arguments.
    pub(crate) fn from_arguments(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut named = BTreeMap::new();
        for argument in arguments {
            let (name, value) = argument.split_once('=').ok_or_else(|| format!("`{argument}` has no `=`"))?;
            named.insert(name.to_owned(), value.to_owned());
        }
        let mut take = |name: &str| named.remove(name).ok_or_else(|| format!("`{name}=` is missing"));
        Ok(Self {
            workerd: take("workerd")?.into(),
            node: take("node")?.into(),
            chromium: take("chromium")?.into(),
            root: take("root")?.into(),
            scratch: take("scratch")?.into(),
            report: take("report")?.into(),
            images: take("images")?.into(),
            versions: take("versions")?.split(',').map(|version| version.trim().to_owned()).collect(),
            quick: take("quick")? == "true",
            only: take("only").ok(),
        })
    }

    /// Returns one of two numbers: of a thorough run, or of a quick one.
    pub(crate) fn choose<T>(&self, thorough: T, quick: T) -> T {
        if self.quick { quick } else { thorough }
    }

    /// Lets this process and the servers that it starts open enough sockets.
    pub(crate) fn raise_limits(&self) -> Result<()> {
        let most = rlimit::increase_nofile_limit(FILES)?;
        if most < FILES {
            return Err(format!(
                "this system allows {most} open files in a process, and the largest work needs {FILES}: raise its hard limit"
            )
            .into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Setup> {
        Setup::from_arguments(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn arguments_are_read_by_name() {
        let all = [
            "workerd=/w",
            "node=/n",
            "chromium=/c",
            "root=/r",
            "scratch=/s",
            "report=/d",
            "images=/i",
            "versions=a 1,b 2",
            "quick=true",
        ];
        let setup = read(&all).unwrap();
        assert_eq!((setup.choose(5, 1), setup.versions.len(), setup.only), (1, 2, None));
        assert!(read(&all[1..]).unwrap_err().to_string().contains("workerd"));
    }
}
