//! The export of a list, of any length in constant memory, sensitive fields masked.

use super::lines::{Line, Shown, parts};
use crate::actions::{EXPORT, allow};
use crate::commands::{Failure, Records, full_name};
use crate::masking::{View, hides};
use crate::query::{Query, Sort};
use crate::reads::stream;
use crate::registry::REGION_LABEL;
use crate::show::{Names, cell};
use chrono::NaiveDate;
use documents::sheet::{Cell, Column, ColumnKind, CsvFile, Export, Properties, SheetHead};
use facts::Entry;
use futures::TryStreamExt;
use identity::{Actor, Refusal};
use serde_json::json;
use std::collections::HashMap;
use std::io::{BufWriter, Seek as _, SeekFrom};
use storage::{Keys, StorageError};
use vocabulary::clock::china_local;
use vocabulary::{Field, FieldKind, Register, Violation};

/// Rows for which names are looked up together.
const BATCH: usize = 500;

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Excel.
    Xlsx,
    /// CSV, as Excel opens it.
    Csv,
}

impl Format {
    /// The ending of the file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A finished export in a temporary file that vanishes when it is closed.
#[derive(Debug)]
pub struct Made {
    /// The file, at its beginning.
    pub file: std::fs::File,
    /// How many rows.
    pub rows: u64,
    /// The name to save it under.
    pub name: String,
}

enum Writer {
    Xlsx(Box<Export>),
    Csv(Box<CsvFile<BufWriter<std::fs::File>>>),
}

impl Writer {
    fn push(&mut self, cells: &[Cell]) -> Result<(), Violation> {
        match self {
            Self::Xlsx(export) => export.push(cells),
            Self::Csv(file) => file.push(cells),
        }
    }

    /// A row that was read as text: for CSV, what it shows is written as it stands. `cells` is room for the others.
    fn push_line(
        &mut self,
        (region, line): (&str, &Line<'_>),
        asked: &Asked<'_>,
        (keys, names): (&Keys, &Names),
        cells: &mut Vec<Cell>,
    ) -> Result<(), Failure> {
        let (register, fields) = (asked.register, asked.fields);
        match self {
            Self::Csv(file) => {
                file.text(region).map_err(refused)?;
                line.shown(keys, register, fields, names, |shown| {
                    match shown {
                        Shown::Missing => file.text(""),
                        Shown::Text(text) => file.text(&text),
                        Shown::Day(text) => file.text(text),
                        Shown::Number(cell) => file.cell(&cell),
                    }
                    .map_err(refused)
                })?;
                file.end_row().map_err(refused)
            }
            Self::Xlsx(export) => {
                cells.clear();
                cells.push(Cell::text(region));
                line.shown(keys, register, fields, names, |shown| {
                    cells.push(shown.into());
                    Ok::<(), Failure>(())
                })?;
                export.push(cells).map_err(refused)
            }
        }
    }
}

/// What is exported, for whom; names of regions met so far.
struct Asked<'a> {
    actor: &'a Actor,
    register: &'a Register,
    query: &'a Query,
    fields: &'a [&'a Field],
    regions: HashMap<String, String>,
}

impl Records {
    /// Writes every record of a query (its page does not matter) into a file. Audited, with the number of rows.
    ///
    /// # Errors
    /// When the actor may not, or the file cannot be written.
    pub async fn export(
        &self,
        actor: &Actor,
        register: &str,
        query: &Query,
        fields: &[String],
        format: Format,
    ) -> Result<Made, Failure> {
        allow(actor, &EXPORT)?;
        let register = self.register(actor, register)?;
        // Whatever the caller asks, nobody exports more than they may see.
        let query = Query { scope: narrower(&query.scope, actor), ..query.clone() };
        let fields: Vec<&Field> =
            register.fields.iter().filter(|field| fields.is_empty() || fields.contains(&field.key)).collect();
        let file = tempfile::tempfile().map_err(fault)?;
        let mut writer = self.begin(&register, &fields, format, &file)?;
        let mut asked = Asked { actor, register: &register, query: &query, fields: &fields, regions: HashMap::new() };
        let rows = if query.sort == Sort::Region {
            self.write_regions(&mut asked, &mut writer).await?
        } else {
            self.write_rows(&mut asked, &mut writer).await?
        };
        let mut file = finish(writer, file)?;
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        self.exported(actor, &register, &query, rows, format).await?;
        Ok(Made { file, rows, name: format!("{}-{}.{}", register.label, self.today(), format.ending()) })
    }

    /// In the order of regions: the quick way, a region's rows at a time.
    async fn write_regions(&self, asked: &mut Asked<'_>, writer: &mut Writer) -> Result<u64, Failure> {
        let mut rows = 0;
        let mut found = parts(&self.db, asked.register, asked.fields, asked.query)?;
        let mut cells = Vec::with_capacity(asked.fields.len() + 2);
        while let Some(part) = found.try_next().await? {
            let names = self.names_of(&asked.actor.place, part.references(asked.fields)).await?;
            for line in part.lines() {
                self.learn_region(asked, line.region);
                let region = asked.regions.get(line.region).map_or(line.region, String::as_str);
                writer.push_line((region, &line), asked, (self.db.keys(), &names), &mut cells)?;
                rows += 1;
            }
        }
        Ok(rows)
    }

