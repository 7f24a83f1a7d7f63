//! The parts around the main part, packed: types, relationships, footers, settings, properties.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

use super::bars::{Pictures, relation};
use super::body::{FOOTER_EVEN, FOOTER_ODD, FOOTER_WIDE_EVEN, FOOTER_WIDE_ODD, NAMESPACES, fonts, paragraph_with, run};
use super::styles::{FACES, HEADING_FACE, styles_part};
use super::xml::Xml;
use crate::model::Document;
use crate::standard::{Paper, SIZE_SMALL, SIZE_TABLE_DENSE, twips};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Packs everything. Times of entries are fixed, so that one document gives one file.
pub(super) fn pack(document: &Document, main: &str, pictures: &Pictures) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", package_relations()),
        ("docProps/core.xml", properties(document)),
        ("word/document.xml", main.to_owned()),
        ("word/styles.xml", styles_part()),
        ("word/settings.xml", settings()),
        ("word/fontTable.xml", font_table()),
        ("word/footer1.xml", footer(document, true, Paper::Portrait)),
        ("word/footer2.xml", footer(document, false, Paper::Portrait)),
        ("word/footer3.xml", footer(document, true, Paper::Landscape)),
        ("word/footer4.xml", footer(document, false, Paper::Landscape)),
        ("word/_rels/document.xml.rels", document_relations(pictures)),
    ];
    for (name, text) in parts {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    for (number, png) in (1..).zip(&pictures.files) {
        zip.start_file(picture_name(number, "word/"), options)?;
        zip.write_all(png)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn picture_name(number: usize, folder: &str) -> String {
    format!("{folder}media/bar{number}.png")
}

fn content_types() -> String {
    const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut xml = Xml::document();
    xml.element("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |xml| {
        let defaults = [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
        ];
        for (extension, kind) in defaults {
            xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
        }
        let parts = [
            ("/word/document.xml", "document.main"),
            ("/word/styles.xml", "styles"),
            ("/word/settings.xml", "settings"),
            ("/word/fontTable.xml", "fontTable"),
            ("/word/footer1.xml", "footer"),
            ("/word/footer2.xml", "footer"),
            ("/word/footer3.xml", "footer"),
            ("/word/footer4.xml", "footer"),
        ];
        for (part, kind) in parts {
            let kind = format!("{WORD_TYPE}.{kind}+xml");
            xml.empty("Override", &[("PartName", part), ("ContentType", &kind)]);
        }
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        xml.empty("Override", &[("PartName", "/docProps/core.xml"), ("ContentType", core)]);
    });
    xml.finish()
}

fn relations(list: &[(String, String, String)]) -> String {
    let mut xml = Xml::document();
    xml.element("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |xml| {
        for (id, kind, target) in list {
            xml.empty("Relationship", &[("Id", id), ("Type", kind), ("Target", target)]);
        }
    });
    xml.finish()
}

fn package_relations() -> String {
    let core = format!("{PACKAGE}/relationships/metadata/core-properties");
    relations(&[
        ("rId1".into(), format!("{OFFICE}/officeDocument"), "word/document.xml".into()),
        ("rId2".into(), core, "docProps/core.xml".into()),
    ])
}

fn document_relations(pictures: &Pictures) -> String {
    let mut list: Vec<(String, String, String)> = [
        ("rIdStyles", "styles", "styles.xml"),
        ("rIdSettings", "settings", "settings.xml"),
        ("rIdFonts", "fontTable", "fontTable.xml"),
        (FOOTER_ODD, "footer", "footer1.xml"),
        (FOOTER_EVEN, "footer", "footer2.xml"),
        (FOOTER_WIDE_ODD, "footer", "footer3.xml"),
        (FOOTER_WIDE_EVEN, "footer", "footer4.xml"),
    ]
    .into_iter()
    .map(|(id, kind, target)| (id.to_owned(), format!("{OFFICE}/{kind}"), target.to_owned()))
    .collect();
    for number in 1..=pictures.files.len() {
        list.push((relation(number), format!("{OFFICE}/image"), picture_name(number, "")));
    }
    relations(&list)
}

