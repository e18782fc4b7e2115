//! Growth curves as a plain SVG: both axes logarithmic, a line for each contestant, readable on light and on dark.

use std::fmt::Write;

/// How something grows.
#[derive(Debug)]
pub(crate) struct Plot {
    pub(crate) title: String,
    /// The label of the horizontal axis.
    pub(crate) across: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// How it grows for one contestant.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) label: String,
    /// Both coordinates are positive.
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
const MARGIN: f64 = 56.0;
const COLORS: [&str; 4] = ["#d9480f", "#1971c2", "#2f9e44", "#868e96"];

/// Whole powers of ten around some numbers.
struct Axis {
    from: i32,
    to: i32,
}

impl Axis {
    fn around(numbers: impl Iterator<Item = f64> + Clone) -> Self {
        let least = numbers.clone().fold(f64::INFINITY, f64::min).log10();
        let most = numbers.fold(0.0, f64::max).log10();
        let from = least.floor() as i32;
        Self { from, to: (most.ceil() as i32).max(from + 1) }
    }

    /// Returns where a number is, from 0 to 1.
    fn place(&self, number: f64) -> f64 {
        (number.log10() - f64::from(self.from)) / f64::from(self.to - self.from)
    }
}

impl Plot {
    /// Returns the picture.
    pub(crate) fn svg(&self) -> String {
        let points = self.lines.iter().flat_map(|line| &line.points);
        let (across, up) =
            (Axis::around(points.clone().map(|point| point.0)), Axis::around(points.map(|point| point.1)));
        let x = |number: f64| MARGIN + across.place(number) * (WIDTH - 4.0 * MARGIN);
        let y = |number: f64| HEIGHT - MARGIN - up.place(number) * (HEIGHT - 2.0 * MARGIN);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
             font-size=\"12\" fill=\"#868e96\">\n<text x=\"{MARGIN}\" y=\"24\" font-size=\"14\">{}</text>\n",
            self.title
        );
        let mut add = |part: String| svg.push_str(&part);
        let (left, right, bottom) = (MARGIN, WIDTH - 3.0 * MARGIN, HEIGHT - MARGIN);
        for power in up.from..=up.to {
            let (number, at) = (10f64.powi(power), y(10f64.powi(power)));
            add(format!("<path d=\"M{left} {at:.1}H{right}\" stroke=\"#868e9640\"/>\n"));
            add(format!(
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{number}</text>\n",
                left - 6.0,
                at + 4.0
            ));
        }
        for power in across.from..=across.to {
            let (number, at) = (10f64.powi(power), x(10f64.powi(power)));
            add(format!(
                "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{number}</text>\n",
                bottom + 18.0
            ));
        }
        let middle = f64::midpoint(left, right);
        add(format!(
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
            bottom + 38.0,
            self.across
        ));
        for (line, color) in self.lines.iter().zip(COLORS.iter().cycle()) {
            add(line.svg(color, x, y));
        }
        svg.push_str("</svg>\n");
        svg
    }
}

impl Line {
    fn svg(&self, color: &str, x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
        let (mut path, mut dots) = (String::new(), String::new());
        for (across, up) in &self.points {
            let (x, y) = (x(*across), y(*up));
            let command = if path.is_empty() { 'M' } else { 'L' };
            // Writing to a text cannot fail.
            let _always = write!(path, "{command}{x:.1} {y:.1}");
            let _always = write!(dots, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{color}\"/>");
        }
        let label = self.points.last().map_or_else(String::new, |(across, up)| {
            let (x, y) = (x(*across) + 10.0, y(*up) + 4.0);
            format!("<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{color}\">{}</text>", self.label)
        });
        format!("<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>{dots}{label}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenfold_is_the_same_distance_everywhere() {
        let axis = Axis::around([30.0, 100.0, 4_000.0].into_iter());
        assert_eq!((axis.from, axis.to), (1, 4));
        let distance = |from: f64| axis.place(from * 10.0) - axis.place(from);
        assert!((distance(20.0) - distance(300.0)).abs() < 1e-9);
    }

    #[test]
    fn a_constant_series_has_an_axis() {
        let axis = Axis::around([100.0, 100.0].into_iter());
        assert_eq!((axis.from, axis.to, axis.place(100.0)), (2, 3, 0.0));
    }

    #[test]
    fn every_line_is_drawn_and_named() {
        let line = |label: &str| Line { label: label.to_owned(), points: vec![(1e3, 50.0), (1e5, 60.0)] };
        let plot =
            Plot { title: "CPU".to_owned(), across: "messages", lines: vec![line("ours"), line("theirs")] };
        let svg = plot.svg();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert_eq!((svg.matches("<circle").count(), svg.matches(">ours<").count()), (4, 1));
    }
}
