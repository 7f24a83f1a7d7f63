//! The handbook's vectors, and every border.

use scoring::{Diagnosis, Form, Ground, Instrument, ReasonCode, State, solve};

use crate::{form, instrument, oracles};

fn gbt(instrument: &Instrument, total: u16) -> Form {
    // From the first part on, as full as may be.
    let mut left = total;
    let sums: Vec<u16> = [32, 15, 28, 15]
        .iter()
        .map(|max| {
            let sum = left.min(*max);
            left -= sum;
            sum
        })
        .collect();
    form(instrument, &sums)
}

#[test]
fn gbt_borders() {
    let gbt_42195 = instrument("gbt-42195-2022");
    for (total, level) in [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4)] {
        let mut form = gbt(&gbt_42195, total);
        form.coma = Some(false);
        form.events_30d = Some(0);
        let outcome = solve(&gbt_42195, &form).unwrap();
        let found = (outcome.total, outcome.preliminary, outcome.level, outcome.grounds.len());
        assert_eq!(found, (Some(total), Some(level), Some(level), 0));
    }
    for total in 0..=90 {
        assert_eq!(
            solve(&gbt_42195, &gbt(&gbt_42195, total)).unwrap().level,
            Some(oracles::gbt_level(total)),
            "{total}"
        );
    }
}

#[test]
fn gbt_changes() {
    let gbt_42195 = instrument("gbt-42195-2022");
    let level = |total: u16, coma: bool, codes: &[&str], events: u32| {
        let mut form = gbt(&gbt_42195, total);
        form.coma = Some(coma);
        form.diagnoses = codes.iter().map(|code| Diagnosis::read(code)).collect();
        form.events_30d = Some(events);
        let outcome = solve(&gbt_42195, &form).unwrap();
        (outcome.preliminary.unwrap(), outcome.level.unwrap(), outcome.grounds)
    };
    assert_eq!(level(90, false, &["F00-F03"], 0), (0, 1, vec![Ground::Diagnosis]));
    assert_eq!(level(50, false, &[], 2), (2, 3, vec![Ground::Events30d]));
    assert_eq!(level(50, false, &[], 1), (2, 2, vec![]));
    assert_eq!(level(20, false, &["F01.1"], 0), (4, 4, vec![Ground::Diagnosis]));
    assert_eq!(level(80, false, &["F32"], 3), (1, 2, vec![Ground::Diagnosis, Ground::Events30d]));
    assert_eq!(level(80, false, &["I10-I15", "C00-D48", "UTI_30D"], 0), (1, 1, vec![]));
    for total in [90, 66, 46, 30, 0] {
        assert_eq!(level(total, true, &[], 0).1, 4);
        assert_eq!(level(total, true, &["F00"], 5).1, 4);
    }
}

#[test]
fn a_partly_answered_form_has_no_level_even_in_a_coma() {
    let gbt_42195 = instrument("gbt-42195-2022");
    for index in 0..26 {
        let mut form = gbt(&gbt_42195, 90);
        form.coma = Some(true);
        form.answers[index] = None;
        let outcome = solve(&gbt_42195, &form).unwrap();
        assert_eq!((outcome.state, outcome.total, outcome.level), (State::Incomplete, None, None));
        assert!(outcome.parts.iter().all(|part| part.score.is_none()));
        assert_eq!(outcome.missing, [gbt_42195.items().nth(index).unwrap().key.clone()]);
    }
}

#[test]
fn scores_that_an_item_does_not_have_are_wrong_all_at_once() {
    let ltci = instrument("ltci-2021");
    let mut form = form(&ltci, &[100, 16, 12]);
    form.answers[0] = Some(7);
    form.answers[2] = Some(10);
    form.answers.push(Some(0));
    form.diagnoses = vec![Diagnosis::read("头痛")];
    let codes: Vec<String> = solve(&ltci, &form).unwrap_err().into_iter().map(|one| one.code).collect();
    assert_eq!(codes, ["scoring.score", "scoring.score", "scoring.unknown_item", "scoring.diagnosis"]);
    assert!(Form::empty(&ltci).set(&ltci, "C9.9", 0).is_err());
}

#[test]
fn ltci_vectors_and_every_sum() {
    let ltci = instrument("ltci-2021");
    for (sums, level) in [([100, 16, 12], 0), ([100, 3, 12], 1), ([60, 1, 12], 3), ([40, 15, 2], 4), ([0, 0, 5], 5)] {
        let outcome = solve(&ltci, &form(&ltci, &sums)).unwrap();
        assert_eq!((outcome.level, outcome.total), (Some(level), None), "{sums:?}");
        assert_eq!(outcome.parts.iter().map(|part| part.score.unwrap()).collect::<Vec<_>>(), sums);
        assert!(outcome.says(ReasonCode::ToConfirm), "the unconfirmed table must be said");
    }
    for adl in (0..=100).step_by(5) {
        for mind in 0..=16 {
            for senses in 0..=12 {
                let outcome = solve(&ltci, &form(&ltci, &[adl, mind, senses])).unwrap();
                assert_eq!(outcome.level, Some(oracles::ltci(adl, mind, senses)), "{adl} {mind} {senses}");
            }
        }
    }
}

