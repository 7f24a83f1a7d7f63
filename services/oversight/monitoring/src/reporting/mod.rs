//! Reporting as cases: packs describe who states a value or how far something is, who signs it off, and by when
//! (`cases/indicator_report.toml`, `task_progress.toml`, `project_progress.toml`). This is what the plan adds: which units have a part,
//! whether what is stated can be, and that it counts once the case is done.

mod progress;
mod values;

use crate::store;
use cases::{Case, Item, Move, Plan, Units};
use facts::Fact;
use futures::future::BoxFuture;
use identity::{Actor, Refusal};
use pack_reader::model::CaseAbout;
use plans::{Adopted, Plans};
use records::Draft;
use serde_json::Value as Json;
use std::sync::Arc;
use storage::{Db, Tx};
use vocabulary::{Clock, Violation};

/// What the plan adds to cases about what stands in it.
pub struct Reporting {
    db: Db,
    clock: Arc<dyn Clock>,
    plans: Plans,
}

impl Reporting {
    /// Over the adopted plans.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, plans: Plans) -> Self {
        Self { db, clock, plans }
    }

    fn adopted(&self, place: &str) -> Result<Arc<Adopted>, Refusal> {
        self.plans.in_force(place, self.clock.today()).ok_or_else(|| Refusal::NotFound("这个地方的方案".to_owned()))
    }

    /// What happened, for later rooms: the case's own fact says who moved it.
    async fn fact(&self, tx: &mut Tx, step: Move<'_>, kind: &'static str, body: Json) -> Result<(), Refusal> {
        let fact = Fact {
            district: step.after.district.clone(),
            kind,
            subject: subject(step.about, &step.after.about),
            valid_on: self.clock.today(),
            actor: step.actor.login.clone(),
            body,
            because: Vec::new(),
        };
        facts::record(tx, self.clock.now(), &fact).await?;
        store::touch(tx, &step.after.place).await?;
        Ok(())
    }
}

/// `indicator:KEY`, `task:KEY`, `project:KEY`.
fn subject(about: CaseAbout, key: &str) -> String {
    format!("{}:{key}", about.key())
}

/// A field of a case as it would be typed; "" where there is none.
fn typed(case: &Case, key: &str) -> String {
    match case.body.get(key) {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A field of what somebody fills in.
fn sent<'d>(draft: &'d Draft, key: &str) -> &'d str {
    draft.values.get(key).and_then(Option::as_deref).unwrap_or_default().trim()
}

/// The units of something: those named, or any where none is.
fn units(lead: &[String], others: &[&[String]], open_to_any: bool) -> Units {
    let any = || vec![Units::ANY.to_owned()];
    let mut part: Vec<String> = lead.iter().chain(others.iter().copied().flatten()).cloned().collect();
    part.sort();
    part.dedup();
    let lead = if lead.is_empty() { any() } else { lead.to_vec() };
    let part = if part.is_empty() && open_to_any { any() } else { part };
    Units { lead, part }
}

fn unknown(about: CaseAbout, key: &str) -> Refusal {
    let message = format!("方案里没有键为“{key}”的{}", about.label());
    let remedy = format!("从那个{}的页面发起，或查方案里的键", about.label());
    Refusal::invalid("monitoring.item", "item", &message, &remedy)
}

/// The problems of input, when that is what it was refused for.
fn problems_of<T>(checked: Result<T, Refusal>) -> Result<Vec<Violation>, Refusal> {
    match checked {
        Ok(_) => Ok(Vec::new()),
        Err(Refusal::Invalid(found)) => Ok(found),
        Err(other) => Err(other),
    }
}

impl Plan for Reporting {
    fn item<'a>(
        &'a self,
        actor: &'a Actor,
        about: CaseAbout,
        draft: &'a Draft,
    ) -> BoxFuture<'a, Result<Item, Refusal>> {
        Box::pin(async move {
            let adopted = self.adopted(&actor.place)?;
            match about {
                CaseAbout::Indicator => values::item(&adopted, draft),
                CaseAbout::Task | CaseAbout::Project => progress::item(&adopted, about, draft),
            }
        })
    }

    fn problems<'a>(&'a self, step: Move<'a>) -> BoxFuture<'a, Result<Vec<Violation>, Refusal>> {
        Box::pin(async move {
            match step.about {
                CaseAbout::Indicator => self.value_problems(step).await,
                CaseAbout::Task | CaseAbout::Project => self.progress_problems(step),
            }
        })
    }

    fn moved<'a>(&'a self, tx: &'a mut Tx, step: Move<'a>) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            match step.about {
                CaseAbout::Indicator => self.value_moved(tx, step).await,
                CaseAbout::Task | CaseAbout::Project => self.progress_moved(tx, step).await,
            }
        })
    }

    fn page(&self, about: CaseAbout, case: &Case) -> String {
        match about {
            // The report's page exists once something was proposed; the indicator's always does.
            CaseAbout::Indicator => format!("/indicators/{}?region={}", case.about, case.region),
            CaseAbout::Task => format!("/tasks/{}?region={}", case.about, case.region),
            CaseAbout::Project => format!("/projects/{}", case.about),
        }
    }
}
