//! Word, opened as what it is: a zip of XML parts.

use std::collections::BTreeSet;

use documents::{Document, write_docx};

use crate::sample::{attached, bulletin, indicator_table, long_table};
use crate::tools::{Node, keep, parse, unzip};

struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    fn of(document: &Document) -> Self {
        let bytes = write_docx(document).unwrap();
        Self(unzip(&bytes))
    }

    fn xml(&self, name: &str) -> Node {
        let (_, bytes) = self.0.iter().find(|(part, _)| part == name).unwrap();
        parse(std::str::from_utf8(bytes).unwrap())
    }
}

#[test]
fn the_package_is_whole() {
    keep("bulletin.docx", &write_docx(&bulletin()).unwrap());
    let parts = Parts::of(&bulletin());
    let names: BTreeSet<&str> = parts.0.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(parts.0.first().unwrap().0, "[Content_Types].xml");
    for (name, _) in parts.0.iter().filter(|(name, _)| name.ends_with("xml") || name.ends_with("rels")) {
        parts.xml(name);
    }
    let types = parts.xml("[Content_Types].xml");
    for part in types.children("Override") {
        let name = part.attribute("PartName").unwrap().trim_start_matches('/');
        assert!(names.contains(name), "{name}");
    }
    let relations = parts.xml("word/_rels/document.xml.rels");
    let mut ids = BTreeSet::new();
    for relation in relations.children("Relationship") {
        let target = format!("word/{}", relation.attribute("Target").unwrap());
        assert!(names.contains(target.as_str()), "{target}");
        assert!(ids.insert(relation.attribute("Id").unwrap().to_owned()));
    }
    let main = parts.xml("word/document.xml");
    let used = main.all("a:blip").into_iter().map(|node| node.attribute("r:embed").unwrap());
    for id in used {
        assert!(ids.contains(id), "{id}");
    }
    let drawn: Vec<_> = main.all("wp:docPr").iter().map(|node| node.attribute("id").unwrap().to_owned()).collect();
    assert_eq!(drawn.len(), 7);
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 7);
}

#[test]
fn every_style_used_is_defined_and_headings_are_word_headings() {
    let parts = Parts::of(&bulletin());
    let styles = parts.xml("word/styles.xml");
    let defined: BTreeSet<&str> =
        styles.children("w:style").map(|style| style.attribute("w:styleId").unwrap()).collect();
    for name in ["word/document.xml", "word/footer1.xml", "word/footer2.xml"] {
        let part = parts.xml(name);
        for kind in ["w:pStyle", "w:tblStyle"] {
            for node in part.all(kind) {
                let style = node.attribute("w:val").unwrap();
                assert!(defined.contains(style), "{style}");
            }
        }
    }
    let main = parts.xml("word/document.xml");
    let headings: Vec<(String, String)> = main
        .all("w:p")
        .into_iter()
        .filter_map(|paragraph| {
            let style = paragraph.all("w:pStyle").first()?.attribute("w:val")?.to_owned();
            style.starts_with("Heading").then(|| (style, paragraph.words()))
        })
        .collect();
    assert_eq!(headings.first().unwrap(), &("Heading1".into(), "一、总体情况".into()));
    assert!(headings.contains(&("Heading2".into(), "（一）托育服务供给不足".into())));
    assert!(headings.contains(&("Heading3".into(), "1.布局不均。".into())));
    assert!(headings.contains(&("Heading4".into(), "（1）用地。".into())));
    let outline = styles.children("w:style").find(|style| style.attribute("w:styleId") == Some("Heading2"));
    let outline = outline.unwrap().all("w:outlineLvl");
    assert_eq!(outline.first().unwrap().attribute("w:val"), Some("1"));
    let faces: BTreeSet<_> =
        styles.all("w:rFonts").iter().filter_map(|node| node.attribute("w:eastAsia").map(str::to_owned)).collect();
    for face in ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"] {
        assert!(faces.contains(face), "{face}");
    }
}

#[test]
fn every_cell_is_there_in_order_and_rows_fill_the_grid() {
    let main = Parts::of(&bulletin()).xml("word/document.xml");
    let tables = main.all("w:tbl");
    let table = tables.first().unwrap();
    let columns = table.all("w:gridCol").len();
    assert_eq!(columns, 6);
    let mut texts = Vec::new();
    for row in table.children("w:tr") {
        let mut covered = 0;
        for cell in row.children("w:tc") {
            let span = cell.all("w:gridSpan");
            covered += span.first().map_or(1, |span| span.attribute("w:val").unwrap().parse().unwrap());
            let continued = cell.all("w:vMerge").iter().any(|merge| merge.attribute("w:val") == Some("continue"));
            if !continued {
                texts.push(cell.words());
            }
        }
        assert_eq!(covered, columns);
    }
    let model = indicator_table();
    let rows = model.header.iter().chain(&model.rows).chain(&model.footer);
    let wanted: Vec<String> = rows.flatten().map(|cell| cell.text.clone()).collect();
    assert_eq!(texts, wanted);
    let heads = table.children("w:tr").filter(|row| !row.all("w:tblHeader").is_empty()).count();
    assert_eq!(heads, 2);
    let long = Parts::of(&long_table(50)).xml("word/document.xml");
    assert_eq!(long.all("w:tblHeader").len(), 1);
    assert_eq!(long.all("w:tr").len(), 51);
}

