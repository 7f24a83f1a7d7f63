//! Two records that are one: finding the other, both side by side, choosing each value; and taking it back.

use super::{crumbs, id_of, in_use, record_href};
use crate::actions::{MERGE, allow};
use crate::commands::{Merging, Records};
use crate::decide::{contradicting, two_people};
use crate::masking::View;
use crate::query::Query as Wanted;
use crate::reads::list;
use crate::record::Record;
use crate::registry::REGION_LABEL;
use crate::show::{Names, shown};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::fmt::MISSING;
use identity::Actor;
use std::collections::BTreeSet;
use vocabulary::Register;
use web::{Flash, FormState, Link, Page, Posted, Query, Shell, WebError, see_other};

/// Records offered as the other one.
const OFFERED: u32 = 20;
/// Values that tell two people of one name apart, beside it.
const TOLD: usize = 4;
/// The choice of the value of the record that goes.
const THEIRS: &str = "theirs";
/// The choice of the survivor's own value.
const OURS: &str = "ours";

/// A value of both records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    /// The field's label.
    pub label: String,
    /// Of the survivor.
    pub ours: String,
    /// Of the record that goes.
    pub theirs: String,
    /// Whether it cannot be both: what does not change in a life.
    pub contradicts: bool,
    /// The name under which one of the two is chosen; "" where both say the same.
    pub pick: String,
    /// Whether that of the record that goes is chosen.
    pub goes: bool,
}

impl Both {
    /// Both cells: the word of the record, its value, what choosing it says, and whether it is chosen.
    #[must_use]
    pub fn sides(&self) -> [(&'static str, &str, &'static str, bool); 2] {
        [("保留的一条", &self.ours, OURS, !self.goes), ("并入的一条", &self.theirs, THEIRS, self.goes)]
    }

    /// Whether they are shown differently.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.contradicts || self.ours != self.theirs
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "records/merge.html")]
pub struct MergePage {
    /// What stands around it.
    pub shell: Shell,
    /// What was chosen, and what is wrong.
    pub form: FormState,
    /// The survivor's address.
    pub base: String,
    /// What was searched for.
    pub asked: String,
    /// Records that could be the other one, and what tells them apart.
    pub offered: Vec<(Link, String)>,
    /// All values of both, once the other is chosen.
    pub both: Vec<Both>,
    /// Id of the other; "" until it is chosen.
    pub with: String,
    /// Versions of both.
    pub versions: (i64, i64),
    /// The page with the two changed over.
    pub swapped: String,
    /// The number by which they are two people; "" where nothing says so.
    pub two: String,
    /// The labels of what contradicts itself; "" for nothing.
    pub contradicting: String,
}

impl MergePage {
    /// What a reason says.
    fn reason_hint(&self) -> &'static str {
        if self.contradicting.is_empty() {
            "如：同一证件号登记了两次"
        } else {
            "不少于 10 个字，如：核对身份证原件，后登记的一条出生日期抄错了"
        }
    }
}

/// `GET /registers/{register}/records/{id}/merge`
pub(super) async fn show(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    query: Query,
) -> Result<Response, WebError> {
    allow(&actor, &MERGE)?;
    let register = records.register(&actor, &key)?;
    let kept = in_use(&records, &actor, &register, id_of(&id)?).await?;
    let page = match query.get("with") {
        None => search(&records, &actor, &register, shell, &kept, query.get("q")).await?,
        Some(with) => {
            let gone = in_use(&records, &actor, &register, id_of(with)?).await?;
            for one in [&kept, &gone] {
                records.looked(&actor, &register, one).await?;
            }
            pair(&records, &actor, &register, shell, (&kept, &gone), FormState::default()).await?
        }
    };
    Ok(Page(page).into_response())
}

/// Records that could be the same: those found by what was typed, else by the survivor's own name.
async fn search(
    records: &Records,
    actor: &Actor,
    register: &Register,
    shell: Shell,
    kept: &Record,
    typed: Option<&str>,
) -> Result<MergePage, WebError> {
    let asked = typed.map_or_else(|| kept.title(register), str::to_owned);
    let text = crate::value::without_controls(&asked);
    let query = Wanted { search: Some(text), limit: OFFERED, ..Wanted::of(actor) };
    let found = list(&records.db, register, &query).await.map_err(WebError::fault)?;
    let names = records.names(&actor.place, register, &found.rows).await.map_err(WebError::fault)?;
    let base = record_href(&register.key, kept.id);
    let mut offered = Vec::new();
    for other in found.rows.iter().filter(|row| row.id != kept.id) {
        let region = records.region_name(actor, &other.region);
        let mut told = vec![region];
        let values = register.list.iter().filter(|key| **key != register.title).filter_map(|key| register.field(key));
        let values = values.filter(|field| other.value(&field.key).is_some());
        told.extend(
            values.take(TOLD).map(|field| format!("{} {}", field.label, shown(field, other, &names, View::Many))),
        );
        offered.push((Link::new(format!("{base}/merge?with={}", other.id), other.title(register)), told.join("，")));
    }
    Ok(MergePage {
        shell: shell.titled(format!("合并重复登记：{}", kept.title(register))).under(crumbs(register)),
        form: FormState::default(),
        base,
        asked,
        offered,
        both: Vec::new(),
        with: String::new(),
        versions: (0, 0),
        swapped: String::new(),
        two: String::new(),
        contradicting: String::new(),
    })
}

