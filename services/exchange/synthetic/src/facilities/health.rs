//! Hospitals and community health centres.

use super::Builder;
use crate::aims::Aim;
use crate::spread::{Quota, real, whole};

/// Units of a district that share a hospital; a county has hospitals of its own.
const STREETS_PER_HOSPITAL: usize = 3;
/// Hospital beds of community health centres per thousand older people (the demo's assumption).
const PRIMARY_BEDS: f64 = 1.2;

/// All of them; shares hold for the whole place, because a unit has too few for a share.
pub(super) fn hospitals(builder: &mut Builder<'_>) {
    let (mut geriatrics, mut windows, mut chronic) = (Quota::default(), Quota::default(), Quota::default());
    for unit in 0..builder.city.units.len() {
        let county = builder.city.units.get(unit).is_some_and(|unit| unit.county);
        let Some(town) = builder.towns(unit).first().copied() else { continue };
        let general = if county { 2 } else { usize::from(unit % STREETS_PER_HOSPITAL == 0) };
        for number in 0..general {
            let level = if unit == 0 && number == 0 { "三级" } else { "二级" };
            let (day, word) =
                (builder.years_ago(12, 50), ["人民医院", "第二医院"].get(number).copied().unwrap_or("医院"));
            let department = geriatrics.take(1, builder.course.share(unit, Aim::GeriatricDepartments)) == 1;
            let window = windows.take(1, builder.course.share(unit, Aim::ElderWindows)) == 1;
            if let Some(hospital) = builder.add("综合医院", (town, None), Some(day), word) {
                hospital.set("ownership", "公办");
                hospital.set("hospital_level", level);
                hospital.set("geriatrics", department);
                hospital.set("elder_window", window);
            }
        }
        if county {
            let day = builder.years_ago(10, 40);
            if let Some(hospital) = builder.add("中医医院", (town, None), Some(day), "中医院") {
                hospital.set("ownership", "公办");
                hospital.set("hospital_level", "二级");
            }
        }
        for town in builder.towns(unit) {
            let day = builder.years_ago(8, 30);
            let clinic = chronic.take(1, builder.course.share(unit, Aim::ChronicClinics)) == 1;
            if let Some(centre) = builder.add("社区卫生服务中心", (town, None), Some(day), "社区卫生服务中心")
            {
                centre.set("ownership", "公办");
                centre.set("chronic_clinic", clinic);
            }
        }
    }
    geriatric(builder);
    tcm(builder);
    primary_beds(builder);
    medical_beds(builder);
}

fn geriatric(builder: &mut Builder<'_>) {
    let equal =
        builder.weights(|unit| f64::from(u8::from(builder.city.units.get(unit).is_some_and(|unit| unit.county))));
    for (aim, kind, level, word) in [
        (Aim::SecondGeriatric, "老年医院", Some("二级"), "老年医院"),
        (Aim::ThirdGeriatric, "老年医院", Some("三级"), "市老年医院"),
        (Aim::NursingHospitals, "护理院", None, "护理院"),
    ] {
        let Some(end) = builder.course.level(aim).map(|level| level.end) else { continue };
        let counts = builder.course.counts(aim, &equal);
        for (unit, count) in counts.iter().enumerate() {
            let Some(town) = builder.towns(unit).first().copied().filter(|_| builder.heads.all(unit) > 0.0) else {
                continue;
            };
            let days = builder.arrivals(unit, aim, *count);
            for day in days {
                if let Some(hospital) = builder.add(kind, (town, None), Some(day), word) {
                    hospital.set("ownership", "公办");
                    hospital.set("hospital_level", level);
                    hospital.set("elder_window", true);
                }
            }
        }
        // What the plan wants and nobody has finished is under construction, with planned beds only.
        if counts.iter().sum::<usize>() < whole(end)
            && let Some(town) = builder.towns(0).first().copied()
            && let Some(site) = builder.add(kind, (town, None), None, word)
        {
            site.set("ownership", "公办");
            site.set("planned_beds", 200_i64);
        }
    }
}

fn tcm(builder: &mut Builder<'_>) {
    let reached =
        builder.course.stated(Aim::TcmRehabilitation) && builder.course.now(0, Aim::TcmRehabilitation) >= 0.99;
    let first = builder.made.iter_mut().find(|one| one.kind == "中医医院");
    if let Some(hospital) = first.filter(|_| reached) {
        hospital.set("hospital_level", "三级");
        hospital.set("rehabilitation", true);
    }
}

fn primary_beds(builder: &mut Builder<'_>) {
    for unit in 0..builder.city.units.len() {
        let total = builder.amount("primary beds", PRIMARY_BEDS * builder.heads.old(unit) / 1000.0);
        let nursing = builder.few("primary nursing", unit, Aim::PrimaryNursing, total);
        let mut centres: Vec<_> =
            builder.made.iter_mut().filter(|one| one.unit == unit && one.kind == "社区卫生服务中心").collect();
        let parts = crate::spread::apportion(total, &vec![1.0; centres.len()]);
        let beds: Vec<f64> = parts.iter().map(|beds| real(*beds)).collect();
        let nursing = crate::spread::apportion(nursing, &beds);
        for ((centre, beds), nursing) in centres.iter_mut().zip(parts).zip(nursing) {
            centre.beds = Some(beds);
            centre.set("nursing_beds", i64::try_from(nursing.min(beds)).unwrap_or(0));
        }
    }
}

fn medical_beds(builder: &mut Builder<'_>) {
    for unit in 0..builder.city.units.len() {
        let total = builder.course.now(unit, Aim::MedicalBeds) * builder.heads.old(unit) / 1000.0;
        let total = builder.amount("medical beds", total);
        let weight = |kind: &str| match kind {
            "护理院" => 80.0,
            "老年医院" | "综合医院" => 60.0,
            "中医医院" => 30.0,
            "社区卫生服务中心" => 20.0,
            _ => 0.0,
        };
        let open = |one: &&mut super::Facility| one.unit == unit && weight(one.kind) > 0.0 && one.opened.is_some();
        let mut places: Vec<_> = builder.made.iter_mut().filter(open).collect();
        let weights: Vec<f64> = places.iter().map(|one| weight(one.kind)).collect();
        for (place, beds) in places.iter_mut().zip(crate::spread::apportion(total, &weights)) {
            place.set("medical_beds", i64::try_from(beds).unwrap_or(0));
        }
    }
}
