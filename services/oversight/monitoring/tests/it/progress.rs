//! How far tasks and projects are: statements beside each other, steps reached once, refusals that say everything.

use crate::world::{EAST, TOWN, WEST, World, east_clerk, leader, month, officer, path, reporter, someone, west_clerk};
use identity::{Actor, Refusal, Role};
use monitoring::commands::{
    Context, MilestoneDraft, MilestoneReached, ProgressDraft, planned_id, reach_milestone, record_progress,
    set_milestone,
};
use monitoring::model::{ProgressState, end_of_day};
use monitoring::undertakings::{ProjectLine, TaskLine};
use rust_decimal::Decimal;
use testkit::{TestDb, on_both};
use vocabulary::Origin;

fn draft(subject: &str, region: &str, state: &str) -> ProgressDraft {
    let departments = match subject {
        "task:town.t2" => vec!["wjw".to_owned(), "mzj".to_owned()],
        "task:town.t1" | "project:town.a1" | "project:town.a3" => vec!["mzj".to_owned()],
        _ => Vec::new(),
    };
    ProgressDraft {
        subject: subject.to_owned(),
        region: region.to_owned(),
        region_path: Some(path(region)),
        departments,
        state: state.to_owned(),
        note: "正在推进".to_owned(),
        ..ProgressDraft::default()
    }
}

async fn state(world: &World, actor: &Actor, draft: &ProgressDraft) -> Result<(), Refusal> {
    record_progress(&Context { db: &world.db, clock: &*world.clock, actor }, draft).await
}

async fn task(world: &World, region: &str, key: &str) -> TaskLine {
    let board = world.service.board(TOWN, region, month("2025-10"), None).await.unwrap();
    world.service.task(&board, key).await.unwrap()
}

async fn project(world: &World, key: &str) -> ProjectLine {
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    world.service.project(&board, key).await.unwrap()
}

fn codes(refusal: Refusal) -> Vec<(String, String)> {
    let Refusal::Invalid(found) = refusal else { panic!("{refusal}") };
    found.into_iter().map(|one| (one.place, one.code)).collect()
}

on_both!(the_latest_statement_of_a_region_counts_and_the_others_stay, |db: TestDb| async move {
    let world = World::empty(db).await;
    assert_eq!(task(&world, TOWN, "town.t2").await.state(), None, "nothing stated is not the same as not begun");
    let first = ProgressDraft { percent: "40".to_owned(), ..draft("task:town.t2", TOWN, "under_way") };
    state(&world, &reporter(), &first).await.unwrap();
    state(&world, &officer(), &draft("task:town.t2", TOWN, "delayed")).await.unwrap();
    state(
        &world,
        &east_clerk(),
        &ProgressDraft { percent: "90".to_owned(), ..draft("task:town.t2", EAST, "under_way") },
    )
    .await
    .unwrap();
    assert_eq!(task(&world, TOWN, "town.t2").await.state(), Some(ProgressState::Delayed));
    let east = task(&world, EAST, "town.t2").await;
    assert_eq!((east.state(), east.latest.unwrap().percent), (Some(ProgressState::UnderWay), Some(90)));
    assert_eq!(task(&world, WEST, "town.t2").await.state(), None);
    let all = monitoring::store::progress_of(&world.db, TOWN, "task:town.t2").await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|one| one.origin == Origin::Reported && one.on_day == "2025-10-10".parse().unwrap()));
    let facts: i64 = world
        .db
        .one("SELECT COUNT(*) AS n FROM fact WHERE kind = 'ProgressStated'", storage::args![])
        .await
        .unwrap()
        .get("n")
        .unwrap();
    assert_eq!(facts, 3, "each statement leaves a fact");
});

