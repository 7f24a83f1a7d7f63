//! The form of a move, the move itself, and handing a case to a colleague.

use super::{crumbs, draft_of, href, id_of, step_of, version_of, violations_of};
use crate::Cases;
use crate::commands::Asked;
use crate::reads::Whole;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::fmt;
use identity::{Actor, Refusal};
use pack_reader::model::{MoveKind, Transition};
use records::masking::{View, hides, mask};
use records::pages::{Offered, choose, field_inputs, offer};
use uuid::Uuid;
use web::{Flash, FormState, Input, Link, Page, Posted, Shell, WebError, see_other};

/// The form of a move.
#[derive(Debug, Template)]
#[template(path = "cases/move.html")]
pub struct MovePage {
    /// What stands around it.
    pub shell: Shell,
    /// What one is told before.
    pub note: String,
    /// What the move leads to, and by when it must go on.
    pub then: String,
    /// What it changes in a register: the field, what stands there, what will.
    pub writes: Vec<(String, String, String)>,
    /// The fields and the reason.
    pub inputs: Vec<Input>,
    /// What was typed, and what is wrong.
    pub form: FormState,
    /// Where it is sent.
    pub action: String,
    /// The case.
    pub back: String,
    /// The id of this asking.
    pub step: String,
    /// The version that was looked at.
    pub version: i64,
    /// The word on the button.
    pub label: String,
    /// Whether it goes back or ends the case against who asked.
    pub grave: bool,
    /// Whether what is filled in can be kept without making the move.
    pub keeps: bool,
}

fn transition_of(whole: &Whole, key: &str) -> Result<Transition, WebError> {
    let transition = whole.kind.transition(key).ok_or_else(|| WebError::not_found("这一步"))?;
    if whole.moves.iter().any(|able| able == key) {
        return Ok(transition.clone());
    }
    if transition.from.contains(&whole.case.state) {
        return Err(Refusal::Forbidden(format!("您的岗位不能“{}”", transition.label)).into());
    }
    Err(WebError::Conflict(format!("办件现在不能“{}”：刚刚有人办过。请回到办件页面。", transition.label)))
}

