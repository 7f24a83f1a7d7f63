//! The main part: red head, title, blocks, sign-off, imprint, page set-up.

use super::bars::{self, Pictures};
use super::styles::TITLE_FACE;
use super::table;
use super::xml::Xml;
use crate::fmt;
use crate::model::{Align, Block, Document, ImprintRow, List, PLAIN_MARKER, numbered_headings, ordered_marker};
use crate::standard::{
    BODY_WIDTH, CHAR_PITCH, CHARS_PER_LINE, DATE_SHIFT_CHARS, LINE_PITCH, LINES_AFTER_MARK, LINES_BEFORE_TITLE,
    MARK_DROP, MARK_SIZE_MAX, MARK_SIZE_MIN, MM, Paper, SIGN_RIGHT_CHARS, SIZE_BODY, twips,
};
use crate::text::{Face, GridMeasure, width_in_ems};

/// The id of the footer of odd pages.
pub(super) const FOOTER_ODD: &str = "rIdFooterOdd";
/// The id of the footer of even pages.
pub(super) const FOOTER_EVEN: &str = "rIdFooterEven";
/// The ids of the same on lying pages.
pub(super) const FOOTER_WIDE_ODD: &str = "rIdFooterWideOdd";
pub(super) const FOOTER_WIDE_EVEN: &str = "rIdFooterWideEven";
/// From the foot of the type area to the foot of the page number: 7 mm and the number's own height.
const FOOTER_RISE: f32 = 12.0 * MM;

/// The namespaces of the main part and of footers.
pub(super) const NAMESPACES: &[(&str, &str)] = &[
    ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
];

/// Writes `word/document.xml`; pictures are collected on the way.
pub(super) fn main_part(document: &Document, pictures: &mut Pictures) -> String {
    let mut xml = Xml::document();
    xml.element("w:document", NAMESPACES, |xml| {
        xml.element("w:body", &[], |xml| {
            head(xml, document);
            let mut paper = Paper::Portrait;
            for (block, number) in document.blocks.iter().zip(numbered_headings(document)) {
                match block {
                    Block::PageBreak(next) => new_page(xml, &mut paper, *next),
                    Block::SignOff => sign_off(xml, document),
                    block => write_block(xml, block, number.as_deref(), paper, pictures),
                }
            }
            if !document.blocks.contains(&Block::SignOff) {
                sign_off(xml, document);
            }
            imprint(xml, &document.imprint, paper);
            section(xml, paper);
        });
    });
    xml.finish()
}

/// A paragraph of a style.
pub(super) fn paragraph(xml: &mut Xml, style: &str, inside: impl FnOnce(&mut Xml)) {
    paragraph_with(xml, style, |_| {}, inside);
}

/// A paragraph of a style, aligned.
pub(super) fn paragraph_aligned(xml: &mut Xml, style: &str, align: Align, inside: impl FnOnce(&mut Xml)) {
    let value = match align {
        Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
    };
    paragraph_with(xml, style, |xml| xml.value("w:jc", value), inside);
}

/// A run of text; a line feed in it is a line break.
pub(super) fn run(xml: &mut Xml, text: &str) {
    run_with(xml, |_| {}, text);
}

/// A run in another face than its style's.
pub(super) fn run_in(xml: &mut Xml, face: &str, text: &str) {
    run_with(xml, |xml| xml.element("w:rPr", &[], |xml| fonts(xml, face)), text);
}

/// The face of a run, for Chinese and Latin alike.
pub(super) fn fonts(xml: &mut Xml, face: &str) {
    let faces = [("w:ascii", face), ("w:eastAsia", face), ("w:hAnsi", face), ("w:cs", face)];
    xml.empty("w:rFonts", &faces);
}

/// A thin paragraph, so that two tables never grow together.
pub(super) fn spacer(xml: &mut Xml) {
    paragraph(xml, "GwSpacer", |_| {});
}

pub(super) fn paragraph_with(
    xml: &mut Xml,
    style: &str,
    properties: impl FnOnce(&mut Xml),
    inside: impl FnOnce(&mut Xml),
) {
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| {
            xml.value("w:pStyle", style);
            properties(xml);
        });
        inside(xml);
    });
}

