//! Beginning a case.

use super::{Change, Opened, allow, missing};
use crate::actions::START;
use crate::decide::{Viewer, matches, may_start};
use crate::due::deadline;
use crate::model::{Case, Did};
use crate::plan::Item;
use crate::{Cases, store};
use chrono::Datelike as _;
use identity::{Actor, Refusal, Role};
use pack_reader::model::{CaseAbout, CaseKind};
use records::{Draft, Record, State as RecordState};
use serde_json::{Value as Json, json};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, RegionPath, Register, Violation};

/// A case to be begun.
#[derive(Debug, Clone)]
pub struct Start {
    /// Its id, made when the form was opened: sent twice, it is begun once.
    pub id: Uuid,
    /// Key of its kind.
    pub kind: String,
    /// What was filled in.
    pub draft: Draft,
}

/// The reference that says where a case belongs: the institution it is about, or what names it.
pub(crate) fn subject(kind: &CaseKind) -> Option<&Field> {
    let field = |key: &String| kind.field(key).filter(|field| field.kind == FieldKind::Reference);
    kind.party.as_ref().and_then(field).or_else(|| field(&kind.title))
}

impl Cases {
    /// Begins a case.
    ///
    /// # Errors
    /// When the actor may not, or what is filled in is wrong (every problem at once).
    pub async fn start(&self, actor: &Actor, start: &Start) -> Result<Case, Refusal> {
        allow(actor, &START)?;
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        let unknown = || Refusal::NotFound("这种办件".to_owned());
        let kind = described.kinds.iter().find(|kind| kind.key == start.kind).ok_or_else(unknown)?;
        if !may_start(kind, &viewer) {
            return Err(Refusal::Forbidden(format!("您的岗位不能发起“{}”", kind.label)));
        }
        if let Some(there) = store::get(&self.db, &actor.place, start.id).await? {
            return if there.started_by == actor.account { Ok(there) } else { Err(missing()) };
        }
        let case = self.first_version(&viewer, kind, start, &described).await?;
        if !kind.start.iter().any(|who| matches(who, &viewer, Some(&case))) {
            return Err(Refusal::Forbidden(format!("您的单位不能发起这件“{}”", kind.label)));
        }
        self.write_first(actor, kind, &described, case).await
    }

    async fn first_version(
        &self,
        viewer: &Viewer,
        kind: &CaseKind,
        start: &Start,
        described: &crate::Described,
    ) -> Result<Case, Refusal> {
        let actor = &viewer.actor;
        let register = first_register(kind);
        let mut draft = start.draft.clone();
        if let (Role::Institution, Some(key), Some(own)) = (actor.role, &kind.party, viewer.party) {
            draft.values.insert(key.clone(), Some(own.to_string()));
        }
        let item = match kind.about {
            Some(about) => Some(self.item(actor, about, &mut draft).await?),
            None => None,
        };
        let now = self.clock.now();
        let blank = blank(actor, start.id, now, self.records.origin);
        let filled = self.records.fill(actor, &register, &draft, &blank).await?;
        let located = match subject(kind) {
            Some(field) => self.where_is(actor, field, filled.body.get(&field.key)).await?,
            None => {
                let region = filled.region.ok_or_else(need_region)?;
                (region.district, region.code.to_string(), region.path)
            }
        };
        let state = kind.states.first().ok_or_else(|| Refusal::Fault("a kind of case without states".to_owned()))?;
        let due = deadline(state, self.clock.today(), &described.work_days);
        let party = kind.party.as_ref().and_then(|key| filled.body.get(key)?.as_str()?.parse().ok());
        Ok(Case {
            district: located.0,
            id: start.id,
            place: actor.place.clone(),
            kind: kind.key.clone(),
            number: String::new(),
            title: String::new(),
            region: located.1,
            region_path: located.2,
            state: state.key.clone(),
            version: 1,
            party,
            started_by: actor.account,
            started_at: now,
            state_since: now,
            due_on: due.due_on,
            soon_on: due.soon_on,
            assigned_to: None,
            closed_at: None,
            origin: self.records.origin,
            pack: described.pack.clone(),
            about: item.as_ref().map(|item| item.key.clone()).unwrap_or_default(),
            units: item.map(|item| item.units).unwrap_or_default(),
            body: filled.body,
        })
    }