on_both!(only_those_concerned_state_and_only_for_their_region, |db: TestDb| async move {
    let world = World::empty(db).await;
    let mine = draft("task:town.t1", TOWN, "under_way");
    let stranger = state(&world, &reporter(), &mine).await.unwrap_err();
    assert!(matches!(stranger, Refusal::Forbidden(_)), "the health bureau has no part in it: {stranger}");
    let above = state(&world, &west_clerk(), &mine).await.unwrap_err();
    assert!(matches!(above, Refusal::NotFound(_)), "a county does not speak for the city: {above}");
    let beside = state(&world, &west_clerk(), &draft("task:town.t1", EAST, "under_way")).await.unwrap_err();
    assert!(matches!(beside, Refusal::NotFound(_)), "nor for its neighbour: {beside}");
    let wrong_path = ProgressDraft { region: EAST.to_owned(), ..draft("task:town.t1", WEST, "under_way") };
    let mixed = state(&world, &officer(), &wrong_path).await.unwrap_err();
    assert!(matches!(mixed, Refusal::NotFound(_)), "a region with another's path: {mixed}");
    assert!(matches!(state(&world, &leader(), &mine).await.unwrap_err(), Refusal::Forbidden(_)));
    let unled = draft("task:town.t3", TOWN, "under_way");
    state(&world, &reporter(), &unled).await.unwrap();
    assert_eq!(task(&world, TOWN, "town.t1").await.state(), None, "nothing was written by the refused");
});

