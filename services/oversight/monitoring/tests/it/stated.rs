//! What is reported of the plan is a case: who states, who confirms, who signs and in which order stands in the pack.

use crate::world::{REPORT, TOWN, World, month, officer, path, reporter, signer, someone};
use cases::{Asked, Start, Wanted, Whole};
use identity::{Actor, Refusal, Role};
use monitoring::commands::{ProgressDraft, ReportDraft, Verdict};
use monitoring::model::{ProgressState, Report, ReportState};
use monitoring::store;
use records::{Draft, Spelling};
use testkit::{TestDb, on_both};
use uuid::Uuid;

fn progress(state: &str) -> ProgressDraft {
    ProgressDraft {
        subject: "task:town.t2".to_owned(),
        region: TOWN.to_owned(),
        region_path: Some(path(TOWN)),
        departments: vec!["wjw".to_owned(), "mzj".to_owned()],
        state: state.to_owned(),
        percent: "60".to_owned(),
        note: "建档过六成".to_owned(),
        ..ProgressDraft::default()
    }
}

fn value(text: &str) -> ReportDraft {
    ReportDraft {
        region: TOWN.to_owned(),
        region_path: Some(path(TOWN)),
        month: "2025-09".to_owned(),
        value: text.to_owned(),
        evidence: "公卫三季报".to_owned(),
        ..ReportDraft::default()
    }
}

async fn stated(world: &World) -> Option<ProgressState> {
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    world.service.task(&board, "town.t2").await.unwrap().state()
}

async fn waiting(world: &World, actor: &Actor) -> Vec<Uuid> {
    let wanted = Wanted { mine: true, open: Some(true), plan: Some(true), ..Wanted::default() };
    let found = world.cases.list(actor, &wanted).await.unwrap();
    let counted = world.cases.counts(actor, &wanted).await.unwrap();
    assert_eq!(counted.all() as usize, found.items.len());
    found.items.into_iter().map(|listed| listed.case.id).collect()
}

async fn step(world: &World, actor: &Actor, id: Uuid, transition: &str, reason: &str) -> Result<Whole, Refusal> {
    let whole = world.cases.whole(actor, id).await?;
    let asked = Asked {
        step: Uuid::now_v7(),
        version: whole.case.version,
        transition: transition.to_owned(),
        draft: Draft::default(),
        reason: reason.to_owned(),
    };
    world.cases.step(actor, id, &asked).await?;
    world.cases.whole(actor, id).await
}

async fn report(world: &World, id: Uuid) -> Report {
    store::report(&world.db, TOWN, id).await.unwrap().unwrap()
}

async fn propose(world: &World, actor: &Actor, text: &str) -> Result<Uuid, Refusal> {
    let adopted = world.service.adopted(TOWN).unwrap();
    world.service.propose_report(actor, adopted.pack.indicator("town.06").unwrap(), &value(text)).await
}

on_both!(what_a_part_states_waits_for_the_lead, |db: TestDb| async move {
    let world = World::empty(db).await;
    let (lead, part, beside) = (reporter(), officer(), someone("sun", Role::Officer, TOWN, Some("jyj")));
    assert!(!world.service.state_progress(&part, &progress("under_way")).await.unwrap(), "it waits");
    assert_eq!(stated(&world).await, None, "nothing counts yet");
    let mine = waiting(&world, &lead).await;
    assert_eq!(mine.len(), 1, "the lead unit has it on its desk");
    assert_eq!(waiting(&world, &part).await.len(), 0, "who stated it waits");
    assert_eq!(waiting(&world, &beside).await.len(), 0, "nobody else has");
    assert!(matches!(step(&world, &part, mine[0], "confirm", "").await, Err(Refusal::Forbidden(_))));
    assert!(matches!(step(&world, &beside, mine[0], "confirm", "").await, Err(Refusal::Forbidden(_))));
    // Sent back with a reason, stated again, confirmed.
    let bare = step(&world, &lead, mine[0], "return", "").await;
    assert!(matches!(bare, Err(Refusal::Invalid(_))), "{bare:?}");
    step(&world, &lead, mine[0], "return", "请写到哪几个镇").await.unwrap();
    assert_eq!(waiting(&world, &part).await, mine, "back on the desk of who stated it");
    let whole = step(&world, &part, mine[0], "submit", "").await.unwrap();
    assert!(whole.due.on.is_some(), "the lead unit has days for it");
    step(&world, &lead, mine[0], "confirm", "").await.unwrap();
    assert_eq!(stated(&world).await, Some(ProgressState::UnderWay));
    let all = store::progress_of(&world.db, TOWN, "task:town.t2").await.unwrap();
    assert_eq!(
        (all.len(), all[0].by_login.as_str(), all[0].percent),
        (1, "li", Some(60)),
        "in the name of who stated it"
    );
    // The lead unit's own counts at once.
    let done = ProgressDraft { percent: "100".to_owned(), evidence: "验收单".to_owned(), ..progress("done") };
    assert!(world.service.state_progress(&lead, &done).await.unwrap());
    assert_eq!(stated(&world).await, Some(ProgressState::Done));
    assert!(facts::verify(&world.db).await.is_ok());
});

