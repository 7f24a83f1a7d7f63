//! What the adopted packs say of cases, made ready once for each pack.

use cases::{Described, Descriptions};
use chrono::NaiveDate;
use plans::Plans;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Packs whose descriptions are kept in memory.
const KEPT: usize = 64;

/// Descriptions from the adopted packs.
pub struct FromPacks {
    plans: Plans,
    ready: Mutex<HashMap<(String, String), Arc<Described>>>,
}

impl FromPacks {
    /// Over the adopted packs.
    #[must_use]
    pub fn new(plans: Plans) -> Self {
        Self { plans, ready: Mutex::default() }
    }
}

impl Descriptions for FromPacks {
    fn of(&self, place: &str, on: NaiveDate) -> Option<Arc<Described>> {
        let adopted = self.plans.in_force(place, on)?;
        let key = (adopted.national.hash.clone(), adopted.pack.hash.clone());
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() > KEPT {
            ready.clear();
        }
        let made = || {
            let layers = adopted.layers();
            let kinds = layers.cases().into_iter().cloned().collect();
            Arc::new(Described { kinds, work_days: layers.work_days(), pack: adopted.pack.hash.clone() })
        };
        Some(Arc::clone(ready.entry(key).or_insert_with(made)))
    }
}

/// The title of a document and a clause in it.
fn cited(adopted: &plans::Adopted, source: &pack_reader::model::Source) -> String {
    let documents = adopted.layers().packs().flat_map(|pack| &pack.sources);
    let doc = source.doc.as_ref().and_then(|key| documents.into_iter().find(|one| one.key == *key));
    let name = doc.map_or_else(|| adopted.pack.manifest.title.clone(), |one| one.title.clone());
    [Some(name), source.clause.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// For what hidden values may be looked at, as the plan of a place and the base beneath it say.
#[must_use]
pub fn purposes(adopted: &plans::Adopted) -> Vec<records::Purpose> {
    let purpose = |one: &pack_reader::model::Purpose| records::Purpose {
        key: one.key.clone(),
        label: one.label.clone(),
        basis: match one.basis {
            pack_reader::model::PurposeBasis::Duty => records::Basis::Duty,
            pack_reader::model::PurposeBasis::Consent => records::Basis::Consent,
            pack_reader::model::PurposeBasis::Emergency => records::Basis::Emergency,
        },
        source: cited(adopted, &one.source),
    };
    adopted.layers().purposes().into_iter().map(purpose).collect()
}

/// How long the records of a place are kept, as its plan and the base beneath it say.
#[must_use]
pub fn retention(adopted: &plans::Adopted) -> Vec<records::Retention> {
    let rule = |one: &pack_reader::model::Retention| records::Retention {
        key: one.key.clone(),
        label: one.label.clone(),
        register: one.register.clone(),
        from: one.from.clone(),
        years: one.years,
        ending: match one.then {
            pack_reader::model::RetentionEnd::Delete => records::Ending::Delete,
            pack_reader::model::RetentionEnd::Anonymise => records::Ending::Anonymise,
        },
        keep: one.keep.clone(),
        required: one.required,
        source: cited(adopted, &one.source),
    };
    adopted.layers().retention().into_iter().map(rule).collect()
}