/// `GET /cases/{id}/do/{transition}`
pub(super) async fn form(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((id, key)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let whole = cases.whole(&actor, id_of(&id)?).await?;
    let transition = transition_of(&whole, &key)?;
    let values = values(&cases, &actor, &whole, &transition).await?;
    let form = (FormState::typed(values), Offered::default());
    let mut page = page(&cases, shell, &whole, &transition, form, Uuid::now_v7());
    page.writes = cases.would_write(&actor, &transition, &whole.case).await?;
    Ok(Page(page).into_response())
}

/// `POST /cases/{id}/do/{transition}`
pub(super) async fn make(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((id, key)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let number = id_of(&id)?;
    let described = cases.described(&actor)?;
    // Out of sight: made before, when it is asked for again; then what was filled in is not read any more.
    let own = cases.whole(&actor, number).await.ok().map(|whole| whole.kind);
    let fields: Vec<&str> =
        own.iter().filter_map(|kind| kind.transition(&key)).flat_map(|one| &one.fields).map(String::as_str).collect();
    let mut draft = draft_of(&posted, fields.iter().copied());
    let all = own.iter().flat_map(|kind| &kind.fields);
    let asked_for: Vec<_> = all.filter(|field| fields.contains(&field.key.as_str())).cloned().collect();
    choose(&cases.records, &actor, &asked_for, &posted, &mut draft).await?;
    let asked = Asked {
        step: step_of(&posted),
        version: version_of(&posted),
        transition: key.clone(),
        draft,
        reason: posted.text("reason").to_owned(),
    };
    let keeps = posted.text("keep") == "yes";
    let made = if keeps { cases.keep(&actor, number, &asked).await } else { cases.step(&actor, number, &asked).await };
    match made {
        Ok(_) if keeps => Ok((Flash::done("已暂存，还没有提交"), see_other(&href(number))).into_response()),
        Ok(case) => {
            let kind = described.kinds.iter().find(|kind| kind.key == case.kind);
            let label = kind.and_then(|kind| kind.transition(&key)).map_or("", |one| &one.label);
            // A move may take the case out of one's sight.
            let back = if cases.whole(&actor, number).await.is_ok() { href(number) } else { "/cases".to_owned() };
            Ok((Flash::done(format!("已办：{label}")), see_other(&back)).into_response())
        }
        Err(refusal) => {
            let errors = violations_of(refusal)?;
            let whole = cases.whole(&actor, number).await?;
            let transition = transition_of(&whole, &key)?;
            let form = offer(&cases.records, &actor, &whole.kind.fields, posted.form(), errors).await?;
            let mut page = page(&cases, shell, &whole, &transition, form, asked.step);
            page.writes = cases.would_write(&actor, &transition, &whole.case).await?;
            Ok(Page(page).invalid())
        }
    }
}

/// What is filled in already, as a person would type it.
async fn values(
    cases: &Cases,
    actor: &Actor,
    whole: &Whole,
    transition: &Transition,
) -> Result<Vec<(String, String)>, WebError> {
    let register = whole.kind.as_register();
    let record = whole.case.as_record();
    let names = cases.records.names(&actor.place, &register, std::slice::from_ref(&record)).await;
    let names = names.map_err(WebError::fault)?;
    let fields = transition.fields.iter().filter_map(|key| whole.kind.field(key));
    let text = |field: &vocabulary::Field| match record.value(&field.key) {
        None => String::new(),
        Some(value) if hides(field, View::One) => mask(field, value),
        Some(value) => records::typed(field, value, &names),
    };
    Ok(fields.map(|field| (field.key.clone(), text(field))).collect())
}

fn page(
    cases: &Cases,
    shell: Shell,
    whole: &Whole,
    transition: &Transition,
    (form, offered): (FormState, Offered),
    step: Uuid,
) -> MovePage {
    let fields = transition.fields.iter().filter_map(|key| whole.kind.field(key));
    let needed = whole.kind.needed_for(transition, &whole.case.state);
    let required = |key: &str| needed.contains(&key);
    let mut inputs: Vec<Input> = fields
        .flat_map(|field| {
            let field = vocabulary::Field { required: required(&field.key), ..field.clone() };
            field_inputs(&field, &form, &offered)
        })
        .collect();
    let reason = Input::lines("reason", if transition.says_why() { "原因" } else { "说明" });
    let reason =
        if transition.says_why() { reason.hint("对方看得到，写清楚怎样办") } else { reason.optional() };
    inputs.push(reason.filled(&form));
    let title = format!("{}：{}", transition.label, whole.case.title);
    let mut crumbs = crumbs();
    crumbs.push(Link::new(href(whole.case.id), whole.case.number.as_str()));
    MovePage {
        shell: shell.titled(title).under(crumbs).as_of(fmt::day(cases.clock.today())),
        note: transition.note.clone(),
        then: then(cases, whole, transition),
        writes: Vec::new(),
        inputs,
        form,
        action: format!("/cases/{}/do/{}", whole.case.id, transition.key),
        back: href(whole.case.id),
        step: step.to_string(),
        version: whole.case.version,
        label: transition.label.clone(),
        grave: transition.kind != MoveKind::Forward,
        keeps: !transition.fields.is_empty(),
    }
}

/// What the move leads to.
fn then(cases: &Cases, whole: &Whole, transition: &Transition) -> String {
    let Some(state) = whole.kind.state(&transition.to) else { return String::new() };
    if state.end.is_some() {
        return format!("办件会变为“{}”，就此结束", state.label);
    }
    let due = crate::due::deadline(state, cases.clock.today(), &whole.described.work_days).due_on;
    match (due, state.days) {
        (Some(day), Some(days)) => format!("办件会变为“{}”，{days} 个工作日内（{}前）办理", state.label, fmt::day(day)),
        _ => format!("办件会变为“{}”", state.label),
    }
}

/// `POST /cases/{id}/assign`
pub(super) async fn assign(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let number = id_of(&id)?;
    let to: Uuid =
        posted.text("to").parse().map_err(|_| WebError::bad_request("没有选交给谁", "从列出的人里选一个"))?;
    let asked = (step_of(&posted), version_of(&posted));
    cases.assign(&actor, number, asked, to, posted.text("said")).await?;
    Ok((Flash::done("已转交"), see_other(&href(number))).into_response())
}
