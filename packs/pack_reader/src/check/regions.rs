//! `regions.tsv`: codes, kinds, parents, dates, and the path of each region.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::Around;
use crate::desk::{Desk, Words, words};
use crate::draft::Draft;
use crate::model::{FactRow, Region, RegionKind};
use crate::nearest::hint;
use crate::table::Table;

const COLUMNS: [&str; 11] =
    ["code", "name", "kind", "parent", "official", "valid_from", "valid_to", "aliases", "cell_x", "cell_y", "source"];

/// Reads and checks the regions; those with a whole path to the root come back, parents before children.
pub(super) fn check(desk: &mut Desk, draft: &Draft, around: Around<'_>) -> Vec<Region> {
    let Some(table) = &draft.regions else { return Vec::new() };
    if !check_header(desk, table) {
        return Vec::new();
    }
    let mut sources: BTreeSet<&str> = draft.sources.values().map(|one| one.key.as_str()).collect();
    sources.extend(draft.sources.broken.iter().map(String::as_str));
    sources.extend(around.parent.iter().flat_map(|pack| &pack.sources).map(|one| one.key.as_str()));

    let mut reader = Reader { desk, table, sources };
    let rows: Vec<(&FactRow, Region)> =
        table.facts.rows.iter().filter_map(|row| reader.region(row).map(|region| (row, region))).collect();
    reader.check_doubles(&rows);
    reader.check_cells(&rows);
    reader.with_paths(&rows)
}

fn check_header(desk: &mut Desk, table: &Table) -> bool {
    let columns = &table.facts.columns;
    let missing: Vec<&str> = COLUMNS.into_iter().filter(|name| !columns.iter().any(|column| column == name)).collect();
    for column in columns.iter().filter(|column| !COLUMNS.contains(&column.as_str())) {
        let message = format!("没有叫“{column}”的列{}", hint(column, COLUMNS));
        desk.report_at(&table.file, 1, 0, words("pack.unknown_key", message, format!("可用：{}", COLUMNS.join("、"))));
    }
    if !missing.is_empty() {
        let message = format!("表头缺少列：{}", missing.join("、"));
        desk.report_at(&table.file, 1, 0, words("pack.missing_key", message, "补上这些列；没有值的格留空"));
    }
    missing.is_empty()
}

struct Reader<'r> {
    desk: &'r mut Desk,
    table: &'r Table,
    sources: BTreeSet<&'r str>,
}

