//! A whole workbook, written at once.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook as Book, Worksheet, XlsxError};
use vocabulary::Violation;

use super::cells::{Formats, check_row, long_choices, refused, sheet_name, write_cell, write_head};
use super::{Properties, ROWS_MAX, Sheet, SheetHead, Workbook};

/// The hidden sheet that holds long lists of choices.
const LISTS_SHEET: &str = "选项";

/// Writes a workbook as xlsx.
///
/// # Errors
/// Everything in it that Excel cannot hold.
pub fn write_xlsx(workbook: &Workbook) -> Result<Vec<u8>, Vec<Violation>> {
    check(workbook)?;
    save(workbook).map_err(|error| vec![refused(&error)])
}

fn check(workbook: &Workbook) -> Result<(), Vec<Violation>> {
    let mut found = Vec::new();
    if workbook.sheets.is_empty() {
        found.push(Violation::new("sheet.none", "workbook", "工作簿里没有表", "请至少给出一张表"));
    }
    for sheet in &workbook.sheets {
        let name = &sheet.head.name;
        let rows = sheet.rows.len() + sheet.head.titles.len() + 2;
        if rows > ROWS_MAX as usize {
            found.push(Violation::new(
                "sheet.too_long",
                name,
                format!("表“{name}”有 {} 行，一张 Excel 表最多 {ROWS_MAX} 行", sheet.rows.len()),
                "请分批导出，或改用流式导出、CSV",
            ));
            continue;
        }
        for (index, row) in sheet.rows.iter().enumerate() {
            found.extend(check_row(name, index as u64 + 1, row).err());
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn save(workbook: &Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new();
    book.set_properties(&properties(&workbook.properties)?);
    let mut formats = Formats::new();
    let heads: Vec<&SheetHead> = workbook.sheets.iter().map(|sheet| &sheet.head).collect();
    let lists = Lists::of(&heads);
    let mut names = Names::default();
    for (sheet, ranges) in workbook.sheets.iter().zip(&lists.ranges) {
        let worksheet = book.add_worksheet();
        write_sheet(worksheet, sheet, ranges, &mut formats)?;
        worksheet.set_name(names.unused(&sheet.head.name))?;
    }
    lists.write(&mut book)?;
    book.save_to_buffer()
}

fn write_sheet(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    ranges: &[Option<String>],
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    let first = write_head(worksheet, &sheet.head, formats, ranges)?;
    for (row, cells) in (first..).zip(&sheet.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            write_cell(worksheet, row, column, cell, formats)?;
        }
    }
    Ok(())
}

/// The properties, with the time that was passed in instead of the machine's.
pub(super) fn properties(properties: &Properties) -> Result<DocProperties, XlsxError> {
    use chrono::{Datelike, Timelike};
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let made = match properties.made_at {
        Some(at) => {
            ExcelDateTime::from_ymd(u16::try_from(at.year()).unwrap_or_default(), small(at.month()), small(at.day()))?
                .and_hms(u16::try_from(at.hour()).unwrap_or_default(), small(at.minute()), f64::from(at.second()))?
        }
        // Without a time of its own a file says the first day Office files knew, not "now".
        None => ExcelDateTime::from_ymd(2000, 1, 1)?,
    };
    Ok(DocProperties::new().set_title(&properties.title).set_author(&properties.author).set_creation_datetime(&made))
}

/// Names of sheets already given; a second one of the same name gets a number.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn unused(&mut self, wanted: &str) -> String {
        let base = sheet_name(wanted);
        let mut name = base.clone();
        let mut number = 2;
        while self.0.iter().any(|used| used.to_lowercase() == name.to_lowercase()) || name == LISTS_SHEET {
            let kept: String = base.chars().take(24).collect();
            name = format!("{kept}（{number}）");
            number += 1;
        }
        self.0.push(name.clone());
        name
    }
}

/// Choices too long for their column, one column each on a hidden sheet.
pub(super) struct Lists<'a> {
    /// For every head, for every column, the range of its choices when it is on the hidden sheet.
    pub ranges: Vec<Vec<Option<String>>>,
    columns: Vec<&'a [String]>,
}

impl<'a> Lists<'a> {
    pub(super) fn of(heads: &[&'a SheetHead]) -> Self {
        let mut columns: Vec<&'a [String]> = Vec::new();
        let mut range = |choices: &'a [String]| {
            let column = columns.iter().position(|known| *known == choices);
            let column = column.unwrap_or_else(|| {
                columns.push(choices);
                columns.len() - 1
            });
            let letters = column_letters(column);
            format!("={LISTS_SHEET}!${letters}$1:${letters}${}", choices.len())
        };
        let ranges = heads
            .iter()
            .map(|head| {
                head.columns.iter().map(|column| long_choices(column).then(|| range(&column.choices))).collect()
            })
            .collect();
        Self { ranges, columns }
    }

    pub(super) fn write(&self, book: &mut Book) -> Result<(), XlsxError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let sheet = book.add_worksheet();
        sheet.set_name(LISTS_SHEET)?;
        sheet.set_hidden(true);
        for (column, choices) in (0u16..).zip(&self.columns) {
            for (row, choice) in (0u32..).zip(*choices) {
                sheet.write_string(row, column, choice)?;
            }
        }
        Ok(())
    }
}

/// The letters of a column counted from 0: `A`, `Z`, `AA`.
pub(crate) fn column_letters(column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(column), expected);
        }
    }

    #[test]
    fn a_second_sheet_of_the_same_name_is_numbered() {
        let mut names = Names::default();
        assert_eq!(names.unused("名单"), "名单");
        assert_eq!(names.unused("名单"), "名单（2）");
        assert_eq!(names.unused("名单"), "名单（3）");
    }
}
