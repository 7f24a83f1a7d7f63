//! The form of a record: a new one, a change, and what is shown when two editors meet.

use super::choosing::{CHOSEN, Offered, choose, mark_present, offer, told_apart};
use super::inputs::{inputs, regions};
use super::section::Section;
use super::who::Who;
use super::{crumbs, id_of, list_href, record_href};
use crate::actions::{WRITE, allow};
use crate::commands::{Created, Failure, Records};
use crate::decide::{Draft, REGION, Spelling, VALID_FROM};
use crate::history::history;
use crate::masking::{View, hides, mask};
use crate::record::{Record, State as RecordState};
use crate::registry::REGION_LABEL;
use crate::show::{Names, titled, typed};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::Actor;
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register, Violation};
use web::{Flash, FormState, Input, Link, Page, Posted, Query, Shell, WebError, see_other};

/// Ticked by whoever says that nobody who is there already is meant.
const OTHERS: &str = "others";
/// The ids of those who were shown then.
const SIMILAR: &str = "similar";

/// One field on which two editors differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The label.
    pub label: String,
    /// What is there now.
    pub theirs: String,
    /// What was typed.
    pub mine: String,
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "records/edit.html")]
pub struct EditPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was typed and what is wrong.
    pub form: FormState,
    /// The fields, under their headings.
    pub sections: Vec<Section<Input>>,
    /// Where it posts to.
    pub action: String,
    /// Where the way back leads.
    pub back: String,
    /// The id a new record will have.
    pub id: String,
    /// The version that is edited; 0 for a new record.
    pub version: i64,
    /// Who changed it meanwhile; "" for nobody.
    pub meanwhile: String,
    /// Where they differ.
    pub differences: Vec<Difference>,
    /// Who may be there already: the record, and what is known of it. Empty where nobody asks.
    pub similar: Vec<Link>,
    /// Their ids: those that the answer speaks of.
    pub similar_ids: Vec<String>,
}

/// `GET /registers/{register}/new`
pub(super) async fn blank(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    allow(&actor, &WRITE)?;
    let register = records.register(&actor, &key)?;
    // A link may say what is known already: the institution whose archive is open, and where it lies.
    let known = asked.pairs().iter().filter(|(key, _)| key == REGION || register.field(key).is_some());
    let form = (FormState::typed(known.cloned().collect()), Offered::default());
    Ok(Page(new_page(&records, &actor, &register, shell, form, Uuid::now_v7())).into_response())
}

fn new_page(
    records: &Records,
    actor: &Actor,
    register: &Register,
    shell: Shell,
    (form, offered): (FormState, Offered),
    id: Uuid,
) -> EditPage {
    EditPage {
        shell: shell.titled(format!("新增{}", register.label)).under(crumbs(register)),
        sections: inputs(records, actor, register, (&form, &offered)),
        form,
        action: format!("{}/new", list_href(register)),
        back: list_href(register),
        id: id.to_string(),
        version: 0,
        meanwhile: String::new(),
        differences: Vec::new(),
        similar: Vec::new(),
        similar_ids: Vec::new(),
    }
}

/// `POST /registers/{register}/new`
pub(super) async fn create(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let id = posted.text("id").parse().unwrap_or_else(|_| Uuid::now_v7());
    let mut draft = draft(&register, &posted, |_| String::new());
    choose(&records, &actor, &register.fields, &posted, &mut draft).await?;
    let others = if posted.text(OTHERS) == "yes" { posted.all(SIMILAR) } else { Vec::new() };
    let others: BTreeSet<Uuid> = others.into_iter().filter_map(|id| id.parse().ok()).collect();
    match records.create_asking(&actor, &key, id, &draft, &others).await {
        Ok(Created::Record(record)) => {
            let title = records.title_of(&actor.place, &register, &record).await.map_err(WebError::fault)?;
            let done = Flash::done(format!("已登记：{title}"));
            Ok((done, see_other(&record_href(&key, record.id))).into_response())
        }
        Ok(Created::Similar(found)) => {
            let wrong = Violation::new(
                "record.similar",
                OTHERS,
                "可能已经登记过，还没有保存",
                "是同一人的，打开已有的那一条修改；不是的，勾选“都不是同一人”再登记",
            );
            let form = offer(&records, &actor, &register.fields, posted.form(), vec![wrong]).await?;
            let mut page = new_page(&records, &actor, &register, shell, form, id);
            let told = told_apart(&records, &actor, &register, &found).await.map_err(WebError::fault)?;
            page.similar = told.iter().map(|(id, told)| Link::new(record_href(&key, id), told.as_str())).collect();
            page.similar_ids = told.into_iter().map(|(id, _)| id.to_string()).collect();
            Ok(Page(page).invalid())
        }
        Err(failure) => {
            let errors = super::violations_of(failure)?;
            let form = offer(&records, &actor, &register.fields, posted.form(), errors).await?;
            Ok(Page(new_page(&records, &actor, &register, shell, form, id)).invalid())
        }
    }
}

