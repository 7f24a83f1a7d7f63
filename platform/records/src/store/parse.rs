//! Joined text taken apart into typed columns.

use crate::record::Record;
use crate::store::columns::{RECORD, UNIT};
use crate::store::sealed::{Opened, is_sealed, open};
use crate::store::source::Source;
use chrono::NaiveDate;
use rules::{Bits, Column};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use storage::{Result, Row};
use vocabulary::{Field, FieldKind, Origin, Register};

/// Days from 0001-01-01 (day 1 of the calendar library) to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

/// Rows as they come in: regions by number, ids, and a column for each field.
pub(crate) struct Gathered<'a> {
    source: Source<'a>,
    /// Whether a field is sealed: rows then bring id and sealed text.
    opens: bool,
    /// Region code of each region number, in the order in which they were first met.
    pub regions: Vec<String>,
    numbers: HashMap<String, u32>,
    /// Region number of each row.
    pub row_region: Vec<u32>,
    /// Ids, when wanted.
    pub ids: Option<Vec<String>>,
    columns: Vec<Gathering>,
    /// Where the rows come from.
    pub origins: BTreeSet<Origin>,
}

impl<'a> Gathered<'a> {
    /// Nothing yet, for some fields of a register.
    pub fn new(source: Source<'a>, fields: &[&Field], with_ids: bool) -> Self {
        let columns = fields.iter().map(|field| Gathering {
            key: field.key.clone(),
            label: field.label.clone(),
            sealed: is_sealed(field),
            builder: Builder::of(field),
        });
        Self {
            source,
            opens: fields.iter().any(|field| is_sealed(field)),
            regions: Vec::new(),
            numbers: HashMap::new(),
            row_region: Vec::new(),
            ids: with_ids.then(Vec::new),
            columns: columns.collect(),
            origins: BTreeSet::new(),
        }
    }

    /// Notes where rows come from: keys of origins with commas between.
    fn origins(&mut self, keys: Option<&str>) {
        self.origins.extend(keys.into_iter().flat_map(|keys| keys.split(',')).filter_map(Origin::from_key));
    }

    /// Adds what a statement of [`crate::store::columns`] answered: joined rows, and the origins among them.
    ///
    /// # Errors
    /// When it answered something else.
    pub fn take(&mut self, answer: &[Row]) -> Result<()> {
        for row in answer {
            self.rows(row.at::<Option<String>>(0)?.as_deref())?;
            self.origins(row.at::<Option<String>>(1)?.as_deref());
        }
        Ok(())
    }

    /// Adds rows joined by the separators; `None` is no rows.
    ///
    /// # Errors
    /// When a sealed value does not open.
    fn rows(&mut self, joined: Option<&str>) -> Result<()> {
        for line in joined.into_iter().flat_map(|joined| joined.split(RECORD)) {
            let mut values = line.split(UNIT);
            let region = values.next().unwrap_or_default();
            self.region(region);
            let id = if self.opens || self.ids.is_some() { values.next().unwrap_or_default() } else { "" };
            if let Some(ids) = &mut self.ids {
                ids.push(id.to_owned());
            }
            let sealed = if self.opens { values.next().unwrap_or_default() } else { "" };
            let opened = match sealed {
                "" => Opened::default(),
                sealed => open(self.source.keys, &self.source.register.key, id, sealed)?,
            };
            for column in &mut self.columns {
                let text = values.next().unwrap_or_default();
                let known = if column.sealed && !sealed.is_empty() && !text.is_empty() {
                    opened.get(&column.key)
                } else {
                    None
                };
                column.builder.push(known.unwrap_or(text));
            }
        }
        Ok(())
    }

    /// Adds one record, as it was.
    pub fn record(&mut self, record: &Record) {
        self.region(&record.region);
        self.origins.insert(record.origin);
        if let Some(ids) = &mut self.ids {
            ids.push(record.id.to_string());
        }
        for Gathering { key, builder, .. } in &mut self.columns {
            match record.body.get(key) {
                None => builder.push(""),
                Some(Json::String(text)) => builder.push(text),
                Some(other) => builder.push(&other.to_string()),
            }
        }
    }

    fn region(&mut self, code: &str) {
        // Rows come region by region or nearly so: most often it is the last one again.
        if let Some(last) = self.row_region.last()
            && self.regions.get(*last as usize).is_some_and(|known| known == code)
        {
            self.row_region.push(*last);
            return;
        }
        let number = self.numbers.get(code).copied().unwrap_or_else(|| {
            let number = u32::try_from(self.regions.len()).unwrap_or(u32::MAX);
            self.regions.push(code.to_owned());
            self.numbers.insert(code.to_owned(), number);
            number
        });
        self.row_region.push(number);
    }

    /// The columns by label.
    pub fn finish(self) -> (rules::Table, Vec<String>, Vec<u32>, Option<Vec<String>>) {
        let mut table = rules::Table::new(self.row_region.len());
        for Gathering { label, builder, .. } in self.columns {
            table.insert(label, builder.finish());
        }
        (table, self.regions, self.row_region, self.ids)
    }
}