on_both!(what_was_sent_back_goes_on_as_the_same_case, |db: TestDb| async move {
    let world = World::empty(db).await;
    let (wang, zhao, colleague) = (reporter(), signer(), someone("qian", Role::Officer, TOWN, Some("wjw")));
    let first = propose(&world, &wang, "71.5").await.unwrap();
    let second = propose(&world, &colleague, "71.9").await;
    assert!(matches!(second, Err(Refusal::Conflict(_))), "one value of a period waits at a time: {second:?}");
    let cases: i64 = world.db.one("SELECT COUNT(*) FROM casefile", storage::args![]).await.unwrap().at(0).unwrap();
    assert_eq!(cases, 1, "and the refused one has left nothing behind");
    world.service.decide_report(&zhao, &report(&world, first).await, Verdict::Return, "按常住人口重算").await.unwrap();
    assert_eq!(waiting(&world, &wang).await, [first]);
    assert_eq!(propose(&world, &wang, "70.8").await.unwrap(), first, "it goes on where it was sent back");
    let again = report(&world, first).await;
    assert_eq!((again.state, again.value.to_string()), (ReportState::Proposed, "70.8".to_owned()));
    let whole = world.cases.whole(&zhao, first).await.unwrap();
    assert_eq!(whole.steps.len(), 4, "begun, proposed, sent back, proposed again");
    step(&world, &wang, first, "withdraw", "").await.unwrap();
    assert_eq!(report(&world, first).await.state, ReportState::Withdrawn);
    assert_eq!(world.value("town.06", TOWN, "2025-10").await, None);
    let anew = propose(&world, &colleague, "70.9").await.unwrap();
    world.service.decide_report(&zhao, &report(&world, anew).await, Verdict::SignOff, "").await.unwrap();
    assert_eq!(world.value("town.06", TOWN, "2025-10").await.as_deref(), Some("70.9"));
});

on_both!(a_city_has_values_checked_once_more, |db: TestDb| async move {
    // As a city would write it: a state more, and the last signature with another bureau.
    let signed = "[[state]]\nkey = \"signed\"";
    let state = "[[state]]\nkey = \"second\"\nlabel = \"待统计复核\"\ndays = 2\n\n";
    let more = "\n[[transition]]\nkey = \"second\"\nlabel = \"复核通过\"\nfrom = [\"second\"]\nto = \"signed\"\n\
                by = [{ role = \"officer\", departments = [\"mzj\"] }]\n";
    let own = REPORT.replace(signed, &format!("{state}{signed}")).replace("to = \"signed\"", "to = \"second\"") + more;
    let world = World::empty(db).await.reporting_as(&own);
    let id = propose(&world, &reporter(), "70.8").await.unwrap();
    world.service.decide_report(&signer(), &report(&world, id).await, Verdict::SignOff, "").await.unwrap();
    assert_eq!(report(&world, id).await.state, ReportState::Proposed, "one signature is not enough here");
    assert_eq!(world.value("town.06", TOWN, "2025-10").await, None);
    assert_eq!(waiting(&world, &officer()).await, [id]);
    world.service.decide_report(&officer(), &report(&world, id).await, Verdict::SignOff, "").await.unwrap();
    assert_eq!(report(&world, id).await.state, ReportState::SignedOff);
    assert_eq!(world.value("town.06", TOWN, "2025-10").await.as_deref(), Some("70.8"));
});

on_both!(a_program_reports_as_a_case_under_the_same_rules, |db: TestDb| async move {
    let world = World::empty(db).await;
    let start = |item: &str, value: &str| {
        let draft = Draft { spelling: Spelling::Programs, region: Some(TOWN.to_owned()), ..Draft::default() };
        let draft =
            draft.with("item", item).with("month", "2025-09").with("value", value).with("evidence", "公卫三季报");
        Start { id: Uuid::now_v7(), kind: "indicator_report".to_owned(), draft }
    };
    let begun = world.cases.start(&reporter(), &start("town.06", "170.8")).await.unwrap();
    assert_eq!(begun.title, "老年人健康管理率 2025年第三季度");
    let wrong = step(&world, &reporter(), begun.id, "submit", "").await.unwrap_err();
    let Refusal::Invalid(found) = wrong else { panic!("{wrong}") };
    assert_eq!(found.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["monitoring.percent"]);
    assert_eq!(store::report(&world.db, TOWN, begun.id).await.unwrap().map(|one| one.id), None, "nothing half-done");
    let stranger = someone("sun", Role::Officer, TOWN, Some("jyj"));
    let refused = world.cases.start(&stranger, &start("town.06", "70.8")).await;
    assert!(matches!(refused, Err(Refusal::Forbidden(_))), "a bureau without a part: {refused:?}");
    let computed = world.cases.start(&officer(), &start("town.01", "50")).await;
    assert!(matches!(computed, Err(Refusal::Conflict(_))), "{computed:?}");
    let unknown = world.cases.start(&reporter(), &start("town.99", "50")).await.unwrap_err();
    assert!(matches!(unknown, Refusal::Invalid(_)), "{unknown}");
});
