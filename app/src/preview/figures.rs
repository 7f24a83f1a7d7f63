//! What the newest month would come to: values and standings of the whole place, and how many regions within it would differ.

use super::registry;
use crate::house::House;
use identity::Refusal;
use monitoring::model::Month;
use pack_reader::changes::{Change, Element};
use plans::Adopted;
use std::sync::Arc;

/// A month under the plan in force and under the one looked at.
#[derive(Debug)]
pub struct Figures {
    /// The month.
    pub month: Month,
    /// Indicators whose value, standing or value in some region differs.
    pub changed: Vec<FigureChange>,
    /// Indicators that both plans have and that stay as they are.
    pub same: usize,
}

/// One indicator that would come out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureChange {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Value and standing of the whole place, as they are and as they would be.
    pub before: (String, &'static str),
    /// As it would be.
    pub after: (String, &'static str),
    /// In how many regions within the place the computed value would differ.
    pub regions: usize,
}

/// Whether anything changes that figures and standings rest on.
pub(super) fn rest_on(changes: &[Change]) -> bool {
    use Element::{Circle, Field, Indicator, Manifest, Parameter, Region, Register};
    changes
        .iter()
        .any(|change| matches!(change.element, Circle | Field | Indicator | Manifest | Parameter | Region | Register))
}

pub(super) async fn figures(
    house: &House,
    before: Arc<Adopted>,
    after: Arc<Adopted>,
    month: Month,
) -> Result<Figures, Refusal> {
    let place = before.place().to_owned();
    let (was, will) = (registry(house, &place, before.layers())?, registry(house, &place, after.layers())?);
    let old = house.monitoring.trial(before, &was, month).await?;
    let new = house.monitoring.trial(after, &will, month).await?;
    let (mut changed, mut same) = (Vec::new(), 0);
    for line in &new.board.lines {
        let key = &line.indicator().key;
        let Some(known) = old.board.line(key) else { continue };
        let inside = |values: &std::collections::BTreeMap<(String, String), _>, region: &String| {
            values.get(&(key.clone(), region.clone())).copied().flatten()
        };
        let regions: std::collections::BTreeSet<&String> = old
            .values
            .keys()
            .chain(new.values.keys())
            .filter(|(indicator, region)| indicator == key && *region != place)
            .map(|(_, region)| region)
            .collect();
        let regions = regions.into_iter().filter(|one| inside(&old.values, one) != inside(&new.values, one)).count();
        let value = |line: &monitoring::board::Line| (line.value().with_unit(), line.standing.status.label());
        let (before, after) = (value(known), value(line));
        if before == after && regions == 0 {
            same += 1;
        } else {
            changed.push(FigureChange {
                key: key.clone(),
                name: line.indicator().name.clone(),
                before,
                after,
                regions,
            });
        }
    }
    Ok(Figures { month, changed, same })
}
