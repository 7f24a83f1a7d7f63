//! One record: its fields, its history, and how it stood on a day.

use super::evidence::FilesPart;
use super::section::{Section, sections};
use super::telling::Telling;
use super::who::Who;
use super::{crumbs, id_of, record_href};
use crate::actions::{ERASE, MERGE, REVEAL, WRITE};
use crate::commands::{Records, Revealed};
use crate::consent::{Looking, Purpose};
use crate::history::history;
use crate::masking::{View, hides};
use crate::reads::get;
use crate::record::{Record, State, Version};
use crate::registry::REGION_LABEL;
use crate::show::{Names, shown, titled, typed};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Held};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use documents::fmt;
use identity::Actor;
use vocabulary::clock::china_local;
use vocabulary::{FieldKind, Origin, Register};
use web::{Choice, Flash, Input, Link, Page, Posted, Query, Shell, TimelineItem, WebError, see_other};

/// China's hours ahead of UTC.
const CHINA_HOURS: i64 = 8;

/// One field as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownField {
    /// Label, with unit.
    pub label: String,
    /// Text; `—` when missing.
    pub text: String,
    /// The record it refers to; "" for none.
    pub href: String,
    /// Key of a field that is hidden and can be revealed; "" otherwise.
    pub hidden: String,
}

/// Records of one register that refer to the one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRelated {
    /// What they are, with their number; leads to all of them as a list, where there is one.
    pub list: Link,
    /// The newest or all, and what is said of each.
    pub newest: Vec<(Link, String)>,
}

/// One record.
#[derive(Debug, Template)]
#[template(path = "records/detail.html")]
pub struct DetailPage {
    /// What stands around it.
    pub shell: Shell,
    /// Its fields, under their headings.
    pub sections: Vec<Section<ShownField>>,
    /// How it came to be known.
    pub origin: Origin,
    /// Version, day from which it is true, who wrote it when: one line.
    pub about: String,
    /// What the reader must know first: removed, or shown as of a day; "" for nothing.
    pub notice: String,
    /// Its versions, the newest first.
    pub history: Vec<TimelineItem>,
    /// The record's address.
    pub base: String,
    /// Its number: what a form or a spreadsheet may refer to it by.
    pub id: String,
    /// Whether it may be changed.
    pub may_write: bool,
    /// Whether secrets may be revealed.
    pub may_reveal: bool,
    /// The day asked for: valid, known.
    pub asked: (String, String),
    /// What is wrong with a purpose that was typed.
    pub form: web::FormState,
    /// Records that went into this one: id of the merge, and in a sentence who, when and why.
    pub merged: Vec<(String, String)>,
    /// The record that this one went into.
    pub survivor: Option<Link>,
    /// Whether records may be merged.
    pub may_merge: bool,
    /// For what hidden values may be looked at; empty where that is typed.
    pub purposes: Vec<Purpose>,
    /// Whether it is a person whose consents are kept.
    pub consents: bool,
    /// Whether the person's requests may be taken.
    pub may_erase: bool,
    /// Whether it was removed and may be put back.
    pub may_restore: bool,
    /// The present version.
    pub version: i64,
    /// Its files.
    pub files: FilesPart,
    /// Pages of other rooms about it.
    pub links: Vec<Link>,
    /// What belongs with it by equal values, and what refers to it.
    pub related: Vec<ShownRelated>,
    /// Registers that were not looked into yet, because that takes long; "" for none.
    pub related_left: String,
}

impl DetailPage {
    /// An address below the record's own.
    fn at(&self, tail: &str) -> String {
        format!("{}{tail}", self.base)
    }

    /// The sections in which something is filled in.
    fn filled(&self) -> impl Iterator<Item = &Section<ShownField>> {
        self.sections.iter().filter(|section| !is_bare(section))
    }

    /// Those in which nothing is: named, and out of the way.
    fn bare(&self) -> Vec<&Section<ShownField>> {
        self.sections.iter().filter(|section| is_bare(section)).collect()
    }

    /// What is asked before a hidden field is shown.
    fn looking(&self, field: &str) -> Vec<Input> {
        if self.purposes.is_empty() {
            let hint = "会记入审计，如：核对身份办理补贴";
            return vec![Input::line("purpose", "查看用途").scope(field).hint(hint)];
        }
        let choices = self
            .purposes
            .iter()
            .map(|one| Choice::new(one.key.as_str(), format!("{}（{}）", one.label, one.basis.label())));
        let purpose = Input::select("purpose", "查看用途", choices.collect()).unchosen("请选择").width("l");
        let words = Input::line("words", "说明").optional().hint("会记入审计；紧急情况必须写明");
        vec![purpose.scope(field), words.scope(field)]
    }
}

/// Whether nothing under a heading is filled in.
fn is_bare(section: &Section<ShownField>) -> bool {
    !section.title.is_empty() && section.items.iter().all(|field| field.text == fmt::MISSING)
}

