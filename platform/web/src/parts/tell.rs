//! Parts that tell: figures, progress, bars, tabs, histories, chains.

use super::{Link, Tone};
use vocabulary::Origin;

/// One figure with its name and unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// The number as text; "—" for one that is not known.
    pub value: String,
    /// The unit.
    pub unit: String,
    /// A sentence under it.
    pub sub: String,
    /// How it came to be known.
    pub origin: Option<Origin>,
    /// Where the rows behind it are; "" for nowhere.
    pub href: String,
}

impl Figure {
    /// A figure; an empty value is shown as not known, never as zero.
    pub fn new(label: impl Into<String>, value: impl Into<String>, unit: impl Into<String>) -> Self {
        let value = value.into();
        let value = if value.is_empty() { "—".to_owned() } else { value };
        Self { label: label.into(), value, unit: unit.into(), ..Self::default() }
    }

    /// Whether there is a number.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.value != "—"
    }

    /// A sentence under it.
    #[must_use]
    pub fn remark(mut self, sub: impl Into<String>) -> Self {
        self.sub = sub.into();
        self
    }

    /// How it came to be known.
    #[must_use]
    pub const fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Where the rows behind it are.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
}

/// How far something is, in percent, with the mark of where it should be by now.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// Percent done; `None` when it is not known.
    pub percent: Option<f64>,
    /// Percent of the time gone; `None` where there is no path.
    pub tick: Option<f64>,
    /// The tone of the bar.
    pub tone: Tone,
}

impl Progress {
    /// A progress.
    #[must_use]
    pub const fn new(percent: Option<f64>, tick: Option<f64>, tone: Tone) -> Self {
        Self { percent, tick, tone }
    }
}

/// One part of a bar of several parts, with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegPart {
    /// The tone.
    pub tone: Tone,
    /// The word.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Where the list of them is; "" for nowhere.
    pub href: String,
}

impl SegPart {
    /// A part.
    pub fn new(tone: Tone, label: impl Into<String>, count: u64, href: impl Into<String>) -> Self {
        Self { tone, label: label.into(), count, href: href.into() }
    }
}

/// One line of a list of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is, with or without a link.
    pub what: Link,
    /// Its share of the longest, 0 to 1; `None` when its value is not known.
    pub share: Option<f64>,
    /// The value as text.
    pub text: String,
}

impl Bar {
    /// Bars for values: the largest fills the line. Values below zero are drawn as nothing.
    #[must_use]
    pub fn of(values: Vec<(Link, Option<f64>, String)>) -> Vec<Self> {
        let largest = values.iter().filter_map(|(_, value, _)| *value).fold(0.0, f64::max);
        values
            .into_iter()
            .map(|(what, value, text)| Self {
                what,
                share: value.map(|value| if largest > 0.0 { (value / largest).max(0.0) } else { 0.0 }),
                text,
            })
            .collect()
    }
}

/// One of several views of the same thing; each is a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where to, and the word.
    pub link: Link,
    /// How many are behind it.
    pub count: Option<u64>,
    /// Whether it is the one shown.
    pub current: bool,
}

impl Tab {
    /// A tab.
    pub fn new(href: impl Into<String>, label: impl Into<String>, current: bool) -> Self {
        Self { link: Link::new(href, label), count: None, current }
    }

    /// With a count.
    #[must_use]
    pub const fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// One thing that happened, or is to happen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineItem {
    /// `Ok` done, `Run` now, `Late` went wrong, `None` to come.
    pub tone: Tone,
    /// When, as shown.
    pub time: String,
    /// When, as `2025-09-30` or `2025-09-30T10:00`; "" for no machine-readable time.
    pub datetime: String,
    /// What.
    pub title: String,
    /// Who.
    pub by: String,
    /// What was said.
    pub text: String,
    /// What changed, a line each.
    pub lines: Vec<String>,
    /// Where more of it is.
    pub link: Option<Link>,
}

impl TimelineItem {
    /// Something at a time.
    pub fn new(tone: Tone, time: impl Into<String>, title: impl Into<String>) -> Self {
        Self { tone, time: time.into(), title: title.into(), ..Self::default() }
    }

    /// The machine-readable time.
    #[must_use]
    pub fn at(mut self, datetime: impl Into<String>) -> Self {
        self.datetime = datetime.into();
        self
    }

    /// What changed, a line each.
    #[must_use]
    pub fn lines(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }

    /// Who.
    #[must_use]
    pub fn by(mut self, by: impl Into<String>) -> Self {
        self.by = by.into();
        self
    }

    /// What was said.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Where more of it is.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.link = Some(Link::new(href, label));
        self
    }

    /// The class of the line.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self.tone {
            Tone::Ok => "done",
            Tone::Run => "cur",
            Tone::Slow | Tone::Late => "bad",
            Tone::None => "",
        }
    }
}

/// One link of a chain from a plan's clause to the rows behind a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainLink {
    /// What kind of thing: 条款, 任务, 指标, 数据.
    pub kind: String,
    /// Its name and where it is.
    pub what: Link,
    /// More about it.
    pub more: String,
    /// Whether it is the page shown.
    pub here: bool,
}

impl ChainLink {
    /// A link.
    pub fn new(kind: impl Into<String>, what: Link, more: impl Into<String>) -> Self {
        Self { kind: kind.into(), what, more: more.into(), here: false }
    }

    /// The page shown.
    #[must_use]
    pub const fn here(mut self) -> Self {
        self.here = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_not_zero() {
        assert_eq!(Figure::new("床位", "", "张").value, "—");
        let bars = Bar::of(vec![
            (Link::words("甲"), Some(4.0), "4".into()),
            (Link::words("乙"), None, "—".into()),
            (Link::words("丙"), Some(0.0), "0".into()),
        ]);
        assert_eq!(bars.iter().map(|bar| bar.share).collect::<Vec<_>>(), [Some(1.0), None, Some(0.0)]);
    }
}
