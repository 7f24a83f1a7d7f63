//! Who holds the natural keys of some rows: each key is asked for once, however often its row is looked at.

use crate::commands::{Failure, Records};
use crate::record::Record;
use crate::store::keys::by_keys;
use crate::value::Body;
use std::collections::{BTreeMap, HashMap};
use vocabulary::Register;

/// A key as it is asked for: the place of its group in the register's list, district, text, and the values it is made of.
pub(crate) type Key<'a> = (usize, &'a str, String, &'a Body);

/// The records that hold some natural keys; `None` where nobody does.
#[derive(Default)]
pub(crate) struct Holders(HashMap<(usize, String), HashMap<String, Option<Record>>>);

impl Holders {
    /// The record in use that holds a key, wherever in its district it lies.
    pub fn of(&self, group: usize, district: &str, text: &str) -> Option<&Record> {
        self.0.get(&(group, district.to_owned()))?.get(text)?.as_ref()
    }

    /// Looks up the keys that were not asked for before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn learn<'k>(
        &mut self,
        records: &Records,
        register: &Register,
        keys: impl Iterator<Item = Key<'k>>,
    ) -> Result<(), Failure> {
        let mut asked: BTreeMap<(usize, &str), Vec<(String, &Body)>> = BTreeMap::new();
        for (group, district, text, body) in keys {
            let known = self.0.get(&(group, district.to_owned())).is_some_and(|known| known.contains_key(&text));
            if !known {
                asked.entry((group, district)).or_default().push((text, body));
            }
        }
        for ((number, district), keys) in asked {
            let Some(group) = register.unique.get(number) else { continue };
            let mut found = by_keys(&records.db, register, district, group, &keys).await?;
            let known = self.0.entry((number, district.to_owned())).or_default();
            for (text, _) in keys {
                let holder = found.remove(&text);
                known.entry(text).or_insert(holder);
            }
        }
        Ok(())
    }
}