on_both!(everything_wrong_is_said_at_once, |db: TestDb| async move {
    let world = World::empty(db).await;
    let wrong = ProgressDraft {
        percent: "101".to_owned(),
        beds: "-1".to_owned(),
        places: "十".to_owned(),
        paid_wan: "1.0000001".to_owned(),
        finish_by: "2026-02-30".to_owned(),
        note: "  ".to_owned(),
        ..draft("project:town.a1", TOWN, "")
    };
    let found = codes(state(&world, &officer(), &wrong).await.unwrap_err());
    let expected = [
        ("state", "monitoring.required"),
        ("percent", "monitoring.number"),
        ("beds", "monitoring.number"),
        ("places", "monitoring.number"),
        ("paid_wan", "monitoring.money"),
        ("finish_by", "monitoring.day"),
        ("note", "monitoring.required"),
    ];
    assert_eq!(found, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
    for (state_key, percent, expected) in [
        ("done", "99", vec!["monitoring.percent_state", "monitoring.required"]),
        ("not_started", "1", vec!["monitoring.percent_state"]),
        ("under_way", "100", vec!["monitoring.percent_state"]),
    ] {
        let draft = ProgressDraft { percent: percent.to_owned(), ..draft("project:town.a1", TOWN, state_key) };
        let found: Vec<String> =
            codes(state(&world, &officer(), &draft).await.unwrap_err()).into_iter().map(|(_, code)| code).collect();
        assert_eq!(found, expected, "{state_key} {percent}");
    }
});

on_both!(money_is_exact_and_goes_into_the_totals, |db: TestDb| async move {
    let world = World::empty(db).await;
    let paid = ProgressDraft {
        paid_wan: "120.000001".to_owned(),
        places: "20".to_owned(),
        ..draft("project:town.a2", WEST, "under_way")
    };
    state(&world, &west_clerk(), &paid).await.unwrap();
    let line = project(&world, "town.a2").await;
    assert_eq!(line.latest.as_ref().unwrap().paid_fen, Some(120_000_001));
    assert_eq!(line.paid_wan().unwrap().to_string(), "120.000001");
    assert!(!line.is_overspent());
    state(&world, &west_clerk(), &ProgressDraft { paid_wan: "450.51".to_owned(), ..paid }).await.unwrap();
    assert!(project(&world, "town.a2").await.is_overspent(), "more than the plan's 450.5");
});

on_both!(a_project_is_late_for_reasons_that_are_told, |db: TestDb| async move {
    let world = World::empty(db).await;
    // 2024-12-31 to 2025-10-10: 283 days.
    assert_eq!(project(&world, "town.a2").await.late(), ["计划2024年完成，已超期283天，还没有填报进展"]);
    assert_eq!(project(&world, "town.a1").await.late(), Vec::<String>::new(), "its year is not over");
    let moved = ProgressDraft { finish_by: "2026-03-01".to_owned(), ..draft("project:town.a1", TOWN, "delayed") };
    state(&world, &officer(), &moved).await.unwrap();
    assert_eq!(project(&world, "town.a1").await.late(), ["预计2026年3月1日完成，比计划推迟60天", "责任单位填报为滞后"]);
    state(&world, &officer(), &draft("project:town.a3", EAST, "not_started")).await.unwrap();
    assert_eq!(project(&world, "town.a3").await.late(), ["计划2024年开工，仍未启动"]);
    let done = ProgressDraft {
        percent: "100".to_owned(),
        evidence: "竣工验收".to_owned(),
        ..draft("project:town.a2", WEST, "done")
    };
    state(&world, &west_clerk(), &done).await.unwrap();
    assert_eq!(project(&world, "town.a2").await.late(), Vec::<String>::new());
});

fn reached(id: uuid::Uuid, planned: Vec<pack_reader::model::Milestone>, evidence: &str) -> MilestoneReached {
    MilestoneReached {
        subject: "task:town.t2".to_owned(),
        region: TOWN.to_owned(),
        region_path: Some(path(TOWN)),
        departments: vec!["wjw".to_owned(), "mzj".to_owned()],
        id,
        planned,
        evidence: evidence.to_owned(),
        synthetic: false,
    }
}

on_both!(a_step_of_the_plan_is_late_until_it_is_reached_once, |db: TestDb| async move {
    let world = World::empty(db).await;
    let line = task(&world, TOWN, "town.t2").await;
    assert_eq!(line.late(), ["节点超期：2024年12月31日前健康档案建成"]);
    assert_eq!(line.next_step().unwrap().text, "健康档案建成");
    let planned = line.task().milestones.clone();
    let id = planned_id("task:town.t2", &planned[0]);
    let wang = reporter();
    let context = Context { db: &world.db, clock: &*world.clock, actor: &wang };
    let empty = reach_milestone(&context, &reached(id, planned.clone(), " ")).await.unwrap_err();
    assert_eq!(codes(empty), [("evidence".to_owned(), "monitoring.required".to_owned())]);
    reach_milestone(&context, &reached(id, planned.clone(), "验收报告")).await.unwrap();
    let again = reach_milestone(&context, &reached(id, planned.clone(), "再来一次")).await.unwrap_err();
    assert!(matches!(again, Refusal::Conflict(_)), "{again}");
    let line = task(&world, TOWN, "town.t2").await;
    assert_eq!(line.late(), Vec::<String>::new());
    assert_eq!((line.steps[0].done_on, line.steps[0].origin), ("2025-10-10".parse().ok(), Origin::Reported));
    assert_eq!(line.steps[0].label(line.on), "超期完成");
    assert_eq!(line.next_step().unwrap().text, "管理率达到75%");
    let unknown = reach_milestone(&context, &reached(uuid::Uuid::now_v7(), planned, "无")).await.unwrap_err();
    assert!(matches!(unknown, Refusal::Conflict(_)));
});

on_both!(a_step_of_ones_own_is_planned_until_it_is_reached, |db: TestDb| async move {
    let world = World::empty(db).await;
    let wang = reporter();
    let context = Context { db: &world.db, clock: &*world.clock, actor: &wang };
    let step = MilestoneDraft {
        subject: "task:town.t2".to_owned(),
        region: TOWN.to_owned(),
        region_path: Some(path(TOWN)),
        departments: vec!["wjw".to_owned()],
        due: "2025-11-30".to_owned(),
        text: "完成培训".to_owned(),
        synthetic: false,
    };
    let wrong =
        set_milestone(&context, &MilestoneDraft { due: "下月".to_owned(), text: String::new(), ..step.clone() }).await;
    assert_eq!(codes(wrong.unwrap_err()).len(), 2);
    let clerk = east_clerk();
    let foreign = set_milestone(&Context { actor: &clerk, ..context }, &step).await.unwrap_err();
    assert!(matches!(foreign, Refusal::NotFound(_)), "a district sets no step of the city's task: {foreign}");
    let context = Context { db: &world.db, clock: &*world.clock, actor: &wang };
    let id = set_milestone(&context, &step).await.unwrap();
    let line = task(&world, TOWN, "town.t2").await;
    assert_eq!(
        line.steps.iter().map(|step| step.text.as_str()).collect::<Vec<_>>(),
        ["健康档案建成", "完成培训", "管理率达到75%"]
    );
    assert_eq!(line.steps[1].origin, Origin::Planned);
    reach_milestone(&context, &reached(id, Vec::new(), "签到册")).await.unwrap();
    assert_eq!(task(&world, TOWN, "town.t2").await.steps[1].origin, Origin::Reported);
});

on_both!(an_earlier_day_shows_what_was_stated_by_then, |db: TestDb| async move {
    let world = World::empty(db).await;
    world.clock.set("2025-06-15");
    state(&world, &officer(), &draft("task:town.t1", TOWN, "not_started")).await.unwrap();
    world.clock.set("2025-10-10");
    state(&world, &officer(), &draft("task:town.t1", TOWN, "under_way")).await.unwrap();
    let at = |text: &'static str, known| {
        let service = &world.service;
        async move {
            let board = service.board(TOWN, TOWN, month(text), known).await.unwrap();
            service.task(&board, "town.t1").await.unwrap().state()
        }
    };
    assert_eq!(at("2025-10", None).await, Some(ProgressState::UnderWay));
    assert_eq!(at("2025-06", None).await, Some(ProgressState::NotStarted), "in June it had not begun");
    assert_eq!(at("2025-05", None).await, None, "in May nothing was said");
    let june = Some(end_of_day("2025-06-30".parse().unwrap()));
    assert_eq!(at("2025-10", june).await, Some(ProgressState::NotStarted), "as known at the end of June");
});

