//! Writing heads and cells into a worksheet; shared by workbooks in memory and streamed exports.

use std::collections::HashMap;

use chrono::Datelike;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Url, Worksheet, XlsxError,
};
use vocabulary::Violation;

use super::{CELL_CHARS_MAX, COLUMNS_MAX, Cell, Column, ColumnKind, ROWS_MAX, SheetHead};
use crate::fmt;

/// The longest name of a sheet.
const NAME_CHARS_MAX: usize = 31;
/// The most characters of a list of choices written into the sheet itself.
const INLINE_CHOICES_MAX: usize = 255;
/// The longest link.
const URL_CHARS_MAX: usize = 2_000;
/// The first year that Excel can hold as a day.
const FIRST_YEAR: i32 = 1900;
const DATE_FORMAT: &str = "yyyy-mm-dd";

/// The formats of a workbook, made once.
pub(super) struct Formats {
    title: Format,
    line: Format,
    head: Format,
    head_required: Format,
    text: Format,
    date: Format,
    money: Format,
    numbers: HashMap<u32, Format>,
}

impl Formats {
    pub(super) fn new() -> Self {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_background_color(Color::RGB(0x00E0_EFEA));
        Self {
            title: Format::new().set_bold().set_font_size(14.0),
            line: Format::new().set_font_color(Color::RGB(0x003F_4C46)),
            head_required: head.clone().set_font_color(Color::RGB(0x008E_1116)),
            head,
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format(DATE_FORMAT),
            money: Format::new().set_num_format(fmt::excel_format(2, true)),
            numbers: HashMap::new(),
        }
    }

    fn number(&mut self, places: u32) -> &Format {
        self.numbers.entry(places).or_insert_with(|| Format::new().set_num_format(fmt::excel_format(places, false)))
    }

    fn of_kind(&mut self, kind: ColumnKind) -> &Format {
        match kind {
            ColumnKind::Text => &self.text,
            ColumnKind::Number(places) => self.number(places),
            ColumnKind::Date => &self.date,
            ColumnKind::Money => &self.money,
        }
    }
}

/// Writes name, titles, keys, heads, widths and lists; gives the row the data starts at.
pub(super) fn write_head(
    sheet: &mut Worksheet,
    head: &SheetHead,
    formats: &mut Formats,
    lists: &[Option<String>],
) -> Result<u32, XlsxError> {
    sheet.set_name(sheet_name(&head.name))?;
    for (index, column) in (0u16..).zip(&head.columns) {
        sheet.set_column_width(index, width(column))?;
        let format = formats.of_kind(column.kind).clone();
        sheet.set_column_format(index, &format)?;
    }
    let mut row = 0;
    for (index, title) in head.titles.iter().enumerate() {
        let format = if index == 0 { &formats.title } else { &formats.line };
        sheet.write_string_with_format(row, 0, title, format)?;
        row += 1;
    }
    if head.keys {
        for (index, column) in (0u16..).zip(&head.columns) {
            sheet.write_string(row, index, &column.key)?;
        }
        sheet.set_row_hidden(row)?;
        row += 1;
    }
    for (index, column) in (0u16..).zip(&head.columns) {
        let format = if column.required { &formats.head_required } else { &formats.head };
        sheet.write_string_with_format(row, index, &column.header, format)?;
        if let Some(note) = &column.note {
            sheet.insert_note(row, index, &Note::new(note).add_author_prefix(false))?;
        }
    }
    if head.frozen {
        sheet.set_freeze_panes(row + 1, 0)?;
    }
    sheet.set_repeat_rows(row, row)?;
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_paper_size(9); // A4
    let first = row + 1;
    for ((index, column), list) in (0u16..).zip(&head.columns).zip(lists) {
        if !column.choices.is_empty() {
            let validation = choices(column, list.as_deref())?;
            sheet.add_data_validation(first, index, ROWS_MAX - 1, index, &validation)?;
        }
    }
    Ok(first)
}

/// Writes a cell; what Excel cannot hold as a value (a day before 1900, more digits than a double)
/// is written as the text it shows.
pub(super) fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, text, &formats.text)?;
        }
        Cell::Number { value, places } => match exact(*value) {
            Some(number) => {
                sheet.write_number_with_format(row, column, number, formats.number(*places))?;
            }
            None => {
                sheet.write_string(row, column, cell.shown())?;
            }
        },
        Cell::Money(fen) => match exact(fmt::fen_as_yuan(*fen)) {
            Some(number) => {
                sheet.write_number_with_format(row, column, number, &formats.money)?;
            }
            None => {
                sheet.write_string(row, column, cell.shown())?;
            }
        },
        Cell::Date(day) => match excel_day(*day) {
            Some(date) => {
                sheet.write_datetime_with_format(row, column, &date, &formats.date)?;
            }
            None => {
                sheet.write_string(row, column, cell.shown())?;
            }
        },
        Cell::Link { text, url } => {
            let safe = url.starts_with("https://") || url.starts_with("http://");
            if safe && url.chars().count() <= URL_CHARS_MAX {
                sheet.write_url(row, column, Url::new(url).set_text(text))?;
            } else {
                sheet.write_string(row, column, text)?;
            }
        }
    }
    Ok(())
}

