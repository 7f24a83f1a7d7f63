//! Boards: assembled from the figures, shared until a figure changes, on both axes of time.

use crate::world::{EAST, TOWN, WEST, World, month, officer, reporter, signer};
use indicators::Status;
use monitoring::by_region::Part;
use std::sync::Arc;
use testkit::{TestDb, on_both};

fn status(board: &monitoring::board::Board, key: &str) -> Status {
    board.line(key).unwrap().standing.status
}

on_both!(every_indicator_has_its_place_and_its_status, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    assert_eq!(board.lines.len(), 10);
    let expected = [
        ("town.01", Status::Late),
        ("town.02", Status::NoPath),
        ("town.03", Status::NoPath),
        ("town.04", Status::NotComputable),
        ("town.05", Status::NotComputable),
        ("town.06", Status::NotReported),
        ("town.07", Status::NotComputable),
        ("town.08", Status::Met),
        ("town.p1", Status::NotReported),
        ("town.p2", Status::NoPath),
    ];
    for (key, expected) in expected {
        assert_eq!(status(&board, key), expected, "{key}");
    }
    // A forecast and what exists already are on the board and in no count.
    let others: Vec<&str> =
        board.lines.iter().filter(|line| !line.is_target()).map(|line| line.indicator().key.as_str()).collect();
    assert_eq!(others, ["town.03", "town.p2"]);
    assert_eq!(board.counts().values().sum::<usize>(), 8);
    // 25 % at the end of 2022, 55 % at the end of 2025: 1 014 of 1 096 days are over on 10 October 2025.
    let line = board.line("town.01").unwrap();
    assert_eq!(line.standing.expected.unwrap().round_dp(4).to_string(), "52.7555");
    assert_eq!(line.standing.gap.unwrap().to_string(), "25");
    assert_eq!(line.value().text(), "30.0");
    assert_eq!(board.time_share().unwrap().round_dp(4).to_string(), "0.9252");
});

on_both!(what_needs_attention_is_late_first_and_binding_first, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    let keys: Vec<&str> = board.attention().iter().map(|line| line.indicator().key.as_str()).collect();
    assert_eq!(keys, ["town.01"]);
});

on_both!(a_board_is_shared_until_something_is_written, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let look = || world.service.board(TOWN, WEST, month("2025-10"), None);
    let (first, again) = (look().await.unwrap(), look().await.unwrap());
    assert!(Arc::ptr_eq(&first, &again), "the same board is given twice");
    world.homes(&[(WEST, "己院", "养老院", 100, Some(90), "13800000006")]).await;
    world.compute(&["2025-10"]).await;
    let fresh = look().await.unwrap();
    assert_eq!(first.line("town.01").unwrap().value().text(), "10.0");
    assert_eq!(fresh.line("town.01").unwrap().value().text(), "50.0");
});

on_both!(a_month_without_a_figure_shows_the_last_one_of_its_period, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-08"]).await;
    let board = world.service.board(TOWN, TOWN, month("2025-09"), None).await.unwrap();
    assert_eq!(board.line("town.01").unwrap().figure.as_ref().unwrap().month, month("2025-08"));
    let later = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    assert!(later.line("town.01").unwrap().figure.is_none(), "a monthly figure is not two months old");
});

on_both!(a_day_can_be_looked_at_as_it_was_known, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.clock.set("2025-09-20");
    world.compute(&["2025-09"]).await;
    world.clock.set("2025-10-10");
    let before = monitoring::model::end_of_day("2025-09-30".parse().unwrap());
    world.homes(&[(WEST, "己院", "养老院", 100, Some(90), "13800000006")]).await;
    world.compute(&["2025-09"]).await;
    let then = world.service.board(TOWN, TOWN, month("2025-09"), Some(before)).await.unwrap();
    let now = world.service.board(TOWN, TOWN, month("2025-09"), None).await.unwrap();
    assert_eq!(then.line("town.01").unwrap().value().text(), "30.0");
    // (90 + 90) of (300 + 100) beds.
    assert_eq!(now.line("town.01").unwrap().value().text(), "45.0");
    let earlier = monitoring::model::end_of_day("2025-09-01".parse().unwrap());
    let nothing = world.service.board(TOWN, TOWN, month("2025-09"), Some(earlier)).await.unwrap();
    assert!(nothing.line("town.01").unwrap().figure.is_none());
});

on_both!(parts_are_judged_by_what_holds_for_parts, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    let parts = world.service.parts(&board, "town.01").await.unwrap();
    let told = |part: &Part| {
        let value = part.figure.as_ref().and_then(|figure| figure.value);
        (part.code.clone(), value.map(|value| value.normalize().to_string()), part.standing.status)
    };
    let told: Vec<_> = parts.iter().map(told).collect();
    let late = |code: &str, value: &str| (code.to_owned(), Some(value.to_owned()), Status::Late);
    assert_eq!(told, [late(EAST, "40"), late(WEST, "10")], "a rate's target holds for each part");
    let counted = world.service.parts(&board, "town.02").await.unwrap();
    let statuses: Vec<Status> = counted.iter().map(|part| part.standing.status).collect();
    assert_eq!(statuses, [Status::NoPath, Status::NoPath], "a total's target says nothing of a part");
    assert!(Arc::ptr_eq(&parts, &world.service.parts(&board, "town.01").await.unwrap()));
});

on_both!(work_is_what_an_account_is_to_do, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let work = world.service.work(&reporter()).await.unwrap();
    let due: Vec<(&str, String, Option<String>, bool)> = work
        .to_report
        .iter()
        .map(|due| (due.indicator.as_str(), due.month.to_string(), due.due.map(|day| day.to_string()), due.late))
        .collect();
    // The plan's calendar has years; quarters come from the base. On 10 October the third quarter is due by the 15th.
    let year = ("town.p1", "2024-12".to_owned(), Some("2025-01-31".to_owned()), true);
    let quarter = ("town.06", "2025-09".to_owned(), Some("2025-10-15".to_owned()), false);
    assert_eq!(due, [year, quarter]);
    assert_eq!(world.service.waiting(&reporter()).await.unwrap().reports, 2);
    let other = world.service.work(&officer()).await.unwrap();
    assert_eq!(other.to_report.iter().map(|due| due.indicator.as_str()).collect::<Vec<_>>(), ["town.p2"]);
    assert!(other.to_sign.is_empty());
    world.clock.set("2025-10-16");
    let work = world.service.work(&signer()).await.unwrap();
    assert!(work.to_report.iter().all(|due| due.late), "a day later all are late");
});
