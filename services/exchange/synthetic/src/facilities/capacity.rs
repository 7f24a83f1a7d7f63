//! Beds, places and floor area of a unit, shared out over its facilities, and what follows from beds.

use super::{Builder, Facility, childcare, elder};
use crate::aims::Aim;
use crate::rng::Rng;
use crate::spread::{apportion, real, whole};

fn is_home(kind: &str) -> bool {
    matches!(kind, "养老机构" | "特困供养机构" | "农村区域性养老服务中心")
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Gives every facility its capacity.
pub(super) fn give(builder: &mut Builder<'_>) {
    let homes_known = builder.known_types.contains("养老机构");
    for unit in 0..builder.city.units.len() {
        // Where the homes are real ones, the plan's beds are theirs: none are made up for the small places.
        if !homes_known {
            beds(builder, unit);
            nursing(builder, unit);
        }
        places(builder, unit);
        area(builder, unit);
    }
    if !homes_known {
        medical(builder);
    }
}

fn of_unit(made: &mut [Facility], unit: usize, fits: impl Fn(&Facility) -> bool) -> Vec<&mut Facility> {
    made.iter_mut().filter(|one| one.unit == unit && fits(one)).collect()
}

fn beds(builder: &mut Builder<'_>, unit: usize) {
    let total = elder::unit_beds(builder, unit);
    let total = builder.amount("beds", total);
    let mut own = of_unit(&mut builder.made, unit, |one| one.bed_weight > 0.0);
    let weights: Vec<f64> = own.iter().map(|one| one.bed_weight).collect();
    for (facility, beds) in own.iter_mut().zip(apportion(total, &weights)) {
        facility.beds = Some(beds);
        if is_home(facility.kind) {
            let taken = real(beds) * (0.5 + 0.35 * builder.rng.unit());
            facility.set("residents", number(whole(taken).min(beds)));
        }
    }
}

/// Nursing and dementia beds, grades: shares of a unit's homes.
fn nursing(builder: &mut Builder<'_>, unit: usize) {
    let course = builder.course;
    let dementia = course.now(unit, Aim::DementiaPerTenThousand) * builder.heads.old(unit) / 10_000.0;
    let dementia = builder.amount("dementia beds", dementia);
    let homes = |builder: &Builder<'_>, kind: &str| {
        builder.made.iter().filter(|one| one.unit == unit && one.kind == kind).count()
    };
    let ordinary = homes(builder, "养老机构");
    let rated = builder.few("rated", unit, Aim::RatedHomes, ordinary);
    let hard = homes(builder, "特困供养机构");
    let rural_rated = builder.few("rural rated", unit, Aim::RuralRated, hard);
    let mut own = of_unit(&mut builder.made, unit, |one| is_home(one.kind));
    let sizes = |own: &[&mut Facility], fits: &dyn Fn(&Facility) -> bool| -> Vec<f64> {
        own.iter().map(|one| if fits(one) { real(one.beds.unwrap_or(0)) } else { 0.0 }).collect()
    };
    let rural = |one: &Facility| one.kind == "特困供养机构";
    let all: f64 = sizes(&own, &|_| true).iter().sum();
    let hardship = sizes(&own, &rural);
    let rest = sizes(&own, &|one| !rural(one));
    let in_rural = whole(hardship.iter().sum::<f64>() * course.share(unit, Aim::RuralNursingShare));
    let in_rest =
        whole(all * course.share(unit, Aim::NursingShare)).saturating_sub(in_rural).min(whole(rest.iter().sum()));
    let rural_parts = if in_rural > 0 { apportion(in_rural, &hardship) } else { vec![0; own.len()] };
    let rest_parts = if in_rest > 0 { apportion(in_rest, &rest) } else { vec![0; own.len()] };
    let minds = sizes(&own, &|one| one.kind == "养老机构");
    let mind_parts = if minds.iter().sum::<f64>() > 0.0 { apportion(dementia, &minds) } else { vec![0; own.len()] };
    for (index, home) in own.iter_mut().enumerate() {
        let part = |parts: &[usize]| parts.get(index).copied().unwrap_or(0);
        let beds = home.beds.unwrap_or(0);
        let nursing = (part(&rural_parts) + part(&rest_parts)).min(beds);
        home.set("nursing_beds", number(nursing));
        home.set("dementia_beds", number(part(&mind_parts).min(beds)));
    }
    grades(&mut own, "养老机构", rated, &mut builder.rng);
    grades(&mut own, "特困供养机构", rural_rated, &mut builder.rng);
}

fn grades(own: &mut [&mut Facility], kind: &str, rated: usize, rng: &mut Rng) {
    for (index, home) in own.iter_mut().filter(|one| one.kind == kind).enumerate() {
        let grade = if index < rated {
            rng.word(&["二级", "二级", "三级", "四级"])
        } else {
            rng.word(&["无", "无", "一级"])
        };
        // An ordinary home of the first grade is rated too: the unrated have none.
        let unrated = kind == "养老机构" && index >= rated;
        home.set("grade", if unrated { "无" } else { grade });
    }
}

/// Medical care in homes: shares of the whole place, because a unit has too few homes for a share.
fn medical(builder: &mut Builder<'_>) {
    let counts = builder.course.counts(Aim::MedicalCareTotal, &builder.heads.old.clone());
    let counted = builder.course.stated(Aim::MedicalCareTotal);
    for unit in 0..builder.city.units.len() {
        let homes = builder.made.iter().filter(|one| one.unit == unit && is_home(one.kind)).count();
        let served = builder.few("medical service", unit, Aim::MedicalService, homes);
        let inside = builder.few("clinics", unit, Aim::InHouseClinics, homes).min(served);
        let mut own = of_unit(&mut builder.made, unit, |one| is_home(one.kind));
        let joined = if counted { counts.get(unit).copied().unwrap_or(0) } else { served };
        for (index, home) in own.iter_mut().enumerate() {
            let how = if index < inside {
                "内设医疗机构"
            } else if index < served {
                "协议合作"
            } else {
                "无"
            };
            home.set("medical_service", how);
            home.set("medical_care", index < joined);
            home.set("standard_aids", builder.rng.chance(0.6));
        }
    }
}

fn places(builder: &mut Builder<'_>, unit: usize) {
    let total = childcare::unit_places(builder, unit);
    let total = builder.amount("places", total);
    let mut own = of_unit(&mut builder.made, unit, |one| one.place_weight > 0.0);
    let weights: Vec<f64> = own.iter().map(|one| one.place_weight).collect();
    for (nursery, places) in own.iter_mut().zip(apportion(total, &weights)) {
        nursery.places = Some(places);
    }
}

fn area(builder: &mut Builder<'_>, unit: usize) {
    let total = builder.course.now(unit, Aim::CommunityArea) * builder.heads.all(unit) / 1000.0;
    let mut own = of_unit(&mut builder.made, unit, |one| one.area_weight > 0.0);
    let sum: f64 = own.iter().map(|one| one.area_weight).sum();
    for facility in &mut own {
        let area = total * facility.area_weight / sum;
        facility.set("floor_area", format!("{area:.1}"));
    }
}
