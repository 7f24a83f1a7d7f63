//! What is kept no longer, and what a person asks about their own data: pages for who keeps registers, and for the security
//! administrator who confirms.

use super::files::headers;
use super::{crumbs, id_of, record_href};
use crate::actions::{ERASE, ERASE_CONFIRM, allow};
use crate::commands::Records;
use crate::erase::{Asked, DueRule, ERASURE_MAX, Erasure, ErasureState, REMOVED};
use crate::reads::get;
use crate::sheets::Format;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::Actor;
use vocabulary::Register;
use vocabulary::clock::china_local;
use web::{Flash, FormState, Page, Posted, Shell, Tag, Tone, WebError, see_other};

const OWN: &str = "/erasures";
const ADMIN: &str = "/admin/erasures";

/// What the person a record is about may ask: a copy, or that it be deleted.
#[derive(Debug, Template)]
#[template(path = "records/rights.html")]
pub struct RightsPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was typed, and what is wrong.
    pub form: FormState,
    /// The text that names the record.
    pub name: String,
    /// The record's address.
    pub base: String,
}

impl RightsPage {
    fn inputs(&self, scope: &str, hint: &'static str) -> Vec<web::Input> {
        // Only the form that was sent shows again what was typed and what is wrong with it.
        let sent = self.form.value("what");
        let shows = sent == scope || (sent.is_empty() && scope == "copy");
        let form = if sent == scope { self.form.clone() } else { FormState::default() };
        // The summary of what is wrong leads to fields without a scope.
        let scope = if shows { "" } else { scope };
        vec![
            web::Input::line("by", "由谁提出").scope(scope).hint("本人、监护人，或与本人的关系").filled(&form),
            web::Input::line("reason", "理由和核对身份的办法").scope(scope).hint(hint).filled(&form),
        ]
    }
}

/// One proposal as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownErasure {
    /// Its id.
    pub id: String,
    /// Its state.
    pub tag: Tag,
    /// What, of which register, how many.
    pub what: String,
    /// Why, who proposed it and when, what became of it.
    pub told: Vec<String>,
    /// Whether it waits.
    pub waits: bool,
    /// Whether the reader proposed it.
    pub own: bool,
}

/// A rule as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRule {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: String,
    /// When of which register what is done, and where that is said.
    pub said: String,
    /// How many are due.
    pub counted: String,
    /// How many of them can still be proposed.
    pub left: usize,
}

/// Rules with what they find, and proposals.
#[derive(Debug, Template)]
#[template(path = "records/erasures.html")]
pub struct ErasuresPage {
    /// What stands around it.
    pub shell: Shell,
    /// Rules with what they find.
    pub rules: Vec<ShownRule>,
    /// Proposals.
    pub erasures: Vec<ShownErasure>,
    /// Whether the reader confirms, and does not propose.
    pub confirms: bool,
}

/// `GET /registers/{register}/records/{id}/rights`
pub(super) async fn rights(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    Ok(Page(rights_page(&records, &actor, &register, &id, (shell, FormState::default())).await?).into_response())
}

async fn rights_page(
    records: &Records,
    actor: &Actor,
    register: &Register,
    id: &str,
    (shell, form): (Shell, FormState),
) -> Result<RightsPage, WebError> {
    allow(actor, &ERASE)?;
    let record = get(&records.db, register, &actor.region, id_of(id)?).await.map_err(WebError::fault)?;
    let record = record.ok_or_else(|| WebError::not_found("这条登记"))?;
    let name = records.title_of(&actor.place, register, &record).await.map_err(WebError::fault)?;
    Ok(RightsPage {
        shell: shell.titled(format!("本人的要求：{name}")).under(crumbs(register)),
        form,
        name,
        base: record_href(&register.key, record.id),
    })
}

fn asked(posted: &Posted) -> Asked {
    Asked { by: posted.text("by").to_owned(), reason: posted.text("reason").to_owned() }
}

/// `POST /registers/{register}/records/{id}/copy`
pub(super) async fn copy(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let copy = match records.copy(&actor, &key, id_of(&id)?, &asked(&posted)).await {
        Ok(copy) => copy,
        Err(failure) => {
            let form = posted.form().with_errors(super::violations_of(failure)?);
            return Ok(Page(rights_page(&records, &actor, &register, &id, (shell, form)).await?).invalid());
        }
    };
    let name = format!("个人信息副本-{}", copy.title);
    if posted.text("format") == "json" {
        let text = serde_json::to_vec_pretty(&copy.json()).map_err(WebError::fault)?;
        return Ok((headers(&format!("{name}.json"), "application/json; charset=utf-8"), text).into_response());
    }
    if posted.text("format") == "zip" {
        let bytes = records.packed(&copy).await?;
        return Ok((headers(&format!("{name}.zip"), "application/zip"), bytes).into_response());
    }
    let bytes = copy.xlsx().map_err(|problems| WebError::fault(format!("{problems:?}")))?;
    Ok((headers(&format!("{name}.xlsx"), Format::Xlsx.media_type()), bytes).into_response())
}

/// `POST /registers/{register}/records/{id}/erase`
pub(super) async fn erase(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    match records.propose_on_request(&actor, &key, id_of(&id)?, &asked(&posted)).await {
        Ok(one) => {
            let text = format!("已提请删除 {} 条登记，等安全管理员确认", one.targets.len());
            Ok((Flash::done(text), see_other(OWN)).into_response())
        }
        Err(failure) => {
            let form = posted.form().with_errors(super::violations_of(failure)?);
            Ok(Page(rights_page(&records, &actor, &register, &id, (shell, form)).await?).invalid())
        }
    }
}

