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
