//! Writing a document as PDF: tagged, with subsets of its fonts, text that can be copied and found.
//!
//! The layout ([`crate::layout`]) decides where everything stands; here it is only drawn. Head rows
//! repeated on later pages, rules, bars and page numbers are artifacts: a reader hears every figure
//! once.

mod draw;
mod measure;
mod tags;

use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::{Document as Pdf, SerializeSettings};
use vocabulary::Violation;

use crate::fonts::Fonts;
use crate::layout::{Layout, lay_out};
use crate::model::{Document, checked};

/// A PDF, and what to know of it.
#[derive(Debug, Clone)]
pub struct PdfFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that no font at hand has; each is drawn as 〓 and still copied as itself.
    /// Rare characters in names are the usual case: tell the user.
    pub missing: Vec<char>,
}

/// Writes a document as PDF/UA-1, and as PDF/A-2a too when it says when it was made.
///
/// # Errors
/// What is wrong with the document, or `pdf.write` when the writer refuses.
pub fn write_pdf(document: &Document, fonts: &Fonts) -> Result<PdfFile, Vec<Violation>> {
    checked(document)?;
    let measurer = measure::FontMeasure::new(fonts);
    let layout = lay_out(document, &measurer);
    let mut pdf = Pdf::new_with(settings(document.made_at.is_some()).map_err(|why| vec![refused(&why)])?);
    pdf.set_metadata(metadata(document));
    let tags = draw::draw_pages(&mut pdf, &layout, &measurer).map_err(|why| vec![refused(&why)])?;
    pdf.set_tag_tree(tags);
    pdf.set_outline(outline(&layout));
    let bytes = pdf.finish().map_err(|error| vec![refused(&describe(&error))])?;
    Ok(PdfFile { bytes, pages: layout.pages.len(), missing: measurer.missing() })
}

fn settings(dated: bool) -> Result<SerializeSettings, String> {
    let accessible = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    // The archive standard asks for the day the file was made, and nothing here reads a clock.
    let builder = if dated { accessible.with_archival_validator(Archival::A2_A) } else { accessible };
    let configuration: Configuration = builder.finish().map_err(|error| format!("{error:?}"))?;
    Ok(SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() })
}

fn metadata(document: &Document) -> Metadata {
    let title: Vec<&str> =
        [Some(document.title.as_str()), document.subtitle.as_deref()].into_iter().flatten().collect();
    let mut metadata = Metadata::new().title(title.concat().replace('\n', "")).language("zh-CN".to_owned());
    if !document.issuer.is_empty() {
        metadata = metadata.authors(vec![document.issuer.clone()]);
    }
    if let Some(made) = document.made_at {
        metadata = metadata.creation_date(pdf_time(made));
    }
    metadata
}

fn pdf_time(made: chrono::NaiveDateTime) -> DateTime {
    use chrono::{Datelike, Timelike};
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(made.year()).unwrap_or_default())
        .month(small(made.month()))
        .day(small(made.day()))
        .hour(small(made.hour()))
        .minute(small(made.minute()))
        .second(small(made.second()))
        .utc_offset_hour(8)
        .utc_offset_minute(0)
}

/// Headings as bookmarks, lower ones under those above.
fn outline(layout: &Layout) -> Outline {
    let mut stack: Vec<(u16, OutlineNode)> = Vec::new();
    let mut outline = Outline::new();
    for heading in &layout.headings {
        close(&mut stack, heading.level, &mut outline);
        let place = krilla::geom::Point::from_xy(heading.x, heading.y);
        let target = krilla::destination::XyzDestination::new(heading.page, place);
        stack.push((heading.level, OutlineNode::new(heading.text.clone(), target)));
    }
    close(&mut stack, 0, &mut outline);
    outline
}

/// Hands every open bookmark at or below a level to the one above it.
fn close(stack: &mut Vec<(u16, OutlineNode)>, level: u16, outline: &mut Outline) {
    while stack.last().is_some_and(|(open, _)| *open >= level) {
        let Some((_, node)) = stack.pop() else { return };
        match stack.last_mut() {
            Some((_, parent)) => parent.push_child(node),
            None => outline.push_child(node),
        }
    }
}

fn describe(error: &krilla::error::KrillaError) -> String {
    match error {
        krilla::error::KrillaError::Validation(errors) => {
            let all: Vec<_> = errors.iter().map(|one| format!("{:?}", one.0)).collect();
            all.join("; ")
        }
        other => other.to_string(),
    }
}

fn refused(why: &str) -> Violation {
    Violation::new("pdf.write", "pdf", format!("PDF 生成失败：{why}"), "请改用 Word 版本，并把这条信息报给系统管理员")
}
