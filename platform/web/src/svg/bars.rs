//! Bars: progress with its time mark, one bar of several parts, a share of a line.

use super::at;
use crate::{
    markup::{Markup, escape},
    parts::{Progress, SegPart},
};

/// A progress bar with its percentage; a vertical mark shows how much of the time is gone. Not known is an empty track
/// and a dash, never zero.
#[must_use]
pub fn progress(progress: &Progress) -> Markup {
    let mut svg = String::from(
        "<div class=\"prog\"><svg viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"tr\" y=\"3\" width=\"100\" height=\"8\" rx=\"1.5\"/>",
    );
    if let Some(percent) = progress.percent {
        let width = at(percent.clamp(0.0, 100.0));
        svg.push_str(&format!(
            "<rect class=\"v-{}\" y=\"3\" width=\"{width}\" height=\"8\" rx=\"1.5\"/>",
            progress.tone.key()
        ));
    }
    if let (Some(_), Some(tick)) = (progress.percent, progress.tick) {
        let x = at(tick.clamp(0.0, 100.0));
        svg.push_str(&format!(
            "<line class=\"tick\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"14\" vector-effect=\"non-scaling-stroke\"/>"
        ));
    }
    match progress.percent {
        Some(percent) => svg.push_str(&format!("</svg><b class=\"num\">{}%</b></div>", percent.round())),
        None => svg.push_str("</svg><b class=\"num nil\">—</b></div>"),
    }
    Markup::trusted(svg)
}

/// One bar of several parts, as long as their counts, and under it each part's word and count.
#[must_use]
pub fn seg(parts: &[SegPart]) -> Markup {
    const WIDTH: f64 = 1000.0;
    const GAP: f64 = 4.0;
    let total: u64 = parts.iter().map(|part| part.count).sum();
    let mut svg =
        String::from("<svg class=\"seg\" viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let mut x = 0.0;
    for part in parts.iter().filter(|part| part.count > 0) {
        let width = part.count as f64 / total as f64 * WIDTH;
        svg.push_str(&format!(
            "<rect class=\"f-{}\" x=\"{}\" width=\"{}\" height=\"16\"/>",
            part.tone.key(),
            at(x + GAP / 2.0),
            at((width - GAP).max(1.0))
        ));
        x += width;
    }
    svg.push_str("</svg><div class=\"seg-legend\">");
    for part in parts {
        let inside = format!(
            "<span class=\"dot k-{}\"></span>{} <b class=\"num\">{}</b>",
            part.tone.key(),
            escape(&part.label),
            part.count
        );
        if part.href.is_empty() {
            svg.push_str(&format!("<span>{inside}</span>"));
        } else {
            svg.push_str(&format!("<a href=\"{}\">{inside}</a>", escape(&part.href)));
        }
    }
    svg.push_str("</div>");
    Markup::trusted(svg)
}

/// A bar for a share from 0 to 1 of a line's length.
#[must_use]
pub fn share_bar(share: &f64) -> Markup {
    Markup::trusted(format!(
        "<svg viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"tr\" y=\"1\" width=\"100\" height=\"12\"/><rect y=\"1\" width=\"{}\" height=\"12\"/></svg>",
        at(share.clamp(0.0, 1.0) * 100.0)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::Tone;

    #[test]
    fn a_known_progress_has_bar_tick_and_number() {
        let svg = progress(&Progress::new(Some(66.64), Some(87.5), Tone::Slow)).to_string();
        assert!(svg.contains("<rect class=\"v-slow\" y=\"3\" width=\"66.6\""));
        assert!(svg.contains("x1=\"87.5\""));
        assert!(svg.contains(">67%</b>"));
    }

    #[test]
    fn an_unknown_progress_is_a_dash_without_bar_or_tick() {
        let svg = progress(&Progress::new(None, Some(50.0), Tone::None)).to_string();
        assert!(svg.contains("—") && !svg.contains("v-none") && !svg.contains("tick"));
    }

    #[test]
    fn more_than_all_fills_the_bar_and_says_how_much() {
        let svg = progress(&Progress::new(Some(123.0), None, Tone::Ok)).to_string();
        assert!(svg.contains("width=\"100\" height=\"8\" rx=\"1.5\"/></svg><b class=\"num\">123%"));
    }

    #[test]
    fn parts_are_as_long_as_their_counts() {
        let svg = seg(&[
            SegPart::new(Tone::Ok, "已达标", 3, "/i?st=met"),
            SegPart::new(Tone::Late, "滞后", 1, ""),
            SegPart::new(Tone::None, "待<填报", 0, ""),
        ])
        .to_string();
        assert!(svg.contains("<rect class=\"f-ok\" x=\"2\" width=\"746\""));
        assert!(svg.contains("<rect class=\"f-late\" x=\"752\" width=\"246\""));
        assert!(!svg.contains("f-none"));
        assert!(svg.contains("<a href=\"/i?st=met\">") && svg.contains("待&lt;填报"));
    }

    #[test]
    fn nothing_at_all_is_an_empty_bar() {
        assert!(!seg(&[SegPart::new(Tone::Ok, "已达标", 0, "")]).to_string().contains("<rect"));
    }
}
