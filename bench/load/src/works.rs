//! What is measured: a module for each work.

mod fan_out;

use std::collections::BTreeMap;

use crate::Result;
use crate::figure::Figure;
use crate::setup::Setup;

/// Something to be measured.
pub(crate) trait Work {
    /// What `--only` calls it.
    const NAME: &'static str;

    /// Its heading in the report.
    const TITLE: &'static str;

    /// What is done, and what is to be known about the numbers.
    const ABOUT: &'static str;

    /// Does it.
    async fn measure(setup: &Setup) -> Result<Vec<Figure>>;
}

/// A work that was done.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) figures: Vec<Figure>,
}

/// Does all works, or the one that is asked for.
pub(crate) async fn measure(setup: &Setup) -> Result<Vec<Measured>> {
    let mut done = Done { setup, measured: Vec::new() };
    done.add::<fan_out::FanOut>().await?;
    if done.measured.is_empty() {
        return Err("there is no such work".into());
    }
    Ok(done.measured)
}

/// The works so far.
struct Done<'a> {
    setup: &'a Setup,
    measured: Vec<Measured>,
}

impl Done<'_> {
    async fn add<W: Work>(&mut self) -> Result<()> {
        if self.setup.only.as_ref().is_some_and(|only| only != W::NAME) {
            return Ok(());
        }
        println!("\n{}", W::TITLE);
        let figures = W::measure(self.setup).await.map_err(|error| format!("{}: {error}", W::NAME))?;
        for figure in &figures {
            println!("\n{}", figure.markdown().trim_end());
        }
        self.measured.push(Measured { title: W::TITLE, about: W::ABOUT, figures });
        Ok(())
    }
}

/// Numbers of several rounds, by what they are of.
pub(crate) type Rounds<K> = BTreeMap<K, Vec<f64>>;

/// The numbers of one; none if it was not measured.
pub(crate) fn rounds_of<K: Ord>(rounds: &Rounds<K>, key: K) -> Vec<f64> {
    rounds.get(&key).cloned().unwrap_or_default()
}