async fn pair(
    records: &Records,
    actor: &Actor,
    register: &Register,
    shell: Shell,
    (kept, gone): (&Record, &Record),
    form: FormState,
) -> Result<MergePage, WebError> {
    let rows = [kept.clone(), gone.clone()];
    let names = records.names(&actor.place, register, &rows).await.map_err(WebError::fault)?;
    let region = |record: &Record| records.region_name(actor, &record.region);
    let two = two_people(register, kept, gone);
    let contradicting = contradicting(register, kept, gone);
    let whole = Both {
        label: REGION_LABEL.to_owned(),
        ours: region(kept),
        theirs: region(gone),
        contradicts: false,
        pick: String::new(),
        goes: false,
    };
    let mut both = vec![whole];
    for field in &register.fields {
        let (ours, theirs) = (kept.value(&field.key), gone.value(&field.key));
        if ours.is_none() && theirs.is_none() {
            continue;
        }
        let text = |record: &Record| shown_of(field, record, &names);
        let contradicts = contradicting.iter().chain(&two).any(|one| one.key == field.key);
        let pick = if ours == theirs { String::new() } else { pick(&field.key) };
        let goes = match form.value(&pick) {
            "" => ours.is_none(),
            typed => typed == THEIRS,
        };
        let label = field.label.clone();
        both.push(Both { label, ours: text(kept), theirs: text(gone), contradicts, pick, goes });
    }
    Ok(MergePage {
        shell: shell.titled(format!("合并重复登记：{}", kept.title(register))).under(crumbs(register)),
        form,
        base: record_href(&register.key, kept.id),
        asked: String::new(),
        offered: Vec::new(),
        both,
        with: gone.id.to_string(),
        versions: (kept.version, gone.version),
        swapped: format!("{}/merge?with={}", record_href(&register.key, gone.id), kept.id),
        two: two.map(|field| field.label.clone()).unwrap_or_default(),
        contradicting: contradicting.iter().map(|field| field.label.as_str()).collect::<Vec<_>>().join("、"),
    })
}

fn pick(key: &str) -> String {
    format!("pick.{key}")
}

fn shown_of(field: &vocabulary::Field, record: &Record, names: &Names) -> String {
    if record.value(&field.key).is_none() { MISSING.to_owned() } else { shown(field, record, names, View::One) }
}

/// `POST /registers/{register}/records/{id}/merge`
pub(super) async fn merge(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    allow(&actor, &MERGE)?;
    let register = records.register(&actor, &key)?;
    let kept = in_use(&records, &actor, &register, id_of(&id)?).await?;
    let gone = in_use(&records, &actor, &register, id_of(posted.text("with"))?).await?;
    let version = |name: &str| posted.text(name).parse().unwrap_or_default();
    let taken = register.fields.iter().filter(|field| posted.text(&pick(&field.key)) == THEIRS);
    let take: BTreeSet<String> = taken.map(|field| field.key.clone()).collect();
    let asked = Merging {
        kept: (kept.id, version("version")),
        gone: (gone.id, version("other_version")),
        take,
        reason: posted.text("reason").to_owned(),
    };
    match records.merge(&actor, &key, &asked).await {
        Ok(after) => {
            let done = Flash::done(format!("已合并到：{}", after.title(&register)));
            Ok((done, see_other(&record_href(&key, after.id))).into_response())
        }
        Err(failure) => {
            let form = posted.form().with_errors(super::violations_of(failure)?);
            Ok(Page(pair(&records, &actor, &register, shell, (&kept, &gone), form).await?).invalid())
        }
    }
}

/// `POST /registers/{register}/records/{id}/part`
pub(super) async fn part(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let kept = id_of(&id)?;
    let parted = records.part(&actor, &key, kept, id_of(posted.text("merge"))?, posted.text("reason")).await?;
    let here = see_other(&record_href(&key, kept));
    if parted.left.is_empty() {
        return Ok((Flash::done("已撤销合并，两条登记都恢复了"), here).into_response());
    }
    let text = format!("已撤销合并。合并以后又改过的没有动，请核对：{}", parted.left.join("、"));
    Ok((Flash::warning(text), here).into_response())
}