fn properties(document: &Document) -> String {
    let mut xml = Xml::document();
    let namespaces = [
        ("xmlns:cp", &*format!("{PACKAGE}/metadata/core-properties")),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    xml.element("cp:coreProperties", &namespaces, |xml| {
        xml.text("dc:title", &[], &document.title.replace('\n', ""));
        xml.text("dc:creator", &[], &document.issuer);
        xml.text("dc:language", &[], "zh-CN");
        if let Some(made) = document.made_at {
            let time = format!("{}+08:00", made.format("%Y-%m-%dT%H:%M:%S"));
            xml.text("dcterms:created", &[("xsi:type", "dcterms:W3CDTF")], &time);
        }
    });
    xml.finish()
}

fn settings() -> String {
    let mut xml = Xml::document();
    xml.element("w:settings", &[("xmlns:w", WORD)], |xml| {
        xml.empty("w:evenAndOddHeaders", &[]);
        xml.value("w:characterSpacingControl", "doNotCompress");
        xml.element("w:compat", &[], |xml| {
            let mode = [
                ("w:name", "compatibilityMode"),
                ("w:uri", "http://schemas.microsoft.com/office/word"),
                ("w:val", "15"),
            ];
            xml.empty("w:compatSetting", &mode);
        });
        xml.empty("w:themeFontLang", &[("w:val", "en-US"), ("w:eastAsia", "zh-CN")]);
    });
    xml.finish()
}

fn font_table() -> String {
    let mut xml = Xml::document();
    xml.element("w:fonts", &[("xmlns:w", WORD)], |xml| {
        for (face, other) in FACES {
            xml.element("w:font", &[("w:name", face)], |xml| {
                xml.value("w:altName", other);
                xml.value("w:charset", "86");
                xml.value("w:family", "auto");
            });
        }
    });
    xml.finish()
}

/// The foot of a page: number at the outer side, marking at the inner.
fn footer(document: &Document, odd: bool, paper: Paper) -> String {
    let marking = document.marking.as_deref().unwrap_or_default();
    let mut xml = Xml::document();
    xml.element("w:ftr", NAMESPACES, |xml| {
        paragraph_with(
            xml,
            "Footer",
            |xml| wide_tab(xml, paper),
            |xml| {
                if odd {
                    marking_run(xml, marking);
                    tab(xml);
                    page_number(xml);
                } else {
                    page_number(xml);
                    tab(xml);
                    marking_run(xml, marking);
                }
            },
        );
    });
    xml.finish()
}

/// On lying pages the right side is further away than the style says.
fn wide_tab(xml: &mut Xml, paper: Paper) {
    if paper == Paper::Portrait {
        return;
    }
    let place = |paper: Paper| twips(paper.body_width() - SIZE_SMALL).to_string();
    xml.element("w:tabs", &[], |xml| {
        xml.empty("w:tab", &[("w:val", "clear"), ("w:pos", &place(Paper::Portrait))]);
        xml.empty("w:tab", &[("w:val", "right"), ("w:pos", &place(paper))]);
    });
}

fn tab(xml: &mut Xml) {
    xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
}

fn marking_run(xml: &mut Xml, marking: &str) {
    if marking.is_empty() {
        return;
    }
    xml.element("w:r", &[], |xml| {
        xml.element("w:rPr", &[], |xml| {
            fonts(xml, HEADING_FACE);
            xml.value("w:sz", &((SIZE_TABLE_DENSE * 2.0) as i32).to_string());
        });
        xml.text("w:t", &[("xml:space", "preserve")], marking);
    });
}

/// The number of the page as a field between dashes.
fn page_number(xml: &mut Xml) {
    run(xml, "— ");
    let mark = |xml: &mut Xml, kind: &str| {
        xml.element("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
    };
    mark(xml, "begin");
    xml.element("w:r", &[], |xml| {
        xml.text("w:instrText", &[("xml:space", "preserve")], " PAGE ");
    });
    mark(xml, "separate");
    run(xml, "1");
    mark(xml, "end");
    run(xml, " —");
}
