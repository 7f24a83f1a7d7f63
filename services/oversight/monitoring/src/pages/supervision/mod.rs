//! `/supervision`: notices 督办, the overdue first; the form to send one, with words that hold the figures; one
//! notice with its answer.

mod sheet;
mod subject;

use super::{View, choose, context, download};
use crate::actions::{ANSWER, COMMENT, READ, SUPERVISE};
use crate::board::Board;
use crate::commands::{self, NoticeDraft, answer_notice, close_notice, may_answer, send_notice};
use crate::model::Supervision;
use crate::service::Monitoring;
use crate::store;
use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::NaiveDate;
use documents::fmt;
use identity::{Actor, Refusal};
use std::sync::Arc;
pub(super) use subject::{Subject, fields, fresh, subject};
use uuid::Uuid;
use web::{
    Flash, FormState, Input, Link, Page, Posted, Query, Route, Shell, Tab, Tag, TimelineItem, Tone, WebError, see_other,
};

/// The routes of supervision.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let state = || service.clone();
    let page = Route::page;
    vec![
        page(Method::GET, "/supervision", READ.key, "督办列表", get(list).with_state(state())),
        page(Method::GET, "/supervision.xlsx", READ.key, "导出督办", get(export).with_state(state())),
        page(Method::GET, "/supervision/new", SUPERVISE.key, "发出督办", get(form).with_state(state())),
        page(Method::POST, "/supervision/new", SUPERVISE.key, "发出督办", post(send).with_state(state())),
        page(Method::GET, "/supervision/{id}", READ.key, "一条督办", get(show).with_state(state())),
        page(Method::POST, "/supervision/{id}/answer", ANSWER.key, "回复督办", post(answer).with_state(state())),
        page(Method::POST, "/supervision/{id}/close", SUPERVISE.key, "办结督办", post(close).with_state(state())),
        page(Method::POST, "/supervision/{id}/comments", COMMENT.key, "督办留言", post(remark).with_state(state())),
    ]
}

/// A notice as a line of a list.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// Its page.
    pub href: String,
    /// Number on paper.
    pub number: String,
    /// 指标, 任务 or 项目.
    pub kind: &'static str,
    /// What it is about.
    pub subject: Link,
    /// Region.
    pub region: String,
    /// Short name of the department.
    pub department: String,
    /// Day of the answer.
    pub due: String,
    /// Day it was sent.
    pub sent: String,
    /// State.
    pub tag: Tag,
}

impl NoticeRow {
    /// A notice of a plan.
    pub(super) fn of(notice: &Supervision, view: &View) -> Self {
        let about = subject(&view.adopted, &notice.subject);
        let (kind, what) = about.map_or_else(
            || ("", Link::words(notice.subject.as_str())),
            |about| (about.kind, Link::new(view.href(&about.href, &[("region", &notice.region)]), about.name)),
        );
        Self {
            href: format!("/supervision/{}", notice.id),
            number: notice.number.clone(),
            kind,
            subject: what,
            region: view.regions.name(&notice.region).to_owned(),
            department: view.department(&notice.department).to_owned(),
            due: fmt::day_in_table(notice.due),
            sent: choose::moment(notice.sent_at),
            tag: state_tag(notice, view.today),
        }
    }
}

fn state_tag(notice: &Supervision, today: NaiveDate) -> Tag {
    let word = notice.state_label(today);
    match notice.state.as_str() {
        "closed" => Tag::new(Tone::Ok, word),
        "replied" => Tag::new(Tone::Run, word),
        _ if notice.due < today => Tag::new(Tone::Late, word),
        _ => Tag::new(Tone::Slow, word),
    }
}

/// The list.
#[derive(Template)]
#[template(path = "supervisions.html")]
pub struct ListPage {
    pub(crate) shell: Shell,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) rows: Vec<NoticeRow>,
    pub(crate) may_send: bool,
    pub(crate) export: String,
}

