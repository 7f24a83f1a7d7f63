//! Homes, centres and the small places in communities.

use super::Builder;
use crate::aims::Aim;
use crate::spread::{real, whole};

/// Beds of an ordinary home, for the number of homes of a unit.
const BEDS_PER_HOME: f64 = 70.0;
/// Share of a unit's beds that stand in homes proper.
const SHARE_OF_HOMES: f64 = 0.7;
/// Towns that share one home for people in extreme hardship.
const TOWNS_PER_RURAL_HOME: usize = 4;
/// A unit with at least so many rural towns is one that plans expect rural centres of.
const RURAL_UNIT: usize = 4;

const HOME_WORDS: [&str; 16] = [
    "颐和养老院",
    "康宁养老院",
    "松鹤养老院",
    "福寿敬老院",
    "安康护养院",
    "夕阳红养老院",
    "静安里养老院",
    "长青护养院",
    "和乐养老院",
    "万福养老院",
    "春晖养老院",
    "银龄护养院",
    "百合养老院",
    "祥云敬老院",
    "桂苑养老院",
    "暖阳养老院",
];

/// The aim that speaks of a city's beds.
pub(super) fn bed_aim(builder: &Builder<'_>) -> Aim {
    let total = builder.course.stated(Aim::BedsTotal) && !builder.course.stated(Aim::BedsPerThousand);
    if total { Aim::BedsTotal } else { Aim::BedsPerThousand }
}

/// Beds that a unit has now.
pub(super) fn unit_beds(builder: &Builder<'_>, unit: usize) -> f64 {
    let aim = bed_aim(builder);
    if aim == Aim::BedsTotal {
        return builder.course.totals(aim, &builder.heads.old).get(unit).copied().unwrap_or(0.0);
    }
    let registered = builder.course.level(aim).is_some_and(|level| level.registered);
    let people = builder.heads.old(unit) * if registered { 0.94 } else { 1.0 };
    builder.course.now(unit, aim) * people / 1000.0
}

/// Homes, and homes for people in extreme hardship.
pub(super) fn homes(builder: &mut Builder<'_>, unit: usize) {
    let beds = unit_beds(builder, unit);
    if beds <= 0.0 {
        return;
    }
    let towns = builder.towns(unit);
    // Even a small city has a handful of homes in each county, so that one after the other can open.
    let least = towns.len().clamp(1, 5);
    let count = whole(beds * SHARE_OF_HOMES / BEDS_PER_HOME).clamp(least, least.max(towns.len() * 3));
    let aim = bed_aim(builder);
    let days = builder.arrivals(unit, aim, count);
    for (number, day) in days.into_iter().enumerate() {
        let Some(town) = towns.get(number % towns.len().max(1)).copied() else { continue };
        let word = builder.rng.word(&HOME_WORDS);
        let weight = 60.0 + 80.0 * builder.rng.unit();
        let owner = builder.rng.word(&["公办", "公建民营", "公建民营", "民办", "民办"]);
        let fee = 180_000 + builder.rng.between(0, 20) * 10_000;
        let filed = builder.rng.chance(0.97);
        let Some(home) = builder.add("养老机构", (town, None), Some(day), word) else { continue };
        home.bed_weight = weight;
        home.set("ownership", owner);
        home.set("filed", filed);
        home.set("inclusive", owner != "民办");
        home.set("fee_from", fee);
        home.set("fee_to", fee + 120_000);
        home.set("serves", "县区");
    }
    let rural = builder.towns_where(unit, false);
    if rural.len() < RURAL_UNIT {
        return;
    }
    for group in rural.chunks(TOWNS_PER_RURAL_HOME) {
        let (Some(town), day) = (group.first(), builder.years_ago(7, 25)) else { continue };
        if let Some(home) = builder.add("特困供养机构", (*town, None), Some(day), "敬老院") {
            home.bed_weight = 60.0;
            home.set("ownership", "公办");
            home.set("filed", true);
            home.set("serves", "乡镇");
        }
    }
}

