//! The list of a register: filters, search, order, pages, choice of columns; and the same for paper.

use super::inputs::filters;
use super::{list_href, record_href};
use crate::actions::{EXPORT, IMPORT, READ, WRITE};
use crate::asked::{misunderstood, query_of, sortable};
use crate::commands::Records;
use crate::decide::Spelling;
use crate::masking::View;
use crate::query::{Cursor, MAX_LIMIT, Page as Rows};
use crate::reads;
use crate::record::Record;
use crate::registry::REGION_LABEL;
use crate::show::shown;
use crate::views::SavedView;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::fmt;
use identity::Actor;
use vocabulary::{Field, FieldKind, Register};
use web::{Column, Columns, FormState, Input, Link, Page, Query, Shell, Tab, WebError};

/// Pages of a list that a print holds.
const PRINTED_MAX: u32 = MAX_LIMIT;

/// One row as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// The record's id.
    pub id: String,
    /// The record's own page; "" for those who may not open it.
    pub href: String,
    /// The text that names it.
    pub title: String,
    /// The other cells: label (for phones), text, whether a number.
    pub cells: Vec<(String, String, bool)>,
}

/// The list of a register.
#[derive(Debug, Template)]
#[template(path = "records/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub shell: Shell,
    /// The list's address.
    pub query: Query,
    /// What the register holds.
    pub note: String,
    /// Filters that stand open.
    pub filters: Vec<Input>,
    /// The other filters.
    pub more: Vec<Input>,
    /// Whether one of the others is used.
    pub more_open: bool,
    /// Fields that can be shown: key, label, whether shown.
    pub choices: Vec<(String, String, bool)>,
    /// Heads.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<ShownRow>,
    /// How many there are.
    pub count: String,
    /// Where the next page is; "" on the last.
    pub next: String,
    /// Where the page before is; "" on the first.
    pub previous: String,
    /// Where the first page is; "" on it.
    pub first: String,
    /// The register's address.
    pub base: String,
    /// Whether the reader may enter, import, export.
    pub may: (bool, bool, bool),
    /// Whether its records can be shown on a map.
    pub map: bool,
    /// The saved views; empty when there are none.
    pub views: Vec<Tab>,
    /// The view that is open, where it is the reader's own: id and name.
    pub own_view: Option<(String, String)>,
    /// What a view would keep, as text; "" when there is nothing.
    pub asked: String,
    /// What was typed for a view and what is wrong.
    pub form: FormState,
    /// What of the address means nothing and was passed over.
    pub passed_over: Vec<String>,
}

impl ListPage {
    /// An address below the register's own.
    fn at(&self, tail: &str) -> String {
        format!("{}{tail}", self.base)
    }

    /// What a selection of all that match must say again.
    fn conditions(&self) -> impl Iterator<Item = &(String, String)> {
        self.query.pairs().iter().filter(|(key, _)| !matches!(key.as_str(), "view" | "limit" | "col" | "sort"))
    }
}

/// The same for paper.
#[derive(Debug, Template)]
#[template(path = "records/print.html")]
pub struct PrintPage {
    /// What stands around it.
    pub shell: Shell,
    /// A line about what is listed.
    pub about: String,
    /// Heads.
    pub heads: Vec<String>,
    /// Rows.
    pub rows: Vec<ShownRow>,
    /// Where the way back leads.
    pub back: String,
    /// What is left out, if anything.
    pub cut: String,
}

/// `GET /registers/{register}`
pub(super) async fn list(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    Ok(Page(page(&records, &actor, &register, shell, asked, FormState::default()).await?).into_response())
}

/// The list that an address asks for; `form` holds what was typed for a view.
pub(super) async fn page(
    records: &Records,
    actor: &Actor,
    register: &Register,
    shell: Shell,
    asked: Query,
    form: FormState,
) -> Result<ListPage, WebError> {
    let asked = records.opened(actor, register, asked).await?;
    let wrong = misunderstood(records, actor, register, &asked, (Spelling::People, &["before", "view", "col"]));
    let fields = chosen(register, &asked);
    let keys = fields.iter().map(|field| field.key.clone()).collect();
    let query = query_of(records, actor, register, &asked, Spelling::People);
    let query = crate::Query { count: true, fields: Some(keys), ..query };
    let page = reads::list(&records.db, register, &query).await.map_err(WebError::fault)?;
    let rows = rows(records, actor, register, &fields, &page).await?;
    let (filters, more) = filters(records, actor, register, &asked);
    let base = list_href(register);
    let more_open = more.iter().any(|input| !input.value.is_empty());
    let bare = asked.without("after").without("before");
    let turn = |word: &str, cursor: Option<&Cursor>| {
        cursor.map(|cursor| bare.with(word, &cursor.encode()).href()).unwrap_or_default()
    };
    let (previous, next) = (turn("before", page.previous.as_ref()), turn("after", page.next.as_ref()));
    let first = if previous.is_empty() { String::new() } else { bare.href() };
    let listed = |field: &Field| fields.iter().any(|known| known.key == field.key);
    let shell = shell.titled(register.label.as_str()).under(vec![Link::new("/registers", "登记簿")]);
    let (views, own_view) = views(&records.views(actor, &register.key).await?, &base, bare.text("view"));
    Ok(ListPage {
        shell: shell.as_of(fmt::day(records.today())),
        columns: columns(register, &fields, &bare),
        note: register.note.clone(),
        choices: register.fields.iter().map(|field| (field.key.clone(), field.label.clone(), listed(field))).collect(),
        asked: bare.without("view").without("q").without("limit").href_of("").trim_start_matches('?').to_owned(),
        query: bare,
        filters,
        more,
        more_open,
        rows,
        count: page.count.map(|count| count.of("条")).unwrap_or_default(),
        next,
        previous,
        first,
        base,
        may: (actor.may(&WRITE), actor.may(&IMPORT), actor.may(&EXPORT)),
        map: super::map::drawable(register),
        views,
        own_view,
        form,
        passed_over: wrong.into_iter().map(|one| one.message).collect(),
    })
}

