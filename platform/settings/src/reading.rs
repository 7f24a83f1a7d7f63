//! One pass over all sources: every setting is asked for once, mistakes are gathered, and what nobody
//! asked for is unknown.

use crate::kinds::Kind;
use crate::nearest::nearest;
use crate::{FILE_VARIABLE, Sources, file};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use vocabulary::Violation;

const PREFIX: &str = "ZHAOXI_";
/// Variables of the scripts and tests, which are no settings.
const NOT_SETTINGS: [&str; 4] = ["ZHAOXI_TEST_", "ZHAOXI_SCRIPT_", "ZHAOXI_BENCH_", "ZHAOXI_BIN"];

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the settings file.
    File {
        /// Name of the file.
        name: String,
        /// Line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
    /// An option of the command line.
    CommandLine {
        /// The option as typed.
        option: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("默认"),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Environment { variable } => f.write_str(variable),
            Self::CommandLine { option } => f.write_str(option),
        }
    }
}

/// A setting as it is shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// `server.port`.
    pub setting: String,
    /// `ZHAOXI_SERVER_PORT`.
    pub variable: String,
    /// The value in force; secrets masked, empty when there is none.
    pub value: String,
    /// The default; empty when there is none.
    pub default: String,
    /// Where the value comes from.
    pub origin: Origin,
    /// What it is, in a few words.
    pub meaning: &'static str,
}

struct Found {
    text: String,
    origin: Origin,
}

/// The sources, as far as they have not been asked for yet.
pub(crate) struct Reading {
    found: BTreeMap<(String, String), Found>,
    file_sections: Vec<(String, Origin)>,
    shown: Vec<Shown>,
    mistakes: Vec<Violation>,
}

impl Reading {
    pub(crate) fn new(sources: &Sources) -> Self {
        let mut reading =
            Self { found: BTreeMap::new(), file_sections: Vec::new(), shown: Vec::new(), mistakes: Vec::new() };
        if let Some((name, text)) = &sources.file {
            reading.take_file(name, text);
        }
        reading.take_environment(sources);
        for given in &sources.command_line {
            let (section, key) = given.setting.split_once('.').unwrap_or((&given.setting, ""));
            let origin = Origin::CommandLine { option: given.option.clone() };
            reading.put(section, key, given.value.clone(), origin);
        }
        reading
    }

    fn put(&mut self, section: &str, key: &str, text: String, origin: Origin) {
        let place = (section.to_owned(), key.to_owned());
        self.found.insert(place, Found { text, origin });
    }

    fn take_file(&mut self, name: &str, text: &str) {
        let contents = file::parse(name, text);
        self.mistakes.extend(contents.mistakes);
        for line in contents.lines {
            let origin = Origin::File { name: name.to_owned(), line: line.line };
            self.put(&line.section, &line.key, line.text, origin);
        }
        for (section, line) in contents.sections {
            let origin = Origin::File { name: name.to_owned(), line };
            self.file_sections.push((section, origin));
        }
    }

    fn take_environment(&mut self, sources: &Sources) {
        for (name, value) in &sources.environment {
            let variable = name.to_string_lossy().into_owned();
            let setting = variable.strip_prefix(PREFIX).filter(|_| {
                variable != FILE_VARIABLE && !NOT_SETTINGS.iter().any(|prefix| variable.starts_with(prefix))
            });
            // An empty variable means "not set": that is how compose files and shells leave one out.
            let Some(setting) = setting.filter(|_| !value.is_empty()) else {
                continue;
            };
            let setting = setting.to_lowercase();
            let (section, key) = setting.split_once('_').unwrap_or((&setting, ""));
            let origin = Origin::Environment { variable: variable.clone() };
            match value.to_str() {
                Some(text) => self.put(section, key, text.to_owned(), origin),
                None => self.mistakes.push(Violation::new(
                    "settings.value",
                    variable,
                    "值不是 UTF-8 文本",
                    "用 UTF-8 重新设置这个变量",
                )),
            }
        }
    }