impl Reader<'_> {
    fn report(&mut self, row: &FactRow, column: &str, words: Words) {
        self.desk.report_at(&self.table.file, row.line, self.table.column(row, column), words);
    }

    /// One region, its path still empty. `None` when code, name or kind cannot be read.
    fn region(&mut self, row: &FactRow) -> Option<Region> {
        let code = self.code(row, "code");
        let name = self.table.cell(row, "name").map(str::to_owned);
        if name.is_none() {
            self.report(row, "name", words("pack.empty", "区划没有名称", "写上名称"));
        }
        let kind = self.kind(row);
        let official = self.flag(row, "official");
        let valid_from = self.day(row, "valid_from");
        let valid_to = self.day(row, "valid_to");
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            let message = format!("有效期倒置：{from} 晚于 {to}");
            self.report(
                row,
                "valid_to",
                words("pack.upside_down", message, "valid_from 写第一天，valid_to 写最后一天"),
            );
        }
        let parent = if self.table.cell(row, "parent").is_some() { self.code(row, "parent") } else { None };
        let aliases = self.table.cell(row, "aliases").unwrap_or_default();
        let aliases = aliases.split(';').map(str::trim).filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
        let cell = self.cell_pair(row);
        let source = self.source(row);
        Some(Region {
            code: code?,
            name: name?,
            kind: kind?,
            parent,
            official,
            valid_from,
            valid_to,
            aliases,
            cell,
            source,
            path: String::new(),
        })
    }

    fn code(&mut self, row: &FactRow, column: &str) -> Option<String> {
        let text = self.table.cell(row, column).unwrap_or_default().to_owned();
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text);
        }
        let message = format!("“{text}”不是 12 位数字的区划代码");
        self.report(row, column, words("pack.bad_code", message, "写满 12 位，末尾补零，如 321000000000"));
        None
    }

    fn kind(&mut self, row: &FactRow) -> Option<RegionKind> {
        let word = self.table.cell(row, "kind").unwrap_or_default().to_owned();
        let kind = RegionKind::parse(&word);
        if kind.is_none() {
            let known = RegionKind::ALL.map(|(_, name, _)| name);
            let message = format!("没有“{word}”这种区划{}", hint(&word, known));
            self.report(row, "kind", words("pack.unknown_word", message, format!("可用：{}", known.join("、"))));
        }
        kind
    }

    fn flag(&mut self, row: &FactRow, column: &str) -> bool {
        match self.table.cell(row, column) {
            Some("true") => true,
            Some("false") => false,
            other => {
                let message = format!("“{column}”应为 true 或 false，却写了“{}”", other.unwrap_or_default());
                self.report(row, column, words("pack.wrong_type", message, "有官方代码写 true，本包自编的写 false"));
                false
            }
        }
    }

    fn day(&mut self, row: &FactRow, column: &str) -> Option<NaiveDate> {
        let text = self.table.cell(row, column)?.to_owned();
        let day = text.parse().ok();
        if day.is_none() {
            let message = format!("“{text}”不是日期");
            self.report(row, column, words("pack.wrong_type", message, "写成 2022-09-08，不知道就留空"));
        }
        day
    }

    fn cell_pair(&mut self, row: &FactRow) -> Option<(i32, i32)> {
        let x = self.table.cell(row, "cell_x");
        let y = self.table.cell(row, "cell_y");
        match (x, y) {
            (None, None) => None,
            (Some(x), Some(y)) if x.parse::<i32>().is_ok() && y.parse::<i32>().is_ok() => {
                x.parse().ok().zip(y.parse().ok())
            }
            _ => {
                let message = "图上的位置应为两个整数";
                self.report(row, "cell_x", words("pack.wrong_type", message, "cell_x 和 cell_y 都写整数，或都留空"));
                None
            }
        }
    }

    fn source(&mut self, row: &FactRow) -> String {
        let source = self.table.cell(row, "source").unwrap_or_default().to_owned();
        if source.is_empty() {
            let remedy = "写 sources.toml 中的键";
            self.report(row, "source", words("pack.no_source", "区划没有写出处", remedy));
        } else if !self.sources.contains(source.as_str()) {
            let message = format!("没有键为“{source}”的出处文件{}", hint(&source, self.sources.iter().copied()));
            self.report(row, "source", words("pack.dangling", message, "改正，或在 sources.toml 里加上它"));
        }
        source
    }

    /// A code may stand twice only for times that do not touch.
    fn check_doubles(&mut self, rows: &[(&FactRow, Region)]) {
        let mut seen: BTreeMap<&str, Vec<&Region>> = BTreeMap::new();
        for (row, region) in rows {
            let earlier = seen.entry(&region.code).or_default();
            if earlier.iter().any(|other| overlap(other, region)) {
                let message = format!("代码 {} 写了两次，有效期重叠", region.code);
                self.report(row, "code", words("pack.duplicate_key", message, "改正代码，或写清两段有效期"));
            }
            earlier.push(region);
        }
    }

    fn check_cells(&mut self, rows: &[(&FactRow, Region)]) {
        let mut taken: BTreeMap<(Option<&str>, i32, i32), &str> = BTreeMap::new();
        for (row, region) in rows {
            let Some((x, y)) = region.cell else { continue };
            if let Some(other) = taken.insert((region.parent.as_deref(), x, y), &region.name) {
                let message = format!("“{}”和“{other}”在图上同一格（{x}，{y}）", region.name);
                self.report(row, "cell_x", words("pack.duplicate_key", message, "换一格"));
            }
        }
    }

    /// Gives each region its path; reports unknown parents, circles and second roots.
    fn with_paths(&mut self, rows: &[(&FactRow, Region)]) -> Vec<Region> {
        let parents: BTreeMap<&str, Option<&str>> =
            rows.iter().map(|(_, region)| (region.code.as_str(), region.parent.as_deref())).collect();
        let mut root: Option<&str> = None;
        let mut found: Vec<Region> = Vec::new();
        for (row, region) in rows {
            match region.parent.as_deref() {
                None if root.is_some_and(|root| root != region.code) => {
                    let message = format!("“{}”也没有上级：一个包只能有一个根", region.name);
                    self.report(row, "parent", words("pack.second_root", message, "写上它的上级代码"));
                }
                None => root = Some(&region.code),
                Some(parent) if !parents.contains_key(parent) => {
                    let message = format!("上级 {parent} 不在表里{}", hint(parent, parents.keys().copied()));
                    self.report(row, "parent", words("pack.dangling", message, "改正，或加上这个上级"));
                }
                Some(_) => {}
            }
            match path(&region.code, &parents) {
                Ok(path) => found.push(Region { path, ..region.clone() }),
                Err(()) => {
                    let message = format!("“{}”的上级绕成了圈", region.name);
                    self.report(row, "parent", words("pack.circle", message, "沿上级逐个核对，改正其中一个"));
                }
            }
        }
        found.sort_by_key(|region| region.path.matches('/').count());
        found
    }
}

fn overlap(one: &Region, other: &Region) -> bool {
    let ends_before =
        |to: Option<NaiveDate>, from: Option<NaiveDate>| matches!((to, from), (Some(to), Some(from)) if to < from);
    !ends_before(one.valid_to, other.valid_from) && !ends_before(other.valid_to, one.valid_from)
}

/// The codes from the top down to this one, between slashes; an error when the parents go round in a circle.
fn path(code: &str, parents: &BTreeMap<&str, Option<&str>>) -> Result<String, ()> {
    let mut codes = vec![code];
    let mut at = code;
    while let Some(Some(parent)) = parents.get(at) {
        if codes.contains(parent) {
            return Err(());
        }
        codes.push(parent);
        at = parent;
    }
    codes.reverse();
    Ok(format!("/{}/", codes.join("/")))
}