    /// What of the plan a case is about; who begins it must be one of those whom its kind names there.
    async fn item(&self, actor: &Actor, about: CaseAbout, draft: &mut Draft) -> Result<Item, Refusal> {
        let item = self.plan.item(actor, about, draft).await?;
        draft.values.insert("item".to_owned(), Some(item.key.clone()));
        draft.values.insert("name".to_owned(), Some(item.name.clone()));
        Ok(item)
    }

    async fn write_first(
        &self,
        actor: &Actor,
        kind: &CaseKind,
        described: &std::sync::Arc<crate::Described>,
        mut case: Case,
    ) -> Result<Case, Refusal> {
        case.title = self.title_of(kind, &case).await?;
        let mut tx = self.db.begin().await?;
        let year = vocabulary::clock::china_local(case.started_at).date().year();
        let number = store::next_number(&mut tx, &case.district, year).await?;
        let short: String = case.district.chars().take(6).collect();
        case.number = format!("{short}-{year}-{number:05}");
        let mut change = Change::of(&case, actor, Did::Started, case.id, case.started_at);
        change.after.version = 1;
        change.step.seq = 1;
        change.step.from = String::new();
        change.step.fields = json!(case.body.keys().collect::<Vec<_>>());
        (change.fact, change.action) = ("CaseStarted", &START);
        let viewer = self.viewer(actor).await?;
        let opened = Opened { described: described.clone(), kind: kind.clone(), case: case.clone(), viewer };
        change.notices = self.told_of_start(&opened).await?;
        match store::insert(&mut tx, &case).await {
            Err(error) if error.is_unique_violation() => {
                drop(tx);
                let there = store::get(&self.db, &case.place, case.id).await?;
                return there.filter(|there| there.started_by == actor.account).ok_or_else(missing);
            }
            other => other?,
        }
        self.trace(&mut tx, actor, &change).await?;
        tx.commit().await?;
        Ok(case)
    }

    /// Where the record lies that a case is about.
    async fn where_is(
        &self,
        actor: &Actor,
        field: &Field,
        value: Option<&Json>,
    ) -> Result<(String, String, RegionPath), Refusal> {
        let need = || {
            let message = format!("请填写{}", field.label);
            Refusal::Invalid(vec![Violation::new("case.required", field.key.as_str(), message, "办件由它定所在区划")])
        };
        let id: Uuid = value.and_then(Json::as_str).and_then(|text| text.parse().ok()).ok_or_else(need)?;
        let target = field.reference.as_deref().unwrap_or_default();
        let register = self.records.register(actor, target)?;
        let found = records::get(&self.db, &register, &actor.region, id).await?;
        let found = found.filter(|record| record.state == RecordState::Active).ok_or_else(need)?;
        Ok((found.district, found.region, found.region_path))
    }

    /// What names a case: the text of its title field. Names of people stay out; the number names those.
    pub(crate) async fn title_of(&self, kind: &CaseKind, case: &Case) -> Result<String, Refusal> {
        let register = kind.as_register();
        let record = case.as_record();
        let names = self.records.names(&case.place, &register, std::slice::from_ref(&record)).await?;
        let Some(field) = kind.field(&kind.title) else { return Ok(String::new()) };
        let value = record.value(&field.key);
        Ok(value.map(|value| records::typed(field, value, &names)).unwrap_or_default())
    }
}

/// The first form as a register, with what a case cannot be begun without.
fn first_register(kind: &CaseKind) -> Register {
    let needed = kind.needed_to_start();
    let field = |field: &Field| Field { required: needed.contains(field.key.as_str()), ..field.clone() };
    Register { fields: kind.first_fields().into_iter().map(field).collect(), ..kind.as_register() }
}

fn need_region() -> Refusal {
    Refusal::invalid("record.region", "region", "请填写所在区划", "填区划名称或 12 位代码")
}

fn blank(actor: &Actor, id: Uuid, now: chrono::DateTime<chrono::Utc>, origin: vocabulary::Origin) -> Record {
    Record {
        district: actor.district.clone(),
        id,
        region: String::new(),
        region_path: actor.region.clone(),
        version: 0,
        valid_from: vocabulary::clock::china_day(now),
        known_from: now,
        origin,
        state: RecordState::Active,
        updated_by: actor.login.clone(),
        body: records::Body::new(),
    }
}