async fn list(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<ListPage>, WebError> {
    let (view, mine, all) = listed(&service, &actor, &query).await?;
    Ok(Page(list_page(shell, &query, &actor, &view, &mine, &all)))
}

/// What the list is made from: the account's own notices, and all inside the region looked at.
async fn listed(
    service: &Monitoring,
    actor: &Actor,
    query: &Query,
) -> Result<(View, Vec<Supervision>, Vec<Supervision>), WebError> {
    let view = View::of(service, actor, query)?;
    let work = service.work(actor).await?;
    let mine = work.to_answer.iter().chain(&work.to_close).cloned().collect();
    let end = view.path.upper_bound();
    let all = store::supervisions(&service.db, &actor.place, (view.path.as_str(), &end), None, false).await;
    Ok((view, mine, all.map_err(Refusal::from)?))
}

async fn export(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let (view, mine, all) = listed(&service, &actor, &query).await?;
    let (_, shown) = chosen(&query, &mine, &all);
    let view = view.knowing(&service, shown.iter().flat_map(|one| one.people()).collect()).await?;
    let name = format!("{}督办{}", view.regions.name(&view.region), view.today);
    download::workbook(&sheet::workbook(&view, &shown, &actor.name), &name)
}

/// Which tab is open, and the notices on it.
fn chosen<'a>(query: &Query, mine: &'a [Supervision], all: &'a [Supervision]) -> (&'static str, Vec<&'a Supervision>) {
    match query.text("show") {
        "mine" => ("mine", mine.iter().collect()),
        "all" => ("all", all.iter().collect()),
        _ => ("open", open(all)),
    }
}

fn open(all: &[Supervision]) -> Vec<&Supervision> {
    all.iter().filter(|notice| notice.state != "closed").collect()
}

/// The list from what was loaded.
pub(crate) fn list_page(
    shell: Shell,
    query: &Query,
    actor: &Actor,
    view: &View,
    mine: &[Supervision],
    all: &[Supervision],
) -> ListPage {
    let (which, shown) = chosen(query, mine, all);
    let tab = |key: &str, label: &str, count: usize| {
        Tab::new(query.with("show", key).href(), label, which == key).count(count as u64)
    };
    ListPage {
        tabs: vec![
            tab("open", "未办结", open(all).len()),
            tab("mine", "待我办理", mine.len()),
            tab("all", "全部", all.len()),
        ],
        rows: shown.into_iter().map(|notice| NoticeRow::of(notice, view)).collect(),
        may_send: actor.may(&SUPERVISE),
        export: query.href_of("/supervision.xlsx"),
        shell: shell.titled("督办"),
    }
}

/// The form.
#[derive(Template)]
#[template(path = "supervision_form.html")]
pub struct FormPage {
    pub(crate) shell: Shell,
    pub(crate) about: Link,
    pub(crate) kind: &'static str,
    pub(crate) region: String,
    pub(crate) open: Vec<NoticeRow>,
    pub(crate) form: FormState,
    pub(crate) fields: Vec<Input>,
    pub(crate) hidden: Vec<(String, String)>,
}

/// What the form is made from.
pub(crate) struct Asked {
    pub view: View,
    pub board: Arc<Board>,
    pub subject: Subject,
    pub text: String,
    pub open: Vec<Supervision>,
}

impl Asked {
    /// Loads what a notice would be about.
    async fn of(service: &Monitoring, actor: &Actor, text: &str, region: &str) -> Result<Self, WebError> {
        let view = View::of(service, actor, &Query::parse("/supervision/new", "").with("region", region))?;
        let subject = subject(&view.adopted, text).ok_or_else(|| WebError::not_found("要督办的指标、任务或项目"))?;
        let board = view.board(service).await?;
        let end = view.path.upper_bound();
        let open = store::supervisions(&service.db, &actor.place, (view.path.as_str(), &end), Some(text), true).await;
        let open = open.map_err(Refusal::from)?;
        Ok(Self { view, board, subject, text: text.to_owned(), open })
    }

