//! `facts/*.tsv`: restated facts, each row with its origin and source.

use rust_decimal::Decimal;
use vocabulary::{Field, FieldKind, Origin, Register};

use super::Known;
use crate::desk::{Desk, Words, words};
use crate::model::FactRow;
use crate::nearest::hint;
use crate::table::Table;

/// Columns with a meaning of their own in every table.
const RESERVED: [&str; 4] = ["region", "as_of", "origin", "source"];
/// Columns of `facts/population.tsv`.
const POPULATION: [&str; 10] =
    ["region", "measure", "sex", "age_from", "age_to", "value", "unit", "as_of", "origin", "source"];

/// What `sex` may be there.
const SEXES: [&str; 2] = ["male", "female"];

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    for table in &known.draft.facts {
        let register = register_of(&table.facts.name);
        let register = known.registers().get(register).copied();
        Look { desk, table, known }.check(register);
    }
}

/// The register whose rows a table holds: `facilities` holds `facility`, otherwise the same name.
fn register_of(name: &str) -> &str {
    match name {
        "facilities" => "facility",
        "people" => "person",
        other => other,
    }
}

struct Look<'l> {
    desk: &'l mut Desk,
    table: &'l Table,
    known: &'l Known<'l>,
}

impl Look<'_> {
    fn header(&mut self, words: Words) {
        self.desk.report_at(&self.table.file, 1, 0, words);
    }

    fn report(&mut self, row: &FactRow, column: &str, words: Words) {
        self.desk.report_at(&self.table.file, row.line, self.table.column(row, column), words);
    }

    fn check(&mut self, register: Option<&Register>) {
        let columns = &self.table.facts.columns;
        for column in ["origin", "source"] {
            if !columns.iter().any(|known| known == column) {
                let message = format!("表头缺少列“{column}”");
                self.header(words("pack.missing_key", message, "每一行都要写明来历（origin）和出处（source）"));
            }
        }
        if self.table.facts.name == "population" {
            self.check_columns(&POPULATION);
        } else if let Some(register) = register {
            let fields = register.fields.iter().map(|field| field.key.as_str());
            let allowed: Vec<&str> = fields.chain(RESERVED).collect();
            self.check_columns(&allowed);
        }
        for row in &self.table.facts.rows {
            self.check_reserved(row);
            if let Some(register) = register {
                self.check_record(row, register);
            } else if self.table.facts.name == "population" {
                for column in ["age_from", "age_to", "value"] {
                    self.check_number(row, column);
                }
                self.check_counted(row);
            }
        }
    }

    fn check_columns(&mut self, allowed: &[&str]) {
        for column in &self.table.facts.columns {
            if !allowed.contains(&column.as_str()) {
                let message = format!("没有叫“{column}”的列{}", hint(column, allowed.iter().copied()));
                self.header(words("pack.unknown_key", message, format!("可用：{}", allowed.join("、"))));
            }
        }
    }

    fn check_reserved(&mut self, row: &FactRow) {
        if let Some(region) = self.table.cell(row, "region")
            && !self.known.regions.contains(region)
        {
            let near = hint(region, self.known.regions.iter().map(String::as_str));
            let message = format!("没有代码为 {region} 的区划{near}");
            self.report(row, "region", words("pack.dangling", message, "改正，或在 regions.tsv 里加上它"));
        }
        if let Some(day) = self.table.cell(row, "as_of")
            && day.parse::<chrono::NaiveDate>().is_err()
        {
            let message = format!("“{day}”不是日期");
            self.report(row, "as_of", words("pack.wrong_type", message, "写成 2020-11-01"));
        }
        let has = |column: &str| self.table.facts.columns.iter().any(|known| known == column);
        if has("origin") && self.table.cell(row, "origin").and_then(Origin::from_key).is_none() {
            let known = Origin::ALL.map(Origin::key);
            let word = self.table.cell(row, "origin").unwrap_or_default();
            let message = format!("来历不能是“{word}”{}", hint(word, known));
            self.report(row, "origin", words("pack.unknown_word", message, format!("可用：{}", known.join("、"))));
        }
        match self.table.cell(row, "source") {
            Some(source) if !self.known.sources.contains(source) => {
                let near = hint(source, self.known.sources.iter().map(String::as_str));
                let message = format!("没有键为“{source}”的出处文件{near}");
                self.report(row, "source", words("pack.dangling", message, "改正，或在 sources.toml 里加上它"));
            }
            None if has("source") => {
                self.report(row, "source", words("pack.no_source", "这一行没有写出处", "写 sources.toml 中的键"));
            }
            _ => {}
        }
    }

    /// Whom a row of the population counts: words that are read, not words for people.
    fn check_counted(&mut self, row: &FactRow) {
        let is_word =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if let Some(measure) = self.table.cell(row, "measure").filter(|text| !is_word(text)) {
            let message = format!("measure 不能是“{measure}”");
            let remedy = "常住人口写 resident，户籍人口写 registered；其他用小写字母、数字和 _ 起名";
            self.report(row, "measure", words("pack.unknown_word", message, remedy));
        }
        if let Some(sex) = self.table.cell(row, "sex").filter(|sex| !SEXES.contains(sex)) {
            let message = format!("sex 不能是“{sex}”{}", hint(sex, SEXES));
            self.report(row, "sex", words("pack.unknown_word", message, "写 male 或 female；不分性别就留空"));
        }
    }

    fn check_number(&mut self, row: &FactRow, column: &str) {
        if let Some(text) = self.table.cell(row, column)
            && text.parse::<Decimal>().is_err()
        {
            let message = format!("“{column}”应为数，却写了“{text}”");
            self.report(row, column, words("pack.wrong_type", message, "只写数字，不写单位和千位分隔符"));
        }
    }

    fn check_record(&mut self, row: &FactRow, register: &Register) {
        let columns = &self.table.facts.columns;
        for column in columns.iter().filter(|column| !RESERVED.contains(&column.as_str())) {
            if let (Some(field), Some(text)) = (register.field(column), self.table.cell(row, column)) {
                self.check_value(row, field, text);
            }
        }
    }

    fn check_value(&mut self, row: &FactRow, field: &Field, text: &str) {
        let column = field.key.as_str();
        match field.kind {
            FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => self.check_number(row, column),
            FieldKind::Boolean if !["true", "false"].contains(&text) => {
                let message = format!("“{column}”应为 true 或 false，却写了“{text}”");
                self.report(row, column, words("pack.wrong_type", message, "不知道就留空"));
            }
            FieldKind::Date if text.parse::<chrono::NaiveDate>().is_err() => {
                let message = format!("“{text}”不是日期");
                self.report(row, column, words("pack.wrong_type", message, "写成 2020-11-01，不知道就留空"));
            }
            FieldKind::Choice if !field.choices.iter().any(|one| one.value == text || one.word() == text) => {
                let known: Vec<&str> = field.choices.iter().map(vocabulary::Choice::word).collect();
                let message = format!("“{}”不能是“{text}”{}", field.label, hint(text, known.iter().copied()));
                self.report(row, column, words("pack.unknown_word", message, format!("可用：{}", known.join("、"))));
            }
            _ => {}
        }
    }
}