    /// Begins a section.
    pub(crate) fn section(&mut self, name: &'static str) -> Section<'_> {
        Section { reading: self, name }
    }

    /// A mistake that shows only when two settings are seen together, placed where one of them was set.
    pub(crate) fn mistake_at(&mut self, setting: &str, message: String, remedy: &str) {
        let origin = self.shown.iter().find(|shown| shown.setting == setting).map(|shown| &shown.origin);
        let place = match origin {
            None | Some(Origin::Default) => setting.to_owned(),
            Some(origin) => origin.to_string(),
        };
        self.mistakes.push(Violation::new("settings.together", place, message, remedy));
    }

    /// Reports every section and key that nobody asked for.
    pub(crate) fn report_unknown(&mut self) {
        let mut sections: Vec<&str> = self.shown.iter().map(|shown| section_of(&shown.setting)).collect();
        sections.dedup();
        let mut mistakes = Vec::new();
        for (name, origin) in &self.file_sections {
            if !sections.contains(&name.as_str()) {
                let remedy = match nearest(name, sections.iter().copied()) {
                    Some(known) => format!("是不是 [{known}]？"),
                    None => format!("删去这一节；可用的节：{}", sections.join("、")),
                };
                let message = format!("没有 [{name}] 这一节");
                mistakes.push(Violation::new("settings.unknown_section", origin.to_string(), message, remedy));
            }
        }
        for ((section, key), found) in &self.found {
            let in_file = matches!(found.origin, Origin::File { .. });
            if in_file && !sections.contains(&section.as_str()) {
                continue;
            }
            mistakes.push(self.unknown(section, key, &found.origin));
        }
        self.mistakes.extend(mistakes);
    }

    fn unknown(&self, section: &str, key: &str, origin: &Origin) -> Violation {
        let setting = format!("{section}.{key}");
        let elsewhere = || {
            let mut same_key = self.shown.iter().filter(|shown| key_of(&shown.setting) == key);
            same_key.next().filter(|_| same_key.next().is_none())
        };
        let known = nearest(&setting, self.shown.iter().map(|shown| shown.setting.as_str()))
            .and_then(|near| self.shown.iter().find(|shown| shown.setting == near))
            .or_else(elsewhere);
        let (written, meant) = match origin {
            Origin::Environment { variable } => (variable.clone(), known.map(|shown| shown.variable.clone())),
            _ => (setting, known.map(|shown| shown.setting.clone())),
        };
        let remedy = match meant {
            Some(meant) => format!("是不是 {meant}？"),
            None => "删去它；全部设置见 zhaoxi doctor".to_owned(),
        };
        Violation::new("settings.unknown_key", origin.to_string(), format!("没有“{written}”这项设置"), remedy)
    }

    pub(crate) fn finish(self) -> (Vec<Shown>, Vec<Violation>) {
        (self.shown, self.mistakes)
    }
}

fn section_of(setting: &str) -> &str {
    setting.split_once('.').map_or(setting, |(section, _)| section)
}

fn key_of(setting: &str) -> &str {
    setting.split_once('.').map_or("", |(_, key)| key)
}

/// One section while it is being read.
pub(crate) struct Section<'a> {
    reading: &'a mut Reading,
    name: &'static str,
}

impl Section<'_> {
    /// A setting of a known kind.
    pub(crate) fn value<T: Kind>(&mut self, key: &str, default: T, meaning: &'static str) -> T {
        self.take(key, default, meaning, T::show, T::parse)
    }

    /// A whole number within bounds.
    pub(crate) fn number(
        &mut self,
        key: &str,
        default: u32,
        bounds: RangeInclusive<u32>,
        meaning: &'static str,
    ) -> u32 {
        let parse = |text: &str| match text.parse::<u32>() {
            Ok(number) if bounds.contains(&number) => Ok(number),
            _ => Err(format!("应是 {} 到 {} 的整数", bounds.start(), bounds.end())),
        };
        self.take(key, default, meaning, u32::to_string, parse)
    }

    fn take<T>(
        &mut self,
        key: &str,
        default: T,
        meaning: &'static str,
        show: impl Fn(&T) -> String,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> T {
        let setting = format!("{}.{key}", self.name);
        let variable = format!("{PREFIX}{}_{}", self.name, key).to_uppercase();
        let default_text = show(&default);
        let found = self.reading.found.remove(&(self.name.to_owned(), key.to_owned()));
        let (value, origin) = match found {
            None => (default, Origin::Default),
            Some(found) => match parse(found.text.trim()) {
                Ok(value) => (value, found.origin),
                Err(expected) => {
                    let example = if default_text.is_empty() { "" } else { default_text.as_str() };
                    let mistake = wrong_value(&setting, &found, &expected, example);
                    self.reading.mistakes.push(mistake);
                    (default, found.origin)
                }
            },
        };
        self.reading.shown.push(Shown {
            setting,
            variable,
            value: show(&value),
            default: default_text,
            origin,
            meaning,
        });
        value
    }
}

fn wrong_value(setting: &str, found: &Found, expected: &str, default: &str) -> Violation {
    let written = crate::kinds::without_password(&found.text);
    let remedy = match default {
        "" => "改正它，或删去它".to_owned(),
        default => format!("改正它，或删去它以用默认值 {default}"),
    };
    let message = format!("{setting} {expected}，写的是“{written}”");
    Violation::new("settings.value", found.origin.to_string(), message, remedy)
}