/// `GET /registers/{register}/records/{id}`
pub(super) async fn detail(
    Held(records): Held<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    query: Query,
) -> Result<Response, WebError> {
    let asked = (query.text("on").to_owned(), query.text("known").to_owned());
    let mut page = page(&records, &actor, shell, (&key, &id), asked, None).await?;
    if query.text("related") == "all" {
        page.relate(&records, &actor, (&key, None), true).await?;
    }
    Ok(Page(page).into_response())
}

/// `POST /registers/{register}/records/{id}/reveal`
pub(super) async fn reveal(
    Held(records): Held<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let number = id_of(&id)?;
    let looking = Looking { purpose: posted.text("purpose"), words: posted.text("words") };
    let revealed = records.reveal(&actor, &key, number, posted.text("field"), looking).await;
    let none = (String::new(), String::new());
    match revealed {
        // Shown in the answer itself: an address with a secret in it would stay in logs and histories.
        Ok(revealed) => {
            Ok(Page(page(&records, &actor, shell, (&key, &id), none, Some(revealed)).await?).into_response())
        }
        Err(failure) => {
            let errors = super::violations_of(failure)?;
            let mut page = page(&records, &actor, shell, (&key, &id), none, None).await?;
            page.form = posted.form().with_errors(errors);
            Ok(Page(page).invalid())
        }
    }
}

/// `POST /registers/{register}/records/{id}/restore`
pub(super) async fn restore(
    Held(records): Held<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let version = posted.text("version").parse().unwrap_or_default();
    match records.restore(&actor, &key, id_of(&id)?, version, posted.text("reason")).await {
        Ok(_) => Ok((Flash::done("已恢复到登记簿"), see_other(&record_href(&key, &id))).into_response()),
        Err(failure) => {
            let errors = super::violations_of(failure)?;
            let none = (String::new(), String::new());
            let mut page = page(&records, &actor, shell, (&key, &id), none, None).await?;
            page.form = posted.form().with_errors(errors);
            Ok(Page(page).invalid())
        }
    }
}

async fn page(
    records: &Records,
    actor: &Actor,
    shell: Shell,
    (key, id): (&str, &str),
    asked: (String, String),
    revealed: Option<Revealed>,
) -> Result<DetailPage, WebError> {
    let register = records.register(actor, key)?;
    let versions = history(&records.db, &register, &actor.region, id_of(id)?).await.map_err(WebError::fault)?;
    let present = versions.first().ok_or_else(|| WebError::not_found("这条登记"))?;
    if revealed.is_none() {
        records.looked(actor, &register, &present.record).await?;
    }
    let (shown_now, notice) = as_asked(records, &versions, &asked).unwrap_or((&present.record, String::new()));
    let all: Vec<Record> = versions.iter().map(|version| version.record.clone()).collect();
    let names = records.names(&actor.place, &register, &all).await.map_err(WebError::fault)?;
    let away = present.known_to.is_some();
    let notice = match present.record.state {
        State::Active if away => "已转到其他辖区。下面是转出以前的内容，只供查阅。".to_owned(),
        State::Removed if notice.is_empty() => "这条登记已移出登记簿，只供查阅。".to_owned(),
        _ => notice,
    };
    let region = ShownField {
        label: REGION_LABEL.to_owned(),
        text: records.region_name(actor, &shown_now.region),
        ..ShownField::default()
    };
    let fields = shown_fields(&register, shown_now, &names, revealed.as_ref());
    let title = titled(&register, shown_now, &names);
    let who = Who::of(records, actor, all.iter().map(|record| &record.updated_by)).await?;
    let (merged, survivor, took) = merges(records, actor, &register, present.record.id).await?;
    let telling = Telling { records, actor, register: &register, names: &names, who: &who, took: &took };
    let removed = present.record.state == State::Removed && !away;
    let may_restore = removed && actor.may(&WRITE) && {
        let why = records.unrestorable(&register, present.record.id).await.map_err(WebError::from)?;
        why.is_none()
    };
    let may_write = actor.may(&WRITE) && present.record.state == State::Active && !away;
    let (files, links) = beside(records, actor, &register, (&present.record, may_write, away)).await?;
    let mut page = DetailPage {
        files,
        links,
        may_restore,
        version: present.record.version,
        related: Vec::new(),
        related_left: String::new(),
        merged,
        survivor,
        purposes: records.registry.purposes(&actor.place),
        consents: records.keeps_consents_of(actor, &register.key) && present.record.state == State::Active && !away,
        may_erase: actor.may(&ERASE) && !away,
        may_merge: actor.may(&MERGE) && present.record.state == State::Active && !away,
        shell: shell.titled(title).under(crumbs(&register)).as_of(fmt::day(records.today())),
        sections: sections(region, register.fields.iter().zip(fields)),
        origin: shown_now.origin,
        about: about(shown_now, &who),
        notice,
        history: telling.timeline(&versions),
        base: record_href(key, id),
        id: present.record.id.to_string(),
        may_write,
        may_reveal: actor.may(&REVEAL) && !away,
        asked,
        form: web::FormState::default(),
    };
    page.relate(records, actor, (key, Some(&present.record)), false).await?;
    Ok(page)
}

