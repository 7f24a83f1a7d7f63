//! Schools and study points for older people.

use super::Builder;
use crate::aims::Aim;

/// The schools of a unit.
pub(super) fn schools(builder: &mut Builder<'_>, unit: usize) {
    let towns = builder.towns(unit);
    // A district whose units are streets has one university, in the first of them.
    let county = builder.city.units.get(unit).is_some_and(|one| one.county || unit == 0);
    let mut left: Vec<(usize, Option<usize>)> = towns.iter().map(|town| (*town, None)).collect();
    let filled = builder.course.filled(unit, Aim::ElderSchools, left.len());
    if county && filled > 0 {
        // The county's own university stands in its first town and counts as that town's school.
        let spot = left.remove(0);
        let day = builder.years_ago(6, 20);
        builder.add("老年大学", spot, Some(day), "老年大学");
    }
    let count = filled.saturating_sub(usize::from(county));
    let some = left.get(..count.min(left.len())).unwrap_or_default().to_vec();
    builder.fill("老年学校", &some, unit, Aim::ElderSchools, "老年学校", [0.0; 3]);
    let spots = builder.spots(unit, false);
    let filled = builder.course.filled(unit, Aim::LearningPoints, spots.len());
    let some = spots.get(..filled).unwrap_or_default().to_vec();
    builder.fill("老年学习点", &some, unit, Aim::LearningPoints, "老年学习点", [0.0; 3]);
}