/// Scores of the four items of perception that have a grade.
const PERCEPTION: [[u16; 4]; 4] = [[0, 1, 0, 0], [0, 2, 1, 0], [1, 0, 0, 1], [0, 0, 4, 0]];
const DAILY: [u16; 4] = [100, 65, 60, 40];
const MIND: [u16; 4] = [0, 1, 3, 4];
const SOCIAL: [u16; 4] = [2, 7, 8, 20];

fn mzt_form(instrument: &Instrument, grades: [usize; 4]) -> Form {
    let [d, m, p, s] = grades;
    let mut form = form(instrument, &[DAILY[d], MIND[m]]);
    for (key, score) in ["B.3.1", "B.3.2", "B.3.3", "B.3.4"].iter().zip(PERCEPTION[p]) {
        form.set(instrument, key, score).unwrap();
    }
    let social = [4, 4, 4, 4, 4];
    let mut left = SOCIAL[s];
    for (index, most) in social.iter().enumerate() {
        let score = left.min(*most);
        left -= score;
        form.set(instrument, &format!("B.4.{}", index + 1), score).unwrap();
    }
    form
}

#[test]
fn mzt_all_grades_and_its_gaps() {
    let mzt = instrument("mzt-039-2013");
    let mut gaps = 0;
    for code in 0..256 {
        let grades = [code / 64, code / 16 % 4, code / 4 % 4, code % 4];
        let outcome = solve(&mzt, &mzt_form(&mzt, grades)).unwrap();
        let found: Vec<usize> = outcome.parts.iter().map(|part| usize::from(part.grade.unwrap())).collect();
        assert_eq!(found, grades);
        let [d, m, p, s] = grades.map(|grade| u8::try_from(grade).unwrap());
        assert_eq!(outcome.preliminary, oracles::mzt(d, m, p, s), "{grades:?}");
        if outcome.preliminary.is_none() {
            gaps += 1;
            assert_eq!((outcome.state, outcome.level), (State::Manual, None));
            assert!(outcome.says(ReasonCode::Gap));
        }
    }
    // D=0 with S=3 alone; D=2 with all 0; D=2 with all of 1 and 2 and not all 2.
    assert_eq!(gaps, 1 + 1 + 7);
}

#[test]
fn mzt_perception_is_graded_by_its_rule() {
    let mzt = instrument("mzt-039-2013");
    for awake in 0..=3 {
        for vision in 0..=4 {
            for hearing in 0..=4 {
                for talk in 0..=3 {
                    let mut form = mzt_form(&mzt, [0, 0, 0, 0]);
                    let scores = [awake, vision, hearing, talk];
                    for (key, score) in ["B.3.1", "B.3.2", "B.3.3", "B.3.4"].iter().zip(scores) {
                        form.set(&mzt, key, score).unwrap();
                    }
                    let outcome = solve(&mzt, &form).unwrap();
                    let grade = oracles::mzt_perception(awake, vision, hearing, talk);
                    assert_eq!(outcome.parts[2].grade, Some(grade), "{scores:?}");
                    assert_eq!(outcome.parts[2].score, None);
                    assert_eq!(outcome.grounds.contains(&Ground::Coma), awake == 3);
                    if awake == 3 {
                        assert_eq!(outcome.level, Some(3));
                    }
                }
            }
        }
    }
}

#[test]
fn mzt_changes_stop_at_three() {
    let mzt = instrument("mzt-039-2013");
    for (grades, before, after) in
        [([0, 0, 0, 0], 0, 1), ([1, 0, 0, 0], 1, 2), ([2, 1, 0, 0], 2, 3), ([3, 0, 0, 0], 3, 3)]
    {
        let mut form = mzt_form(&mzt, grades);
        assert_eq!(solve(&mzt, &form).unwrap().level, Some(before));
        form.diagnoses = vec![Diagnosis::read("F03")];
        assert_eq!(solve(&mzt, &form).unwrap().level, Some(after));
        form.events_30d = Some(2);
        assert_eq!(solve(&mzt, &form).unwrap().level, Some(after));
    }
}

#[test]
fn what_was_not_recorded_and_what_contradicts_is_said() {
    let gbt_42195 = instrument("gbt-42195-2022");
    let mut form = gbt(&gbt_42195, 90);
    let outcome = solve(&gbt_42195, &form).unwrap();
    assert_eq!(outcome.reasons.iter().filter(|one| one.code == ReasonCode::NotRecorded).count(), 2);
    form.coma = Some(true);
    form.events_30d = Some(0);
    let outcome = solve(&gbt_42195, &form).unwrap();
    assert!(outcome.says(ReasonCode::Contradiction) && !outcome.says(ReasonCode::NotRecorded));
    let mut quiet = gbt(&gbt_42195, 0);
    quiet.coma = Some(true);
    assert!(!solve(&gbt_42195, &quiet).unwrap().says(ReasonCode::Contradiction));
}
