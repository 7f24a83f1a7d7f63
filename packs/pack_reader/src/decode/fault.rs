//! A fault met while a value is read: what, and by which steps it is reached.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::tree::{Node, Step};

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A key that the format does not know.
    UnknownKey { key: String, known: &'static [&'static str] },
    /// A key that must be there.
    Missing { key: &'static str },
    /// Another type of value is wanted.
    WrongType { expected: String },
    /// A word outside a closed list.
    UnknownWord { word: String, known: &'static [&'static str] },
    /// Anything else, in words.
    Other { message: String },
}

/// A fault and its place: steps from the value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub kind: Kind,
    pub path: Vec<Step>,
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { kind, path: Vec::new() }
    }

    /// The same fault seen from one step further out.
    pub fn within(mut self, step: Step) -> Self {
        self.path.insert(0, step);
        self
    }

    /// Code, message and remedy. `root` is the value that was read, to say what stands there.
    pub fn words(&self, root: &Node) -> (&'static str, String, String) {
        let found = root.at_path(&self.path).map_or_else(String::new, |node| node.data.describe());
        let key = match self.path.last() {
            Some(Step::Key(key)) => format!("“{key}”"),
            Some(Step::Index(index)) => format!("第 {} 项", index + 1),
            None => "这里".to_owned(),
        };
        match &self.kind {
            Kind::UnknownKey { key, known } => (
                "pack.unknown_key",
                format!("没有“{key}”这个键{}", crate::nearest::hint(key, known.iter().copied())),
                format!("改正或删去；可用的键：{}", known.join("、")),
            ),
            Kind::Missing { key: "source" } => (
                "pack.no_source",
                "没有写出处：每个值都要有 source".to_owned(),
                "加上 source = \"计划的条款\"，或 source = { doc = \"sources.toml 中的键\", clause = \"…\" }"
                    .to_owned(),
            ),
            Kind::Missing { key } => ("pack.missing_key", format!("缺少“{key}”"), format!("加上 {key} = …")),
            Kind::WrongType { expected } => (
                "pack.wrong_type",
                format!("{key}应为{}，却写了{found}", in_chinese(expected)),
                "换成该类型的值；格式见 packs/FORMAT.md".to_owned(),
            ),
            Kind::UnknownWord { word, known } => (
                "pack.unknown_word",
                format!("{key}不能是“{word}”{}", crate::nearest::meant(word, known)),
                format!("可用：{}", known.join("、")),
            ),
            Kind::Other { message } => other(&key, &found, message),
        }
    }
}

fn other(key: &str, found: &str, message: &str) -> (&'static str, String, String) {
    // The messages of chrono for a text that is no day.
    let no_day =
        ["premature end of input", "input contains invalid characters", "trailing input", "input is out of range"];
    if no_day.contains(&message) {
        return (
            "pack.wrong_type",
            format!("{key}应为日期，却写了{found}"),
            "写成 2022-09-08 这样的日期，不加引号".to_owned(),
        );
    }
    ("pack.wrong_value", format!("{key}：{message}"), "改正这个值；格式见 packs/FORMAT.md".to_owned())
}

/// The word for what a reader expects; serde's own words for anything unforeseen.
fn in_chinese(expected: &str) -> String {
    let word = match expected {
        "a string" => "文字",
        "a boolean" => "true 或 false",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "整数",
        "a sequence" => "列表 […]",
        _ if expected.contains("today") => "数，或日期的 \"today\"、\"today-130y\"",
        _ if expected.contains("Decimal") => "数",
        _ if expected.contains("date") => "日期（如 2022-09-08，不加引号）",
        _ if expected.starts_with("struct ") => "表 {…}",
        _ if expected.contains("clause") => "条款文字或 { doc, clause }",
        _ => return expected.to_owned(),
    };
    word.to_owned()
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.kind)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Kind::Other { message: message.to_string() })
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Kind::WrongType { expected: expected.to_string() })
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Kind::WrongType { expected: expected.to_string() })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(Kind::UnknownWord { word: word.to_owned(), known })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(Kind::UnknownKey { key: key.to_owned(), known })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Kind::Missing { key })
    }
}