/// `GET /registers/{register}/records/{id}/edit`
pub(super) async fn filled(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    allow(&actor, &WRITE)?;
    let editing = Editing::of(&records, &actor, &key, &id).await?;
    let present = editing.present()?;
    records.looked(&actor, &editing.register, present).await?;
    let mut form = FormState::typed(editing.values(present));
    mark_present(&records, &actor, &editing.register, present, &mut form).await?;
    let form = offer(&records, &actor, &editing.register.fields, form, Vec::new()).await?;
    Ok(Page(editing.page(shell, form, present.version)).into_response())
}

/// `POST /registers/{register}/records/{id}/edit`
pub(super) async fn change(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let editing = Editing::of(&records, &actor, &key, &id).await?;
    let version: i64 = posted.text("version").parse().unwrap_or_default();
    // What was changed is what differs from the version the form was filled from, not from what is there now.
    let base = editing.version(version)?;
    let before = editing.values(base);
    let mut draft = draft(&editing.register, &posted, |name| value_of(&before, name));
    choose(&records, &actor, &editing.register.fields, &posted, &mut draft).await?;
    // The one that is referred to already, chosen again, is no change.
    draft.values.retain(|key, text| {
        editing.register.field(key).is_none_or(|field| field.kind != FieldKind::Reference)
            || base.value(key).and_then(serde_json::Value::as_str) != text.as_deref()
    });
    let number = id_of(&id)?;
    match records.update(&actor, &key, number, version, &draft, posted.text("reason")).await {
        Ok(record) => {
            let title = records.title_of(&actor.place, &editing.register, &record).await.map_err(WebError::fault)?;
            let done = Flash::done(format!("已保存：{title}"));
            Ok((done, see_other(&record_href(&key, &id))).into_response())
        }
        Err(Failure::Stale(stale)) => editing.met(shell, &posted, &before, &stale.present).await,
        Err(failure) => {
            let errors = super::violations_of(failure)?;
            let form = offer(&records, &actor, &editing.register.fields, posted.form(), errors).await?;
            Ok(Page(editing.page(shell, form, version)).invalid())
        }
    }
}

/// What was typed, as far as it differs from what the form showed.
pub(super) fn draft(register: &Register, posted: &Posted, before: impl Fn(&str) -> String) -> Draft {
    let changed = |name: &str| posted.get(name).map(str::trim).filter(|text| *text != before(name)).map(str::to_owned);
    let mut draft = Draft { spelling: Spelling::People, ..Draft::default() };
    draft.region = changed(REGION).filter(|text| !text.is_empty());
    draft.valid_from = posted.get(VALID_FROM).map(str::to_owned);
    for field in &register.fields {
        if let Some(text) = changed(&field.key) {
            draft.values.insert(field.key.clone(), Some(text));
        }
    }
    draft
}

fn value_of(values: &[(String, String)], name: &str) -> String {
    values.iter().find(|(key, _)| key == name).map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
}

/// A record on somebody's desk.
struct Editing<'a> {
    records: &'a Records,
    actor: &'a Actor,
    register: std::sync::Arc<Register>,
    versions: Vec<Record>,
    names: Names,
    listed: bool,
}

impl<'a> Editing<'a> {
    async fn of(records: &'a Records, actor: &'a Actor, key: &str, id: &str) -> Result<Self, WebError> {
        let register = records.register(actor, key)?;
        let versions = history(&records.db, &register, &actor.region, id_of(id)?).await.map_err(WebError::fault)?;
        if versions.first().is_none_or(|latest| latest.known_to.is_some()) {
            return Err(WebError::not_found("这条登记"));
        }
        let versions: Vec<Record> = versions.into_iter().map(|version| version.record).collect();
        let names = records.names(&actor.place, &register, &versions).await.map_err(WebError::fault)?;
        let listed = regions(records, actor).is_some();
        Ok(Self { records, actor, register, versions, names, listed })
    }

