//! One door for both kinds of file: what it is, which sheets it has, its rows.

use std::io::{Read, Seek, SeekFrom};

use calamine::{Reader, SheetType, SheetVisible, Xlsx};
use vocabulary::Violation;

use super::csv_rows::{CsvRows, sniff_delimiter};
use super::encoding::{Encoding, Transcoded, detect, unread};
use super::guard::check_archive;
use super::xlsx_rows::{XlsxRows, broken_sheet, contained};
use super::{Limits, Row};

/// How packed files (xlsx among them) start.
const ZIP_START: &[u8] = b"PK";
/// How old Excel files and Excel files with a password start.
const OLE_START: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
/// The name of the only sheet of a CSV file.
const CSV_SHEET: &str = "CSV";
/// How much of a text is looked at to find what separates its columns.
const SNIFFED: usize = 8 * 1024;

/// A file of tables, opened.
pub struct Book<R: Read + Seek> {
    content: Content<R>,
    sheets: Vec<SheetInfo>,
    limits: Limits,
}

enum Content<R: Read + Seek> {
    Xlsx(Box<Xlsx<R>>),
    Csv { reader: R, encoding: Encoding, delimiter: u8 },
}

/// A sheet of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// The name on its tab; `CSV` for a CSV file.
    pub name: String,
    /// Whether it is hidden: lists of choices usually are.
    pub hidden: bool,
}

/// The rows of a sheet, read as they are asked for. After an error there are no more.
pub enum Rows<'a, R: Read + Seek> {
    /// Of an Excel sheet.
    Xlsx(Box<XlsxRows<'a, R>>),
    /// Of a CSV file.
    Csv(Box<CsvRows<&'a mut R>>),
}

impl<R: Read + Seek> Iterator for Rows<'_, R> {
    type Item = Result<Row, Violation>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Xlsx(rows) => rows.next(),
            Self::Csv(rows) => rows.next(),
        }
    }
}

impl<R: Read + Seek> Book<R> {
    /// Opens a file, whatever its name says: the kind is found from its bytes.
    ///
    /// # Errors
    /// Why it cannot be read: empty, too large, broken, an old `.xls`, with a password, not a table,
    /// in an unknown encoding.
    pub fn open(mut reader: R, limits: Limits) -> Result<Self, Violation> {
        let length = reader.seek(SeekFrom::End(0)).map_err(|error| unread(&error))?;
        if length == 0 {
            return Err(violation("file.empty", "文件是空的", "请检查文件后重新上传"));
        }
        if length > limits.file_bytes {
            return Err(violation(
                "file.too_large",
                &format!("文件有 {} MB，超过上限 {} MB", length >> 20, limits.file_bytes >> 20),
                "请拆成几个文件",
            ));
        }
        let start = first_bytes(&mut reader)?;
        if start.starts_with(ZIP_START) {
            open_xlsx(reader, limits)
        } else if start.starts_with(OLE_START) {
            Err(violation(
                "file.old_excel",
                "这是旧版 Excel（.xls）文件，或设有密码的 Excel 文件",
                "请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 后再上传",
            ))
        } else if start.starts_with(b"%PDF") {
            Err(violation("file.kind", "这是 PDF 文件，不是表格", "请上传 .xlsx 或 .csv 文件"))
        } else {
            open_csv(reader, &start, limits)
        }
    }

    /// The sheets in the order of their tabs.
    #[must_use]
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// The encoding of a CSV file; `None` for Excel.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        match &self.content {
            Content::Xlsx(_) => None,
            Content::Csv { encoding, .. } => Some(*encoding),
        }
    }

    /// The rows of a sheet, counted from 0. May be asked for again: it starts anew.
    ///
    /// # Errors
    /// `sheet.none` when there is no such sheet, `file.broken` when it cannot be read.
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_, R>, Violation> {
        let Some(info) = self.sheets.get(sheet) else {
            return Err(violation("sheet.none", &format!("文件里没有第 {} 张表", sheet + 1), "请选择文件中已有的表"));
        };
        match &mut self.content {
            Content::Xlsx(book) => {
                let cells = contained(|| book.worksheet_cells_reader(&info.name))
                    .map_err(|error| broken_sheet(&info.name, &error))?;
                Ok(Rows::Xlsx(Box::new(XlsxRows::new(cells, &info.name, self.limits))))
            }
            Content::Csv { reader, encoding, delimiter } => {
                reader.rewind().map_err(|error| unread(&error))?;
                Ok(Rows::Csv(Box::new(CsvRows::new(reader, *encoding, *delimiter, self.limits))))
            }
        }
    }
}

fn open_xlsx<R: Read + Seek>(reader: R, limits: Limits) -> Result<Book<R>, Violation> {
    let mut reader = check_archive(reader, &limits)?;
    reader.rewind().map_err(|error| unread(&error))?;
    // What the reader says of it is for who writes programs: nobody can put a `_rels/.rels` right.
    let book = contained(|| Xlsx::new(reader)).map_err(|_| {
        violation(
            "file.not_xlsx",
            "这不是 Excel（.xlsx）文件，或已损坏",
            "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传",
        )
    })?;
    let sheets: Vec<SheetInfo> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| SheetInfo { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible })
        .collect();
    if sheets.is_empty() || sheets.len() > limits.sheets {
        return Err(violation(
            "file.sheets",
            &format!("文件里有 {} 张表，应为 1 至 {} 张", sheets.len(), limits.sheets),
            "请只留下要导入的表",
        ));
    }
    Ok(Book { content: Content::Xlsx(Box::new(book)), sheets, limits })
}

fn open_csv<R: Read + Seek>(mut reader: R, start: &[u8], limits: Limits) -> Result<Book<R>, Violation> {
    let encoding = detect(&mut reader, start)?;
    reader.rewind().map_err(|error| unread(&error))?;
    let mut sample = Vec::new();
    Transcoded::new(&mut reader, encoding)
        .take(SNIFFED as u64)
        .read_to_end(&mut sample)
        .map_err(|error| unread(&error))?;
    let text = String::from_utf8_lossy(&sample);
    let lower = text.trim_start().to_lowercase();
    if lower.starts_with("<html") || lower.starts_with("<!doctype") || lower.starts_with("<?xml") {
        return Err(violation(
            "file.kind",
            "这是网页文件（有的系统把网页存成 .xls），不是表格",
            "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传",
        ));
    }
    Ok(Book {
        content: Content::Csv { reader, encoding, delimiter: sniff_delimiter(&text) },
        sheets: vec![SheetInfo { name: CSV_SHEET.to_owned(), hidden: false }],
        limits,
    })
}

fn first_bytes<R: Read + Seek>(reader: &mut R) -> Result<Vec<u8>, Violation> {
    reader.rewind().map_err(|error| unread(&error))?;
    let mut start = Vec::new();
    reader.by_ref().take(8).read_to_end(&mut start).map_err(|error| unread(&error))?;
    reader.rewind().map_err(|error| unread(&error))?;
    Ok(start)
}

fn violation(code: &str, message: &str, remedy: &str) -> Violation {
    Violation::new(code, "file", message, remedy)
}
