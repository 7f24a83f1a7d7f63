//! Fields of a JSON object, typed, with every problem told at its line.

use super::json::{Kind, Value};
use sheets::Problems;
use std::collections::HashMap;

/// A file being read: its name and what is wrong with it so far.
#[derive(Debug)]
pub struct Source<'a> {
    pub file: &'a str,
    pub problems: Problems,
}

impl<'a> Source<'a> {
    pub fn new(file: &'a str) -> Self {
        Self { file, problems: Problems::default() }
    }

    /// Tells a problem.
    pub fn tell(&mut self, line: usize, path: &str, wrong: impl Into<String>, remedy: &str) {
        self.problems.add(self.file, line, path, shown(&wrong.into()), remedy);
    }

    /// The object that a value is.
    pub fn object<'v>(&mut self, value: &'v Value, path: &str) -> Option<Fields<'v>> {
        if let Kind::Object(fields) = &value.kind {
            return Some(Fields { line: value.line, path: path.to_owned(), fields });
        }
        self.tell(value.line, path, format!("it is {}, not an object", value.kind.name()), "write {…}");
        None
    }

    /// The values of a list.
    pub fn list<'v>(&mut self, value: &'v Value, path: &str) -> &'v [Value] {
        match &value.kind {
            Kind::List(values) => values,
            kind => {
                self.tell(value.line, path, format!("it is {}, not a list of these", kind.name()), "write […]");
                &[]
            }
        }
    }

    /// A number within bounds.
    pub fn number(&mut self, value: &Value, path: &str, (least, most): (f64, f64)) -> Option<f64> {
        match value.kind {
            Kind::Number(number) if (least..=most).contains(&number) => Some(number),
            Kind::Number(number) => {
                self.tell(value.line, path, format!("{number} is not within {least} and {most}"), "correct it");
                None
            }
            _ => {
                self.tell(value.line, path, format!("it is {}, not a number", value.kind.name()), "write a number");
                None
            }
        }
    }

    /// The numbers of a list.
    pub fn numbers<'v>(&mut self, value: &'v Value, path: &str) -> Option<&'v [f64]> {
        match &value.kind {
            Kind::Numbers(numbers) => Some(numbers),
            kind => {
                self.tell(value.line, path, format!("it is {}, not a list of numbers", kind.name()), "write [1, 2, …]");
                None
            }
        }
    }

    /// Text that is not empty.
    pub fn text<'v>(&mut self, value: &'v Value, path: &str) -> Option<&'v str> {
        match &value.kind {
            Kind::Text(text) if !text.is_empty() => Some(text),
            Kind::Text(_) => {
                self.tell(value.line, path, "it is empty", "write a name");
                None
            }
            kind => {
                self.tell(value.line, path, format!("it is {}, not text", kind.name()), "write it in quotes");
                None
            }
        }
    }

    /// The index of a name that must be known.
    pub fn known(&mut self, value: &Value, path: &str, names: &Names) -> Option<u32> {
        let text = self.text(value, path)?;
        let found = names.get(text);
        if found.is_none() {
            self.tell(value.line, path, format!("there is no {} `{text}`", names.what), "name one that is in the file");
        }
        found
    }
}

/// Names and their places in a list.
#[derive(Debug)]
pub struct Names {
    what: &'static str,
    places: HashMap<String, u32>,
    pub list: Vec<String>,
}

impl Names {
    pub fn new(what: &'static str) -> Self {
        Self { what, places: HashMap::new(), list: Vec::new() }
    }

    pub fn get(&self, name: &str) -> Option<u32> {
        self.places.get(name).copied()
    }

    /// The place of a name, new or known.
    pub fn at(&mut self, name: &str) -> u32 {
        if let Some(place) = self.get(name) {
            return place;
        }
        let place = self.list.len() as u32;
        self.places.insert(name.to_owned(), place);
        self.list.push(name.to_owned());
        place
    }

    /// Adds a name that must be new.
    pub fn add(&mut self, source: &mut Source<'_>, value: &Value, path: &str) -> Option<u32> {
        let name = source.text(value, path)?;
        if self.places.contains_key(name) {
            source.tell(
                value.line,
                path,
                format!("the {} `{name}` is there already", self.what),
                "give each its own id",
            );
            return None;
        }
        Some(self.at(name))
    }
}

/// An object's fields.
#[derive(Debug)]
pub struct Fields<'v> {
    pub line: usize,
    pub path: String,
    pub fields: &'v [(String, Value)],
}

impl<'v> Fields<'v> {
    /// A field; nothing when it is missing or null.
    pub fn get(&self, name: &str) -> Option<&'v Value> {
        let found = self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        found.filter(|value| value.kind != Kind::Null)
    }

    /// A field that must be there.
    pub fn must(&self, source: &mut Source<'_>, name: &str) -> Option<&'v Value> {
        let found = self.get(name);
        if found.is_none() {
            source.tell(self.line, &self.at(name), "it is missing", "add it");
        }
        found
    }

    /// The path of a field.
    pub fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Names of fields that are not among those known.
    pub fn unknown<'s>(&'s self, known: &'s [&str]) -> impl Iterator<Item = &'v str> + 's {
        self.fields.iter().map(|(name, _)| name.as_str()).filter(|name| !known.contains(name))
    }
}

/// Text as it may be shown on one line of a terminal.
pub fn shown(text: &str) -> String {
    let mut short: String =
        text.chars().take(200).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(200).is_some() {
        short.push('…');
    }
    short
}
