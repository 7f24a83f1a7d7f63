//! Figures of bars in Word: a table without rules of label, picture of the bar, value.

use super::body::{paragraph, run, spacer};
use super::png::{HEIGHT, WIDTH, bar_png};
use super::table::{cell, grid_start};
use super::xml::Xml;
use crate::model::{BarFigure, BarRow};
use crate::standard::{BODY_WIDTH, twips};

/// Widths of label, picture and value, of the type area.
const SHARES: [f32; 3] = [0.33, 0.40, 0.27];
/// Lengths of pictures are in EMU: 12700 a point.
const EMU: f32 = 12_700.0;
/// Room at the sides of the picture in its cell, in points.
const SIDES: f32 = 11.0;

/// The pictures of a document, each drawn once however often it is used.
#[derive(Default)]
pub(super) struct Pictures {
    /// The files, in the order of their numbers from 1.
    pub files: Vec<Vec<u8>>,
    /// How many times pictures were placed: each place needs a number of its own.
    placed: usize,
}

impl Pictures {
    /// The number of a picture, counted from 1.
    fn number(&mut self, png: Vec<u8>) -> usize {
        if let Some(known) = self.files.iter().position(|file| *file == png) {
            return known + 1;
        }
        self.files.push(png);
        self.files.len()
    }
}

/// The id of a picture's relationship.
pub(super) fn relation(number: usize) -> String {
    format!("rIdImage{number}")
}

pub(super) fn write(xml: &mut Xml, figure: &BarFigure, pictures: &mut Pictures) {
    paragraph(xml, "Caption", |xml| run(xml, &figure.title));
    if figure.rows.iter().any(|row| row.tick.is_some()) && !figure.tick_meaning.is_empty() {
        paragraph(xml, "GwLegend", |xml| run(xml, &figure.tick_meaning));
    }
    let widths = SHARES.map(|share| twips(BODY_WIDTH * share));
    grid_start(xml, "GwPlain", &widths, &figure.title);
    for row in &figure.rows {
        xml.element("w:tr", &[], |xml| {
            xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
            let [label, picture, value] = widths;
            cell(xml, label, 1, "", |xml| paragraph(xml, "GwCell", |xml| run(xml, &row.label)));
            cell(xml, picture, 1, "", |xml| place(xml, row, pictures));
            cell(xml, value, 1, "", |xml| paragraph(xml, "GwCell", |xml| run(xml, &row.value)));
        });
    }
    xml.end_table();
    spacer(xml);
}

fn place(xml: &mut Xml, row: &BarRow, pictures: &mut Pictures) {
    let Ok(png) = bar_png(row) else {
        // The value beside it says all; without its picture the row is still complete.
        paragraph(xml, "GwCell", |_| {});
        return;
    };
    let number = pictures.number(png);
    pictures.placed += 1;
    let id = pictures.placed.to_string();
    let [_, share, _] = SHARES;
    let width = BODY_WIDTH * share - SIDES;
    let extent = |points: f32| ((points * EMU).round() as i64).to_string();
    let (cx, cy) = (extent(width), extent(width * HEIGHT as f32 / WIDTH as f32));
    let name = format!("bar{id}");
    let alt = format!("{} {}", row.label, row.value);
    paragraph(xml, "GwCell", |xml| {
        xml.element("w:r", &[], |xml| {
            xml.element("w:drawing", &[], |xml| {
                let edges = [("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")];
                xml.element("wp:inline", &edges, |xml| {
                    xml.empty("wp:extent", &[("cx", &cx), ("cy", &cy)]);
                    xml.empty("wp:docPr", &[("id", &id), ("name", &name), ("descr", &alt)]);
                    graphic(xml, &relation(number), &id, &name, [&cx, &cy]);
                });
            });
        });
    });
}

fn graphic(xml: &mut Xml, relation: &str, id: &str, name: &str, [cx, cy]: [&str; 2]) {
    const MAIN: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
    const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
    xml.element("a:graphic", &[("xmlns:a", MAIN)], |xml| {
        xml.element("a:graphicData", &[("uri", PICTURE)], |xml| {
            xml.element("pic:pic", &[("xmlns:pic", PICTURE)], |xml| {
                xml.element("pic:nvPicPr", &[], |xml| {
                    xml.empty("pic:cNvPr", &[("id", id), ("name", name)]);
                    xml.empty("pic:cNvPicPr", &[]);
                });
                xml.element("pic:blipFill", &[], |xml| {
                    xml.empty("a:blip", &[("r:embed", relation)]);
                    xml.element("a:stretch", &[], |xml| xml.empty("a:fillRect", &[]));
                });
                xml.element("pic:spPr", &[], |xml| {
                    xml.element("a:xfrm", &[], |xml| {
                        xml.empty("a:off", &[("x", "0"), ("y", "0")]);
                        xml.empty("a:ext", &[("cx", cx), ("cy", cy)]);
                    });
                    xml.element("a:prstGeom", &[("prst", "rect")], |xml| xml.empty("a:avLst", &[]));
                });
            });
        });
    });
}