#[test]
fn paper_grid_and_page_numbers_follow_the_standard() {
    let parts = Parts::of(&bulletin());
    let main = parts.xml("word/document.xml");
    let margins = main.all("w:pgMar");
    let margins = margins.first().unwrap();
    let mm = |name: &str| -> f64 { margins.attribute(name).unwrap().parse::<f64>().unwrap() / 20.0 / 72.0 * 25.4 };
    for (name, expected) in [("w:top", 37.0), ("w:bottom", 35.0), ("w:left", 28.0), ("w:right", 26.0)] {
        assert!((mm(name) - expected).abs() < 0.1, "{name}");
    }
    let grid = main.all("w:docGrid");
    assert_eq!(grid.first().unwrap().attribute("w:type"), Some("linesAndChars"));
    let odd = parts.xml("word/footer1.xml");
    let field: String = odd.all("w:instrText").iter().map(|node| node.text.clone()).collect();
    assert_eq!(field.trim(), "PAGE");
    assert_eq!(odd.words(), "演示合成数据，不作统计依据— 1 —");
    assert_eq!(parts.xml("word/footer2.xml").words(), "— 1 —演示合成数据，不作统计依据");
    assert!(!parts.xml("word/settings.xml").all("w:evenAndOddHeaders").is_empty());
}

#[test]
fn a_lying_page_is_a_section_of_its_own_and_the_sign_off_stands_before_it() {
    let parts = Parts::of(&attached());
    let main = parts.xml("word/document.xml");
    let sizes: Vec<(i64, i64, Option<String>)> = main
        .all("w:pgSz")
        .iter()
        .map(|size| {
            let length = |name| size.attribute(name).unwrap().parse().unwrap();
            (length("w:w"), length("w:h"), size.attribute("w:orient").map(str::to_owned))
        })
        .collect();
    assert_eq!(sizes, [(11906, 16838, None), (16838, 11906, Some("landscape".to_owned()))]);
    let words = main.words();
    assert!(words.find("示例市卫生健康委员会").unwrap() < words.find("附表").unwrap(), "{words}");
    let width = |table: &Node| -> i64 {
        table.all("w:gridCol").iter().map(|column| column.attribute("w:w").unwrap().parse::<i64>().unwrap()).sum()
    };
    let tables = main.all("w:tbl");
    let widths: Vec<i64> = tables.iter().map(|table| width(table)).collect();
    let type_area = |millimetres: f64| (millimetres / 25.4 * 1440.0).round() as i64;
    assert!((widths[0] - type_area(156.0)).abs() < 12 && (widths[1] - type_area(225.0)).abs() < 12, "{widths:?}");
    let wide = parts.xml("word/footer3.xml");
    assert_eq!(wide.all("w:tab").iter().filter(|tab| tab.attribute("w:val") == Some("clear")).count(), 1);
}

#[test]
fn odd_characters_do_not_break_the_xml() {
    let document = Document { title: "甲<乙>&\"丙\"\u{1}丁\u{FFFF}".into(), ..Document::default() };
    let main = Parts::of(&document).xml("word/document.xml");
    assert_eq!(main.words(), "甲<乙>&\"丙\"丁");
}

#[test]
fn pictures_of_bars_are_whole_png_files() {
    let parts = Parts::of(&bulletin());
    let pictures: Vec<_> = parts.0.iter().filter(|(name, _)| name.ends_with(".png")).collect();
    assert!(!pictures.is_empty());
    for (name, bytes) in pictures {
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
        let mut rest = &bytes[8..];
        let mut pixels = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let (kind, data) = (&rest[4..8], &rest[8..8 + length]);
            let sum = u32::from_be_bytes(rest[8 + length..12 + length].try_into().unwrap());
            let mut crc = flate2::Crc::new();
            crc.update(kind);
            crc.update(data);
            assert_eq!(crc.sum(), sum);
            if kind == b"IDAT" {
                std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(data), &mut pixels).unwrap();
            }
            rest = &rest[12 + length..];
        }
        assert_eq!(pixels.len(), 601 * 44);
    }
}
