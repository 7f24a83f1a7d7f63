//! From the registers to what is kept and to the plan's indicators.

use crate::world::{BANK, EAST, OUT, PLACE, World};
use monitoring::model::Month;
use rust_decimal::Decimal;
use testkit::{TestDb, on_both, test_day};
use vocabulary::{Clock, Origin};
use walking::{Answer, Area};

const MEALS: &str = "elder_meals";

async fn meals(world: &World) -> Answer {
    world.service.answer(PLACE, MEALS, None).await.unwrap().unwrap().answer
}

fn area<'a>(answer: &'a Answer, code: &str) -> &'a Area {
    answer.areas.iter().find(|area| area.code == code).unwrap()
}

fn counts(area: &Area) -> (u64, u64, u64, u64) {
    (area.people, area.located, area.covered, area.on_network)
}

fn minutes(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

on_both!(without_a_network_straight_lines_with_a_detour_serve_and_say_so, |db: TestDb| async move {
    let world = World::new(db, false, Origin::Synthetic).await;
    let report = world.service.compute(PLACE, "test").await.unwrap();
    assert_eq!((report.circles, report.written), (5, 5));
    let answer = meals(&world).await;
    assert_eq!((answer.terms.network_km, answer.terms.credit.as_str()), (None, ""));
    // 444.8 m × 1.3 at 0.9 m/s: 10.7 minutes for everybody whose home is known.
    let whole = area(&answer, PLACE);
    assert_eq!(counts(whole), (9, 8, 8, 0));
    assert_eq!((whole.median, whole.most, whole.worst), (minutes("10.7"), minutes("10.7"), minutes("10.7")));
    assert_eq!(counts(area(&answer, OUT)), (3, 2, 2, 0), "a home without coordinates is counted and not guessed");
    assert!(answer.gaps.is_empty());
});

on_both!(the_network_knows_that_the_bridge_is_far, |db: TestDb| async move {
    let world = World::new(db, true, Origin::Measured).await;
    world.service.compute(PLACE, "test").await.unwrap();
    let answer = meals(&world).await;
    assert_eq!(answer.terms.network_km, minutes("2.4"));
    // 2,445 m at 0.9 m/s: 45.3 minutes.
    assert_eq!(counts(area(&answer, EAST)), (6, 6, 0, 6));
    assert_eq!(area(&answer, EAST).median, minutes("45.3"));
    assert_eq!(counts(area(&answer, OUT)), (3, 2, 2, 0), "the outskirts are not mapped: straight lines");
    let whole = area(&answer, PLACE);
    assert_eq!(counts(whole), (9, 8, 2, 6));
    assert_eq!((whole.median, whole.most, whole.worst), (minutes("45.3"), minutes("45.3"), minutes("45.3")));
    let gap = answer.gaps.first().unwrap();
    assert_eq!((answer.gaps.len(), gap.people, gap.minutes, gap.at), (1, 6, minutes("45.3"), [121.5, 31.2]));
    assert!(gap.path.ends_with(&format!("/{BANK}/")));
    let near: Vec<(&str, u64, bool)> =
        answer.facilities.iter().map(|one| (one.name.as_str(), one.people, one.on_network)).collect();
    assert_eq!(near, [("河北食堂", 6, true), ("郊外食堂", 2, false)]);
});

on_both!(a_new_facility_is_a_new_answer_and_the_old_one_stays, |db: TestDb| async move {
    let world = World::new(db, true, Origin::Measured).await;
    world.service.compute(PLACE, "test").await.unwrap();
    let before = world.clock.now();
    let report = world.service.follow(PLACE, "test").await.unwrap();
    assert_eq!((report.circles, report.written), (5, 0), "looked at once more, and nothing has changed");
    assert_eq!(world.service.follow(PLACE, "test").await.unwrap().circles, 0, "not even looked at");
    world.a_canteen_nearer().await;
    let report = world.service.follow(PLACE, "test").await.unwrap();
    assert_eq!((report.written, report.figures), (2, 4), "meals and the services that include them");
    assert_eq!(counts(area(&meals(&world).await, PLACE)), (9, 8, 8, 6));
    let then = world.service.answer(PLACE, MEALS, Some(before)).await.unwrap().unwrap();
    assert_eq!(counts(area(&then.answer, PLACE)), (9, 8, 2, 6));
});

on_both!(indicators_are_fed_as_modelled_and_never_firmer, |db: TestDb| async move {
    let world = World::new(db, true, Origin::Measured).await;
    world.service.compute(PLACE, "test").await.unwrap();
    let month = Month::of(test_day());
    let board = world.monitoring.board(PLACE, PLACE, month, None).await.unwrap();
    let line = board.line("town.p01").unwrap();
    let figure = line.figure.as_ref().unwrap();
    assert_eq!((figure.value, figure.origin), (minutes("45.3"), Origin::Modelled), "measured rows, a modelled figure");
    assert_eq!(figure.note.as_deref(), Some("推算：75%的人按步行路网，其余按直线距离×1.3"));
    assert_eq!(line.standing.status.code(), "no_path");
    let share = board.line("town.p02").unwrap().figure.clone().unwrap();
    let sides = (share.numerator, share.denominator, share.value);
    assert_eq!(sides, (Some(Decimal::from(2)), Some(Decimal::from(8)), Some(Decimal::from(25))));
});

on_both!(made_up_rows_make_a_made_up_figure, |db: TestDb| async move {
    let world = World::new(db, false, Origin::Synthetic).await;
    world.service.compute(PLACE, "test").await.unwrap();
    let kept = world.service.answer(PLACE, MEALS, None).await.unwrap().unwrap();
    assert_eq!(kept.origin, Origin::Synthetic);
    let board = world.monitoring.board(PLACE, OUT, Month::of(test_day()), None).await.unwrap();
    assert_eq!(board.line("town.p01").unwrap().origin(), Some(Origin::Synthetic));
});
