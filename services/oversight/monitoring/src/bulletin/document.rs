//! The document itself, part by part.

use super::{Material, tables, words};
use documents::{Block, Document, List, Paper, SignOff, Table};
use sha2::{Digest, Sha256};
use vocabulary::Origin;
use vocabulary::clock::china_local;

/// The bulletin as a document.
#[must_use]
pub fn document(material: &Material) -> Document {
    let made = china_local(material.made_at);
    let board = &material.board;
    Document {
        issuer: material.issuer.clone().unwrap_or_default(),
        marking: is_synthetic(material).then(|| crate::undertakings::SYNTHETIC_MARK.to_owned()),
        title: format!("{}“一老一小”工作{}通报", board.region_name, material.period.kind()),
        subtitle: Some(format!("（{}）", material.period.label())),
        date_line: material.issuer.is_none().then(|| format!("（数据截至{}）", documents::fmt::day(board.as_of))),
        blocks: blocks(material),
        sign_off: material.issuer.clone().map(|unit| SignOff { unit, date: made.date() }),
        made_at: Some(made),
        ..Document::default()
    }
}

/// Whether anything in it was made up for a demonstration.
fn is_synthetic(material: &Material) -> bool {
    let boards = material.parts.iter().chain([&material.board]);
    let figures = boards.flat_map(|board| &board.lines).filter_map(crate::board::Line::origin);
    let tasks = material.tasks.iter().filter_map(|line| line.latest.as_ref());
    let projects = material.projects.iter().filter_map(|line| line.latest.as_ref());
    figures.chain(tasks.chain(projects).map(|latest| latest.origin)).any(|origin| origin == Origin::Synthetic)
}

fn blocks(material: &Material) -> Vec<Block> {
    let mut blocks = vec![Block::paragraph(words::opening(material))];
    overall(material, &mut blocks);
    binding(material, &mut blocks);
    behind(material, &mut blocks);
    regions(material, &mut blocks);
    undertakings(material, &mut blocks);
    supervision(material, &mut blocks);
    corrected(material, &mut blocks);
    number_tables(&mut blocks);
    blocks.extend(words::notes(material).into_iter().map(Block::Note));
    blocks.push(Block::SignOff);
    // Wide tables are attached on lying pages.
    blocks.push(Block::PageBreak(Paper::Landscape));
    blocks.extend(tables::rates(material).into_iter().map(Block::Table));
    blocks.push(Block::Table(tables::all(material)));
    blocks.extend(tables::others(material).map(Block::Table));
    number_attached(&mut blocks);
    blocks
}

/// Numbers the attached tables where there are several.
fn number_attached(blocks: &mut [Block]) {
    let attached = blocks.iter_mut().rev().map_while(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let mut attached: Vec<&mut Table> = attached.collect();
    attached.reverse();
    let several = attached.len() > 1;
    for (at, table) in attached.into_iter().enumerate() {
        let number = if several { (at + 1).to_string() } else { String::new() };
        table.caption = Some(format!("附表{number}  {}", table.caption.take().unwrap_or_default()));
    }
}

/// Numbers the tables of the body in their order; which there are depends on what there is to say.
fn number_tables(blocks: &mut [Block]) {
    let tables = blocks.iter_mut().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    for (at, table) in tables.enumerate() {
        let caption = table.caption.take().unwrap_or_default();
        table.caption = Some(format!("表{}  {caption}", at + 1));
    }
}

fn list(items: Vec<String>) -> Block {
    Block::List(List { ordered: true, items })
}

fn overall(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("总体情况"));
    blocks.push(Block::paragraph(words::counts(material)));
    blocks.push(Block::paragraph(words::change(material)));
    blocks.push(Block::Bars(tables::status_bars(&material.board)));
}

fn binding(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("约束性指标"));
    match tables::binding(material) {
        Some(table) => {
            blocks.push(Block::paragraph(words::binding(material)));
            blocks.push(Block::Table(table));
        }
        None => blocks.push(Block::paragraph("方案没有标明约束性指标。")),
    }
}

fn behind(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("滞后和偏慢的指标"));
    let (late, slow) = (words::late(material), words::slow(material));
    if late.is_empty() && slow.is_empty() {
        blocks.push(Block::paragraph("没有滞后和偏慢的指标。"));
    }
    for (name, items) in [("滞后", late), ("偏慢", slow)] {
        if !items.is_empty() {
            blocks.push(Block::subheading(format!("{name}的指标（{}项）", items.len())));
            blocks.push(list(items));
        }
    }
}

fn regions(material: &Material, blocks: &mut Vec<Block>) {
    if material.parts.is_empty() {
        return;
    }
    blocks.push(Block::heading(format!("{}情况", words::parts_name(material))));
    blocks.push(Block::paragraph(words::regions(material)));
    blocks.push(Block::Table(tables::standings(material)));
}

fn undertakings(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("任务和项目"));
    for (name, says, late) in [
        ("任务", words::tasks(material), words::late_tasks(material)),
        ("项目", words::projects(material), words::late_projects(material)),
    ] {
        blocks.push(Block::subheading(name));
        blocks.push(Block::paragraph(says));
        if !late.is_empty() {
            blocks.push(list(late));
        }
    }
    if !material.projects.is_empty() {
        blocks.push(Block::Table(tables::projects(material)));
    }
}

fn supervision(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("督办"));
    blocks.push(Block::paragraph(words::supervision(material)));
    if let Some(table) = tables::notices(material) {
        blocks.push(Block::Table(table));
    }
}

fn corrected(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("更正"));
    blocks.push(Block::paragraph(words::corrections(material)));
    if let Some(table) = tables::corrections(material) {
        blocks.push(Block::Table(table));
    }
}

/// Every text of a document in reading order: what a reader reads, wherever it is written to.
#[must_use]
pub fn texts(document: &Document) -> Vec<String> {
    let mut texts = vec![document.title.replace('\n', "")];
    texts.extend([&document.subtitle, &document.date_line].into_iter().flatten().cloned());
    let headings = documents::numbered_headings(document);
    for (block, heading) in document.blocks.iter().zip(headings) {
        match block {
            Block::Heading(..) => texts.extend(heading),
            Block::Paragraph(text) | Block::Note(text) => texts.push(text.clone()),
            Block::List(list) => texts.extend(list.items.clone()),
            Block::Bars(figure) => {
                texts.push(figure.title.clone());
                texts.extend(figure.rows.iter().flat_map(|row| [row.label.clone(), row.value.clone()]));
            }
            Block::Table(table) => texts.extend(table_texts(table)),
            Block::PageBreak(_) | Block::SignOff => {}
        }
    }
    texts.extend(document.sign_off.as_ref().map(|sign| sign.unit.clone()));
    texts.retain(|text| !text.is_empty());
    texts
}

fn table_texts(table: &Table) -> Vec<String> {
    let cells = table.header.iter().chain(&table.rows).chain(&table.footer).flatten();
    table.caption.iter().chain(&table.unit).cloned().chain(cells.map(|cell| cell.text.clone())).collect()
}

/// SHA-256 over every text: two bulletins with the same fingerprint say the same.
#[must_use]
pub fn digest(document: &Document) -> String {
    let mut digest = Sha256::new();
    for text in texts(document) {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    hex::encode(digest.finalize())
}