/// Where the list of each column's choices is written when it is too long for the column itself.
pub(super) fn long_choices(column: &Column) -> bool {
    let joined: usize = column.choices.iter().map(|one| one.chars().count() + 1).sum();
    joined > INLINE_CHOICES_MAX || column.choices.iter().any(|one| one.contains(','))
}

fn choices(column: &Column, list: Option<&str>) -> Result<DataValidation, XlsxError> {
    let validation = match list {
        Some(range) => DataValidation::new().allow_list_formula(Formula::new(range)),
        None => DataValidation::new().allow_list_strings(&column.choices)?,
    };
    validation.set_error_title("请从列表中选择")?.set_error_message("这里只能填列表中的值")
}

/// The double that gives back every digit of a value; `None` when there is none.
pub(super) fn exact(value: Decimal) -> Option<f64> {
    let number = value.to_f64()?;
    let back: Decimal = format!("{number}").parse().ok()?;
    (back == value).then_some(number)
}

fn excel_day(day: chrono::NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    if day.year() < FIRST_YEAR {
        return None;
    }
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

/// A name Excel accepts: no `[]:*?/\`, no apostrophe at an end, at most 31 characters, not empty.
pub(super) fn sheet_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .filter(|one| !one.is_control())
        .map(|one| if "[]:*?/\\".contains(one) { '-' } else { one })
        .collect();
    let clean = clean.trim_matches(['\'', ' ']);
    let mut cut = String::new();
    for character in clean.chars() {
        // Excel counts a character beyond the basic plane as two.
        if cut.encode_utf16().count() + character.len_utf16() > NAME_CHARS_MAX {
            break;
        }
        cut.push(character);
    }
    let cut = cut.trim_matches(['\'', ' ']);
    if cut.is_empty() { "表".to_owned() } else { cut.to_owned() }
}

fn width(column: &Column) -> f64 {
    if column.width > 0 {
        return f64::from(column.width);
    }
    let head = column.header.chars().count() * 2 + 2;
    let kind = match column.kind {
        ColumnKind::Text => 16,
        ColumnKind::Number(_) => 10,
        ColumnKind::Date => 12,
        ColumnKind::Money => 14,
    };
    head.clamp(kind, 40) as f64
}

/// What of a row cannot be written: too many cells, a text that is too long.
pub(super) fn check_row(sheet: &str, number: u64, cells: &[Cell]) -> Result<(), Violation> {
    let place = format!("{sheet} 第{number}行");
    if cells.len() > COLUMNS_MAX {
        return Err(Violation::new(
            "sheet.too_wide",
            place,
            format!("这一行有 {} 栏，Excel 最多 {COLUMNS_MAX} 栏", cells.len()),
            "请减少导出的栏目",
        ));
    }
    for (index, cell) in cells.iter().enumerate() {
        if let Cell::Text(text) | Cell::Link { text, .. } = cell
            && text.encode_utf16().count() > CELL_CHARS_MAX
        {
            return Err(Violation::new(
                "sheet.long_text",
                format!("{place}第{}栏", index + 1),
                format!("文字超过 Excel 单元格的上限 {CELL_CHARS_MAX} 字"),
                "请缩短这段文字，或改用 CSV 导出",
            ));
        }
    }
    Ok(())
}

/// A failure of the writer as a value.
pub(super) fn refused(error: &XlsxError) -> Violation {
    Violation::new(
        "sheet.write",
        "xlsx",
        format!("Excel 文件生成失败：{error}"),
        "请检查磁盘空间后重试；仍然失败请报给系统管理员",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_excel_accepts() {
        for (name, expected) in [("名单", "名单"), ("2025/9:表*?", "2025-9-表--"), ("'''", "表"), ("", "表")] {
            assert_eq!(sheet_name(name), expected);
        }
        assert_eq!(sheet_name(&"长".repeat(50)).chars().count(), 31);
    }

    #[test]
    fn only_values_a_double_gives_back_are_numbers() {
        assert_eq!(exact(Decimal::new(1_005, 3)), Some(1.005));
        assert_eq!(exact(Decimal::new(123_456_789_012_345, 2)), Some(1_234_567_890_123.45));
        assert_eq!(exact("110105194912310020.5".parse().unwrap()), None);
    }
}
