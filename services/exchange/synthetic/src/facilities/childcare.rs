//! Nurseries, community points, stations and guidance for families.

use super::{Builder, Facility};
use crate::aims::Aim;
use crate::spread::{real, whole};
use chrono::{Datelike, Duration, NaiveDate};

/// Whether a kind counts as a nursery.
pub(super) fn is_nursery(kind: &str) -> bool {
    matches!(kind, "托育机构" | "幼儿园托班" | "社区托育点")
}

const NURSERY_WORDS: [&str; 10] = [
    "小太阳托育园",
    "童心托育中心",
    "蓓蕾托育园",
    "启明星托育中心",
    "晨曦托育园",
    "春芽托育园",
    "悦宝托育中心",
    "小橡树托育园",
    "彩虹桥托育园",
    "星星托育中心",
];

/// The aim that speaks of a city's nursery places.
fn place_aim(builder: &Builder<'_>) -> Aim {
    let total = builder.course.stated(Aim::PlacesTotal) && !builder.course.stated(Aim::PlacesPerThousand);
    if total { Aim::PlacesTotal } else { Aim::PlacesPerThousand }
}

/// Places that a unit has now.
pub(super) fn unit_places(builder: &Builder<'_>, unit: usize) -> f64 {
    let aim = place_aim(builder);
    if aim == Aim::PlacesTotal {
        return builder.course.totals(aim, &builder.heads.all).get(unit).copied().unwrap_or(0.0);
    }
    builder.course.now(unit, aim) * builder.heads.all(unit) / 1000.0
}

/// Nurseries of a unit: one a town first, then in communities until the plan's coverage and number are reached.
pub(super) fn nurseries(builder: &mut Builder<'_>, unit: usize) {
    let urban = builder.spots(unit, true);
    let all = builder.spots(unit, false);
    let covered = builder.course.filled(unit, Aim::CommunityChildcare, urban.len());
    let filed = builder.course.counts(Aim::FiledNurseries, &builder.heads.all).get(unit).copied().unwrap_or(0);
    let by_places = whole(unit_places(builder, unit) / 60.0);
    let towns = builder.towns(unit);
    let open_towns = whole(real(towns.len()) * builder.course.done(unit, place_aim(builder)).clamp(0.3, 1.0));
    let mut spots = Vec::new();
    for town in towns.iter().take(open_towns) {
        let of_town = |spots: &[(usize, Option<usize>)]| spots.iter().find(|spot| spot.0 == *town).copied();
        spots.extend(of_town(&urban).or_else(|| of_town(&all)));
    }
    let seats = spots.len();
    let in_communities = spots.iter().filter(|spot| urban.contains(spot)).count();
    let rest: Vec<_> = urban.iter().filter(|spot| !spots.contains(spot)).copied().collect();
    let wanted =
        covered.saturating_sub(in_communities).max(filed.saturating_sub(seats)).max(by_places.saturating_sub(seats));
    spots.extend(rest.iter().take(wanted));
    let coverage = builder.course.stated(Aim::CommunityChildcare);
    let mut days =
        builder.arrivals(unit, if coverage { Aim::CommunityChildcare } else { place_aim(builder) }, spots.len());
    // The large ones did not all come first.
    builder.rng.shuffle(&mut days);
    for (number, (spot, day)) in spots.iter().zip(days).enumerate() {
        let other = builder.rng.below(10);
        let (kind, word, weight) = match other {
            _ if number < seats => ("托育机构", builder.rng.word(&NURSERY_WORDS), 60.0),
            0..3 => ("幼儿园托班", "幼儿园托班", 45.0),
            3 => ("托育机构", builder.rng.word(&NURSERY_WORDS), 60.0),
            _ => ("社区托育点", "社区托育点", 12.0),
        };
        let owner = builder.rng.word(&["公办", "公建民营", "民办", "民办"]);
        if let Some(nursery) = builder.add(kind, *spot, Some(day), word) {
            nursery.place_weight = weight;
            nursery.set("ownership", owner);
        }
    }
    filing(builder, unit, filed);
    stations(builder, unit);
}

/// Which nurseries are filed: institutions first; as many as the plan's course says where it counts them.
fn filing(builder: &mut Builder<'_>, unit: usize, filed: usize) {
    let counted = builder.course.stated(Aim::FiledNurseries);
    let days = builder.arrivals(unit, Aim::FiledNurseries, filed);
    let day = builder.city.options.day;
    let mut own: Vec<&mut Facility> =
        builder.made.iter_mut().filter(|one| one.unit == unit && is_nursery(one.kind)).collect();
    own.sort_by_key(|one| (one.kind != "托育机构", one.opened));
    for (number, nursery) in own.into_iter().enumerate() {
        let yes = if counted { number < filed } else { nursery.kind == "托育机构" };
        nursery.set("filed", yes);
        if !yes {
            continue;
        }
        let after = nursery.opened.map_or(day, |opened| opened + Duration::days(45)).min(day);
        let on = days.get(number).copied().unwrap_or(after).max(nursery.opened.unwrap_or(after)).min(day);
        nursery.set("filed_on", on);
    }
}

