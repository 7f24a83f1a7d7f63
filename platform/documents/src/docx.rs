//! Writing a document as Word (OOXML), by hand: real styles, so that headings are in the navigation
//! pane and an office can restyle; the government faces by name; the character and line grid of the
//! standard; repeated heads of tables; page numbers as fields on outer sides.
//!
//! Written without a document library: the parts needed are few, their order is fixed by the schema
//! (ECMA-376 part 1), and nothing else of such a library would be used.

mod bars;
mod body;
mod package;
mod png;
mod styles;
mod table;
mod xml;

use vocabulary::Violation;

use crate::model::{Document, checked};

/// Writes a document as docx.
///
/// # Errors
/// What is wrong with the document, or `docx.write` when it cannot be packed.
pub fn write_docx(document: &Document) -> Result<Vec<u8>, Vec<Violation>> {
    checked(document)?;
    let mut pictures = bars::Pictures::default();
    let main = body::main_part(document, &mut pictures);
    package::pack(document, &main, &pictures).map_err(|error| {
        vec![Violation::new(
            "docx.write",
            "docx",
            format!("Word 文件生成失败：{error}"),
            "请重试；仍然失败请报给系统管理员",
        )]
    })
}
