//! A batch edit in pages: which field, which value and why; what would happen, record by record; what happened.

use super::who::Who;
use super::{crumbs, id_of, list_href, record_href, violations_of};
use crate::actions::{WRITE, allow};
use crate::asked::query_of;
use crate::batch::{BATCH_MAX, Batch, BatchDraft, BatchFate, BatchRow, BatchState, Selection, can_batch};
use crate::commands::Records;
use crate::decide::Spelling;
use crate::masking::View;
use crate::pages::inputs::field_input;
use crate::reads::by_ids;
use crate::record::Record;
use crate::show::{Names, shown};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::fmt;
use identity::Actor;
use vocabulary::{Field, Register};
use web::{Choice, Flash, FormState, Input, Link, Page, Posted, Query, Shell, Tone, WebError, see_other};

/// Rows of each kind that the preview shows.
const SHOWN: usize = 50;

/// Which field, which value, why.
#[derive(Debug, Template)]
#[template(path = "records/batch.html")]
pub struct BatchPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was typed and what is wrong.
    pub form: FormState,
    /// How many records, in words.
    pub about: String,
    /// Why it cannot go on; "" when it can.
    pub stop: String,
    /// The input of the first step: the fields to choose from.
    pub first: [Input; 1],
    /// Key of the chosen field; "" before one is chosen.
    pub key: String,
    /// The inputs of the second step; empty before a field is chosen.
    pub inputs: Vec<Input>,
    /// The selection: names and values that both steps send again.
    pub selection: Vec<(String, String)>,
    /// The register's address.
    pub base: String,
}

/// One record of a preview that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchChange {
    /// The record.
    pub record: Link,
    /// Its region.
    pub region: String,
    /// What is there now.
    pub before: String,
    /// What will be.
    pub after: String,
}

/// What a batch would do or did.
#[derive(Debug, Template)]
#[template(path = "records/batch_preview.html")]
pub struct BatchPreviewPage {
    /// What stands around it.
    pub shell: Shell,
    /// Field, value, reason, who.
    pub about: String,
    /// What to say first.
    pub tone: Tone,
    /// In a sentence.
    pub summary: String,
    /// What to do next.
    pub advice: String,
    /// What confirming does, in words; "" when there is nothing to confirm.
    pub confirm: String,
    /// Whether it can be given up.
    pub can_drop: bool,
    /// The field's label.
    pub label: String,
    /// The first records that change.
    pub changes: Vec<BatchChange>,
    /// The first records that are left alone, and why.
    pub left: Vec<(Link, String)>,
    /// How many change, how many are left alone.
    pub counts: (usize, usize),
    /// The batch's address.
    pub here: String,
    /// The register's address.
    pub base: String,
}

impl BatchPreviewPage {
    /// An address below the batch's own.
    fn here_at(&self, tail: &str) -> String {
        format!("{}{tail}", self.here)
    }
}

