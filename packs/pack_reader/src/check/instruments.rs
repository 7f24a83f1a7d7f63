//! `instruments/*.toml` and `schedules/*.toml`: what the engines that read them find wrong, and their sources.

use std::collections::BTreeSet;

use vocabulary::Violation;

use super::{Known, check_reference};
use crate::desk::{Desk, words};
use crate::tree::Step;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let draft = known.draft;
    let instruments =
        draft.instruments.iter().map(|(file, one)| (file, &one.key, &one.source.doc, scoring::faults(one)));
    let schedules =
        draft.schedules.iter().map(|(file, one)| (file, &one.key, &one.source.doc, growth::immunisation::faults(one)));
    let mut seen = BTreeSet::new();
    for (file, key, doc, faults) in instruments.chain(schedules) {
        if !seen.insert(key) {
            let message = format!("键“{key}”写了两次");
            desk.report(file, &["key".into()], words("pack.duplicate_key", message, "给其中一个另起一个键"));
        }
        let source = ["source".into(), "doc".into()];
        check_reference(desk, (file, &source), ("出处文件", "sources.toml"), doc, &known.sources);
        for fault in faults {
            report(desk, file, &fault);
        }
    }
}

/// The place of a fault is steps between dots: keys, and numbers for elements of lists.
fn report(desk: &mut Desk, file: &str, fault: &Violation) {
    let step = |part: &str| part.parse::<usize>().map_or_else(|_| Step::from(part), Step::from);
    let steps: Vec<Step> = fault.place.split('.').map(step).collect();
    desk.report(file, &steps, words("pack.instrument", fault.message.as_str(), fault.remedy.as_str()));
}
