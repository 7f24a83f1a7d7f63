//! Drawing the pages of a layout.

use krilla::Document as Pdf;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagTree};
use krilla::text::{GlyphId, KrillaGlyph};

use super::measure::FontMeasure;
use super::tags::tag_tree;
use crate::layout::{Item, Layout, Owner, Shape};
use crate::standard::Rgb;
use crate::text::{Face, Line};

/// Draws every page and gives the tag tree of what was drawn.
pub(super) fn draw_pages(pdf: &mut Pdf, layout: &Layout, measure: &FontMeasure<'_>) -> Result<TagTree, String> {
    let mut content: Vec<Vec<Identifier>> = vec![Vec::new(); layout.elements.len()];
    for page in &layout.pages {
        let settings =
            PageSettings::from_wh(page.paper.width(), page.paper.height()).ok_or_else(|| "page size".to_owned())?;
        let mut sheet = pdf.start_page_with(settings);
        let mut surface = sheet.surface();
        for items in page.items.chunk_by(|one, next| one.owner == next.owner) {
            draw_group(&mut surface, items, measure, &mut content);
        }
        surface.finish();
        sheet.finish();
    }
    Ok(tag_tree(&layout.elements, content))
}

/// Draws neighbours of one owner under one tag; each line of text of an element has its own.
fn draw_group(surface: &mut Surface<'_>, items: &[Item], measure: &FontMeasure<'_>, content: &mut [Vec<Identifier>]) {
    let Some(owner) = items.first().map(|item| item.owner) else {
        return;
    };
    let kind = match owner {
        Owner::Element(index) => {
            for item in items {
                let leaf = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                draw(surface, item, measure);
                surface.end_tagged();
                if let Some(leaves) = content.get_mut(index) {
                    leaves.push(leaf);
                }
            }
            return;
        }
        Owner::Decoration => ArtifactType::Layout,
        Owner::PageFoot => ArtifactType::Footer,
    };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    for item in items {
        draw(surface, item, measure);
    }
    surface.end_tagged();
}

fn draw(surface: &mut Surface<'_>, item: &Item, measure: &FontMeasure<'_>) {
    match &item.shape {
        Shape::Text { line, x, baseline, face, size, colour } => {
            surface.set_fill(Some(fill(*colour)));
            draw_line(surface, line, Point::from_xy(*x, *baseline), *face, *size, measure);
        }
        Shape::Box { x, y, width, height, colour } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else {
                return;
            };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
            }
        }
    }
}

fn fill(colour: Rgb) -> Fill {
    Fill {
        paint: rgb::Color::new(colour.0, colour.1, colour.2).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

/// Draws a line as runs of characters that come from one font.
fn draw_line(surface: &mut Surface<'_>, line: &Line, start: Point, face: Face, size: f32, measure: &FontMeasure<'_>) {
    let found: Vec<_> = line.glyphs.iter().map(|glyph| (glyph, measure.glyph(face, glyph.character))).collect();
    let mut x = start.x;
    for run in found.chunk_by(|one, next| one.1.face == next.1.face) {
        let mut text = String::new();
        let mut glyphs = Vec::with_capacity(run.len());
        let mut width = 0.0;
        for (glyph, found) in run {
            let from = text.len();
            text.push(glyph.character);
            let advance = glyph.advance / size;
            glyphs.push(KrillaGlyph::new(GlyphId::new(found.id), advance, 0.0, 0.0, 0.0, from..text.len(), None));
            width += glyph.advance;
        }
        let font = run.first().and_then(|(_, found)| measure.font(found.face));
        if let Some(font) = font {
            let origin = Point::from_xy(x, start.y);
            surface.draw_glyphs(origin, &glyphs, font.font.clone(), &text, size, false);
        }
        x += width;
    }
}
