//! CSV files as columns for the rules: one file a register, columns by label or key, missing as empty.

use documents::read::{Book, Limits, Row};
use monitoring::regions::{RegionIndex, Sheet};
use rules::{Column, Table};
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::Path;
use vocabulary::{Choice, Field, FieldKind, Register, numbers};

/// Labels under which a file may name the column of regions.
const REGION_COLUMNS: [&str; 2] = ["所在区划", "region"];

/// Rows an engine's input file may hold.
const ROWS_MAX: u32 = 20_000_000;
/// Bytes an engine's input file may hold.
const BYTES_MAX: u64 = 8 << 30;

/// Reads a register's file. Every problem is added to `problems` as `file:line: column: what; what to do`.
pub fn sheet(
    file: &Path,
    register: &Register,
    needed: &BTreeSet<String>,
    regions: &RegionIndex,
    problems: &mut Vec<String>,
) -> Option<Sheet> {
    let name = file.display().to_string();
    let limits = Limits { rows: ROWS_MAX, file_bytes: BYTES_MAX, ..Limits::default() };
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) => {
            problems.push(format!("{name}:0: -: cannot be read ({error}); check the path and the rights"));
            return None;
        }
    };
    let mut book = match Book::open(opened, limits) {
        Ok(book) => book,
        Err(violation) => {
            problems.push(format!("{name}:0: -: {}; {}", violation.message, violation.remedy));
            return None;
        }
    };
    let mut reading = Reading { name: &name, register, needed, regions, problems };
    match book.rows(0) {
        Ok(rows) => reading.rows(rows),
        Err(violation) => {
            reading.problems.push(format!("{name}:0: -: {}; {}", violation.message, violation.remedy));
            None
        }
    }
}

struct Reading<'a> {
    name: &'a str,
    register: &'a Register,
    needed: &'a BTreeSet<String>,
    regions: &'a RegionIndex,
    problems: &'a mut Vec<String>,
}

struct Wanted<'a> {
    field: &'a Field,
    at: usize,
    values: Vec<Option<String>>,
}

impl Reading<'_> {
    fn rows(&mut self, mut rows: impl Iterator<Item = Result<Row, vocabulary::Violation>>) -> Option<Sheet> {
        let head: Vec<String> = match rows.next() {
            Some(Ok(row)) => row.cells.iter().map(|cell| cell.text().trim_end_matches('*').trim().to_owned()).collect(),
            _ => {
                self.problem(1, "-", "the file has no header row", "write the column names in the first row");
                return None;
            }
        };
        let find = |names: &[&str]| head.iter().position(|cell| names.contains(&cell.as_str()));
        let Some(region_at) = find(&REGION_COLUMNS) else {
            self.problem(
                1,
                "region",
                "there is no column of regions",
                "add a column `region` or `所在区划` with 12-digit codes",
            );
            return None;
        };
        let register = self.register;
        let mut wanted: Vec<Wanted<'_>> = Vec::new();
        let fields = register.fields.iter().filter(|field| self.needed.contains(&field.label));
        for field in fields {
            match find(&[field.label.as_str(), field.key.as_str()]) {
                Some(at) => wanted.push(Wanted { field, at, values: Vec::new() }),
                None => self.problems.push(format!(
                    "{}:1: {}: this column is missing; add a column `{}` or `{}` (cells may be empty)",
                    self.name, field.key, field.key, field.label
                )),
            }
        }
        let (mut codes, mut number): (Vec<String>, HashMap<String, u32>) = (Vec::new(), HashMap::new());
        let mut row_region = Vec::new();
        for row in rows {
            let row = match row {
                Ok(row) => row,
                Err(violation) => {
                    self.problem(0, "-", &violation.message, &violation.remedy);
                    return None;
                }
            };
            if row.is_blank() {
                continue;
            }
            let code = row.cell(region_at).text();
            let code = vocabulary::RegionCode::parse(&code).map(String::from).unwrap_or(code);
            if self.regions.get(&code).is_none() {
                self.problem(
                    row.number,
                    "region",
                    &format!("`{code}` is not a region of the pack"),
                    "write the 12-digit code",
                );
            }
            row_region.push(*number.entry(code.clone()).or_insert_with(|| {
                codes.push(code);
                u32::try_from(codes.len() - 1).unwrap_or(u32::MAX)
            }));
            for column in &mut wanted {
                let text = row.cell(column.at).text();
                column.values.push((!text.is_empty()).then_some(text));
            }
        }
        self.finish(wanted, &codes, row_region)
    }

    fn finish(&mut self, wanted: Vec<Wanted<'_>>, codes: &[String], row_region: Vec<u32>) -> Option<Sheet> {
        let before = self.problems.len();
        let mut table = Table::new(row_region.len());
        for column in wanted {
            let label = column.field.label.clone();
            let typed = self.column(column.field, &column.values);
            table.insert(label, typed);
        }
        if self.problems.len() > before {
            return None;
        }
        let regions = codes.iter().filter_map(|code| self.regions.path(code)).collect();
        let mut sheet = Sheet { table, regions, row_region, ids: None, origin: None };
        sheet.add_ancestors(self.regions);
        Some(sheet)
    }

    /// A column of texts as the field's kind; values that do not fit are problems with their line.
    fn column(&mut self, field: &Field, values: &[Option<String>]) -> Column {
        match field.kind {
            FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => Column::decimals(self.parsed(
                field,
                values,
                documents::read::parse_decimal,
                "is not a number",
                "write digits with `.`; leave the cell empty when it is missing",
            )),
            FieldKind::Date => Column::dates(self.parsed(
                field,
                values,
                documents::read::parse_day,
                "is not a day",
                "write it as 2025-06-30; leave the cell empty when it is missing",
            )),
            FieldKind::Boolean => {
                Column::booleans(self.parsed(field, values, boolean, "is neither yes nor no", "write true or false"))
            }
            FieldKind::Choice => Column::texts(self.parsed(
                field,
                values,
                |text| {
                    field
                        .choices
                        .iter()
                        .find(|c| c.value == text || c.word() == text)
                        .map(Choice::word)
                        .map(str::to_owned)
                },
                "is not one of the choices",
                "use one of the words of the register's description",
            )),
            FieldKind::IdNumber => Column::texts(self.parsed(
                field,
                values,
                |text| numbers::parse_id_number(text).ok().map(|id| id.text),
                "is not a valid ID number",
                "check its digits",
            )),
            _ => Column::texts(values.iter().map(Option::as_deref)),
        }
    }

    fn parsed<T>(
        &mut self,
        field: &Field,
        values: &[Option<String>],
        parse: impl Fn(&str) -> Option<T>,
        wrong: &str,
        remedy: &str,
    ) -> Vec<Option<T>> {
        let mut parsed = Vec::with_capacity(values.len());
        for (row, value) in values.iter().enumerate() {
            let Some(text) = value else {
                parsed.push(None);
                continue;
            };
            let value = parse(text);
            if value.is_none() {
                // The header is line 1, so the first row of data is line 2.
                self.problem(
                    u32::try_from(row + 2).unwrap_or(u32::MAX),
                    &field.key,
                    &format!("`{text}` {wrong}"),
                    remedy,
                );
            }
            parsed.push(value);
        }
        parsed
    }

    fn problem(&mut self, line: u32, column: &str, wrong: &str, remedy: &str) {
        self.problems.push(format!("{}:{line}: {column}: {wrong}; {remedy}", self.name));
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "是" => Some(true),
        "false" | "0" | "否" => Some(false),
        _ => None,
    }
}
