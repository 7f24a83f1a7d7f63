//! A pack as far as it could be read, before what it says is checked: each element with its place.

use std::collections::BTreeSet;

use growth::immunisation::Schedule;
use scoring::Instrument;
use serde::Deserialize;
use vocabulary::Register;

use crate::decode::{self, decode};
use crate::desk::{Desk, steps, words};
use crate::model::{
    CaseKind, Circle, Department, Document, Entitlement, Indicator, Manifest, Parameter, Project, Purpose, Retention,
    Standard, Task,
};
use crate::nearest::hint;
use crate::table::Table;
use crate::tree::{Data, Node, Step};

/// The file that says what the pack is.
pub(crate) const PACK: &str = "pack.toml";
/// What to do where it is not.
pub(crate) const NO_MANIFEST: &str = "写一个 pack.toml，或换成放着它的文件夹；格式见 packs/FORMAT.md";
/// The file of regions.
pub(crate) const REGIONS: &str = "regions.tsv";

/// Every fixed file name of a pack.
const KNOWN_FILES: [&str; 13] = [
    PACK,
    REGIONS,
    "departments.toml",
    "indicators.toml",
    "tasks.toml",
    "projects.toml",
    "standards.toml",
    "entitlements.toml",
    "circles.toml",
    "parameters.toml",
    "purposes.toml",
    "retention.toml",
    "sources.toml",
];

/// The folder of registers.
const REGISTERS: &str = "registers/";
/// Folders of TOML files.
const FOLDERS: [&str; 4] = [REGISTERS, "cases/", "instruments/", "schedules/"];

/// The elements of one list in one file, each with its index in the file.
pub(crate) struct Rows<T> {
    pub file: &'static str,
    pub list: &'static str,
    pub items: Vec<(usize, T)>,
    /// Keys of elements that could not be read: references to them are not reported again.
    pub broken: BTreeSet<String>,
}

impl<T> Rows<T> {
    /// Steps to an element.
    pub fn steps(&self, index: usize) -> Vec<Step> {
        steps![self.list, index].into()
    }

    /// Steps to a key of an element.
    pub fn key(&self, index: usize, key: &str) -> Vec<Step> {
        steps![self.list, index, key].into()
    }

    /// The elements alone.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|(_, item)| item)
    }

    /// The elements, given away.
    pub fn into_values(self) -> Vec<T> {
        self.items.into_iter().map(|(_, item)| item).collect()
    }
}

/// Everything read.
pub(crate) struct Draft {
    pub manifest: Option<Manifest>,
    pub departments: Rows<Department>,
    pub indicators: Rows<Indicator>,
    pub tasks: Rows<Task>,
    pub projects: Rows<Project>,
    pub standards: Rows<Standard>,
    pub entitlements: Rows<Entitlement>,
    pub circles: Rows<Circle>,
    pub parameters: Rows<Parameter>,
    pub purposes: Rows<Purpose>,
    pub retention: Rows<Retention>,
    pub sources: Rows<Document>,
    /// File and description.
    pub registers: Vec<(String, Register)>,
    /// Keys of registers that could not be read.
    pub broken_registers: BTreeSet<String>,
    pub regions: Option<Table>,
    pub facts: Vec<Table>,
    /// File and instrument.
    pub instruments: Vec<(String, Instrument)>,
    /// File and schedule.
    pub schedules: Vec<(String, Schedule)>,
    /// File and description.
    pub cases: Vec<(String, CaseKind)>,
}

