//! The styles. Built-in ones (Title, heading 1–4, Caption) keep their names, so that Word's
//! navigation, contents and readers know them; the others begin with `Gw` (公文).

use super::body::fonts;
use super::xml::Xml;
use crate::standard::{
    INDENT_CHARS, LINE_PITCH, RED, RED_LINE, RED_LINE_GAP, SIZE_BODY, SIZE_SMALL, SIZE_TABLE, SIZE_TABLE_DENSE,
    SIZE_TITLE, TITLE_PITCH, twips,
};

/// The face of the title and the issuer's mark.
pub(super) const TITLE_FACE: &str = "方正小标宋简体";
/// The face of the body.
pub(super) const BODY_FACE: &str = "仿宋_GB2312";
/// The face of first-level headings and heads of tables.
pub(super) const HEADING_FACE: &str = "黑体";
/// The face of second-level headings.
pub(super) const SUBHEADING_FACE: &str = "楷体_GB2312";
/// The face of page numbers.
pub(super) const NUMBER_FACE: &str = "宋体";

/// Faces with the one to take where a computer lacks them.
pub(super) const FACES: [(&str, &str); 5] = [
    (TITLE_FACE, "华文中宋"),
    (BODY_FACE, "仿宋"),
    (HEADING_FACE, "SimHei"),
    (SUBHEADING_FACE, "楷体"),
    (NUMBER_FACE, "SimSun"),
];

/// How a paragraph style looks.
#[derive(Clone, Copy)]
struct Look {
    id: &'static str,
    name: &'static str,
    face: &'static str,
    size: f32,
    /// Exact distance between lines in points; 0: as the text needs.
    pitch: f32,
    align: &'static str,
    /// First line indented by two characters.
    indent: bool,
    /// 0 for running text, 1–4 for headings.
    outline: u8,
    /// Stays with the next paragraph.
    keep: bool,
}

const BASE: Look = Look {
    id: "Normal",
    name: "Normal",
    face: BODY_FACE,
    size: SIZE_BODY,
    pitch: LINE_PITCH,
    align: "both",
    indent: false,
    outline: 0,
    keep: false,
};

const fn heading(id: &'static str, name: &'static str, face: &'static str, outline: u8) -> Look {
    Look { id, name, face, indent: true, outline, keep: true, ..BASE }
}

const fn small(id: &'static str, name: &'static str, size: f32, align: &'static str) -> Look {
    Look { id, name, size, pitch: 0.0, align, ..BASE }
}

const STYLES: &[Look] = &[
    BASE,
    Look { id: "GwBody", name: "公文正文", indent: true, ..BASE },
    Look { id: "GwAddressee", name: "公文主送机关", ..BASE },
    Look { id: "GwMarking", name: "公文标注", face: HEADING_FACE, align: "left", ..BASE },
    Look {
        id: "Title",
        name: "Title",
        face: TITLE_FACE,
        size: SIZE_TITLE,
        pitch: TITLE_PITCH,
        align: "center",
        keep: true,
        ..BASE
    },
    Look { id: "Subtitle", name: "Subtitle", face: SUBHEADING_FACE, align: "center", ..BASE },
    heading("Heading1", "heading 1", HEADING_FACE, 1),
    heading("Heading2", "heading 2", SUBHEADING_FACE, 2),
    heading("Heading3", "heading 3", BODY_FACE, 3),
    heading("Heading4", "heading 4", BODY_FACE, 4),
    Look { face: HEADING_FACE, keep: true, ..small("Caption", "caption", SIZE_TABLE, "center") },
    Look { keep: true, ..small("GwLegend", "公文图例", SIZE_TABLE_DENSE, "center") },
    Look { keep: true, ..small("GwUnit", "公文表单位", SIZE_TABLE_DENSE, "right") },
    small("GwCell", "公文表格", SIZE_TABLE, "left"),
    small("GwCellDense", "公文表格（密）", SIZE_TABLE_DENSE, "left"),
    Look { indent: true, ..small("GwNote", "公文注释", SIZE_TABLE, "both") },
    Look { id: "GwSign", name: "公文署名", align: "right", keep: true, ..BASE },
    Look { pitch: 9.0, ..small("GwSpacer", "公文间隔", SIZE_TABLE_DENSE, "left") },
];

