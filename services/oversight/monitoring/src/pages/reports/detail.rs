//! `/reports/{id}`: one reported value; signed off or sent back by the lead unit, never by who proposed it.

use super::super::supervision::{comment_item, remark_input};
use super::super::{View, choose, context};
use super::{ReportRow, state_tag, value_text};
use crate::actions::{COMMENT, PROPOSE};
use crate::commands::{self, Verdict};
use crate::model::{Report, ReportState};
use crate::service::Monitoring;
use crate::store;
use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use cases::{Step, Whole};
use chrono::{DateTime, Utc};
use identity::{Actor, Refusal};
use pack_reader::model::{CaseEnd, MoveKind};
use uuid::Uuid;
use vocabulary::Origin;
use web::{Flash, FormState, Input, Link, Page, Posted, Query, Shell, Tag, TimelineItem, Tone, WebError, see_other};

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
pub struct DetailPage {
    pub(crate) shell: Shell,
    pub(crate) about: Link,
    pub(crate) tag: Tag,
    pub(crate) origin: Origin,
    pub(crate) lines: Vec<(&'static str, String)>,
    pub(crate) evidence: String,
    pub(crate) before: Option<ReportRow>,
    pub(crate) after: Option<ReportRow>,
    pub(crate) history: Vec<TimelineItem>,
    pub(crate) form: FormState,
    pub(crate) decide: Option<Input>,
    pub(crate) moves: Moves,
    pub(crate) four_eyes: bool,
    pub(crate) again: String,
    pub(crate) remark: Option<Input>,
    pub(crate) here: String,
}

/// What the reader may do with a report now, as its case says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moves {
    /// The word of the move on; "" when it is not theirs.
    pub on: String,
    /// The word of the move back; "" when it is not theirs.
    pub back: String,
    /// The case: its papers, its days, who has it.
    pub case: Option<Link>,
    /// Whether only the proposer's own hand is missing: somebody else of the unit decides.
    pub own: bool,
    /// What was done: when, how it looks, the word, the login, what was said.
    pub done: Vec<(DateTime<Utc>, Tone, String, String, String)>,
}

impl Moves {
    fn of(whole: &Whole) -> Self {
        let able = || whole.moves.iter().filter_map(|key| whole.kind.transition(key));
        let word = |kind| able().find(|one| one.kind == kind).map(|one| one.label.clone()).unwrap_or_default();
        let state = whole.kind.state(&whole.case.state).map_or("", |state| state.label.as_str());
        let label = format!("办件 {}：{state}，{}", whole.case.number, whole.due.sentence());
        // Whoever began it works on it as one of the unit that decides, and only its own hand is excluded.
        let starter = whole.case.started_by == whole.viewer.actor.account;
        let others = whole.kind.from(&whole.case.state).flat_map(|one| &one.by).any(|who| who.other);
        Self {
            on: word(MoveKind::Forward),
            back: word(MoveKind::Return),
            case: Some(Link::new(format!("/cases/{}", whole.case.id), label)),
            own: starter && others,
            done: whole.steps.iter().filter_map(|step| done(whole, step)).collect(),
        }
    }
}

/// A move as a line of the history.
fn done(whole: &Whole, step: &Step) -> Option<(DateTime<Utc>, Tone, String, String, String)> {
    let one = whole.kind.transition(&step.name).filter(|one| one.from.contains(&step.from))?;
    let good = whole.kind.state(&step.to).is_some_and(|state| state.end == Some(CaseEnd::Done));
    let tone = match one.kind {
        MoveKind::Return | MoveKind::Refuse => Tone::Late,
        MoveKind::Withdraw => Tone::None,
        MoveKind::Forward if good => Tone::Ok,
        MoveKind::Forward => Tone::Run,
    };
    (step.from != step.to).then(|| (step.at, tone, one.label.clone(), step.login.clone(), step.said.clone()))
}

/// What is loaded for the page.
struct Loaded {
    moves: Moves,
    view: View,
    report: Report,
    siblings: Vec<Report>,
    comments: Vec<store::Comment>,
}