/// The saved views as tabs, and the open one where it is the reader's own.
fn views(saved: &[SavedView], base: &str, open: &str) -> (Vec<Tab>, Option<(String, String)>) {
    if saved.is_empty() {
        return (Vec::new(), None);
    }
    let mut tabs = vec![Tab::new(base, "全部", open.is_empty())];
    tabs.extend(saved.iter().map(|view| {
        let id = view.id.to_string();
        let label = if view.shared { format!("{}（共享）", view.name) } else { view.name.clone() };
        Tab::new(format!("{base}?view={id}"), label, id == open)
    }));
    let own = saved.iter().find(|view| view.own && view.id.to_string() == open);
    (tabs, own.map(|view| (view.id.to_string(), view.name.clone())))
}

/// `GET /registers/{register}/print`
pub(super) async fn print(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let asked = records.opened(&actor, &register, asked).await?;
    let query = query_of(&records, &actor, &register, &asked, Spelling::People);
    let query = crate::Query { after: None, before: None, limit: PRINTED_MAX, count: true, ..query };
    let page = reads::list(&records.db, &register, &query).await.map_err(WebError::fault)?;
    let fields = chosen(&register, &asked);
    let rows = rows(&records, &actor, &register, &fields, &page).await?;
    let count = page.count.map(|count| count.of("条")).unwrap_or_default();
    let cut = match page.next {
        Some(_) => format!("只打印前 {PRINTED_MAX} 条，共 {count}；全部内容请导出 Excel。"),
        None => String::new(),
    };
    let mut heads = vec![title_label(&register), REGION_LABEL.to_owned()];
    heads.extend(others(&register, &fields).map(head_text));
    Ok(Page(PrintPage {
        shell: shell.titled(register.label.as_str()).as_of(fmt::day(records.today())),
        about: format!("共 {count}；数据截至{}；个人敏感内容已遮盖", fmt::day(records.today())),
        heads,
        rows,
        back: asked.without("after").without("before").href_of(&list_href(&register)),
        cut,
    })
    .into_response())
}

/// The fields of the list: those asked for with `col`, or the register's own choice.
fn chosen<'a>(register: &'a Register, asked: &Query) -> Vec<&'a Field> {
    let keys = asked.all("col");
    if keys.is_empty() {
        return register.list_fields();
    }
    register.fields.iter().filter(|field| keys.contains(&field.key.as_str())).collect()
}

/// The listed fields but the one that names the record: it stands first anyway.
fn others<'a>(register: &'a Register, fields: &'a [&'a Field]) -> impl Iterator<Item = &'a Field> {
    fields.iter().copied().filter(|field| field.key != register.title)
}

fn title_label(register: &Register) -> String {
    register.field(&register.title).map_or_else(|| "名称".to_owned(), |field| field.label.clone())
}

fn head_text(field: &Field) -> String {
    let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
    format!("{}{unit}", field.label)
}

fn is_number(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money)
}

fn columns(register: &Register, fields: &[&Field], asked: &Query) -> Vec<Column> {
    let columns = Columns::new(asked);
    let columns = match register.field(&register.title).filter(|field| sortable(field)) {
        Some(field) => columns.sorted(&field.key, field.label.as_str(), ""),
        None => columns.plain(title_label(register), ""),
    };
    let columns = others(register, fields).fold(columns.plain(REGION_LABEL, ""), |columns, field| {
        let class = if is_number(field) { "r" } else { "" };
        if sortable(field) {
            columns.sorted(&field.key, head_text(field), class)
        } else {
            columns.plain(head_text(field), class)
        }
    });
    columns.done()
}

async fn rows(
    records: &Records,
    actor: &Actor,
    register: &Register,
    fields: &[&Field],
    page: &Rows,
) -> Result<Vec<ShownRow>, WebError> {
    let names = records.names(&actor.place, register, &page.rows).await.map_err(WebError::fault)?;
    let opens = actor.may(&READ);
    let title = |record: &Record| match register.field(&register.title) {
        Some(field) => shown(field, record, &names, View::Many),
        None => record.title(register),
    };
    let row = |record: &Record| {
        let region = records.region_name(actor, &record.region);
        let mut cells = vec![(REGION_LABEL.to_owned(), region, false)];
        cells.extend(
            others(register, fields)
                .map(|field| (field.label.clone(), shown(field, record, &names, View::Many), is_number(field))),
        );
        let href = if opens { record_href(&register.key, record.id) } else { String::new() };
        ShownRow { id: record.id.to_string(), href, title: title(record), cells }
    };
    Ok(page.rows.iter().map(row).collect())
}