impl Draft {
    /// Reads every file on the desk.
    pub fn read(desk: &mut Desk) -> Self {
        let manifest = read_manifest(desk);
        let (registers, broken_registers) = read_registers(desk);
        let instruments = read_folder(desk, "instruments/");
        let schedules = read_folder(desk, "schedules/");
        let cases = read_folder(desk, "cases/");
        let mut facts = Vec::new();
        for path in desk.paths() {
            if path.starts_with("facts/") && path.ends_with(".tsv") {
                facts.extend(Table::read(desk, &path));
            } else if !KNOWN_FILES.contains(&path.as_str()) && !FOLDERS.iter().any(|folder| is_in(&path, folder)) {
                let message = format!("包里没有叫“{path}”的文件{}", hint(&path, KNOWN_FILES));
                let remedy = format!(
                    "改名或移走；可用：{}、{}*.toml、facts/*.tsv",
                    KNOWN_FILES.join("、"),
                    FOLDERS.join("*.toml、")
                );
                desk.report_file(&path, words("pack.unknown_file", message, remedy));
            }
        }
        Self {
            manifest,
            departments: rows(desk, "departments.toml", "department"),
            indicators: rows(desk, "indicators.toml", "indicator"),
            tasks: rows(desk, "tasks.toml", "task"),
            projects: rows(desk, "projects.toml", "project"),
            standards: rows(desk, "standards.toml", "standard"),
            entitlements: rows(desk, "entitlements.toml", "entitlement"),
            circles: rows(desk, "circles.toml", "circle"),
            parameters: rows(desk, "parameters.toml", "parameter"),
            purposes: rows(desk, "purposes.toml", "purpose"),
            retention: rows(desk, "retention.toml", "retention"),
            sources: rows(desk, "sources.toml", "source"),
            registers,
            broken_registers,
            regions: Table::read(desk, REGIONS),
            facts,
            instruments,
            schedules,
            cases,
        }
    }
}

fn is_in(path: &str, folder: &str) -> bool {
    path.starts_with(folder) && path.ends_with(".toml")
}

/// Every file of a folder that could be read whole.
fn read_folder<T: for<'de> Deserialize<'de>>(desk: &mut Desk, folder: &str) -> Vec<(String, T)> {
    let paths: Vec<String> = desk.paths().into_iter().filter(|path| is_in(path, folder)).collect();
    let read = paths.into_iter().filter_map(|path| {
        let tree = desk.tree(&path)?;
        Some((read_whole(desk, &path, &tree)?, path))
    });
    read.map(|(whole, path)| (path, whole)).collect()
}

fn read_manifest(desk: &mut Desk) -> Option<Manifest> {
    let Some(tree) = desk.tree(PACK) else {
        return None;
    };
    read_whole(desk, PACK, &tree)
}

fn read_whole<T: for<'de> Deserialize<'de>>(desk: &mut Desk, file: &str, tree: &Node) -> Option<T> {
    let decode::Decoded { value, faults } = decode(tree);
    desk.report_faults(file, &[], tree, &faults);
    value
}

fn read_registers(desk: &mut Desk) -> (Vec<(String, Register)>, BTreeSet<String>) {
    let mut registers = Vec::new();
    let mut broken = BTreeSet::new();
    for path in desk.paths().into_iter().filter(|path| is_in(path, REGISTERS)) {
        let Some(tree) = desk.tree(&path) else { continue };
        match read_whole(desk, &path, &tree) {
            Some(register) => registers.push((path, register)),
            None => broken.extend(tree.text("key").map(str::to_owned)),
        }
    }
    (registers, broken)
}

fn rows<T: for<'de> Deserialize<'de>>(desk: &mut Desk, file: &'static str, list: &'static str) -> Rows<T> {
    let mut rows = Rows { file, list, items: Vec::new(), broken: BTreeSet::new() };
    let Some(tree) = desk.tree(file) else { return rows };
    let Data::Table(entries) = &tree.data else { return rows };
    for (key, _) in entries.iter().filter(|(key, _)| *key != list) {
        let message = format!("{file} 里没有“{key}”这个键{}", hint(key, [list]));
        desk.report(
            file,
            &steps![key.as_str()],
            words("pack.unknown_key", message, format!("这个文件只有 [[{list}]]")),
        );
    }
    let Some(entry) = entries.get(list) else { return rows };
    let Data::List(nodes) = &entry.node.data else {
        let message = format!("“{list}”应为列表，却写了{}", entry.node.data.describe());
        desk.report(
            file,
            &steps![list],
            words("pack.wrong_type", message, format!("每一条写成 [[{list}]]，两层方括号")),
        );
        return rows;
    };
    for (index, node) in nodes.iter().enumerate() {
        let decode::Decoded { value, faults } = decode(node);
        desk.report_faults(file, &steps![list, index], node, &faults);
        match value {
            Some(value) => rows.items.push((index, value)),
            None => rows.broken.extend(node.text("key").map(str::to_owned)),
        }
    }
    rows
}
