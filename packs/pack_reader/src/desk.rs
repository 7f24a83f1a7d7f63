//! The desk on which a pack lies while it is read: texts, trees, and the problems found so far.

use std::collections::BTreeMap;

use crate::decode::Fault;
use crate::files::Memory;
use crate::problem::Problem;
use crate::tree::{self, Node, Step};

/// Steps to a value: `steps!["indicator", 3, "lead", 0]`.
macro_rules! steps {
    ($($step:expr),* $(,)?) => { [$($crate::tree::Step::from($step)),*] };
}
pub(crate) use steps;

/// What is wrong and what to do, before it has a place.
pub(crate) struct Words {
    pub code: &'static str,
    pub message: String,
    pub remedy: String,
}

/// Code, message and remedy in one.
pub(crate) fn words(code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Words {
    Words { code, message: message.into(), remedy: remedy.into() }
}

/// One file that is text.
struct Opened {
    text: String,
    tree: Option<Node>,
}

/// Texts, trees and problems.
#[derive(Default)]
pub(crate) struct Desk {
    files: BTreeMap<String, Opened>,
    problems: Vec<Problem>,
}

impl Desk {
    /// Opens every file; reports those that are no UTF-8 text and every TOML syntax error.
    pub fn open(files: &Memory) -> Self {
        let mut desk = Self::default();
        for (path, bytes) in files.iter() {
            match std::str::from_utf8(bytes) {
                Ok(text) => desk.open_text(path, text.trim_start_matches('\u{feff}')),
                Err(_) => {
                    desk.report_file(path, words("pack.not_utf8", "文件不是 UTF-8 文本", "在编辑器里另存为 UTF-8"))
                }
            }
        }
        desk
    }

    fn open_text(&mut self, path: &str, text: &str) {
        let mut opened = Opened { text: text.to_owned(), tree: None };
        let mut errors = Vec::new();
        if path.ends_with(".toml") {
            let (tree, found) = tree::parse(text);
            opened.tree = Some(tree);
            errors = found;
        }
        self.files.insert(path.to_owned(), opened);
        for (offset, message) in errors {
            let (line, column) = tree::line_and_column(text, offset);
            self.report_at(
                path,
                line,
                column,
                words(
                    "pack.syntax",
                    format!("TOML 语法错误：{message}"),
                    "改正这一行；常见原因：缺引号或括号、键写了两次、中文键没有加引号",
                ),
            );
        }
    }

    /// The paths of the files that are text.
    pub fn paths(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// The tree of a TOML file.
    pub fn tree(&self, path: &str) -> Option<Node> {
        self.files.get(path)?.tree.clone()
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<String> {
        self.files.get(path).map(|opened| opened.text.clone())
    }

    /// Reports a problem of a file as a whole.
    pub fn report_file(&mut self, file: &str, words: Words) {
        self.report_at(file, 0, 0, words);
    }

    /// Reports a problem at a line and column.
    pub fn report_at(&mut self, file: &str, line: usize, column: usize, words: Words) {
        let Words { code, message, remedy } = words;
        self.problems.push(Problem { file: file.to_owned(), line, column, code, message, remedy });
    }

    /// Reports a problem at the value to which the steps lead.
    pub fn report(&mut self, file: &str, steps: &[Step], words: Words) {
        let (line, column) = self.place(file, |_, tree| tree.offset(steps));
        self.report_at(file, line, column, words);
    }

    /// Reports a problem at a character (from 1) inside the text value to which the steps lead.
    pub fn report_inside(&mut self, file: &str, steps: &[Step], character: usize, words: Words) {
        let (line, column) = self.place(file, |text, tree| {
            tree.at_path(steps).map_or_else(
                || tree.offset(steps),
                |node| tree::inside_string(text, node.at, character.saturating_sub(1)),
            )
        });
        self.report_at(file, line, column, words);
    }

    /// Reports the faults met while a value was read; `base` leads to the value.
    pub fn report_faults(&mut self, file: &str, base: &[Step], root: &Node, faults: &[Fault]) {
        for fault in faults {
            let (code, message, remedy) = fault.words(root);
            let mut path = base.to_vec();
            path.extend(fault.path.iter().cloned());
            self.report(file, &path, words(code, message, remedy));
        }
    }

    fn place(&self, file: &str, offset: impl Fn(&str, &Node) -> usize) -> (usize, usize) {
        let Some(Opened { text, tree: Some(tree) }) = self.files.get(file) else { return (0, 0) };
        tree::line_and_column(text, offset(text, tree))
    }

    /// All problems, in the order of files and lines, each once.
    pub fn finish(mut self) -> Vec<Problem> {
        self.problems.sort();
        self.problems.dedup();
        self.problems
    }
}
