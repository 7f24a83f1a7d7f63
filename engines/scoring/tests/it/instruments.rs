//! What the national instruments hold, counted, and their marks.

use scoring::instrument::GateKind;
use scoring::{Diagnosis, Mark};

use crate::instrument;

#[test]
fn items_sums_and_levels() {
    for (key, parts, levels, worst) in [
        ("gbt-42195-2022", vec![(8, Some(32)), (4, Some(15)), (9, Some(28)), (5, Some(15))], 5, 4),
        ("ltci-2021", vec![(10, Some(100)), (4, Some(16)), (3, Some(12))], 6, 5),
        ("mzt-039-2013", vec![(10, Some(100)), (3, Some(6)), (4, None), (5, Some(20))], 4, 3),
    ] {
        let one = instrument(key);
        assert_eq!(one.key, key);
        let found: Vec<_> = one.parts.iter().map(|part| (part.items.len(), part.max)).collect();
        assert_eq!(found, parts, "{key}");
        assert_eq!((one.levels.len(), one.worst()), (levels, worst), "{key}");
        assert!(one.source.clause.is_some() && one.licence.is_some());
        assert!(!one.level_label(0).is_empty() && one.level_label(9).is_empty());
    }
    let gbt = instrument("gbt-42195-2022");
    assert_eq!(gbt.parts.iter().filter_map(|part| part.max).sum::<u16>(), 90);
    for item in gbt.items() {
        assert_eq!(gbt.anchors(item).len(), item.scores.len(), "{}", item.key);
    }
    assert!(gbt.in_force("2022-12-30".parse().unwrap()) && !gbt.in_force("2022-12-29".parse().unwrap()));
}

#[test]
fn what_must_be_confirmed_is_marked() {
    let about = |key: &str| -> Vec<String> { instrument(key).to_confirm().map(|one| one.about.clone()).collect() };
    assert_eq!(about("ltci-2021"), ["bands", "levels"]);
    assert_eq!(about("gbt-42195-2022"), ["changes", "process"]);
    assert!(about("mzt-039-2013").contains(&"changes".to_owned()));
    assert_eq!(instrument("ltci-2021").combination.unwrap().mark, Mark::Medium);
    let gate = |kind| instrument("gbt-42195-2022").gate(kind, None).map(|gate| (gate.value, gate.mark));
    assert_eq!(gate(GateKind::ValidMonths), Some((12, Mark::Low)));
}

#[test]
fn listed_diagnoses_can_be_read() {
    let gbt = instrument("gbt-42195-2022");
    assert_eq!(gbt.diagnoses.len(), 23);
    let words: Vec<_> =
        gbt.diagnoses.iter().filter(|one| !Diagnosis::read(&one.code).is_code()).map(|one| one.code.as_str()).collect();
    assert_eq!(words, ["UTI_30D", "AMPUTATION_6M", "OTHER"]);
    assert!(gbt.dictionaries.iter().all(|one| one.choices.len() >= 2));
}