/// The files of a record that is still here, and pages of other rooms about it.
async fn beside(
    records: &Records,
    actor: &Actor,
    register: &Register,
    (record, may_write, away): (&Record, bool, bool),
) -> Result<(FilesPart, Vec<Link>), WebError> {
    if away {
        return Ok((FilesPart::default(), Vec::new()));
    }
    let files = FilesPart::of(records, actor, register, record, may_write).await?;
    Ok((files, records.registry.links(&register.key, record.id)))
}

/// What went into a record (id of the merge, and a sentence), what it went into, and the versions that merging made of it.
type Merges = (Vec<(String, String)>, Option<Link>, Vec<i64>);

/// What went into a record, and what it went into, as far as the reader sees it.
async fn merges(records: &Records, actor: &Actor, register: &Register, id: uuid::Uuid) -> Result<Merges, WebError> {
    let (mut merged, mut survivor, mut took) = (Vec::new(), None, Vec::new());
    let all = records.merges_of(register, id).await.map_err(WebError::fault)?;
    let who = Who::of(records, actor, all.iter().map(|one| &one.merged_by)).await?;
    for one in all {
        if one.kept == id {
            took.push(one.kept_version);
        }
        let other = if one.kept == id { one.gone } else { one.kept };
        let Some(other) = get(&records.db, register, &actor.region, other).await.map_err(WebError::fault)? else {
            continue;
        };
        let when = china_local(one.merged_at).format("%Y-%m-%d %H:%M");
        let text = format!("{}，{when} 由 {} 并入：{}", other.title(register), who.name(&one.merged_by), one.reason);
        if one.kept == id {
            merged.push((one.id.to_string(), text));
        } else {
            survivor = Some(Link::new(record_href(&register.key, other.id), other.title(register)));
        }
    }
    Ok((merged, survivor, took))
}

fn about(record: &Record, who: &Who) -> String {
    format!(
        "第 {} 版，{}起生效；{} 由 {} 登记",
        record.version,
        fmt::day(record.valid_from),
        china_local(record.known_from).format("%Y-%m-%d %H:%M"),
        who.name(&record.updated_by)
    )
}

/// The version that was asked for by day, and a sentence that says so.
fn as_asked<'a>(records: &Records, versions: &'a [Version], asked: &(String, String)) -> Option<(&'a Record, String)> {
    if asked.0.is_empty() && asked.1.is_empty() {
        return None;
    }
    let today = records.today();
    let valid_on: NaiveDate = if asked.0.is_empty() { today } else { asked.0.parse().ok()? };
    let known_on: NaiveDate = if asked.1.is_empty() { today } else { asked.1.parse().ok()? };
    let known_at = end_of_day(known_on);
    let held = versions
        .iter()
        .map(|version| &version.record)
        .find(|record| record.valid_from <= valid_on && record.known_from < known_at);
    let (day, known) = (fmt::day(valid_on), fmt::day(known_on));
    match held {
        Some(record) if record.state == State::Active => {
            Some((record, format!("这是{day}的情况，按截至{known}掌握的内容；不是最新内容。")))
        }
        _ => {
            let present = versions.first()?;
            Some((&present.record, format!("{day}还没有或已不在登记簿中（按截至{known}掌握的内容）；下面是最新内容。")))
        }
    }
}

/// The first moment after a day in China.
fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) + Duration::hours(24 - CHINA_HOURS)).and_utc()
}

fn shown_fields(register: &Register, record: &Record, names: &Names, revealed: Option<&Revealed>) -> Vec<ShownField> {
    let mut fields = Vec::with_capacity(register.fields.len());
    for field in &register.fields {
        let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        let open = revealed.filter(|revealed| revealed.field == field.key).and_then(|revealed| revealed.value.as_ref());
        let value = record.value(&field.key);
        let text = match open {
            Some(value) => typed(field, value, names),
            None => shown(field, record, names, View::One),
        };
        let href = match (field.kind, &field.reference, value.and_then(serde_json::Value::as_str)) {
            (FieldKind::Reference, Some(target), Some(id)) => record_href(target, id),
            _ => String::new(),
        };
        let hidden = open.is_none() && value.is_some() && hides(field, View::One);
        fields.push(ShownField {
            label: format!("{}{unit}", field.label),
            text,
            href,
            hidden: if hidden { field.key.clone() } else { String::new() },
        });
    }
    fields
}
