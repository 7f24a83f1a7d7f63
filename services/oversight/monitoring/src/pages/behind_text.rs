//! Records behind a figure as texts and cells: masked as everywhere, with the names of what they refer to.

use crate::service::Monitoring;
use documents::sheet::Cell;
use identity::{Actor, Refusal};
use records::masking::{View, hides, mask};
use records::{Names, Record};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register};

/// The names of records that others refer to, as far as the account may see them.
#[derive(Debug, Default)]
pub(super) struct Referred {
    titles: HashMap<String, String>,
    /// What the rest of a record is shown with: references are answered here.
    none: Names,
}

impl Referred {
    /// Looks up what some records refer to in the columns shown.
    pub(super) async fn of(
        service: &Monitoring,
        actor: &Actor,
        register: &Register,
        fields: &[&Field],
        records: &[Record],
    ) -> Result<Self, Refusal> {
        let mut wanted: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        for field in fields.iter().filter(|field| field.kind == FieldKind::Reference) {
            let ids = records.iter().filter_map(|record| record.value(&field.key)?.as_str()?.parse::<Uuid>().ok());
            wanted.entry(field.reference.as_deref().unwrap_or(&register.key)).or_default().extend(ids);
        }
        let mut titles = HashMap::new();
        for (target, ids) in wanted {
            let Some(target) = service.registry.get(&actor.place, target) else { continue };
            let ids: Vec<Uuid> = ids.into_iter().collect();
            let hidden = target.field(&target.title).is_some_and(|field| hides(field, View::Many));
            for record in records::by_ids(&service.db, &target, &actor.region, &ids).await? {
                let title = record.title(&target);
                let field = target.field(&target.title).filter(|_| hidden);
                let title = field.map_or(title.clone(), |field| mask(field, &title.into()));
                titles.insert(record.id.to_string(), title);
            }
        }
        Ok(Self { titles, none: Names::default() })
    }

    fn name(&self, field: &Field, record: &Record) -> Option<String> {
        if field.kind != FieldKind::Reference || hides(field, View::Many) {
            return None;
        }
        let id = record.value(&field.key)?.as_str()?;
        Some(self.titles.get(id).cloned().unwrap_or_else(|| "不在本辖区".to_owned()))
    }
}

/// A field of a record as a screen shows it among many.
pub(super) fn shown(field: &Field, record: &Record, referred: &Referred) -> String {
    let name = referred.name(field, record);
    name.unwrap_or_else(|| records::shown(field, record, &referred.none, View::Many))
}

/// A field of a record as a cell of an export.
pub(super) fn cell(field: &Field, record: &Record, referred: &Referred) -> Cell {
    referred.name(field, record).map_or_else(|| records::cell(field, record, &referred.none), Cell::text)
}
