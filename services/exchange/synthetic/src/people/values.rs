//! A person as a row of the register.

use super::care::LEVELS;
use super::{Household, Person};
use storage::{Value, args};

/// The fields that are written, in the order of [`person_values`].
pub(crate) const PERSON_KEYS: &[&str] = &[
    "name",
    "id_number",
    "sex",
    "birth_date",
    "registered",
    "resident",
    "phone",
    "address",
    "longitude",
    "latitude",
    "household_no",
    "household_relation",
    "living",
    "support",
    "special_difficulty",
    "collective_care",
    "collective_care_wish",
    "ability",
    "assessed_on",
    "ltci_level",
    "dementia",
    "pension_paid",
    "ltci_insured",
    "ltci_benefit",
    "home_service_on",
    "health_managed_on",
    "health_check_on",
    "tcm_managed_on",
    "learning",
    "child_handbook",
    "newborn_visit_on",
    "systematic_care",
    "development_monitored_on",
    "development_screened_on",
    "vaccinated",
    "family_guided_on",
    "nursery",
];

/// Level of the long-term care insurance for each level of ability: the two scales are not the same, the demo
/// pairs them by their order.
const INSURANCE_LEVELS: [i64; 5] = [0, 1, 2, 3, 5];

fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// A person's row.
pub(crate) fn person_values(person: &Person, household: &Household) -> Vec<Value> {
    let (care, child) = (&person.care, &person.child);
    let assessed = care.assessed_on.is_some();
    let ability = LEVELS.get(care.level).copied().filter(|_| assessed);
    let insurance = INSURANCE_LEVELS.get(care.level).copied().filter(|_| assessed && care.insured == Some(true));
    args![
        person.name,
        person.id_number,
        if person.male { "男" } else { "女" },
        person.birth,
        person.registered,
        true,
        person.phone,
        household.address,
        household.point.map(|point| rounded(point.0)),
        household.point.map(|point| rounded(point.1)),
        household.number,
        person.relation.value(),
        person.living.map(super::Living::value),
        care.support,
        care.special,
        care.collective,
        care.wish,
        ability,
        care.assessed_on,
        insurance,
        care.dementia.filter(|_| assessed),
        care.pension,
        care.insured,
        care.benefit,
        care.home_service_on,
        care.health_managed_on.or(child.health_managed_on),
        care.health_check_on,
        care.tcm_on,
        care.learning,
        child.handbook,
        child.newborn_visit_on,
        child.systematic,
        child.monitored_on,
        child.screened_on,
        child.vaccinated,
        child.guided_on,
        child.nursery,
    ]
}