    pub(crate) fn page(&self, shell: Shell, form: FormState) -> FormPage {
        let mut rows: Vec<NoticeRow> = self.open.iter().map(|notice| NoticeRow::of(notice, &self.view)).collect();
        rows.retain(|row| row.region == self.board.region_name);
        FormPage {
            shell: shell.titled("发出督办").under(vec![Link::new("/supervision", "督办")]),
            about: Link::new(self.view.href(&self.subject.href, &[]), self.subject.name.as_str()),
            kind: self.subject.kind,
            region: self.board.region_name.clone(),
            open: rows,
            fields: fields(&self.view, &self.subject, &form),
            form,
            hidden: vec![("subject".to_owned(), self.text.clone()), ("region".to_owned(), self.board.region.clone())],
        }
    }
}

async fn form(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<FormPage>, WebError> {
    let asked = Asked::of(&service, &actor, query.text("subject"), query.text("region")).await?;
    let fresh = fresh(&asked.subject, &asked.board, &asked.view);
    Ok(Page(asked.page(shell, fresh)))
}

async fn send(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let asked = Asked::of(&service, &actor, posted.text("subject"), posted.text("region")).await?;
    let known = asked.view.adopted.pack.department(posted.text("department")).map(|known| known.key.clone());
    let draft = NoticeDraft {
        subject: asked.text.clone(),
        region: asked.view.region.clone(),
        region_path: asked.view.path.clone(),
        department: known.unwrap_or_default(),
        text: posted.text("text").to_owned(),
        due: posted.text("due").to_owned(),
    };
    match send_notice(&context(&service, &actor), &draft).await {
        Ok(id) => Ok((Flash::done("督办已发出"), see_other(&format!("/supervision/{id}"))).into_response()),
        Err(Refusal::Invalid(found)) => Ok(Page(asked.page(shell, posted.form().with_errors(found))).invalid()),
        Err(other) => Err(other.into()),
    }
}

/// One notice.
#[derive(Template)]
#[template(path = "supervision.html")]
pub struct NoticePage {
    pub(crate) shell: Shell,
    pub(crate) row: NoticeRow,
    pub(crate) text: String,
    pub(crate) history: Vec<TimelineItem>,
    pub(crate) form: FormState,
    pub(crate) answer: Option<Input>,
    pub(crate) close: Option<Input>,
    pub(crate) remark: Option<Input>,
    pub(crate) here: String,
}

async fn notice(service: &Monitoring, actor: &Actor, id: &str) -> Result<Supervision, WebError> {
    let not_found = || WebError::not_found("这条督办");
    let id = id.parse::<Uuid>().map_err(|_| not_found())?;
    let found = store::supervision(&service.db, &actor.place, id).await.map_err(Refusal::from)?;
    found.filter(|notice| actor.sees(&notice.region_path)).ok_or_else(not_found)
}

async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Page<NoticePage>, WebError> {
    let notice = notice(&service, &actor, &id).await?;
    Ok(Page(loaded(&service, &actor, shell, &notice, FormState::default()).await?))
}

async fn loaded(
    service: &Monitoring,
    actor: &Actor,
    shell: Shell,
    notice: &Supervision,
    form: FormState,
) -> Result<NoticePage, WebError> {
    let view = View::of(service, actor, &Query::default())?.knowing(service, notice.people()).await?;
    let comments = store::comments(&service.db, &actor.place, &format!("supervision:{}", notice.id)).await;
    Ok(notice_page(shell, actor, &view, notice, &comments.map_err(Refusal::from)?, form))
}

/// The page of a notice from what was loaded.
pub(crate) fn notice_page(
    shell: Shell,
    actor: &Actor,
    view: &View,
    notice: &Supervision,
    comments: &[store::Comment],
    form: FormState,
) -> NoticePage {
    let history = history(notice, comments, view);
    let open = notice.state != "closed";
    let answers = open && may_answer(actor, notice);
    let closes = notice.state == "replied" && notice.sent_by == actor.login && actor.may(&SUPERVISE);
    NoticePage {
        shell: shell.titled(format!("督办 {}", notice.number)).under(vec![Link::new("/supervision", "督办")]),
        row: NoticeRow::of(notice, view),
        text: notice.text.clone(),
        history,
        answer: answers.then(|| Input::lines("reply", "回复内容").hint("原因、措施、完成时间").filled(&form)),
        close: closes.then(|| Input::lines("note", "办结意见").optional().filled(&form)),
        remark: actor.may(&COMMENT).then(|| remark_input(&form)),
        here: format!("/supervision/{}", notice.id),
        form,
    }
}

fn history(notice: &Supervision, comments: &[store::Comment], view: &View) -> Vec<TimelineItem> {
    let sender = view.person_or(&notice.sent_by, &notice.sent_name);
    let sent = TimelineItem::new(Tone::Run, choose::moment(notice.sent_at), "发出督办").by(sender.as_str());
    let mut dated = vec![(notice.sent_at, sent)];
    dated.extend(comments.iter().map(|comment| (comment.at, comment_item(comment))));
    if let (Some(reply), Some(at)) = (&notice.reply, notice.replied_at) {
        let by = notice.replied_by.as_deref().map(|login| view.person(login)).unwrap_or_default();
        dated.push((at, TimelineItem::new(Tone::Ok, choose::moment(at), "已回复").by(by).text(reply.as_str())));
    }
    if let Some(at) = notice.closed_at {
        let words = notice.close_note.clone().unwrap_or_default();
        let item = TimelineItem::new(Tone::Ok, choose::moment(at), "办结").by(sender.as_str()).text(words);
        dated.push((at, item));
    }
    dated.sort_by_key(|(at, _)| *at);
    let mut items: Vec<TimelineItem> = dated.into_iter().map(|(_, item)| item).collect();
    if notice.state != "closed" {
        items.push(TimelineItem::new(Tone::None, fmt::day_in_table(notice.due), "回复期限"));
    }
    items
}

/// A remark as a line of a history.
pub(super) fn comment_item(comment: &store::Comment) -> TimelineItem {
    TimelineItem::new(Tone::None, choose::moment(comment.at), "留言")
        .by(comment.author_name.as_str())
        .text(comment.text.as_str())
}

/// The field of a remark.
pub(super) fn remark_input(form: &FormState) -> Input {
    Input::lines("text", "留言").filled(form)
}

async fn answer(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let notice = notice(&service, &actor, &id).await?;
    let done = answer_notice(&context(&service, &actor), &notice, posted.text("reply")).await;
    after(&service, &actor, shell, &notice, &posted, done, "已回复").await
}

async fn close(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let notice = notice(&service, &actor, &id).await?;
    let done = close_notice(&context(&service, &actor), &notice, posted.text("note")).await;
    after(&service, &actor, shell, &notice, &posted, done, "已办结").await
}

async fn remark(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let notice = notice(&service, &actor, &id).await?;
    let about = format!("supervision:{}", notice.id);
    let done = commands::comment(&context(&service, &actor), &about, posted.text("text")).await;
    after(&service, &actor, shell, &notice, &posted, done, "已留言").await
}

/// Back to the notice, or the same page with what is wrong.
async fn after(
    service: &Monitoring,
    actor: &Actor,
    shell: Shell,
    notice: &Supervision,
    posted: &Posted,
    done: Result<(), Refusal>,
    word: &str,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok((Flash::done(word), see_other(&format!("/supervision/{}", notice.id))).into_response()),
        Err(Refusal::Invalid(found)) => {
            Ok(Page(loaded(service, actor, shell, notice, posted.form().with_errors(found)).await?).invalid())
        }
        Err(other) => Err(other.into()),
    }
}
