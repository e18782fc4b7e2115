//! Figures: one measurement of several contestants, with its target, as a table.

use std::fmt;

use crate::stats::Spread;

/// One thing that was measured.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// The name of the measurement.
    pub(crate) title: String,
    unit: Unit,
    /// Ours first, or the floor; every other is compared with it.
    rows: Vec<Row>,
    is_ours: bool,
}

/// The unit of the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unit {
    /// Microseconds.
    Micros,
    /// Milliseconds.
    Millis,
    /// Things in a second.
    PerSecond,
    /// Things in a second of processor time.
    PerCpuSecond,
    /// Bytes.
    Bytes,
    /// KiB.
    Kib,
    /// Things.
    Count,
}

/// The limit of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

#[derive(Clone, Debug)]
struct Row {
    label: String,
    /// One number for each round.
    rounds: Vec<f64>,
    /// What ours should be: by itself in its own row, as a ratio in that of another.
    limit: Option<Limit>,
}

impl Figure {
    /// Returns a figure of ours.
    pub(crate) fn new(
        title: impl Into<String>,
        unit: Unit,
        label: impl Into<String>,
        rounds: Vec<f64>,
    ) -> Self {
        let first = Row { label: label.into(), rounds, limit: None };
        Self { title: title.into(), unit, rows: vec![first], is_ours: true }
    }

    /// Sets the lower bound: what the platform itself takes for the same, as a bare object shows.
    pub(crate) fn floor(
        title: impl fmt::Display,
        unit: Unit,
        label: impl Into<String>,
        rounds: Vec<f64>,
    ) -> Self {
        Self { is_ours: false, ..Self::new(format!("The floor. {title}"), unit, label, rounds) }
    }

    /// Sets the limit for our own value.
    pub(crate) fn limit(mut self, limit: Limit) -> Self {
        if let Some(ours) = self.rows.first_mut() {
            ours.limit = Some(limit);
        }
        self
    }

    /// Adds a contestant to compare with, and the limit of the ratio.
    pub(crate) fn versus(
        mut self,
        label: impl Into<String>,
        rounds: Vec<f64>,
        limit: impl Into<Option<Limit>>,
    ) -> Self {
        self.rows.push(Row { label: label.into(), rounds, limit: limit.into() });
        self
    }

    /// Returns how many targets there are, and how many of them are met.
    pub(crate) fn score(&self) -> (usize, usize) {
        let verdicts: Vec<bool> = self.rows.iter().filter_map(|row| self.verdict(row)).collect();
        (verdicts.len(), verdicts.iter().filter(|&&met| met).count())
    }

    /// Returns the figure as a table in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!(
            "| {} ({}) | median | min to max | {} to this | target | met |\n\
             | --- | ---: | ---: | ---: | ---: | --- |\n",
            self.title,
            self.unit.name(),
            if self.is_ours { "ours" } else { "floor" }
        );
        for row in &self.rows {
            text.push_str(&self.line(row));
        }
        text
    }

    fn line(&self, row: &Row) -> String {
        let Some(spread) = Spread::of(&row.rounds) else {
            return format!("| {} | not measured | | | | |\n", row.label);
        };
        let ratio = self.ratio(row).map_or_else(String::new, |ratio| {
            let Spread { median, least, most } = ratio;
            format!("{} ({} to {})", number(median), number(least), number(most))
        });
        let target = row.limit.map_or_else(String::new, |limit| limit.text());
        let met = self.verdict(row).map_or("", |met| if met { "yes" } else { "**no**" });
        let (median, least, most) = (number(spread.median), number(spread.least), number(spread.most));
        format!("| {} | {median} | {least} to {most} | {ratio} | {target} | {met} |\n", row.label)
    }

    /// Returns the ratio of our value to another; `None` for our own.
    fn ratio(&self, row: &Row) -> Option<Spread> {
        let ours = self.rows.first()?;
        if std::ptr::eq(ours, row) {
            return None;
        }
        Spread::of_ratios(&ours.rounds, &row.rounds)
    }

    fn verdict(&self, row: &Row) -> Option<bool> {
        let limit = row.limit?;
        let is_ours = self.rows.first().is_some_and(|ours| std::ptr::eq(ours, row));
        let spread = if is_ours { Spread::of(&row.rounds) } else { self.ratio(row) }?;
        Some(limit.holds(spread.median))
    }
}

impl Limit {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {}", number(most)),
            Self::AtLeast(least) => format!("≥ {}", number(least)),
        }
    }
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Micros => "µs",
            Self::Millis => "ms",
            Self::PerSecond => "per second",
            Self::PerCpuSecond => "per CPU second",
            Self::Bytes => "bytes",
            Self::Kib => "KiB",
            Self::Count => "number",
        }
    }
}

/// Returns a number with three digits that count, and with commas where it is large.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => grouped(value.round()),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let length = digits.len();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_table_with_ratios_and_verdicts() {
        let figure = Figure::new("CPU per message", Unit::Micros, "chat", vec![2.0, 3.0, 4.0])
            .limit(Limit::AtMost(2.5))
            .versus("peer", vec![4.0, 6.0, 16.0], Limit::AtMost(0.5))
            .versus("bare", vec![2.0, 3.0, 2.0], None);
        let lines: Vec<_> = figure.markdown().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "| CPU per message (µs) | median | min to max | ours to this | target | met |");
        assert_eq!(lines[2], "| chat | 3.00 | 2.00 to 4.00 |  | ≤ 2.50 | **no** |");
        assert_eq!(lines[3], "| peer | 6.00 | 4.00 to 16.0 | 0.50 (0.25 to 0.50) | ≤ 0.50 | yes |");
        assert_eq!(lines[4], "| bare | 2.00 | 2.00 to 3.00 | 1.00 (1.00 to 2.00) |  |  |");
        assert_eq!(figure.score(), (2, 1));
    }

    #[test]
    fn a_missing_figure_is_marked_and_meets_no_goal() {
        let figure = Figure::new("x", Unit::Count, "chat", Vec::new()).limit(Limit::AtLeast(1.0));
        assert!(figure.markdown().contains("not measured"));
        assert_eq!(figure.score(), (0, 0));
    }

    #[test]
    fn numbers_have_three_digits_or_commas() {
        let texts = [0.123, 12.34, 999.6, 1_234_567.0, -1_000.0].map(number);
        assert_eq!(texts, ["0.12", "12.3", "1,000", "1,234,567", "-1,000"]);
    }
}
