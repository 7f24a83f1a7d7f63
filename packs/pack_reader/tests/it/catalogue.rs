//! Every figure of the five plans' packs: against `figures.tsv`, which restates them, and row by row against the catalogue of the plans
//! where that lies beside the repository. `ZHAOXI_TEST_REWRITE=1` writes `figures.tsv` anew: look at the difference before you commit it.

mod dump;
mod read;
mod readings;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pack_reader::{Around, Folder, Pack, read as read_pack};

use crate::{builtin, packs};
use readings::READINGS;

/// The tables of the catalogue, and how many rows each has.
const TABLES: [(&str, usize); 5] =
    [("indicators", 222), ("tasks", 202), ("projects", 75), ("standards", 160), ("entitlements", 221)];

const PLANS: [&str; 5] = ["yangpu/2023", "lincang/2022", "yangzhou/2022", "yinzhou/2023", "fuzhou/2021"];

/// Columns that only the packs have: the catalogue does not say how a bare number is read.
const OURS_ALONE: [&str; 1] = ["reading"];

/// One row in the normal form.
#[derive(Debug, Clone)]
struct Row {
    table: &'static str,
    plan: String,
    no: String,
    cells: Vec<(&'static str, String)>,
}

impl Row {
    fn new(table: &'static str, pack: &Pack, no: &str, cells: Vec<(&'static str, String)>) -> Self {
        Self { table, plan: pack.prefix().to_owned(), no: no.to_owned(), cells }
    }

    fn key(&self) -> (&str, &str, &str) {
        (self.table, &self.plan, &self.no)
    }

    fn cell(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell.as_str())
    }

    fn line(&self) -> String {
        let cells = self.cells.iter().map(|(_, cell)| cell.as_str());
        [self.table, &self.plan, &self.no].into_iter().chain(cells).collect::<Vec<_>>().join("\t")
    }

    fn header(&self) -> String {
        let names = self.cells.iter().map(|(name, _)| *name);
        ["table", "plan", "no"].into_iter().chain(names).collect::<Vec<_>>().join("\t")
    }
}

fn city_packs() -> BTreeMap<String, Pack> {
    let national = packs::national();
    let builtin = builtin::registers();
    let around = Around { builtin: &builtin, parent: Some(&national) };
    let read = |plan: &str| read_pack(&Folder::new(packs::folder("cities").join(plan)), around).0.unwrap();
    PLANS.iter().map(|plan| read(plan)).map(|pack| (pack.prefix().to_owned(), pack)).collect()
}

/// The rows of all plans, table by table.
fn dumped(packs: &BTreeMap<String, Pack>) -> Vec<Row> {
    let mut rows: Vec<Row> = packs.values().flat_map(dump::rows).collect();
    rows.sort_by_key(|row| TABLES.iter().position(|(table, _)| *table == row.table));
    rows
}

