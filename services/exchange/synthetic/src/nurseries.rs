//! Nursery places while children are given to them: as many children name a nursery as it says are enrolled.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A nursery that takes children.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    pub id: Uuid,
    pub town: usize,
    /// How many children it takes at most: its places, less those that stay empty.
    pub takes: usize,
}

/// All nurseries of a city.
#[derive(Debug, Default)]
pub(crate) struct Nurseries {
    by_town: BTreeMap<usize, Vec<(Uuid, usize)>>,
    enrolled: BTreeMap<Uuid, i64>,
    known: BTreeSet<Uuid>,
}

impl Nurseries {
    /// Nurseries that take children.
    pub fn new(open: &[Open]) -> Self {
        let mut all = Self::default();
        for nursery in open {
            all.known.insert(nursery.id);
            if nursery.takes > 0 {
                all.by_town.entry(nursery.town).or_default().push((nursery.id, nursery.takes));
            }
        }
        all
    }

    /// A place in a town; `None` when all are taken.
    pub fn take(&mut self, town: usize) -> Option<Uuid> {
        let nurseries = self.by_town.get_mut(&town)?;
        let (id, left) = nurseries.last_mut()?;
        let id = *id;
        *left -= 1;
        if *left == 0 {
            nurseries.pop();
        }
        *self.enrolled.entry(id).or_insert(0) += 1;
        Some(id)
    }

    /// How many children a nursery has; `None` when it is none of these.
    pub fn enrolled(&self, id: Uuid) -> Option<i64> {
        self.known.contains(&id).then(|| self.enrolled.get(&id).copied().unwrap_or(0))
    }
}