    /// In another order: row by row.
    async fn write_rows(&self, asked: &mut Asked<'_>, writer: &mut Writer) -> Result<u64, Failure> {
        let mut rows = 0;
        let mut found = stream(&self.db, asked.register, asked.query)?.try_chunks(BATCH);
        while let Some(batch) = found.try_next().await.map_err(|error| error.1)? {
            let names = self.names(&asked.actor.place, asked.register, &batch).await?;
            for record in &batch {
                self.learn_region(asked, &record.region);
                let region = asked.regions.get(&record.region).unwrap_or(&record.region);
                let mut cells = vec![Cell::text(region)];
                cells.extend(asked.fields.iter().map(|field| cell(field, record, &names)));
                cells.push(Cell::text(record.origin.label()));
                writer.push(&cells).map_err(refused)?;
                rows += 1;
            }
        }
        Ok(rows)
    }

    fn begin(
        &self,
        register: &Register,
        fields: &[&Field],
        format: Format,
        file: &std::fs::File,
    ) -> Result<Writer, Failure> {
        let head = export_head(register, fields, self.today());
        let about = Properties {
            title: register.label.clone(),
            author: String::new(),
            made_at: Some(china_local(self.clock.now())),
        };
        Ok(match format {
            Format::Xlsx => Writer::Xlsx(Box::new(Export::begin(head, &about).map_err(refused)?)),
            Format::Csv => {
                let out = BufWriter::new(file.try_clone().map_err(fault)?);
                Writer::Csv(Box::new(CsvFile::begin(out, &head).map_err(refused)?))
            }
        })
    }

    /// Remembers the name of a region.
    fn learn_region(&self, asked: &mut Asked<'_>, code: &str) {
        if !asked.regions.contains_key(code) {
            asked.regions.insert(code.to_owned(), self.region_name(asked.actor, code));
        }
    }

    /// The name of a region with those above it below the actor's own, or its code.
    #[must_use]
    pub fn region_name(&self, actor: &Actor, code: &str) -> String {
        match self.regions.by_code(code, self.today()) {
            Some(found) => full_name(self, &actor.region, &found, self.today()),
            None => code.to_owned(),
        }
    }

    async fn exported(
        &self,
        actor: &Actor,
        register: &Register,
        query: &Query,
        rows: u64,
        format: Format,
    ) -> Result<(), Failure> {
        let filters: Vec<&str> = query.filters.iter().map(|filter| filter.field.as_str()).collect();
        let entry = Entry {
            district: actor.district.clone(),
            actor: actor.login.clone(),
            action: EXPORT.key.to_owned(),
            subject: format!("register:{}", register.key),
            detail: json!({ "rows": rows, "format": format.ending(), "region": query.scope.as_str(),
                "filters": filters, "searched": query.search.is_some() }),
        };
        let mut tx = self.db.begin().await?;
        facts::audit(&mut tx, self.clock.now(), &entry).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The asked region where it lies inside the actor's, else the actor's.
pub(crate) fn narrower(asked: &vocabulary::RegionPath, actor: &Actor) -> vocabulary::RegionPath {
    if actor.sees(asked) { asked.clone() } else { actor.region.clone() }
}

fn export_head(register: &Register, fields: &[&Field], today: NaiveDate) -> SheetHead {
    let mut columns = vec![Column::new(REGION_LABEL, ColumnKind::Text).wide(24)];
    columns.extend(fields.iter().map(|field| {
        let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        Column::new(format!("{}{unit}", field.label), column_kind(field))
    }));
    columns.push(Column::new("数据来源", ColumnKind::Text));
    let titles = vec![register.label.clone(), format!("数据截至 {}；个人敏感内容已遮盖", documents::fmt::day(today))];
    SheetHead { name: register.label.clone(), titles, columns, frozen: true, keys: false }
}

fn column_kind(field: &Field) -> ColumnKind {
    if hides(field, View::Many) {
        return ColumnKind::Text;
    }
    match field.kind {
        FieldKind::Integer => ColumnKind::Number(0),
        FieldKind::Decimal => ColumnKind::Number(field.scale.unwrap_or(2)),
        FieldKind::Money => ColumnKind::Money,
        FieldKind::Date => ColumnKind::Date,
        _ => ColumnKind::Text,
    }
}

fn finish(writer: Writer, file: std::fs::File) -> Result<std::fs::File, Failure> {
    match writer {
        Writer::Xlsx(export) => {
            export.finish(BufWriter::new(&file)).map_err(refused)?;
        }
        Writer::Csv(csv) => {
            csv.finish().map_err(refused)?;
        }
    }
    Ok(file)
}

fn refused(problem: Violation) -> Failure {
    Refusal::Invalid(vec![problem]).into()
}

fn fault(error: std::io::Error) -> Failure {
    StorageError::Disk(error).into()
}
