//! Whole demo cities made from the real packs: right, the same every time, and loadable on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod city;
mod figures;
mod plans;
mod series;

use chrono::NaiveDate;
use pack_reader::{Around, Folder, Pack, read};
use std::path::PathBuf;
use storage::{Db, migrate};
use synthetic::{Loaded, Options, Size, load};
use testkit::{test_clock, test_day};
use vocabulary::Clock;

/// People of a test city: few, so that tests are quick.
pub const PEOPLE: usize = 6_000;

fn folder(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../packs").join(path)
}

/// The national pack and a city's.
pub(crate) fn packs(city: &str) -> (Pack, Pack) {
    let builtin = [people::register(), facilities::register(), workforce::register()];
    let (base, _) = read(&Folder::new(folder("national")), Around { builtin: &builtin, parent: None });
    let base = base.expect("the national pack");
    let around = Around { builtin: &builtin, parent: Some(&base) };
    let (pack, _) = read(&Folder::new(folder(&format!("cities/{city}"))), around);
    (pack.expect("a city's pack"), base)
}

/// An empty database with all tables.
pub(crate) async fn prepare(db: &Db) {
    let now = test_clock().now();
    let rooms = [
        facts::MIGRATIONS,
        records::MIGRATIONS,
        people::MIGRATIONS,
        facilities::MIGRATIONS,
        workforce::MIGRATIONS,
        synthetic::MIGRATIONS,
    ];
    for migrations in rooms {
        migrate(db, migrations, now).await.unwrap();
    }
}

pub(crate) fn options(people: usize) -> Options {
    Options { seed: 7, day: test_day(), size: Size::People(people) }
}

/// Fills a prepared database with a city.
pub(crate) async fn fill(db: &Db, city: &str, options: Options) -> Loaded {
    let (pack, base) = packs(city);
    let mut last = 0;
    let mut watch = |progress: synthetic::Progress| {
        assert!(progress.thousandths >= last && progress.people <= progress.of);
        last = progress.thousandths;
    };
    let loaded = load(db, test_clock().now(), "system", (&pack, Some(&base)), options, &mut watch).await.unwrap();
    assert_eq!(last, 1000);
    loaded
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