/// Centres of streets and towns.
pub(super) fn centres(builder: &mut Builder<'_>, unit: usize) {
    let streets: Vec<_> = builder.towns_where(unit, true).into_iter().map(|town| (town, None)).collect();
    let rural: Vec<_> = builder.towns_where(unit, false).into_iter().map(|town| (town, None)).collect();
    let of_all_towns = builder.course.stated(Aim::RuralCentres) && !builder.course.stated(Aim::StreetCentres);
    let wide = of_all_towns && builder.course.level(Aim::RuralCentres).is_some_and(|level| level.end >= 99.0);
    let aim = if wide { Aim::RuralCentres } else { Aim::StreetCentres };
    // A plan that wants centres of another name has no street centres beside them.
    let other_name = builder.course.stated(Aim::ServiceCentres) && !builder.course.stated(aim);
    let filled = if other_name { 0 } else { builder.course.filled(unit, aim, streets.len()) };
    let some = streets.get(..filled).unwrap_or_default().to_vec();
    builder.fill("街道综合性养老服务中心", &some, unit, aim, "综合性养老服务中心", [20.0, 0.0, 0.0]);
    if !builder.course.stated(Aim::RuralCentresTotal) {
        let filled = builder.course.filled(unit, Aim::RuralCentres, rural.len());
        let some = rural.get(..filled).unwrap_or_default().to_vec();
        builder.fill("农村区域性养老服务中心", &some, unit, Aim::RuralCentres, "区域性养老服务中心", [50.0, 0.0, 0.0]);
    }
    let towns: Vec<_> = builder.towns(unit).into_iter().map(|town| (town, None)).collect();
    let filled = builder.course.filled(unit, Aim::HomeCareCentres, towns.len());
    let some = towns.get(..filled).unwrap_or_default().to_vec();
    let before = builder.made.len();
    builder.fill("居家养老服务中心", &some, unit, Aim::HomeCareCentres, "居家养老服务中心", [0.0, 0.0, 0.0]);
    let made = builder.made.len() - before;
    let smart = builder.few("smart terminals", unit, Aim::SmartTerminals, made);
    for (number, centre) in builder.made.iter_mut().skip(before).enumerate() {
        centre.set("smart_terminal", number < smart);
    }
}

/// Day care, stations and canteens in communities.
pub(super) fn community_places(builder: &mut Builder<'_>, unit: usize) {
    let urban = builder.spots(unit, true);
    let filled = builder.course.filled(unit, Aim::DayCare, urban.len());
    let some = urban.get(..filled).unwrap_or_default().to_vec();
    builder.fill("日间照料中心", &some, unit, Aim::DayCare, "日间照料中心", [6.0, 0.0, 260.0]);
    let all = builder.spots(unit, false);
    for (kind, word, share, area, spots) in
        [("居家养老服务站", "居家养老服务站", 0.5, 120.0, &urban), ("长者食堂", "长者食堂", 0.08, 150.0, &all)]
    {
        let some: Vec<_> = spots.iter().take(whole(real(spots.len()) * share)).copied().collect();
        builder.fill(kind, &some, unit, Aim::DayCare, word, [0.0, 0.0, area]);
    }
    if let Some(town) = builder.towns(unit).first().copied() {
        let day = builder.years_ago(1, 6);
        builder.add("康复辅具租赁点", (town, None), Some(day), "康复辅具社区租赁点");
    }
}

/// What plans count in the whole place: rural centres, age-friendly communities, service centres.
pub(super) fn counted(builder: &mut Builder<'_>) {
    let rural = builder.weights(|unit| f64::from(u8::from(builder.towns_where(unit, false).len() >= RURAL_UNIT)));
    for (unit, count) in builder.course.counts(Aim::RuralCentresTotal, &rural).into_iter().enumerate() {
        let towns: Vec<_> = builder.towns_where(unit, false).into_iter().map(|town| (town, None)).take(count).collect();
        let before = builder.made.len();
        builder.fill(
            "农村区域性养老服务中心",
            &towns,
            unit,
            Aim::RuralCentresTotal,
            "区域性养老服务中心",
            [50.0, 0.0, 0.0],
        );
        for centre in builder.made.iter_mut().skip(before) {
            centre.set("standardised", true);
        }
    }
    let communities = builder.weights(|unit| {
        let towns = builder.city.towns_of(unit);
        towns.map(|(_, town)| real(town.communities.iter().filter(|community| community.community).count())).sum()
    });
    for (aim, kind, word, weights) in [
        (Aim::AgeFriendly, "养老社区", "颐养社区", [0.0; 3]),
        (Aim::ServiceCentres, "社区综合为老服务中心", "社区综合为老服务中心", [15.0, 0.0, 600.0]),
    ] {
        for (unit, count) in builder.course.counts(aim, &communities).into_iter().enumerate() {
            let some: Vec<_> = builder.spots(unit, true).into_iter().take(count).collect();
            builder.fill(kind, &some, unit, aim, word, weights);
        }
    }
    special(builder);
}

/// Homes with a task of their own: for the helpless in extreme hardship, for the disabled.
fn special(builder: &mut Builder<'_>) {
    let counties = builder.weights(|unit| f64::from(u8::from(builder.towns(unit).len() >= RURAL_UNIT)));
    for (aim, key) in [(Aim::SpecialCareHomes, "special_care"), (Aim::DisabilityHomes, "disability_care")] {
        let percent = builder.course.level(aim).is_some_and(|level| level.percent);
        let counts = builder.course.counts(aim, &counties);
        for unit in 0..builder.city.units.len() {
            let count =
                if percent { builder.course.filled(unit, aim, 1) } else { counts.get(unit).copied().unwrap_or(0) };
            let homes = builder
                .made
                .iter_mut()
                .filter(|one| one.unit == unit && matches!(one.kind, "特困供养机构" | "养老机构"));
            for home in homes.take(count) {
                home.set(key, true);
            }
        }
    }
}
