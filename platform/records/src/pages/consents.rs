//! A person's consents: which hold, giving one, withdrawing one.

use super::edit::draft;
use super::inputs::field_input;
use super::{crumbs, id_of, in_use, record_href};
use crate::actions::{READ, WRITE, allow};
use crate::commands::Records;
use crate::consent::{Given, Standing};
use crate::decide::Draft;
use crate::record::Record;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::fmt;
use identity::Actor;
use serde_json::Value as Json;
use vocabulary::{Register, consent};
use web::{Flash, FormState, Page, Posted, Shell, Tag, Tone, WebError, see_other};

/// One consent as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownConsent {
    /// Its record's id.
    pub id: String,
    /// What for.
    pub purpose: String,
    /// How it stands.
    pub tag: Tag,
    /// From when to when, and how it was given.
    pub told: String,
    /// Its record.
    pub href: String,
    /// Whether it can be withdrawn.
    pub holds: bool,
}

/// A person's consents.
#[derive(Debug, Template)]
#[template(path = "records/consents.html")]
pub struct ConsentsPage {
    /// What stands around it.
    pub shell: Shell,
    /// The text that names the person.
    pub name: String,
    /// The person's address.
    pub base: String,
    /// The consents.
    pub given: Vec<ShownConsent>,
    /// The form of a new one; empty for who may not write.
    pub inputs: Vec<web::Input>,
    /// What was typed, and what is wrong.
    pub form: FormState,
}

/// The register of consents and the person's record.
struct Asked {
    consents: std::sync::Arc<Register>,
    register: std::sync::Arc<Register>,
    person: Record,
    given: Vec<Given>,
}

async fn of(records: &Records, actor: &Actor, key: &str, id: &str) -> Result<Asked, WebError> {
    let register = records.register(actor, key)?;
    let person = in_use(records, actor, &register, id_of(id)?).await?;
    let none = || WebError::not_found("个人信息同意的登记簿");
    let given = records.consents_of(actor, key, person.id).await?.ok_or_else(none)?;
    let consents = records.register(actor, consent::REGISTER)?;
    Ok(Asked { consents, register, person, given })
}

fn date_of(record: &Record, key: &str) -> Option<String> {
    let day: chrono::NaiveDate = record.value(key).and_then(Json::as_str)?.parse().ok()?;
    Some(fmt::day(day))
}

fn shown(register: &Register, one: &Given) -> ShownConsent {
    let record = &one.record;
    let text = |key: &str| record.value(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut told = vec![format!("{}起", date_of(record, consent::GIVEN_ON).unwrap_or_default())];
    told.extend(date_of(record, consent::UNTIL).map(|day| format!("至{day}")));
    told.extend(date_of(record, consent::WITHDRAWN_ON).map(|day| format!("{day}起撤回")));
    // What the pack's own register says besides: who gave it, how.
    let own = [consent::PERSON, consent::PURPOSE, consent::GIVEN_ON, consent::UNTIL, consent::WITHDRAWN_ON];
    let besides = register
        .fields
        .iter()
        .filter(|field| !own.contains(&field.key.as_str()) && field.sensitive == vocabulary::Sensitivity::None);
    told.extend(besides.map(|field| (field, text(&field.key))).filter(|(_, text)| !text.is_empty()).map(
        |(field, text)| {
            let word = field.choices.iter().find(|choice| choice.value == text).map(|choice| choice.word().to_owned());
            format!("{}：{}", field.label, word.unwrap_or(text))
        },
    ));
    let tone = match one.standing {
        Standing::Holds => Tone::Ok,
        Standing::ToCome => Tone::Run,
        Standing::Over => Tone::None,
        Standing::Withdrawn => Tone::Late,
    };
    ShownConsent {
        id: record.id.to_string(),
        purpose: text(consent::PURPOSE),
        tag: Tag::new(tone, one.standing.label()),
        told: told.join("；"),
        href: record_href(consent::REGISTER, record.id),
        holds: matches!(one.standing, Standing::Holds | Standing::ToCome),
    }
}

async fn page(
    records: &Records,
    actor: &Actor,
    asked: &Asked,
    shell: Shell,
    form: FormState,
) -> Result<ConsentsPage, WebError> {
    let name = records.title_of(&actor.place, &asked.register, &asked.person).await.map_err(WebError::fault)?;
    let own = [consent::PERSON, consent::WITHDRAWN_ON];
    let fields = asked.consents.fields.iter().filter(|field| !own.contains(&field.key.as_str()));
    let inputs = if actor.may(&WRITE) { fields.map(|field| field_input(field, &form)).collect() } else { Vec::new() };
    let base = record_href(&asked.register.key, asked.person.id);
    let mut above = crumbs(&asked.register);
    above.push(web::Link::new(base.clone(), name.clone()));
    Ok(ConsentsPage {
        shell: shell.titled(format!("同意：{name}")).under(above),
        given: asked.given.iter().map(|one| shown(&asked.consents, one)).collect(),
        inputs,
        form,
        name,
        base,
    })
}

/// `GET /registers/{register}/records/{id}/consents`
pub(super) async fn list(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Page<ConsentsPage>, WebError> {
    allow(&actor, &READ)?;
    let asked = of(&records, &actor, &key, &id).await?;
    Ok(Page(page(&records, &actor, &asked, shell, FormState::default()).await?))
}

/// `POST /registers/{register}/records/{id}/consents`
pub(super) async fn give(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let asked = of(&records, &actor, &key, &id).await?;
    let mut typed = draft(&asked.consents, &posted, |_| String::new());
    typed.values.remove(consent::WITHDRAWN_ON);
    let typed = Draft { region: Some(asked.person.region.clone()), ..typed };
    let typed = typed.with(consent::PERSON, &asked.person.id.to_string());
    match records.create(&actor, consent::REGISTER, &typed).await {
        Ok(_) => Ok((Flash::done("已登记同意"), see_other(&consents_href(&key, &id))).into_response()),
        Err(failure) => {
            let form = posted.form().with_errors(super::violations_of(failure)?);
            Ok(Page(page(&records, &actor, &asked, shell, form).await?).invalid())
        }
    }
}

/// `POST /registers/{register}/records/{id}/consents/{consent}/withdraw`
pub(super) async fn withdraw(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id, given)): Path<(String, String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let asked = of(&records, &actor, &key, &id).await?;
    let given = id_of(&given)?;
    let one = asked.given.iter().find(|one| one.record.id == given).ok_or_else(|| WebError::not_found("这项同意"))?;
    let today = records.today();
    let draft = Draft::default().with(consent::WITHDRAWN_ON, &today.to_string());
    let reason = "本人撤回同意";
    match records.update(&actor, consent::REGISTER, given, one.record.version, &draft, reason).await {
        Ok(_) => {
            Ok((Flash::done("已撤回，从今天起不再按这项同意使用"), see_other(&consents_href(&key, &id)))
                .into_response())
        }
        Err(failure) => {
            let said: Vec<String> = super::violations_of(failure)?
                .into_iter()
                .map(|one| format!("{}（{}）", one.message, one.remedy))
                .collect();
            Ok((Flash::warning(said.join("；")), see_other(&consents_href(&key, &id))).into_response())
        }
    }
}

fn consents_href(register: &str, id: &str) -> String {
    format!("{}/consents", record_href(register, id))
}