/// Writes `word/styles.xml`.
pub(super) fn styles_part() -> String {
    let mut xml = Xml::document();
    let namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    xml.element("w:styles", &[("xmlns:w", namespace)], |xml| {
        defaults(xml);
        for look in STYLES {
            style(xml, look);
        }
        mark_style(xml);
        number_style(xml);
        imprint_style(xml);
        footer_style(xml);
        table_styles(xml);
    });
    xml.finish()
}

fn defaults(xml: &mut Xml) {
    xml.element("w:docDefaults", &[], |xml| {
        xml.element("w:rPrDefault", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                fonts(xml, BODY_FACE);
                size(xml, SIZE_BODY);
                xml.empty("w:lang", &[("w:val", "en-US"), ("w:eastAsia", "zh-CN")]);
            });
        });
        xml.empty("w:pPrDefault", &[]);
    });
}

fn size(xml: &mut Xml, points: f32) {
    let half_points = ((points * 2.0).round() as i32).to_string();
    xml.value("w:sz", &half_points);
    xml.value("w:szCs", &half_points);
}

fn style(xml: &mut Xml, look: &Look) {
    start(xml, look.id, look.name, |xml| {
        xml.element("w:pPr", &[], |xml| {
            if look.keep {
                xml.empty("w:keepNext", &[]);
                xml.empty("w:keepLines", &[]);
            }
            xml.value("w:kinsoku", "1");
            xml.value("w:overflowPunct", "1");
            if look.pitch == 0.0 {
                xml.value("w:snapToGrid", "0");
            }
            spacing(xml, look.pitch);
            if look.indent {
                let chars = (INDENT_CHARS * 100).to_string();
                let width = twips(f32::from(INDENT_CHARS) * look.size).to_string();
                xml.empty("w:ind", &[("w:firstLineChars", &chars), ("w:firstLine", &width)]);
            }
            xml.value("w:jc", look.align);
            if look.outline > 0 {
                xml.value("w:outlineLvl", &(look.outline - 1).to_string());
            }
        });
        xml.element("w:rPr", &[], |xml| {
            fonts(xml, look.face);
            size(xml, look.size);
        });
    });
}

fn spacing(xml: &mut Xml, pitch: f32) {
    let none = [("w:before", "0"), ("w:after", "0")];
    if pitch > 0.0 {
        let line = twips(pitch).to_string();
        xml.empty("w:spacing", &[none[0], none[1], ("w:line", &line), ("w:lineRule", "exact")]);
    } else {
        xml.empty("w:spacing", &[none[0], none[1], ("w:line", "240"), ("w:lineRule", "auto")]);
    }
}

fn start(xml: &mut Xml, id: &str, name: &str, inside: impl FnOnce(&mut Xml)) {
    let normal = id == "Normal";
    let mut attributes = vec![("w:type", "paragraph"), ("w:styleId", id)];
    if normal {
        attributes.push(("w:default", "1"));
    }
    if id.starts_with("Gw") {
        attributes.push(("w:customStyle", "1"));
    }
    xml.element("w:style", &attributes, |xml| {
        xml.value("w:name", name);
        if !normal {
            xml.value("w:basedOn", "Normal");
        }
        xml.empty("w:qFormat", &[]);
        inside(xml);
    });
}

/// 发文机关标志: red, centred; its size follows from its length.
fn mark_style(xml: &mut Xml) {
    start(xml, "GwMark", "公文发文机关标志", |xml| {
        xml.element("w:pPr", &[], |xml| {
            xml.value("w:snapToGrid", "0");
            spacing(xml, 0.0);
            xml.value("w:jc", "center");
        });
        xml.element("w:rPr", &[], |xml| {
            fonts(xml, TITLE_FACE);
            xml.value("w:color", &red());
        });
    });
}

