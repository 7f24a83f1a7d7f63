//! Regions and departments to take away: Excel, CSV, and a sheet of paper, each with the rows that the list beside it asks for.

use super::regions::Asked;
use super::{departments, places_of, provenance};
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, CsvFile, Properties, Sheet, SheetHead, Workbook};
use identity::Actor;
use std::sync::Arc;
use web::{Page, Query, Samples, Shell, WebError};

/// What is taken away.
struct Table {
    title: &'static str,
    /// Heads, and widths in characters.
    heads: Vec<(&'static str, u16)>,
    rows: Vec<Vec<String>>,
    /// Day, number of rows, and where they come from.
    about: Vec<String>,
    /// The list beside it.
    back: String,
}

fn regions(house: &House, actor: &Actor, query: &Query) -> Result<Table, WebError> {
    let asked = Asked::of(house, actor, query)?;
    let rows = asked.rows(&house.regions()).into_iter().map(|row| {
        let code = if row.official { "官方代码" } else { "方案自编" };
        vec![row.link.label, row.kind.to_owned(), row.code, code.to_owned(), row.parent, row.aliases, row.span]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    Ok(Table {
        title: "区划",
        heads: vec![
            ("名称", 20),
            ("级别", 8),
            ("代码", 16),
            ("代码性质", 12),
            ("上级", 20),
            ("别名", 24),
            ("有效时间", 24),
        ],
        about: vec![
            format!("{}的区划，共 {} 个", fmt::day(asked.wanted.on), rows.len()),
            provenance(actor, &places_of(house, actor)).text,
        ],
        rows,
        back: query.without("page").href_of("/regions"),
    })
}

async fn department_table(house: &House, actor: &Actor, query: &Query) -> Result<Table, WebError> {
    let rows = departments::rows(house, actor, query).await?.into_iter().map(|row| {
        let state = if row.active { "现行" } else { "不再列出" };
        let mut cells = vec![row.link.label, row.short, row.aliases, row.level, row.key];
        cells.extend(row.leads.map(|count| count.to_string()));
        cells.push(state.to_owned());
        cells
    });
    let rows: Vec<Vec<String>> = rows.collect();
    Ok(Table {
        title: "部门",
        heads: vec![
            ("名称", 24),
            ("简称", 14),
            ("别名", 30),
            ("层级", 16),
            ("方案里的代码", 14),
            ("牵头指标", 10),
            ("牵头任务", 10),
            ("牵头项目", 10),
            ("状态", 10),
        ],
        about: vec![
            format!("{}，共 {} 个", fmt::day(house.clock.today()), rows.len()),
            provenance(actor, &places_of(house, actor)).text,
        ],
        rows,
        back: query.without("page").href_of("/departments"),
    })
}

/// Text everywhere: codes have twelve digits, and Excel would round them.
fn head(table: &Table) -> SheetHead {
    let column = |(head, width): &(&'static str, u16)| Column::new(*head, ColumnKind::Text).wide(*width);
    let titles = std::iter::once(table.title.to_owned()).chain(table.about.iter().cloned());
    SheetHead {
        name: table.title.to_owned(),
        titles: titles.collect(),
        columns: table.heads.iter().map(column).collect(),
        frozen: true,
        keys: false,
    }
}

fn cells(row: &[String]) -> Vec<Cell> {
    row.iter().map(|text| Cell::text(text.as_str())).collect()
}

fn xlsx(table: &Table, actor: &Actor) -> Result<Response, WebError> {
    let properties = Properties { title: table.title.to_owned(), author: actor.name.clone(), made_at: None };
    let sheet = Sheet { head: head(table), rows: table.rows.iter().map(|row| cells(row)).collect() };
    monitoring::pages::workbook_answer(&Workbook { properties, sheets: vec![sheet] }, table.title)
}

fn csv(table: &Table) -> Result<Response, WebError> {
    let mut bytes = Vec::new();
    let wrong = |violation| WebError::Invalid(vec![violation]);
    let mut file = CsvFile::begin(&mut bytes, &head(table)).map_err(wrong)?;
    for row in &table.rows {
        file.push(&cells(row)).map_err(wrong)?;
    }
    file.finish().map_err(wrong)?;
    Ok(monitoring::pages::attachment(bytes, "text/csv; charset=utf-8", &format!("{}.csv", table.title)))
}

pub(super) async fn regions_xlsx(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    xlsx(&regions(&house, &actor, &query)?, &actor)
}

pub(super) async fn regions_csv(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    csv(&regions(&house, &actor, &query)?)
}

pub(super) async fn departments_xlsx(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    xlsx(&department_table(&house, &actor, &query).await?, &actor)
}

pub(super) async fn departments_csv(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    csv(&department_table(&house, &actor, &query).await?)
}

#[derive(Debug, Template)]
#[template(path = "divisions_paper.html")]
struct PaperPage {
    shell: Shell,
    about: Vec<String>,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    back: String,
}

fn paper(table: Table, shell: Shell, house: &House) -> Response {
    let page = PaperPage {
        shell: shell.titled(table.title).as_of(fmt::day(house.clock.today())),
        about: table.about,
        heads: table.heads.into_iter().map(|(head, _)| head).collect(),
        rows: table.rows,
        back: table.back,
    };
    Page(page).into_response()
}

pub(super) async fn regions_print(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Response, WebError> {
    Ok(paper(regions(&house, &actor, &query)?, shell, &house))
}

pub(super) async fn departments_print(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Response, WebError> {
    Ok(paper(department_table(&house, &actor, &query).await?, shell, &house))
}

impl Samples for PaperPage {
    fn samples() -> Vec<Self> {
        let row = |name: &str| vec![name.to_owned(), "镇".to_owned()];
        let page = |rows| Self {
            shell: Shell::default().titled("区划"),
            about: vec!["共 2 个".to_owned(), "内容来自《方案》。".to_owned()],
            heads: vec!["名称", "级别"],
            rows,
            back: "/regions".to_owned(),
        };
        vec![page(vec![row("安宜镇"), row("氾水镇")]), page(Vec::new())]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::PaperPage>(), Ok(2));
    }
}