/// A column and what it is of.
struct Gathering {
    key: String,
    label: String,
    sealed: bool,
    builder: Builder,
}

/// A column that grows.
enum Builder {
    Number { values: Vec<i64>, scale: u32, present: Bits },
    Decimal(Vec<Option<Decimal>>),
    Date { values: Vec<i32>, present: Bits },
    Text { codes: Vec<u32>, dictionary: Vec<String>, known: HashMap<String, u32>, present: Bits },
    Boolean { values: Bits, present: Bits },
}

impl Builder {
    fn of(field: &Field) -> Self {
        match field.kind {
            FieldKind::Integer => Self::Number { values: Vec::new(), scale: 0, present: Bits::default() },
            // Fen with two places: rules speak of yuan.
            FieldKind::Money => Self::Number { values: Vec::new(), scale: 2, present: Bits::default() },
            FieldKind::Decimal => Self::Decimal(Vec::new()),
            FieldKind::Date => Self::Date { values: Vec::new(), present: Bits::default() },
            FieldKind::Boolean => Self::Boolean { values: Bits::default(), present: Bits::default() },
            _ => Self::Text {
                codes: Vec::new(),
                dictionary: Vec::new(),
                known: HashMap::new(),
                present: Bits::default(),
            },
        }
    }

    /// Adds a value; empty or unreadable text is a missing value.
    fn push(&mut self, text: &str) {
        match self {
            Self::Number { values, present, .. } => {
                let value = text.parse().ok();
                present.push(value.is_some());
                values.push(value.unwrap_or_default());
            }
            Self::Decimal(values) => values.push(text.parse().ok()),
            Self::Date { values, present } => {
                let value = day_number(text);
                present.push(value.is_some());
                values.push(value.unwrap_or_default());
            }
            Self::Boolean { values, present } => {
                values.push(matches!(text, "1" | "true"));
                present.push(!text.is_empty());
            }
            Self::Text { codes, dictionary, known, present } => {
                present.push(!text.is_empty());
                let code = match known.get(text) {
                    _ if text.is_empty() => 0,
                    Some(code) => *code,
                    None => {
                        let code = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
                        dictionary.push(text.to_owned());
                        known.insert(text.to_owned(), code);
                        code
                    }
                };
                codes.push(code);
            }
        }
    }

    fn finish(self) -> Column {
        match self {
            Self::Number { values, scale, present } => Column::Number { values, scale, present },
            Self::Decimal(values) => Column::decimals(values),
            Self::Date { values, present } => Column::Date { values, present },
            Self::Text { codes, dictionary, present, .. } => Column::Text { codes, dictionary, present },
            Self::Boolean { values, present } => Column::Boolean { values, present },
        }
    }
}

/// `2025-09-30` as days since 1970-01-01.
fn day_number(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = bytes.get(range)?;
        digits.iter().try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)?;
    use chrono::Datelike as _;
    Some(date.num_days_from_ce() - EPOCH_FROM_CE)
}

/// The fields that rules name, by label or key, each once.
pub(crate) fn fields_named<'a>(register: &'a Register, names: &[String]) -> Vec<&'a Field> {
    let mut fields: Vec<&Field> = Vec::new();
    for name in names {
        let found = register.field_by_label(name).or_else(|| register.field(name));
        if let Some(field) = found
            && !fields.iter().any(|known| known.key == field.key)
        {
            fields.push(field);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_are_those_of_the_engine() {
        for text in ["1970-01-01", "1899-12-31", "2024-02-29", "2025-09-30"] {
            let column = Column::dates([text.parse::<NaiveDate>().ok()]);
            let Column::Date { values, .. } = column else { unreachable!() };
            assert_eq!(day_number(text), values.first().copied(), "{text}");
        }
        assert_eq!((day_number("2025-02-30"), day_number(""), day_number("二零二五年")), (None, None, None));
    }

    fn register() -> Register {
        serde_json::from_value(serde_json::json!({ "key": "beds", "label": "床", "field": [] })).unwrap()
    }

    #[test]
    fn missing_values_stay_missing() {
        let fields = [Field::new("beds", "床位", FieldKind::Integer), Field::new("kind", "类型", FieldKind::Text)];
        let (register, keys) = (register(), storage::Keys::none());
        let source = Source::new(&register, storage::Dialect(storage::Engine::Sqlite), &keys);
        let mut gathered = Gathered::new(source, &fields.iter().collect::<Vec<_>>(), false);
        gathered
            .rows(Some("310110001000\u{1f}12\u{1f}甲\u{1e}310110001000\u{1f}\u{1f}\u{1e}310110002000\u{1f}0\u{1f}甲"))
            .unwrap();
        let (table, regions, rows, ids) = gathered.finish();
        assert_eq!((table.rows(), regions.len(), rows, ids), (3, 2, vec![0, 0, 1], None));
        let beds = table.column("床位").unwrap();
        assert_eq!((beds.get(0), beds.get(1)), (Some(rules::Scalar::Number(12.into())), None));
        assert_eq!(table.column("类型").unwrap().get(2), Some(rules::Scalar::Text("甲".to_owned())));
    }
}
