//! Lines over time: the small one inside a table, and the chart with axes.

use super::at;
use crate::markup::{Markup, escape};

/// A small line of values, oldest first, with the target as a dashed line. Gaps stay gaps. Read aloud as its tendency.
#[must_use]
pub fn spark(values: &[Option<f64>], target: &Option<f64>) -> Markup {
    const WIDTH: f64 = 104.0;
    const HEIGHT: f64 = 28.0;
    const EDGE: f64 = 3.0;
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Markup::trusted("<span class=\"nil\">—</span>".into());
    };
    let (low, high) = span(known.iter().copied().chain(*target));
    let x = |index: usize| EDGE + index as f64 * (WIDTH - 2.0 * EDGE) / (values.len().max(2) - 1) as f64;
    let y = |value: f64| if high > low { HEIGHT - 4.0 - (value - low) / (high - low) * 20.0 } else { HEIGHT / 2.0 };
    let mut svg = String::from("<svg class=\"spark\" viewBox=\"0 0 104 28\" aria-hidden=\"true\">");
    if let Some(target) = target {
        let height = at(y(*target));
        svg.push_str(&format!("<line class=\"tg\" x1=\"3\" x2=\"101\" y1=\"{height}\" y2=\"{height}\"/>"));
    }
    for run in runs(values) {
        let points: Vec<String> =
            run.iter().map(|(index, value)| format!("{},{}", at(x(*index)), at(y(*value)))).collect();
        svg.push_str(&format!("<polyline class=\"ln\" points=\"{}\"/>", points.join(" ")));
    }
    if let Some((index, value)) =
        values.iter().enumerate().filter_map(|(index, value)| value.map(|value| (index, value))).next_back()
    {
        svg.push_str(&format!("<circle cx=\"{}\" cy=\"{}\" r=\"2.75\"/>", at(x(index)), at(y(value))));
    }
    let tendency = tendency(*first, *last);
    svg.push_str(&format!("</svg><span class=\"vh\">近{}期{tendency}</span>", values.len()));
    Markup::trusted(svg)
}

fn tendency(first: f64, last: f64) -> &'static str {
    let change = last - first;
    let size = first.abs().max(f64::EPSILON);
    if (change / size).abs() < 0.002 {
        "总体持平"
    } else if change > 0.0 {
        "总体上升"
    } else {
        "总体下降"
    }
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// The stretches of known values between gaps.
fn runs(values: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut open = false;
    for (index, value) in values.iter().enumerate() {
        match (value, open, runs.last_mut()) {
            (Some(value), true, Some(run)) => run.push((index, *value)),
            (Some(value), _, _) => {
                runs.push(vec![(index, *value)]);
                open = true;
            }
            (None, _, _) => open = false,
        }
    }
    runs
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name, written at its end.
    pub name: String,
    /// Its values, one for each label of the chart.
    pub values: Vec<Option<f64>>,
    /// Dashed and grey: a target or a planned path.
    pub planned: bool,
}

/// A chart over time: labelled axes, at most five lines, each named at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The id of its title; unique on the page.
    pub id: String,
    /// What it shows, for those who do not see it; the numbers stand in a table beside it.
    pub title: String,
    /// The unit, above the vertical axis.
    pub unit: String,
    /// The labels of the horizontal axis.
    pub labels: Vec<String>,
    /// The lines.
    pub series: Vec<Series>,
    /// Whether the vertical axis must begin at zero.
    pub from_zero: bool,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 120.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 34.0;

/// Draws a chart.
#[must_use]
pub fn chart(chart: &Chart) -> Markup {
    let all = chart.series.iter().flat_map(|series| series.values.iter().flatten().copied());
    let (low, high) = span(all.chain(chart.from_zero.then_some(0.0)));
    if low > high {
        return Markup::trusted("<p class=\"nil\">还没有数据</p>".into());
    }
    let ticks = ticks(low, high);
    let (bottom, top) = (ticks.first().copied().unwrap_or(low), ticks.last().copied().unwrap_or(high));
    let last = chart.labels.len().max(2) - 1;
    let x = |index: usize| LEFT + index as f64 * (WIDTH - LEFT - RIGHT) / last as f64;
    let y = |value: f64| HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
    let id = escape(&chart.id);
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 760 300\" role=\"img\" aria-labelledby=\"{id}\"><title id=\"{id}\">{}</title>\
         <text x=\"4\" y=\"16\">{}</text>",
        escape(&chart.title),
        escape(&chart.unit)
    );
    for tick in &ticks {
        let height = at(y(*tick));
        svg.push_str(&format!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{height}\" y2=\"{height}\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{tick}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at(y(*tick) + 5.0)
        ));
    }
    svg.push_str(&labels(&chart.labels, x));
    svg.push_str(&lines(&chart.series, x, y));
    svg.push_str("</svg>");
    Markup::trusted(svg)
}

