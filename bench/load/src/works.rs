//! The measurements: a module for each.

mod append;
mod browser;
mod burst;
mod cold;
mod document;
mod fan_out;
mod first_message;
mod history;
mod join;
mod large;
mod long_room;
mod presence;
mod resume;
mod rows;
mod sizes;
mod sockets;
mod wake;

use std::collections::BTreeMap;
use std::time::Instant;

use crate::Result;
use crate::contestant::Contestant;
use crate::figure::Figure;
use crate::plot::{Line, Plot};
use crate::setup::Setup;
use crate::stats::Spread;

/// Something to be measured.
pub(crate) trait Work {
    /// What `--only` calls it.
    const NAME: &'static str;

    /// Its heading in the report.
    const TITLE: &'static str;

    /// The work, and notes about the numbers.
    const ABOUT: &'static str;

    /// Does it.
    async fn measure(setup: &Setup) -> Result<Findings>;
}

/// The results of a work.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) figures: Vec<Figure>,
    /// How something grows, where that is to be seen.
    pub(crate) plot: Option<Plot>,
}

impl From<Vec<Figure>> for Findings {
    fn from(figures: Vec<Figure>) -> Self {
        Self { figures, plot: None }
    }
}

/// A work that was done.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) findings: Findings,
}

/// Does all works, or the one that is asked for.
pub(crate) async fn measure(setup: &Setup) -> Result<Vec<Measured>> {
    let mut done = Done { setup, measured: Vec::new() };
    done.add::<fan_out::FanOut>().await?;
    done.add::<burst::Burst>().await?;
    done.add::<sockets::Sockets>().await?;
    done.add::<large::Large>().await?;
    done.add::<append::Append>().await?;
    done.add::<join::Join>().await?;
    done.add::<resume::Resume>().await?;
    done.add::<wake::Wake>().await?;
    done.add::<presence::Presence>().await?;
    done.add::<rows::Rows>().await?;
    done.add::<cold::Cold>().await?;
    done.add::<first_message::FirstMessage>().await?;
    done.add::<long_room::LongRoom>().await?;
    done.add::<sizes::Sizes>().await?;
    done.add::<document::Documents>().await?;
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
        let started = Instant::now();
        println!("\n=== {}", W::TITLE);
        let findings = W::measure(self.setup).await.map_err(|error| format!("{}: {error}", W::NAME))?;
        for figure in &findings.figures {
            println!("\n{}", figure.markdown().trim_end());
        }
        println!("\n{:.0} s", started.elapsed().as_secs_f64());
        self.measured.push(Measured { name: W::NAME, title: W::TITLE, about: W::ABOUT, findings });
        Ok(())
    }
}

/// Numbers of several rounds, by what was measured and by subject.
#[derive(Debug, Default)]
struct Ledger(BTreeMap<(&'static str, Subject), Vec<f64>>);

/// The subject: a contestant, and the length of its history or the number of its clients.
type Subject = (Contestant, usize);

impl Ledger {
    /// Takes down one round's number.
    fn note(&mut self, what: &'static str, of: Subject, number: f64) {
        self.0.entry((what, of)).or_default().push(number);
    }

    /// Returns all rounds' numbers.
    fn rounds(&self, what: &'static str, of: Subject) -> Vec<f64> {
        self.0.get(&(what, of)).cloned().unwrap_or_default()
    }
}

/// Returns how something grows with the size of a history, by medians.
fn line(ledger: &Ledger, what: &'static str, contestant: Contestant, sizes: &[usize]) -> Line {
    let point = |size: &usize| {
        let spread = Spread::of(&ledger.rounds(what, (contestant, *size)))?;
        Some((*size as f64, spread.median))
    };
    Line { label: contestant.name().to_owned(), points: sizes.iter().filter_map(point).collect() }
}