on_both!(totals_by_type_add_up_and_say_what_is_missing, |db: TestDb| async move {
    let world = World::empty(db).await;
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    let lines = world.service.projects(&board).await.unwrap();
    let (types, all) = monitoring::undertakings::totals(&lines);
    assert_eq!(
        types.iter().map(|one| (one.sort.as_str(), one.totals.count)).collect::<Vec<_>>(),
        [("普惠养老", 2), ("普惠托育", 1), ("重大平台", 1)]
    );
    let sum = |pick: &dyn Fn(&monitoring::undertakings::Totals) -> Option<Decimal>| {
        types.iter().filter_map(|one| pick(&one.totals)).sum::<Decimal>()
    };
    assert_eq!(all.beds.sum, Some(sum(&|one| one.beds.sum)));
    assert_eq!(all.investment.sum, Some(sum(&|one| one.investment.sum)));
    assert_eq!((all.beds.text(), all.beds.missing_text()), ("200".to_owned(), "2 项未给出".to_owned()));
    assert_eq!((all.investment.text(), all.investment.missing), ("1,950.5".to_owned(), 2));
    assert_eq!((all.paid.sum, all.paid.missing), (None, 4), "nothing paid is not known, not zero");
    assert_eq!(all.count, lines.len());
    let west = world.service.board(TOWN, WEST, month("2025-10"), None).await.unwrap();
    let keys: Vec<String> =
        world.service.projects(&west).await.unwrap().iter().map(|line| line.project().key.clone()).collect();
    assert_eq!(keys, ["town.a2"], "a county sees what stands in it");
});

on_both!(a_clerk_of_a_street_states_for_the_street, |db: TestDb| async move {
    let world = World::empty(db).await;
    let street = someone("he", Role::Clerk, crate::world::STREET, None);
    state(&world, &street, &draft("task:town.t1", crate::world::STREET, "under_way")).await.unwrap();
    assert_eq!(task(&world, crate::world::STREET, "town.t1").await.state(), Some(ProgressState::UnderWay));
    assert_eq!(task(&world, TOWN, "town.t1").await.state(), None);
});