/// What a request selects: ids, or all that match its conditions.
fn selection(records: &Records, actor: &Actor, register: &Register, asked: &Query) -> Selection {
    if asked.text("all") == "1" {
        return Selection::Matching(Box::new(query_of(records, actor, register, asked, Spelling::People)));
    }
    Selection::Ids(asked.all("id").into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// The pairs that select, to be sent again.
fn selecting(asked: &Query) -> Vec<(String, String)> {
    let all = asked.text("all") == "1";
    let kept = |key: &str| match key {
        "all" => all,
        "id" => !all,
        "q" | "region" => all,
        key => all && key.starts_with("f."),
    };
    asked.pairs().iter().filter(|(key, _)| kept(key)).cloned().collect()
}

async fn choosing(
    records: &Records,
    actor: &Actor,
    register: &Register,
    shell: Shell,
    asked: &Query,
    form: FormState,
) -> Result<BatchPage, WebError> {
    let count = records.selected(actor, &register.key, &selection(records, actor, register, asked)).await?;
    let which = if asked.text("all") == "1" { "符合条件的登记" } else { "选中的登记" };
    let (about, stop) = match count {
        0 => (String::new(), "没有选中登记。请返回列表，勾选要修改的登记，或筛选后修改全部符合条件的。".to_owned()),
        many if many > BATCH_MAX => {
            (String::new(), format!("{which}超过 {BATCH_MAX} 条，一次改不了这么多。请返回列表缩小范围。"))
        }
        some => (format!("{which}共 {some} 条；先预览，确认后才修改"), String::new()),
    };
    let fields = register.fields.iter().filter(|field| can_batch(register, field));
    let choices = fields.map(|field| Choice::new(field.key.as_str(), field.label.as_str())).collect();
    let chosen = register.field(asked.text("field")).filter(|field| can_batch(register, field));
    Ok(BatchPage {
        shell: shell.titled(format!("批量修改{}", register.label)).under(crumbs(register)),
        about,
        stop,
        first: [Input::select("field", "要改的栏目", choices).unchosen("请选择").width("m").value(asked.text("field"))],
        key: chosen.map(|field| field.key.clone()).unwrap_or_default(),
        inputs: chosen.map(|field| inputs(field, &form)).unwrap_or_default(),
        form,
        selection: selecting(asked),
        base: list_href(register),
    })
}

fn inputs(field: &Field, form: &FormState) -> Vec<Input> {
    let value = Field { key: "value".to_owned(), label: format!("{}改为", field.label), ..field.clone() };
    let mut inputs = vec![field_input(&value, form)];
    if !field.required {
        inputs.push(Input::tick("clear", format!("清空{}", field.label)).filled(form));
    }
    inputs.push(Input::line("reason", "修改原因").hint("记入每条登记的经过，如：按九月普查结果更正").filled(form));
    let from = Input::of("date", "valid_from", "生效日期").hint("从哪一天起属实；不填就是今天").width("s").optional();
    inputs.push(from.filled(form));
    inputs
}

/// `GET /registers/{register}/batch`
pub(super) async fn begin(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    allow(&actor, &WRITE)?;
    let register = records.register(&actor, &key)?;
    Ok(Page(choosing(&records, &actor, &register, shell, &asked, FormState::default()).await?).into_response())
}

/// `POST /registers/{register}/batch`
pub(super) async fn preview(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let base = list_href(&register);
    let asked = posted.pairs().iter().fold(Query::parse(&base, ""), |asked, (key, value)| asked.and(key, value));
    let draft = BatchDraft {
        field: posted.text("field").to_owned(),
        typed: if posted.text("clear").is_empty() { posted.text("value").to_owned() } else { String::new() },
        reason: posted.text("reason").to_owned(),
        valid_from: posted.text("valid_from").to_owned(),
    };
    let blank = draft.typed.trim().is_empty() && posted.text("clear").is_empty();
    let begun = if blank {
        let remedy = "要去掉原有内容，请勾选“清空”";
        Err(identity::Refusal::invalid("record.required", "value", "请填写新的内容", remedy).into())
    } else {
        records.begin_batch(&actor, &key, &selection(&records, &actor, &register, &asked), &draft).await
    };
    match begun {
        Ok(batch) => Ok(see_other(&format!("{base}/batch/{}", batch.id))),
        Err(failure) => {
            let form = posted.form().with_errors(violations_of(failure)?);
            Ok(Page(choosing(&records, &actor, &register, shell, &asked, form).await?).invalid())
        }
    }
}

/// `GET /registers/{register}/batch/{id}`
pub(super) async fn look(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let batch = records.batch(&actor, &key, id_of(&id)?).await?;
    let rows = match batch.state {
        BatchState::Ready => records.look_at_batch(&actor, &batch).await?,
        _ => Vec::new(),
    };
    let base = list_href(&register);
    let (left, left_count) = left_alone(&records, &actor, &register, &batch, &rows).await?;
    let (changes, change_count) = changes(&records, &actor, &register, &batch, &rows).await?;
    let (tone, summary, advice) = words(&batch, &rows, left_count);
    let who = Who::of(&records, &actor, std::iter::once(&batch.created_by)).await?;
    let confirm = match batch.state {
        BatchState::Ready if change_count > 0 => format!("确认修改 {change_count} 条"),
        _ => String::new(),
    };
    Ok(Page(BatchPreviewPage {
        shell: shell.titled("批量修改预览").under(crumbs(&register)),
        about: about(&register, &batch, &who),
        tone,
        summary,
        advice,
        confirm,
        can_drop: batch.state == BatchState::Ready,
        label: register.field(&batch.draft.field).map(|field| field.label.clone()).unwrap_or_default(),
        changes,
        left,
        counts: (change_count, left_count),
        here: format!("{base}/batch/{}", batch.id),
        base,
    })
    .into_response())
}

fn about(register: &Register, batch: &Batch, who: &Who) -> String {
    let label = register.field(&batch.draft.field).map(|field| field.label.as_str()).unwrap_or_default();
    let value =
        if batch.draft.typed.is_empty() { "清空".to_owned() } else { format!("改为“{}”", batch.draft.typed) };
    let from = fmt::day(batch.valid_from);
    format!("{label}{value}，{from}起生效；原因：{}；{} 提出", batch.draft.reason, who.name(&batch.created_by))
}

fn words(batch: &Batch, rows: &[BatchRow], left: usize) -> (Tone, String, String) {
    let stays = rows.iter().filter(|row| row.fate == BatchFate::Stays).count();
    match batch.state {
        BatchState::Ready => {
            let changing = rows.len() - stays - left;
            let summary = format!("将修改 {changing} 条；{stays} 条已是这个内容；{left} 条不能改");
            let tone = if left > 0 { Tone::Slow } else { Tone::Run };
            (tone, summary, "现在还没有改动登记簿，确认后才修改。每条各记一次经过。".to_owned())
        }
        BatchState::Applied => {
            let (changed, stays) = (batch.changed, batch.unchanged);
            let summary = format!("已修改 {changed} 条；{stays} 条本来就是这个内容；{left} 条没有改");
            (Tone::Ok, summary, String::new())
        }
        BatchState::Dropped => (Tone::None, "这次批量修改已放弃，登记簿没有改动".to_owned(), String::new()),
    }
}

fn link(register: &Register, record: &Record, names: &Names) -> Link {
    let field = register.field(&register.title);
    let title = field.map_or_else(|| record.title(register), |field| shown(field, record, names, View::Many));
    Link::new(record_href(&register.key, record.id), title)
}

async fn changes(
    records: &Records,
    actor: &Actor,
    register: &Register,
    batch: &Batch,
    rows: &[BatchRow],
) -> Result<(Vec<BatchChange>, usize), WebError> {
    let changing: Vec<(&Record, &Record)> = rows
        .iter()
        .filter_map(|row| match (&row.before, &row.fate) {
            (Some(before), BatchFate::Changes(after)) => Some((before, after.as_ref())),
            _ => None,
        })
        .collect();
    let first: Vec<Record> =
        changing.iter().take(SHOWN).flat_map(|(before, after)| [(*before).clone(), (*after).clone()]).collect();
    let names = records.names(&actor.place, register, &first).await.map_err(WebError::fault)?;
    let Some(field) = register.field(&batch.draft.field) else { return Ok((Vec::new(), 0)) };
    let shown_change = |(before, after): &(&Record, &Record)| BatchChange {
        record: link(register, before, &names),
        region: records.region_name(actor, &before.region),
        before: shown(field, before, &names, View::Many),
        after: shown(field, after, &names, View::Many),
    };
    Ok((changing.iter().take(SHOWN).map(shown_change).collect(), changing.len()))
}

/// The records that are left alone, or were, with the reason.
async fn left_alone(
    records: &Records,
    actor: &Actor,
    register: &Register,
    batch: &Batch,
    rows: &[BatchRow],
) -> Result<(Vec<(Link, String)>, usize), WebError> {
    let mut left: Vec<(uuid::Uuid, String)> = batch.left_over.clone();
    left.extend(rows.iter().filter_map(|row| Some((row.id, row.fate.why()?))));
    let ids: Vec<uuid::Uuid> = left.iter().take(SHOWN).map(|(id, _)| *id).collect();
    let found = by_ids(&records.db, register, &actor.region, &ids).await.map_err(WebError::fault)?;
    let names = records.names(&actor.place, register, &found).await.map_err(WebError::fault)?;
    let named = |id: &uuid::Uuid| {
        let record = found.iter().find(|record| record.id == *id);
        record.map_or_else(|| Link::words("不在本辖区的一条登记"), |record| link(register, record, &names))
    };
    Ok((left.iter().take(SHOWN).map(|(id, why)| (named(id), why.clone())).collect(), left.len()))
}

/// `POST /registers/{register}/batch/{id}/apply`
pub(super) async fn apply(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let done = records.apply_batch(&actor, &key, id_of(&id)?).await?;
    let text = format!("批量修改完成：修改 {} 条，没有改 {} 条", done.changed, done.left_over.len());
    Ok((Flash::done(text), see_other(&format!("{}/batch/{id}", list_href(&register)))).into_response())
}

/// `POST /registers/{register}/batch/{id}/drop`
pub(super) async fn give_up(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    records.drop_batch(&actor, &key, id_of(&id)?).await?;
    Ok((Flash::done("已放弃这次批量修改，登记簿没有改动"), see_other(&list_href(&register))).into_response())
}
