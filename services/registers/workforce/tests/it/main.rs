//! The description is sound, and its table has a column for each field on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use storage::migrate;
use testkit::{TestDb, on_both, test_clock};
use vocabulary::Clock;

#[test]
fn the_written_migration_is_what_the_description_asks_for() {
    let written = workforce::MIGRATIONS.iter().map(|migration| migration.sql).collect::<String>();
    let register = workforce::register();
    assert_eq!(written, [records::table_ddl(&register), records::sealed_ddl(&register)].concat());
}

#[test]
fn the_description_has_no_mistakes() {
    let register = workforce::register();
    let problems = records::check_register(&register);
    assert!(problems.is_empty(), "{problems:?}");
    let unexplained: Vec<&str> =
        register.fields.iter().filter(|field| field.note.is_empty()).map(|field| field.key.as_str()).collect();
    assert!(unexplained.is_empty(), "fields without a note: {unexplained:?}");
}

on_both!(every_field_has_a_column, |test: TestDb| async move {
    migrate(&test.db, workforce::MIGRATIONS, test_clock().now()).await.unwrap();
    let missing = records::missing_columns(&test.db, &workforce::register()).await.unwrap();
    assert!(missing.is_empty(), "{missing:?}");
});