fn shown(records: &Records, actor: &Actor, one: &Erasure) -> ShownErasure {
    let label =
        |key: &str| records.registry.get(&one.place, key).map_or_else(|| key.to_owned(), |found| found.label.clone());
    let tone = match one.state {
        ErasureState::Proposed => Tone::Slow,
        ErasureState::Done => Tone::Ok,
        ErasureState::Refused => Tone::Late,
        ErasureState::Withdrawn => Tone::None,
    };
    let when = |at: chrono::DateTime<chrono::Utc>| china_local(at).format("%Y-%m-%d %H:%M").to_string();
    let mut told = vec![one.reason.clone(), format!("{} 由 {} 提请", when(one.proposed_at), one.proposed_by)];
    let registers: std::collections::BTreeSet<&str> =
        one.targets.iter().map(|target| target.register.as_str()).collect();
    if registers.len() > 1 {
        told.push(format!("包括：{}", registers.into_iter().map(label).collect::<Vec<_>>().join("、")));
    }
    if !one.keep.is_empty() {
        told.push(format!("留下的栏目 {} 个，其余清除", one.keep.len()));
    }
    if let (Some(by), Some(at)) = (&one.decided_by, one.decided_at) {
        let words = one.decision.as_deref().filter(|words| !words.is_empty());
        let words = words.map(|words| format!("：{words}")).unwrap_or_default();
        told.push(format!("{} 由 {by} {}{words}", when(at), one.state.label()));
    }
    if one.state == ErasureState::Done {
        let left = if one.left_over > 0 {
            format!("；{} 条在提请以后改过，或还有没办结的办件，没有动", one.left_over)
        } else {
            String::new()
        };
        told.push(format!("已{} {} 条{left}", one.ending.label(), one.done));
    }
    ShownErasure {
        id: one.id.to_string(),
        tag: Tag::new(tone, one.state.label()),
        what: format!("{}：{} {} 条", one.ending.label(), label(&one.register), one.targets.len()),
        told,
        waits: one.state == ErasureState::Proposed,
        own: one.proposed_by == actor.login,
    }
}

fn rule_of(records: &Records, actor: &Actor, due: DueRule) -> ShownRule {
    let DueRule { rule, register, count, proposed } = due;
    let described = records.registry.get(&actor.place, &rule.register);
    let from = match described.as_ref().and_then(|one| one.field(&rule.from)) {
        Some(field) => field.label.clone(),
        None if rule.from == REMOVED => "移出登记簿".to_owned(),
        None => rule.from.clone(),
    };
    let law = if rule.required { "，在那以前依法保存" } else { "" };
    let said = format!("{register}：{from}满 {} 年后{}{law}。{}", rule.years, rule.ending.label(), rule.source);
    let more = if count >= ERASURE_MAX { "以上" } else { "" };
    let counted = format!("到期 {count} 条{more}，其中已提请 {proposed} 条");
    ShownRule { key: rule.key, label: rule.label, said, counted, left: count - proposed }
}

/// `GET /erasures`
pub(super) async fn own(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
) -> Result<Page<ErasuresPage>, WebError> {
    let rules = records.due_for_erasure(&actor).await?;
    Ok(Page(ErasuresPage {
        shell: shell.titled("保存期与删除").under(vec![web::Link::new("/registers", "登记簿")]),
        rules: rules.into_iter().map(|due| rule_of(&records, &actor, due)).collect(),
        erasures: records.erasures(&actor).await?.iter().map(|one| shown(&records, &actor, one)).collect(),
        confirms: false,
    }))
}

/// `POST /erasures`
pub(super) async fn propose(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    posted: Posted,
) -> Result<Response, WebError> {
    let one = records.propose_by_rule(&actor, posted.text("rule")).await?;
    let text = format!("已提请{} {} 条，等安全管理员确认", one.ending.label(), one.targets.len());
    Ok((Flash::done(text), see_other(OWN)).into_response())
}

/// `POST /erasures/{id}/withdraw`
pub(super) async fn withdraw(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Result<Response, WebError> {
    records.withdraw_erasure(&actor, erasure_id(&id)?).await?;
    Ok((Flash::done("已撤回"), see_other(OWN)).into_response())
}

fn erasure_id(text: &str) -> Result<uuid::Uuid, WebError> {
    text.parse().map_err(|_| WebError::not_found("这项提请"))
}

/// `GET /admin/erasures`
pub(super) async fn admin(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
) -> Result<Page<ErasuresPage>, WebError> {
    allow(&actor, &ERASE_CONFIRM)?;
    Ok(Page(ErasuresPage {
        shell: shell.titled("删除的确认"),
        rules: Vec::new(),
        erasures: records.erasures(&actor).await?.iter().map(|one| shown(&records, &actor, one)).collect(),
        confirms: true,
    }))
}

/// `POST /admin/erasures/{id}/confirm`
pub(super) async fn confirm(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let one = records.confirm_erasure(&actor, erasure_id(&id)?, posted.text("words")).await?;
    let left = if one.left_over > 0 {
        format!("；{} 条改过或还有没办结的办件，没有动", one.left_over)
    } else {
        String::new()
    };
    Ok((Flash::done(format!("已{} {} 条{left}", one.ending.label(), one.done)), see_other(ADMIN)).into_response())
}

/// `POST /admin/erasures/{id}/refuse`
pub(super) async fn refuse(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let refused = records.refuse_erasure(&actor, erasure_id(&id)?, posted.text("words")).await;
    let flash = match refused {
        Ok(_) => Flash::done("已不同意，理由已记下"),
        Err(failure) => {
            let wrong = super::violations_of(failure)?;
            Flash::warning(
                wrong.iter().map(|one| format!("{}（{}）", one.message, one.remedy)).collect::<Vec<_>>().join("；"),
            )
        }
    };
    Ok((flash, see_other(ADMIN)).into_response())
}