    fn present(&self) -> Result<&Record, WebError> {
        let present = self.versions.first().ok_or_else(|| WebError::not_found("这条登记"))?;
        match present.state {
            RecordState::Active => Ok(present),
            RecordState::Removed => Err(WebError::Conflict("这条登记已移出登记簿，不能再修改。".to_owned())),
        }
    }

    fn version(&self, version: i64) -> Result<&Record, WebError> {
        let found = self.versions.iter().find(|record| record.version == version);
        found.map_or_else(|| self.present(), Ok)
    }

    /// A record as the form shows it.
    fn values(&self, record: &Record) -> Vec<(String, String)> {
        let region =
            if self.listed { record.region.clone() } else { self.records.region_name(self.actor, &record.region) };
        let mut values = vec![(REGION.to_owned(), region)];
        values.extend(self.register.fields.iter().map(|field| (field.key.clone(), self.text(field, record))));
        values
    }

    fn text(&self, field: &Field, record: &Record) -> String {
        match record.value(&field.key) {
            None => String::new(),
            Some(value) if hides(field, View::One) => mask(field, value),
            Some(value) => typed(field, value, &self.names),
        }
    }

    fn page(&self, shell: Shell, (form, offered): (FormState, Offered), version: i64) -> EditPage {
        let record = self.versions.first();
        let title = record.map(|record| titled(&self.register, record, &self.names)).unwrap_or_default();
        let base = record.map(|record| record_href(&self.register.key, record.id)).unwrap_or_default();
        let mut sections = inputs(self.records, self.actor, &self.register, (&form, &offered));
        let reason = Input::line("reason", "修改原因").hint("记入经过，如：本人来电更正").optional();
        if let Some(last) = sections.last_mut() {
            last.items.push(reason.filled(&form));
        }
        EditPage {
            shell: shell.titled(format!("修改{}：{title}", self.register.label)).under(crumbs(&self.register)),
            sections,
            form,
            action: format!("{base}/edit"),
            back: base,
            id: String::new(),
            version,
            meanwhile: String::new(),
            differences: Vec::new(),
            similar: Vec::new(),
            similar_ids: Vec::new(),
        }
    }

    /// Two editors met: both versions side by side, and the form again with what the second one changed.
    async fn met(
        &self,
        shell: Shell,
        posted: &Posted,
        before: &[(String, String)],
        present: &Record,
    ) -> Result<Response, WebError> {
        let now = self.values(present);
        let mut merged = Vec::new();
        let mut differences = Vec::new();
        for (name, theirs) in &now {
            let mine = posted.text(name);
            let touched = posted.get(name).is_some() && mine != value_of(before, name);
            if touched && mine != theirs {
                let field = self.register.field(name);
                let label = field.map_or_else(|| REGION_LABEL.to_owned(), |field| field.label.clone());
                differences.push(Difference { label, theirs: theirs.clone(), mine: mine.to_owned() });
            }
            merged.push((name.clone(), if touched { mine.to_owned() } else { theirs.clone() }));
        }
        if differences.is_empty() {
            // The same form sent twice, or the same correction by two people: it is done already.
            let href = record_href(&self.register.key, present.id);
            return Ok((Flash::done("已保存"), see_other(&href)).into_response());
        }
        merged.push(("reason".to_owned(), posted.text("reason").to_owned()));
        merged.push((VALID_FROM.to_owned(), posted.text(VALID_FROM).to_owned()));
        let chosen = posted.pairs().iter().filter(|(name, _)| name.ends_with(CHOSEN));
        merged.extend(chosen.cloned());
        let form = FormState::typed(merged);
        let form = offer(self.records, self.actor, &self.register.fields, form, Vec::new()).await?;
        let mut page = self.page(shell, form, present.version);
        let at = vocabulary::clock::china_local(present.known_from).format("%Y-%m-%d %H:%M");
        let who = Who::of(self.records, self.actor, std::iter::once(&present.updated_by)).await?;
        page.meanwhile = format!("{} 在 {at} 改过这条登记", who.name(&present.updated_by));
        page.differences = differences;
        Ok(Page(page).with(StatusCode::CONFLICT))
    }
}