/// 发文字号 with the red line under it.
fn number_style(xml: &mut Xml) {
    start(xml, "GwNumber", "公文发文字号", |xml| {
        xml.element("w:pPr", &[], |xml| {
            xml.element("w:pBdr", &[], |xml| {
                // Thickness in eighths of a point, distance in points.
                let thickness = ((RED_LINE * 8.0).round() as i32).to_string();
                let gap = (RED_LINE_GAP.round() as i32).to_string();
                let line =
                    [("w:val", "single"), ("w:sz", thickness.as_str()), ("w:space", gap.as_str()), ("w:color", &red())];
                xml.empty("w:bottom", &line);
            });
            spacing(xml, LINE_PITCH);
            xml.value("w:jc", "center");
        });
    });
}

fn imprint_style(xml: &mut Xml) {
    start(xml, "GwImprint", "公文版记", |xml| {
        xml.element("w:pPr", &[], |xml| {
            xml.element("w:tabs", &[], |xml| {
                let right = twips(crate::standard::BODY_WIDTH - 2.0 * SIZE_SMALL).to_string();
                xml.empty("w:tab", &[("w:val", "right"), ("w:pos", &right)]);
            });
            xml.value("w:snapToGrid", "0");
            spacing(xml, 24.0);
            xml.empty("w:ind", &[("w:leftChars", "100"), ("w:left", "280")]);
            xml.value("w:jc", "left");
        });
        xml.element("w:rPr", &[], |xml| size(xml, SIZE_SMALL));
    });
}

fn footer_style(xml: &mut Xml) {
    start(xml, "Footer", "footer", |xml| {
        xml.element("w:pPr", &[], |xml| {
            xml.element("w:tabs", &[], |xml| {
                let right = twips(crate::standard::BODY_WIDTH - SIZE_SMALL).to_string();
                xml.empty("w:tab", &[("w:val", "right"), ("w:pos", &right)]);
            });
            xml.value("w:snapToGrid", "0");
            spacing(xml, 0.0);
            xml.empty("w:ind", &[("w:leftChars", "100"), ("w:left", "280")]);
            xml.value("w:jc", "left");
        });
        xml.element("w:rPr", &[], |xml| {
            fonts(xml, NUMBER_FACE);
            size(xml, SIZE_SMALL);
        });
    });
}

fn table_styles(xml: &mut Xml) {
    let all = ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"];
    table_style(xml, "GwGrid", "公文表", &all, "4");
    table_style(xml, "GwPlain", "公文图", &[], "0");
    table_style(xml, "GwImprintGrid", "公文版记线", &["w:top", "w:bottom", "w:insideH"], "8");
}

fn table_style(xml: &mut Xml, id: &str, name: &str, edges: &[&'static str], size: &str) {
    let attributes = [("w:type", "table"), ("w:customStyle", "1"), ("w:styleId", id)];
    xml.element("w:style", &attributes, |xml| {
        xml.value("w:name", name);
        xml.element("w:tblPr", &[], |xml| {
            if !edges.is_empty() {
                xml.element("w:tblBorders", &[], |xml| {
                    for edge in edges {
                        let line = [("w:val", "single"), ("w:sz", size), ("w:space", "0"), ("w:color", "000000")];
                        xml.empty(edge, &line);
                    }
                });
            }
            xml.element("w:tblCellMar", &[], |xml| {
                for (edge, width) in [("w:top", "40"), ("w:left", "60"), ("w:bottom", "40"), ("w:right", "60")] {
                    xml.empty(edge, &[("w:w", width), ("w:type", "dxa")]);
                }
            });
        });
    });
}

fn red() -> String {
    format!("{:02X}{:02X}{:02X}", RED.0, RED.1, RED.2)
}