fn run_with(xml: &mut Xml, properties: impl FnOnce(&mut Xml), text: &str) {
    xml.element("w:r", &[], |xml| {
        properties(xml);
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                xml.empty("w:br", &[]);
            }
            xml.text("w:t", &[("xml:space", "preserve")], part);
        }
    });
}

fn blank_lines(xml: &mut Xml, count: u16) {
    for _ in 0..count {
        paragraph(xml, "Normal", |_| {});
    }
}

fn head(xml: &mut Xml, document: &Document) {
    if let Some(marking) = &document.marking {
        paragraph(xml, "GwMarking", |xml| run(xml, marking));
    }
    if !document.issuer.is_empty() {
        red_head(xml, document);
        blank_lines(xml, LINES_BEFORE_TITLE);
    }
    paragraph(xml, "Title", |xml| run(xml, &document.title));
    for line in [&document.subtitle, &document.date_line].into_iter().flatten() {
        paragraph(xml, "Subtitle", |xml| run(xml, line));
    }
    blank_lines(xml, 1);
    if let Some(addressee) = &document.addressee {
        paragraph(xml, "GwAddressee", |xml| run(xml, &format!("{addressee}：")));
    }
}

fn red_head(xml: &mut Xml, document: &Document) {
    let ems = width_in_ems(&document.issuer, Face::Title, &GridMeasure).max(1.0);
    let size = (BODY_WIDTH / ems).clamp(MARK_SIZE_MIN, MARK_SIZE_MAX);
    let taken = if document.marking.is_some() { LINE_PITCH } else { 0.0 };
    let before = twips((MARK_DROP - taken).max(0.0)).to_string();
    let spacing = |xml: &mut Xml| {
        let values = [("w:before", before.as_str()), ("w:line", "240"), ("w:lineRule", "auto")];
        xml.empty("w:spacing", &values);
    };
    paragraph_with(xml, "GwMark", spacing, |xml| {
        let half_points = ((size * 2.0).floor() as i32).to_string();
        let look = |xml: &mut Xml| {
            xml.element("w:rPr", &[], |xml| {
                fonts(xml, TITLE_FACE);
                xml.value("w:sz", &half_points);
                xml.value("w:szCs", &half_points);
            });
        };
        run_with(xml, look, &document.issuer);
    });
    blank_lines(xml, LINES_AFTER_MARK);
    let number = document.document_no.as_deref().unwrap_or_default();
    paragraph(xml, "GwNumber", |xml| run(xml, number));
}

fn write_block(xml: &mut Xml, block: &Block, number: Option<&str>, paper: Paper, pictures: &mut Pictures) {
    match block {
        Block::Heading(level, text) => {
            let style = format!("Heading{}", level.number());
            paragraph(xml, &style, |xml| run(xml, number.unwrap_or(text)));
        }
        Block::Paragraph(text) => paragraph(xml, "GwBody", |xml| run(xml, text)),
        Block::Note(text) => paragraph(xml, "GwNote", |xml| run(xml, text)),
        Block::List(list) => write_list(xml, list),
        Block::Table(table) => table::write(xml, table, paper),
        Block::Bars(figure) => bars::write(xml, figure, pictures),
        Block::PageBreak(_) | Block::SignOff => {}
    }
}

/// A new page; one that lies otherwise than the last begins a section.
fn new_page(xml: &mut Xml, paper: &mut Paper, next: Paper) {
    if *paper == next {
        paragraph(xml, "GwSpacer", |xml| {
            xml.element("w:r", &[], |xml| xml.empty("w:br", &[("w:type", "page")]));
        });
    } else {
        // The paragraph that closes a section says how its pages were.
        paragraph_with(xml, "GwSpacer", |xml| section(xml, *paper), |_| {});
        *paper = next;
    }
}

fn write_list(xml: &mut Xml, list: &List) {
    for (index, item) in list.items.iter().enumerate() {
        let marker = if list.ordered { ordered_marker(index + 1) } else { PLAIN_MARKER.to_owned() };
        paragraph(xml, "GwBody", |xml| run(xml, &format!("{marker}{item}")));
    }
}

