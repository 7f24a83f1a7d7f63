//! The values that components are made from. Each has a macro of the same meaning in `templates/ui.html`.

mod list;
mod tell;

pub use list::{Column, Columns, PageLink, Pager, SortState};
pub use tell::{Bar, ChainLink, Figure, Progress, SegPart, Tab, TimelineItem};

/// A tone: what a colour and an icon say together with a word, never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Reached, done, good: green.
    Ok,
    /// Under way as it should be; information: blue.
    Run,
    /// Behind, to be watched: amber.
    Slow,
    /// Late, wrong: red.
    Late,
    /// Not known, not yet: grey.
    #[default]
    None,
}

impl Tone {
    /// All tones.
    pub const ALL: [Self; 5] = [Self::Ok, Self::Run, Self::Slow, Self::Late, Self::None];

    /// The key in class names and cookies.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Run => "run",
            Self::Slow => "slow",
            Self::Late => "late",
            Self::None => "none",
        }
    }

    /// Reads a key; `None` for any other text.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.key() == key)
    }

    /// The icon that goes with the tone.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Ok => "circle-check",
            Self::Run => "circle-dot",
            Self::Slow => "clock",
            Self::Late => "triangle-alert",
            Self::None => "circle-dashed",
        }
    }

    /// The class of a notice in this tone.
    #[must_use]
    pub const fn note_class(self) -> &'static str {
        match self {
            Self::Ok => "note note-ok",
            Self::Run | Self::None => "note",
            Self::Slow => "note note-warn",
            Self::Late => "note note-bad",
        }
    }
}

/// A state as icon and word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The tone.
    pub tone: Tone,
    /// The icon's name.
    pub icon: &'static str,
    /// The word.
    pub word: String,
}

impl Tag {
    /// A tag with the tone's own icon.
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, icon: tone.icon(), word: word.into() }
    }

    /// A tag with another icon.
    #[must_use]
    pub const fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }

    /// The tag of an indicator's status: `met`, `on_path`, `slow`, `late`, `no_path`, `not_reported`,
    /// `not_computable`. Any other text is shown as it is.
    #[must_use]
    pub fn status(key: &str) -> Self {
        match key {
            "met" => Self::new(Tone::Ok, "已达标"),
            "on_path" => Self::new(Tone::Run, "正常"),
            "slow" => Self::new(Tone::Slow, "偏慢"),
            "late" => Self::new(Tone::Late, "滞后"),
            "no_path" => Self::new(Tone::None, "无基期路径").icon("route-off"),
            "not_reported" => Self::new(Tone::None, "待填报"),
            "not_computable" => Self::new(Tone::None, "暂不可算").icon("circle-off"),
            other => Self::new(Tone::None, other),
        }
    }
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Where to; "" for a text without a link.
    pub href: String,
    /// The words.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }

    /// Words without a link.
    pub fn words(label: impl Into<String>) -> Self {
        Self::new("", label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_state_is_told_by_colour_alone() {
        let keys = ["met", "on_path", "slow", "late", "no_path", "not_reported", "not_computable"];
        let mut seen = std::collections::BTreeSet::new();
        for key in keys {
            let tag = Tag::status(key);
            assert_ne!(tag.word, key, "a word for {key}");
            assert!(seen.insert(tag.icon), "{key} shares its icon");
        }
    }

    #[test]
    fn tones_come_back_from_their_keys() {
        for tone in Tone::ALL {
            assert_eq!(Tone::from_key(tone.key()), Some(tone));
        }
        assert_eq!(Tone::from_key("red"), None);
    }
}