/// The rows as a file: under each table's header its rows.
fn written(rows: &[Row]) -> String {
    let mut lines = Vec::new();
    for (table, _) in TABLES {
        let of_table: Vec<&Row> = rows.iter().filter(|row| row.table == table).collect();
        lines.extend(of_table.first().map(|row| row.header()));
        lines.extend(of_table.iter().map(|row| row.line()));
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_figure_of_the_packs_is_the_restated_one() {
    let now = written(&dumped(&city_packs()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/figures.tsv");
    if std::env::var_os("ZHAOXI_TEST_REWRITE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap();
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (stored.lines().collect(), now.lines().collect());
    let gone = stored.lines().filter(|line| !after.contains(line)).map(|line| format!("- {line}"));
    let come = now.lines().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    let all: Vec<String> = gone.chain(come).collect();
    assert!(
        stored == now,
        "{} lines differ from figures.tsv (else their order); if that is meant, run with ZHAOXI_TEST_REWRITE=1\n{}",
        all.len(),
        all.join("\n")
    );
}

#[test]
fn every_figure_of_the_catalogue_is_in_the_packs() {
    let folder = packs::folder("../../shared/catalogue");
    if !folder.is_dir() {
        eprintln!("skipped: no catalogue at ../shared/catalogue");
        return;
    }
    let packs = city_packs();
    let ours = dumped(&packs);
    let mut theirs = Vec::new();
    for (table, count) in TABLES {
        let text = std::fs::read_to_string(folder.join(format!("{table}.tsv"))).unwrap();
        let rows = read::rows(table, &text, &packs);
        assert_eq!(rows.len(), count, "rows of {table}.tsv");
        theirs.extend(rows);
    }
    let (compared, found) = differences(&ours, &theirs);
    assert!(found.is_empty(), "{} differences in {compared} values\n{}", found.len(), found.join("\n"));
    println!("{} rows, {compared} values compared, {} of them by a reading", theirs.len(), READINGS.len());
    assert_eq!(theirs.len(), 880);
    assert!(compared > 6000, "{compared}");
}

/// How many values were compared, and all that differs: rows on one side only, rows twice, cells, and readings that nothing needs.
fn differences(ours: &[Row], theirs: &[Row]) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut indexed = |rows: &[Row], side: &str| {
        let mut index = BTreeMap::new();
        for row in rows {
            if index.insert((row.table, row.plan.clone(), row.no.clone()), row.clone()).is_some() {
                found.push(format!("{:?} twice in {side}", row.key()));
            }
        }
        index
    };
    let (ours, theirs) = (indexed(ours, "the packs"), indexed(theirs, "the catalogue"));
    found.extend(ours.keys().filter(|key| !theirs.contains_key(key)).map(|key| format!("{key:?} only in the packs")));
    found.extend(
        theirs.keys().filter(|key| !ours.contains_key(key)).map(|key| format!("{key:?} only in the catalogue")),
    );
    let mut compared = 0;
    let mut needed = BTreeSet::new();
    let both = theirs.iter().filter_map(|(key, theirs)| Some((ours.get(key)?, theirs)));
    for (ours, theirs) in both {
        let names = ours.cells.iter().chain(&theirs.cells).map(|(name, _)| *name);
        let names: BTreeSet<&str> = names.filter(|name| !OURS_ALONE.contains(name)).collect();
        for column in names {
            compared += 1;
            let (mine, other) = (ours.cell(column), theirs.cell(column));
            let reading = READINGS.iter().position(|reading| reading.is_for(ours.key(), column));
            needed.extend(reading);
            let same = match reading.map(|index| &READINGS[index]) {
                Some(reading) => mine == Some(reading.pack) && other == Some(reading.catalogue) && mine != other,
                None => mine == other,
            };
            if !same {
                found.push(format!("{:?} {column}: pack {mine:?}, catalogue {other:?}", ours.key()));
            }
        }
    }
    let idle = READINGS.iter().enumerate().filter(|(index, _)| !needed.contains(index));
    found.extend(idle.map(|(_, reading)| format!("{} {}: a reading for no row", reading.row, reading.column)));
    (compared, found)
}

#[test]
fn a_changed_a_missing_and_an_added_row_are_found() {
    let ours = dumped(&city_packs());
    // The catalogue as it would be if it said what the packs say, or what a reading says that it says.
    let mut theirs = ours.clone();
    for row in &mut theirs {
        let (table, plan, no) = (row.table, row.plan.clone(), row.no.clone());
        for (column, cell) in &mut row.cells {
            if let Some(reading) = READINGS.iter().find(|reading| reading.is_for((table, &plan, &no), column)) {
                *cell = reading.catalogue.to_owned();
            }
        }
    }
    assert_eq!(differences(&ours, &theirs).1, Vec::<String>::new());
    let last = theirs.pop().unwrap();
    let mut changed = theirs.clone();
    changed[0].cells.iter_mut().find(|(column, _)| *column == "target").unwrap().1 = "15.01".to_owned();
    changed.push(Row { no: "YP-E99".to_owned(), ..last });
    let found = differences(&ours, &changed).1;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].ends_with("only in the packs") && found[1].ends_with("only in the catalogue"), "{found:?}");
    assert!(found[2].contains("15.01"), "{found:?}");
}
