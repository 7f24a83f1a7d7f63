//! The form of a new case.

use super::{crumbs, draft_of, href, violations_of};
use crate::Cases;
use crate::commands::Start;
use crate::decide::{Viewer, may_start};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::{Actor, Refusal, Role};
use pack_reader::model::{CaseKind, MoveKind};
use records::pages::{Offered, choose, field_inputs, offer, region_input};
use uuid::Uuid;
use web::{Flash, FormState, Input, Page, Posted, Shell, WebError, see_other};

/// The form of a new case.
#[derive(Debug, Template)]
#[template(path = "cases/start.html")]
pub struct StartPage {
    /// What stands around it.
    pub shell: Shell,
    /// What the kind is for.
    pub note: String,
    /// The fields.
    pub inputs: Vec<Input>,
    /// What was typed, and what is wrong.
    pub form: FormState,
    /// Where it is sent.
    pub action: String,
    /// The id that the case will have.
    pub id: String,
    /// Papers that will be asked for on the next page.
    pub papers: Vec<String>,
    /// Required fields that may still be empty here, and until when; "" for none.
    pub later: String,
}

/// What may be filled in after the beginning, and before which move it must be.
fn later(kind: &CaseKind) -> String {
    let needed = kind.needed_to_start();
    let first = kind.first_fields().into_iter().filter(|field| field.required && !needed.contains(field.key.as_str()));
    let labels: Vec<&str> = first.map(|field| field.label.as_str()).collect();
    let begun = kind.states.first().map_or("", |state| &state.key);
    let on = kind.from(begun).find(|one| one.kind == MoveKind::Forward);
    match on {
        Some(on) if !labels.is_empty() => format!("{}可以登记以后再填，“{}”之前要填好。", labels.join("、"), on.label),
        _ => String::new(),
    }
}

fn kind_of(cases: &Cases, actor: &Actor, viewer: &Viewer, key: &str) -> Result<CaseKind, WebError> {
    let described = cases.described(actor)?;
    let kind = described.kinds.iter().find(|kind| kind.key == key).cloned();
    let kind = kind.ok_or_else(|| WebError::not_found("这种办件"))?;
    if let Some(about) = kind.about {
        let message = format!("“{}”从{}的页面发起：先打开那个{}，再填报", kind.label, about.label(), about.label());
        return Err(Refusal::Conflict(message).into());
    }
    if may_start(&kind, viewer) {
        return Ok(kind);
    }
    Err(Refusal::Forbidden(format!("您的岗位不能发起“{}”；可发起的列在办件页面", kind.label)).into())
}

/// `GET /case-kinds/{kind}/start`
pub(super) async fn blank(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
) -> Result<Response, WebError> {
    let viewer = cases.viewer(&actor).await?;
    let kind = kind_of(&cases, &actor, &viewer, &key)?;
    let form = (FormState::default(), Offered::default());
    let page = page(&cases, &viewer, shell, &kind, form, Uuid::now_v7()).await?;
    Ok(Page(page).into_response())
}

/// `POST /case-kinds/{kind}/start`
pub(super) async fn begin(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let viewer = cases.viewer(&actor).await?;
    let kind = kind_of(&cases, &actor, &viewer, &key)?;
    let id: Uuid = posted.text("id").parse().unwrap_or_else(|_| Uuid::now_v7());
    let keys = kind.first_fields().into_iter().map(|field| field.key.as_str());
    let mut draft = draft_of(&posted, keys);
    let first = first_fields(&kind);
    choose(&cases.records, &actor, &first, &posted, &mut draft).await?;
    let start = Start { id, kind: key, draft };
    match cases.start(&actor, &start).await {
        Ok(case) => {
            let said = format!("已登记，编号 {}；下一步在下面“办理”里", case.number);
            Ok((Flash::done(said), see_other(&href(case.id))).into_response())
        }
        Err(refusal) => {
            let form = offer(&cases.records, &actor, &first, posted.form(), violations_of(refusal)?).await?;
            Ok(Page(page(&cases, &viewer, shell, &kind, form, id).await?).invalid())
        }
    }
}

fn first_fields(kind: &CaseKind) -> Vec<vocabulary::Field> {
    kind.first_fields().into_iter().cloned().collect()
}

async fn page(
    cases: &Cases,
    viewer: &Viewer,
    shell: Shell,
    kind: &CaseKind,
    (form, offered): (FormState, Offered),
    id: Uuid,
) -> Result<StartPage, WebError> {
    let actor = &viewer.actor;
    let mut inputs = Vec::new();
    if crate::commands::subject(kind).is_none() {
        inputs.push(region_input(&cases.records, actor, &form));
    }
    let needed = kind.needed_to_start();
    for field in kind.first_fields() {
        // An institution speaks for itself: its own name stands there, not to be changed.
        if actor.role == Role::Institution && kind.party.as_deref() == Some(field.key.as_str()) {
            let own = cases.party_name(actor, kind, viewer.party).await?;
            inputs.push(Input::line(field.key.as_str(), field.label.as_str()).width("l").value(own).readonly());
            continue;
        }
        let required = field.required || needed.contains(field.key.as_str());
        inputs.extend(field_inputs(&vocabulary::Field { required, ..field.clone() }, &form, &offered));
    }
    Ok(StartPage {
        shell: shell.titled(format!("发起{}", kind.label)).under(crumbs()),
        note: kind.note.clone(),
        inputs,
        form,
        action: format!("/case-kinds/{}/start", kind.key),
        id: id.to_string(),
        papers: kind.papers.iter().map(|paper| paper.label.clone()).collect(),
        later: later(kind),
    })
}

impl Cases {
    /// The name of the institution for which somebody speaks.
    pub(crate) async fn party_name(
        &self,
        actor: &Actor,
        kind: &CaseKind,
        party: Option<Uuid>,
    ) -> Result<String, WebError> {
        let target = kind.party.as_ref().and_then(|key| kind.field(key)?.reference.clone()).unwrap_or_default();
        let none = || WebError::Conflict("您的账号还没有指定代表哪家机构，请联系安全管理员。".to_owned());
        let register = self.records.register(actor, &target)?;
        let found = records::get(&self.db, &register, &actor.region, party.ok_or_else(none)?).await;
        let found = found.map_err(WebError::fault)?.ok_or_else(none)?;
        Ok(found.title(&register))
    }
}