/// Guidance for families: in each community where the plan counts communities, else in each town.
fn stations(builder: &mut Builder<'_>, unit: usize) {
    let level = builder.course.level(Aim::ParentingStations);
    let in_communities = level.is_some_and(|level| level.indicator.is_some() && !level.streets);
    let slots: Vec<_> = if in_communities {
        builder.spots(unit, false)
    } else {
        builder.towns(unit).into_iter().map(|town| (town, None)).collect()
    };
    let filled = builder.course.filled(unit, Aim::ParentingStations, slots.len());
    let some = slots.get(..filled).unwrap_or_default().to_vec();
    builder.fill("家庭科学育儿指导站", &some, unit, Aim::ParentingStations, "家庭科学育儿指导站", [0.0; 3]);
}

/// What plans count in the whole place.
pub(super) fn counted(builder: &mut Builder<'_>) {
    let people = builder.heads.all.clone();
    let counties = builder.weights(|unit| f64::from(u8::from(builder.towns(unit).len() >= 4)));
    let counties = if counties.iter().sum::<f64>() > 0.0 { counties } else { people.clone() };
    for (aim, kind, word, weights) in [
        (Aim::ChildStations, "婴幼儿照护驿站", "婴幼儿照护驿站", &people),
        (Aim::GuidanceCentres, "婴幼儿照护服务指导中心", "婴幼儿照护服务指导中心", &counties),
        (Aim::EarlyBases, "婴幼儿早期发展基地", "婴幼儿早期发展基地", &people),
    ] {
        for (unit, count) in builder.course.counts(aim, weights).into_iter().enumerate() {
            let spots = builder.spots(unit, aim == Aim::ChildStations);
            let some: Vec<_> = spots.into_iter().take(count).collect();
            builder.fill(kind, &some, unit, aim, word, [0.0; 3]);
        }
    }
}

/// Standing of nurseries once their places are known: inclusive, certified, demonstration, people's projects.
pub(super) fn standing(builder: &mut Builder<'_>) {
    for unit in 0..builder.city.units.len() {
        let share = builder.course.share(unit, Aim::InclusivePlaces);
        let mut own: Vec<&mut Facility> =
            builder.made.iter_mut().filter(|one| one.unit == unit && is_nursery(one.kind)).collect();
        let total: usize = own.iter().filter_map(|one| one.places).sum();
        let mut places = 0;
        for (number, nursery) in own.iter_mut().enumerate() {
            let size = nursery.places.unwrap_or(0);
            // Nobody without places tips the share; the first of a unit is inclusive, so that each town has one.
            let yes = real(places + size) <= real(total) * share + 0.5 || number == 0;
            places += if yes { size } else { 0 };
            nursery.set("inclusive", yes);
            nursery.set("inclusive_grade", if yes { "县级" } else { "无" });
        }
    }
    demonstration(builder);
    yearly(builder);
}

fn demonstration(builder: &mut Builder<'_>) {
    let counts = builder.course.counts(Aim::DemonstrationNurseries, &builder.heads.all.clone());
    for (unit, count) in counts.into_iter().enumerate() {
        let own = builder.made.iter_mut().filter(|one| one.unit == unit && one.kind == "托育机构");
        for nursery in own.take(count) {
            nursery.set("demonstration", true);
        }
    }
}

/// What is wanted anew each year: provincial certificates, people's projects.
fn yearly(builder: &mut Builder<'_>) {
    let (from, day) = (builder.city.period.0, builder.city.options.day);
    for year in from.year()..=day.year() {
        let Some((first, last)) = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)) else {
            continue;
        };
        let last = last.min(day);
        let gone = real(usize::try_from(last.ordinal()).unwrap_or(0)) / 366.0;
        let wanted = |aim| builder.course.level(aim).map_or(0, |level| whole(level.end * gone));
        let (provincial, projects) = (wanted(Aim::ProvincialInclusive), wanted(Aim::PeopleProjects));
        let span = last.signed_duration_since(first).num_days();
        let dates: Vec<NaiveDate> =
            (0..provincial).map(|_| first + Duration::days(builder.rng.between(span / 3, span))).collect();
        let candidates = builder.made.iter_mut().filter(|one| {
            one.is("inclusive")
                && !one.values.contains_key("inclusive_on")
                && one.opened.is_some_and(|opened| opened < first)
        });
        for (nursery, on) in candidates.zip(dates) {
            nursery.set("inclusive_grade", "省级");
            nursery.set("inclusive_on", on);
        }
        let mut own: Vec<&mut Facility> = builder
            .made
            .iter_mut()
            .filter(|one| is_nursery(one.kind) && !one.is("people_project") && one.kind != "托育机构")
            .collect();
        own.sort_by_key(|one| one.opened.is_none_or(|opened| opened.year() != year));
        for nursery in own.into_iter().take(projects) {
            // A people's project opens in the year that promised it.
            let on = first + Duration::days(builder.rng.between(span / 3, span));
            nursery.opened = nursery.opened.filter(|opened| opened.year() == year).or(Some(on));
            nursery.set("people_project", true);
            nursery.set("inclusive", true);
        }
    }
}