/// Unit and date at the right, by the rule of clause 7.3.5.2, in characters of the grid.
fn sign_off(xml: &mut Xml, document: &Document) {
    let Some(sign) = &document.sign_off else {
        return;
    };
    let date_text = fmt::day(sign.date);
    let width = |text: &str| width_in_ems(text, Face::Body, &GridMeasure);
    let (unit, date) = (width(&sign.unit), width(&date_text));
    let edge = f32::from(SIGN_RIGHT_CHARS);
    let shift = f32::from(DATE_SHIFT_CHARS);
    let (unit_right, date_right) =
        if date > unit { (edge + date + shift - unit, edge) } else { (edge, (edge + unit - shift - date).max(0.0)) };
    blank_lines(xml, 1);
    for (text, right) in [(&sign.unit, unit_right), (&date_text, date_right)] {
        let right = right.clamp(0.0, f32::from(CHARS_PER_LINE) - 1.0);
        let chars = ((right * 100.0).round() as i32).to_string();
        let absolute = twips(right * CHAR_PITCH).to_string();
        let place = |xml: &mut Xml| {
            xml.empty("w:ind", &[("w:rightChars", &chars), ("w:right", &absolute)]);
        };
        paragraph_with(xml, "GwSign", place, |xml| run(xml, text));
    }
}

/// The imprint: a table that floats at the foot of the last page.
fn imprint(xml: &mut Xml, rows: &[ImprintRow], paper: Paper) {
    if rows.is_empty() {
        return;
    }
    let width = twips(paper.body_width());
    xml.start("w:tbl", &[]);
    xml.element("w:tblPr", &[], |xml| {
        xml.value("w:tblStyle", "GwImprintGrid");
        let place = [
            ("w:vertAnchor", "margin"),
            ("w:horzAnchor", "margin"),
            ("w:tblpXSpec", "center"),
            ("w:tblpYSpec", "bottom"),
        ];
        xml.empty("w:tblpPr", &place);
        xml.empty("w:tblW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
    });
    xml.element("w:tblGrid", &[], |xml| {
        xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
    });
    for row in rows {
        xml.element("w:tr", &[], |xml| {
            table::cell(xml, width, 1, "", |xml| {
                paragraph(xml, "GwImprint", |xml| {
                    run(xml, &row.left);
                    if !row.right.is_empty() {
                        xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
                        run(xml, &row.right);
                    }
                });
            });
        });
    }
    xml.end_table();
    spacer(xml);
}

/// Paper, margins, grid of 22 lines of 28 characters, footers.
fn section(xml: &mut Xml, paper: Paper) {
    let length = |points: f32| twips(points).to_string();
    xml.element("w:sectPr", &[], |xml| {
        let (odd, even) = match paper {
            Paper::Portrait => (FOOTER_ODD, FOOTER_EVEN),
            Paper::Landscape => (FOOTER_WIDE_ODD, FOOTER_WIDE_EVEN),
        };
        for (kind, id) in [("default", odd), ("even", even)] {
            xml.empty("w:footerReference", &[("w:type", kind), ("r:id", id)]);
        }
        let (width, height) = (length(paper.width()), length(paper.height()));
        let mut size = vec![("w:w", width.as_str()), ("w:h", height.as_str())];
        if paper == Paper::Landscape {
            size.push(("w:orient", "landscape"));
        }
        xml.empty("w:pgSz", &size);
        let margins = [
            ("w:top", length(paper.top())),
            ("w:right", length(paper.right())),
            ("w:bottom", length(paper.bottom())),
            ("w:left", length(paper.left())),
            ("w:header", length(15.0 * MM)),
            ("w:footer", length(paper.bottom() - FOOTER_RISE)),
            ("w:gutter", "0".to_owned()),
        ];
        let margins: Vec<_> = margins.iter().map(|(key, value)| (*key, value.as_str())).collect();
        xml.empty("w:pgMar", &margins);
        // Space between characters is counted in 4096ths of a point from the body's size.
        let char_space = ((CHAR_PITCH - SIZE_BODY) * 4096.0).round() as i32;
        let grid = [
            ("w:type", "linesAndChars"),
            ("w:linePitch", &length(LINE_PITCH)),
            ("w:charSpace", &char_space.to_string()),
        ];
        xml.empty("w:docGrid", &grid);
    });
}