/// The horizontal axis: so many labels as have room, always the last one.
fn labels(labels: &[String], x: impl Fn(usize) -> f64) -> String {
    const LETTER: f64 = 15.0;
    let width =
        |label: &String| label.chars().map(|letter| if letter.is_ascii() { 0.6 } else { 1.0 }).sum::<f64>() * LETTER;
    let room = labels.iter().map(width).fold(0.0, f64::max) + LETTER;
    let last = labels.len().saturating_sub(1);
    let every = (room * labels.len() as f64 / (WIDTH - LEFT - RIGHT)).ceil().max(1.0) as usize;
    let base = HEIGHT - BOTTOM;
    let mut svg = format!("<line class=\"axis\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{base}\" y2=\"{base}\"/>", WIDTH - RIGHT);
    for (index, label) in labels.iter().enumerate().filter(|(index, _)| (last - index).is_multiple_of(every)) {
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            at(x(index)),
            base + 22.0,
            escape(label)
        ));
    }
    svg
}

fn lines(all: &[Series], x: impl Fn(usize) -> f64, y: impl Fn(f64) -> f64) -> String {
    const LINE: f64 = 18.0;
    let mut svg = String::new();
    let mut names: Vec<(f64, f64, String)> = Vec::new();
    let mut colour = 0;
    for series in all {
        if !series.planned {
            colour = (colour + 1).min(5);
        }
        let class = if series.planned { "tg".to_owned() } else { format!("ln s{colour}") };
        for run in runs(&series.values) {
            let points: Vec<String> =
                run.iter().map(|(index, value)| format!("{},{}", at(x(*index)), at(y(*value)))).collect();
            svg.push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")));
            if !series.planned {
                for (index, value) in run {
                    svg.push_str(&format!(
                        "<circle class=\"p{colour}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>",
                        at(x(index)),
                        at(y(value))
                    ));
                }
            }
        }
        let end =
            series.values.iter().enumerate().filter_map(|(index, value)| value.map(|value| (index, value))).next_back();
        if let Some((index, value)) = end {
            names.push((x(index), y(value), series.name.clone()));
        }
    }
    // Names that would lie on each other are moved apart, downwards.
    names.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut free = f64::NEG_INFINITY;
    for (x, y, name) in names {
        let y = (y + 5.0).max(free);
        free = y + LINE;
        svg.push_str(&format!("<text class=\"lb\" x=\"{}\" y=\"{}\">{}</text>", at(x + 10.0), at(y), escape(&name)));
    }
    svg
}

/// Four to seven easy numbers around the values.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let span = if high > low { high - low } else { high.abs().max(1.0) };
    let rough = span / 4.0;
    let power = 10.0_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough).unwrap_or(rough);
    let digits = 10.0_f64.powf((2.0 - step.log10()).ceil().clamp(0.0, 12.0));
    let mut value = (low / step).floor() * step;
    let mut ticks = Vec::new();
    loop {
        ticks.push((value * digits).round() / digits);
        if value >= high - step * 1e-9 && ticks.len() > 1 {
            return ticks;
        }
        value += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_parts_the_line_and_the_end_is_marked() {
        let svg = spark(&[Some(1.0), Some(2.0), None, Some(4.0)], &Some(5.0)).to_string();
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("<circle cx=\"101\""));
        assert!(svg.contains("class=\"tg\" x1=\"3\" x2=\"101\" y1=\"4\""));
        assert!(svg.contains("近4期总体上升"));
    }

    #[test]
    fn no_values_are_a_dash() {
        assert_eq!(spark(&[None, None], &Some(3.0)).to_string(), "<span class=\"nil\">—</span>");
        assert_eq!(spark(&[], &None).to_string(), "<span class=\"nil\">—</span>");
    }

    #[test]
    fn steady_values_lie_in_the_middle() {
        let svg = spark(&[Some(100.0), Some(100.0)], &None).to_string();
        assert!(svg.contains("points=\"3,14 101,14\"") && svg.contains("总体持平"));
    }

    fn sample() -> Chart {
        Chart {
            id: "c1".into(),
            title: "每千人口托位数，2023年至2025年".into(),
            unit: "个".into(),
            labels: ["2023", "2024", "2025"].map(str::to_owned).to_vec(),
            series: vec![
                Series { name: "实际".into(), values: vec![Some(4.0), Some(4.1), None], planned: false },
                Series { name: "目标".into(), values: vec![Some(4.0), Some(4.3), Some(4.55)], planned: true },
            ],
            from_zero: false,
        }
    }

    #[test]
    fn a_chart_names_axes_lines_and_itself() {
        let svg = chart(&sample()).to_string();
        for part in [
            "role=\"img\"",
            "<title id=\"c1\">每千人口托位数",
            ">2023</text>",
            ">2025</text>",
            ">实际</text>",
            ">目标</text>",
            "class=\"tg\"",
            "ln s1",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
    }

    #[test]
    fn a_chart_from_zero_begins_there() {
        let svg = chart(&Chart { from_zero: true, ..sample() }).to_string();
        assert!(svg.contains("text-anchor=\"end\">0</text>"));
        assert!(chart(&Chart { series: vec![], ..sample() }).to_string().contains("还没有数据"));
    }

    #[test]
    fn ticks_are_easy_and_around_the_values() {
        assert_eq!(ticks(4.0, 4.55), [4.0, 4.2, 4.4, 4.6]);
        assert_eq!(ticks(0.0, 97.0), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(ticks(7.0, 7.0).len(), 2);
    }
}
