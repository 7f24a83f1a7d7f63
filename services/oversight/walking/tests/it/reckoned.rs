//! Shares and minutes by hand, without a database.

use crate::world::streets;
use rust_decimal::Decimal;
use vocabulary::RegionPath;
use walking::{Home, Site, Terms, Ways, reckon};

fn terms() -> Terms {
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    Terms {
        minutes: number("15"),
        speed: number("1"),
        detour: number("1.5"),
        snap_metres: number("100"),
        share: number("90"),
        walker: "elder".to_owned(),
        network_km: None,
        credit: String::new(),
    }
}

/// Homes so many metres north of a facility at 31.2° N; a degree of latitude has 111,195 m.
fn home(metres: f64, people: u64) -> Home {
    Home { at: Some([121.5, 31.2 + metres / 111_195.0]), path: RegionPath::stored("/1/"), people }
}

fn site(at: Option<[f64; 2]>) -> Site {
    let words = |text: &str| text.to_owned();
    Site {
        id: words("f"),
        name: words("甲"),
        kind: words("乙"),
        address: String::new(),
        path: RegionPath::stored("/1/"),
        at,
    }
}

#[test]
fn the_middle_the_most_and_the_farthest_are_told_apart() {
    // 200 m × 1.5 at 1 m/s are 5 minutes: 6, 3 and 1 people at 5, 10 and 20 minutes.
    let homes = [home(200.0, 6), home(400.0, 3), home(800.0, 1)];
    let answer = reckon(terms(), &homes, &[site(Some([121.5, 31.2]))], &["1".to_owned()], &Ways::default()).unwrap();
    let area = &answer.areas[0];
    assert_eq!((area.people, area.located, area.covered), (10, 10, 9));
    let text = |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
    assert_eq!([text(area.median), text(area.most), text(area.worst)], ["5", "10", "20"]);
    assert_eq!(area.share().unwrap(), Decimal::from(90));
    assert!(answer.gaps.is_empty(), "one person is not shown as a place");
}

#[test]
fn without_a_located_facility_nobody_is_covered_and_no_minutes_are_made_up() {
    let answer = reckon(terms(), &[home(100.0, 5)], &[site(None)], &["1".to_owned()], &Ways::default()).unwrap();
    let area = &answer.areas[0];
    assert_eq!((area.located, area.covered, area.median, area.worst), (5, 0, None, None));
    assert_eq!((answer.facilities[0].people, answer.gaps[0].minutes), (0, None));
}

#[test]
fn nobody_at_all_has_no_share() {
    let ways = Ways::of(&[streets()], "©");
    let answer = reckon(terms(), &[], &[site(Some([121.5, 31.2]))], &["1".to_owned()], &ways).unwrap();
    assert_eq!((answer.areas[0].share(), answer.areas[0].median), (None, None));
}

#[test]
fn numbers_that_cannot_be_walked_with_are_refused() {
    let wrong = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        reckon(terms, &[], &[], &[], &Ways::default()).unwrap_err()
    };
    assert!(wrong(|terms| terms.detour = Decimal::from(9)).contains("绕行系数"));
    assert!(wrong(|terms| terms.speed = Decimal::ZERO).contains("步行速度"));
    assert!(wrong(|terms| terms.minutes = Decimal::ZERO).contains("分钟"));
}
