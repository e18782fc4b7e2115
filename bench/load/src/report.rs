//! The report: `docs/benchmarks.md`.

use std::fmt::Write;
use std::fs;

use crate::Result;
use crate::machine;
use crate::setup::Setup;
use crate::works::Measured;

/// What stands before the tables, for every run.
const INTRODUCTION: &str = include_str!("introduction.md");

/// The width of its prose, in columns.
const WIDTH: usize = 120;

/// Writes the report, and tells where it is.
pub(crate) fn write(setup: &Setup, measured: &[Measured]) -> Result<()> {
    let text = text(setup, measured)?;
    let folder = setup.report.parent().ok_or("the report has no folder")?;
    fs::create_dir_all(folder)?;
    fs::write(&setup.report, text)?;
    fs::create_dir_all(&setup.images)?;
    for work in measured {
        if let Some(plot) = &work.findings.plot {
            fs::write(setup.images.join(image(work)), plot.svg())?;
        }
    }
    println!("\nwritten to {}", setup.report.strip_prefix(&setup.root).unwrap_or(&setup.report).display());
    Ok(())
}

fn text(setup: &Setup, measured: &[Measured]) -> Result<String> {
    let mut text = INTRODUCTION.to_owned();
    let scores = measured.iter().flat_map(|work| &work.findings.figures).map(|figure| figure.score());
    let (targets, met) = scores.fold((0, 0), |(targets, met), score| (targets + score.0, met + score.1));
    let kind = setup.choose("A full run", "A quick run");
    let run = format!("{kind} of {}, on {}.", machine::today(), machine::describe());
    let versions = setup.versions.join(", ");
    writeln!(text, "{}", wrapped(&format!("{run} With {versions}. {met} of {targets} targets are met.")))?;
    for work in measured {
        writeln!(text, "\n## {}\n\n{}", work.title, wrapped(work.about))?;
        for figure in &work.findings.figures {
            write!(text, "\n{}", figure.markdown())?;
        }
        if let Some(plot) = &work.findings.plot {
            writeln!(text, "\n![{}](images/{})", plot.title, image(work))?;
        }
    }
    Ok(text)
}

/// Returns a paragraph in lines of at most 120 columns.
fn wrapped(paragraph: &str) -> String {
    let mut lines = String::with_capacity(paragraph.len());
    let mut columns = 0_usize;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        let is_full = columns.saturating_add(length) >= WIDTH;
        lines.push_str(if is_full {
            "\n"
        } else if columns > 0 {
            " "
        } else {
            ""
        });
        lines.push_str(word);
        columns =
            if is_full || columns == 0 { length } else { columns.saturating_add(length).saturating_add(1) };
    }
    lines
}

/// Returns the name of a work's image.
fn image(work: &Measured) -> String {
    format!("benchmark-{}.svg", work.name)
}
