//! For what hidden values may be looked at: the purposes that a place names, and the person's consent where one rests on it.

use crate::commands::{Failure, Records, referring};
use crate::record::{Record, State};
use chrono::NaiveDate;
use identity::{Actor, Refusal};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::{FieldKind, Register, consent};

use crate::columns::root_of;

/// What allows a look at hidden values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A duty that a law gives.
    Duty,
    /// The person's consent to this very purpose.
    Consent,
    /// Life, health or property in danger: no consent is asked for, the reason is, and it is written down apart.
    Emergency,
}

impl Basis {
    /// The key in packs and in the audit trail.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Consent => "consent",
            Self::Emergency => "emergency",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Duty => "法定职责",
            Self::Consent => "须本人同意",
            Self::Emergency => "紧急情况",
        }
    }
}

/// A purpose that a place names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Its key.
    pub key: String,
    /// The words that are chosen.
    pub label: String,
    /// What allows it.
    pub basis: Basis,
    /// Where it says so.
    pub source: String,
}

/// Why somebody looks at a hidden value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking<'a> {
    /// Key of a purpose of the place; where it names none, the purpose in words.
    pub purpose: &'a str,
    /// More words. An emergency needs them.
    pub words: &'a str,
}

/// How a consent stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// Its first day is still to come.
    ToCome,
    /// Its last day is over.
    Over,
    /// It was withdrawn.
    Withdrawn,
}

impl Standing {
    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Holds => "有效",
            Self::ToCome => "未到生效日",
            Self::Over => "已过期",
            Self::Withdrawn => "已撤回",
        }
    }
}

/// A consent of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Its record.
    pub record: Record,
    /// How it stands today.
    pub standing: Standing,
}

fn day(record: &Record, key: &str) -> Option<NaiveDate> {
    record.value(key).and_then(Json::as_str)?.parse().ok()
}

/// How a consent stands: withdrawn from the day that it says on, in force to the end of its last day.
fn standing(record: &Record, today: NaiveDate) -> Standing {
    if day(record, consent::WITHDRAWN_ON).is_some_and(|from| from <= today) {
        Standing::Withdrawn
    } else if day(record, consent::UNTIL).is_some_and(|last| last < today) {
        Standing::Over
    } else if day(record, consent::GIVEN_ON).is_none_or(|first| first > today) {
        Standing::ToCome
    } else {
        Standing::Holds
    }
}

impl Records {
    /// Whether consents are kept of the people of a register.
    pub(crate) fn keeps_consents_of(&self, actor: &Actor, register: &str) -> bool {
        let kept = self.registry.get(&actor.place, consent::REGISTER);
        kept.is_some_and(|kept| people_of(&kept) == Some(register))
    }

    /// The consents of a person, those that hold first, then the newest; `None` where the place keeps no register of them or the
    /// register is not the one of people.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn consents_of(
        &self,
        actor: &Actor,
        register: &str,
        person: Uuid,
    ) -> Result<Option<Vec<Given>>, Failure> {
        let Some(kept) = self.registry.get(&actor.place, consent::REGISTER) else { return Ok(None) };
        if people_of(&kept) != Some(register) {
            return Ok(None);
        }
        let today = self.today();
        let found = self.leading_to(&kept, consent::PERSON, person, &root_of(&actor.region)).await?;
        let active = found.into_iter().filter(|record| record.state == State::Active);
        let mut all: Vec<Given> = active.map(|record| Given { standing: standing(&record, today), record }).collect();
        all.sort_by_key(|one| {
            (one.standing != Standing::Holds, std::cmp::Reverse(day(&one.record, consent::GIVEN_ON)), one.record.id)
        });
        Ok(Some(all))
    }

    /// The consents on which a look for this purpose rests, one for each person that the record speaks of.
    ///
    /// # Errors
    /// A violation when one of them did not consent, or does no longer.
    pub(crate) async fn consented(
        &self,
        actor: &Actor,
        register: &Register,
        record: &Record,
        purpose: &Purpose,
    ) -> Result<Vec<Uuid>, Failure> {
        let Some(kept) = self.registry.get(&actor.place, consent::REGISTER) else {
            return Err(lacking(purpose, &[]).into());
        };
        let Some(people) = people_of(&kept) else { return Err(lacking(purpose, &[]).into()) };
        let mut relied = Vec::new();
        for person in spoken_of(register, record, people) {
            let given = self.consents_of(actor, people, person).await?.unwrap_or_default();
            let same = given.into_iter().filter(|one| {
                one.record.value(consent::PURPOSE).and_then(Json::as_str) == Some(purpose.label.as_str())
            });
            let same: Vec<Given> = same.collect();
            match same.iter().find(|one| one.standing == Standing::Holds) {
                Some(one) => relied.push(one.record.id),
                None => return Err(lacking(purpose, &same).into()),
            }
        }
        Ok(relied)
    }
}

/// Key of the register of people, as the register of consents refers to it.
fn people_of(consents: &Register) -> Option<&str> {
    consents.field(consent::PERSON)?.reference.as_deref()
}

/// The people that a record speaks of: itself, or those its references lead to.
fn spoken_of(register: &Register, record: &Record, people: &str) -> BTreeSet<Uuid> {
    if register.key == people {
        return BTreeSet::from([record.id]);
    }
    let fields = referring(register, people).filter(|field| field.kind == FieldKind::Reference);
    fields.filter_map(|field| record.value(&field.key).and_then(Json::as_str)?.parse().ok()).collect()
}

fn lacking(purpose: &Purpose, known: &[Given]) -> Refusal {
    let why = match known.first().map(|one| one.standing) {
        Some(Standing::Withdrawn) => "同意已经撤回",
        Some(Standing::Over) => "同意已经过期",
        Some(Standing::ToCome) => "同意还没有到生效日",
        _ => "没有登记过本人的同意",
    };
    let message = format!("用途“{}”须本人同意：{why}", purpose.label);
    let remedy = "请先征得同意并登记，或选择符合实际的其他用途；危及生命健康的，选紧急情况并写明";
    Refusal::invalid("record.consent", "purpose", &message, remedy)
}