impl Loaded {
    async fn of(service: &Monitoring, actor: &Actor, id: &str) -> Result<Self, WebError> {
        let not_found = || WebError::not_found("这条填报");
        let id = id.parse::<Uuid>().map_err(|_| not_found())?;
        let found = store::report(&service.db, &actor.place, id).await.map_err(Refusal::from)?;
        let report = found.filter(|report| actor.sees(&report.region_path)).ok_or_else(not_found)?;
        let view = View::of(service, actor, &Query::default())?;
        let end = report.region_path.upper_bound();
        let span = (report.region_path.as_str(), end.as_str());
        let siblings = store::reports(&service.db, &actor.place, span, Some(&report.indicator), None, 200).await;
        let siblings = siblings.map_err(Refusal::from)?;
        let comments = store::comments(&service.db, &actor.place, &format!("report:{id}")).await;
        let whole = service.cases()?.whole(actor, id).await;
        let moves = whole.as_ref().map(Moves::of).unwrap_or_default();
        let people = siblings.iter().chain([&report]).flat_map(Report::people);
        let people = people.chain(moves.done.iter().map(|(_, _, _, login, _)| login.clone())).collect();
        let view = view.knowing(service, people).await?;
        Ok(Self { moves, view, report, siblings, comments: comments.map_err(Refusal::from)? })
    }

    fn page(&self, shell: Shell, actor: &Actor, form: FormState) -> DetailPage {
        let around = (self.siblings.as_slice(), self.comments.as_slice(), &self.moves);
        assemble(shell, actor, &self.view, &self.report, around, form)
    }
}

/// The page from what was loaded. `siblings` are the reports of the same indicator and region.
pub(crate) fn assemble(
    shell: Shell,
    actor: &Actor,
    view: &View,
    report: &Report,
    (siblings, comments, moves): (&[Report], &[store::Comment], &Moves),
    form: FormState,
) -> DetailPage {
    let indicator = view.adopted.pack.indicator(&report.indicator);
    let name = indicator.map_or_else(|| report.indicator.clone(), |one| one.name.clone());
    let row = |found: Option<&Report>| found.map(|report| ReportRow::of(report, view));
    let waits = report.state == ReportState::Proposed;
    let own = report.proposed_by == actor.login;
    let again = own && actor.may(&PROPOSE) && report.state == ReportState::Returned;
    let again = if again { again_href(report) } else { String::new() };
    DetailPage {
        about: Link::new(
            Query::parse(&format!("/indicators/{}", report.indicator), "").with("region", &report.region).href(),
            name,
        ),
        tag: state_tag(report),
        origin: report.origin,
        lines: lines(report, view),
        evidence: report.evidence.clone(),
        before: row(report.corrects.and_then(|id| siblings.iter().find(|other| other.id == id))),
        after: row(siblings.iter().find(|other| other.corrects == Some(report.id))),
        history: history(report, (comments, moves), view),
        decide: (waits && !own && !(moves.on.is_empty() && moves.back.is_empty()))
            .then(|| Input::lines("note", "意见").hint("退回时请写明理由").optional().filled(&form)),
        moves: moves.clone(),
        four_eyes: waits && moves.own,
        again,
        remark: actor.may(&COMMENT).then(|| remark_input(&form)),
        here: format!("/reports/{}", report.id),
        form,
        shell: shell.titled("填报").under(vec![Link::new("/reports", "填报与审签")]),
    }
}

fn again_href(report: &Report) -> String {
    let path = format!("/indicators/{}/report", report.indicator);
    Query::parse(&path, "").with("region", &report.region).with("month", &report.month.to_string()).href()
}

fn lines(report: &Report, view: &View) -> Vec<(&'static str, String)> {
    let indicator = view.adopted.pack.indicator(&report.indicator);
    let mut lines = vec![
        ("区划", view.regions.name(&report.region).to_owned()),
        ("报告期", report.month.label()),
        ("本期值", value_text(report, indicator)),
    ];
    let mut put = |label: &'static str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push((label, text));
        }
    };
    put("分子", report.numerator.map(|value| value.to_string()));
    put("分母", report.denominator.map(|value| value.to_string()));
    put("备注", Some(report.note.clone()));
    put("更正理由", report.reason.clone());
    lines
}

fn history(report: &Report, (comments, moves): (&[store::Comment], &Moves), view: &View) -> Vec<TimelineItem> {
    let mut dated: Vec<(DateTime<Utc>, TimelineItem)> = Vec::new();
    dated.extend(comments.iter().map(|comment| (comment.at, comment_item(comment))));
    for (at, tone, label, login, said) in &moves.done {
        let item = TimelineItem::new(*tone, choose::moment(*at), label.as_str());
        dated.push((*at, item.by(view.person(login)).text(said.as_str())));
    }
    // Reports from before they were cases.
    if moves.done.is_empty() {
        let proposed = TimelineItem::new(Tone::Run, choose::moment(report.proposed_at), "提交填报");
        dated.push((report.proposed_at, proposed.by(view.person(&report.proposed_by))));
    }
    if let Some(at) = report.decided_at.filter(|_| moves.done.is_empty()) {
        let (tone, title) = match report.state {
            ReportState::Returned => (Tone::Late, "退回"),
            ReportState::Withdrawn => (Tone::None, "撤回"),
            _ => (Tone::Ok, "签发"),
        };
        let by = report.decided_by.as_deref().map(|login| view.person(login)).unwrap_or_default();
        let words = report.decision_note.clone().unwrap_or_default();
        dated.push((at, TimelineItem::new(tone, choose::moment(at), title).by(by).text(words)));
    }
    dated.sort_by_key(|(at, _)| *at);
    let mut items: Vec<TimelineItem> = dated.into_iter().map(|(_, item)| item).collect();
    match report.state {
        ReportState::Proposed => items.push(TimelineItem::new(Tone::None, "", "等待牵头单位审签")),
        ReportState::Corrected => items.push(TimelineItem::new(Tone::None, "", "已被更正，原来的数字仍保留")),
        ReportState::Returned if report.was_replaced() => {
            items.push(TimelineItem::new(Tone::None, "", report.state_label()));
        }
        ReportState::Withdrawn if report.was_replaced() => {
            items.push(TimelineItem::new(Tone::None, "", report.state_label()));
        }
        ReportState::Returned | ReportState::SignedOff | ReportState::Withdrawn => {}
    }
    items
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Page<DetailPage>, WebError> {
    Ok(Page(Loaded::of(&service, &actor, &id).await?.page(shell, &actor, FormState::default())))
}

pub(super) async fn decide(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let loaded = Loaded::of(&service, &actor, &id).await?;
    let verdict = verdict(posted.text("verdict"))?;
    let done = service.decide_report(&actor, &loaded.report, verdict, posted.text("note")).await;
    let word = match verdict {
        Verdict::Return => "已退回".to_owned(),
        Verdict::SignOff => said(&service, &actor, loaded.report.id).await?,
    };
    after(&loaded, shell, &actor, &posted, done, &word)
}

/// What a move on has brought: the value counts, or somebody else is next.
async fn said(service: &Monitoring, actor: &Actor, id: Uuid) -> Result<String, WebError> {
    let report = store::report(&service.db, &actor.place, id).await.map_err(Refusal::from)?;
    let counts = report.is_some_and(|report| report.state == ReportState::SignedOff);
    Ok(if counts { "已签发，数字已更新" } else { "已办理，等下一步" }.to_owned())
}

/// Reads a verdict.
///
/// # Errors
/// When it is neither.
pub(in crate::pages) fn verdict(text: &str) -> Result<Verdict, WebError> {
    match text {
        "sign_off" => Ok(Verdict::SignOff),
        "return" => Ok(Verdict::Return),
        _ => Err(WebError::bad_request("没有说明是签发还是退回", "verdict 写 sign_off（签发）或 return（退回）")),
    }
}

pub(super) async fn remark(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let loaded = Loaded::of(&service, &actor, &id).await?;
    let about = format!("report:{}", loaded.report.id);
    let done = commands::comment(&context(&service, &actor), &about, posted.text("text")).await;
    after(&loaded, shell, &actor, &posted, done, "已留言")
}

/// Back to the report, or the same page with what is wrong.
fn after(
    loaded: &Loaded,
    shell: Shell,
    actor: &Actor,
    posted: &Posted,
    done: Result<(), Refusal>,
    word: &str,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok((Flash::done(word), see_other(&format!("/reports/{}", loaded.report.id))).into_response()),
        Err(Refusal::Invalid(found)) => Ok(Page(loaded.page(shell, actor, posted.form().with_errors(found))).invalid()),
        Err(other) => Err(other.into()),
    }
}
