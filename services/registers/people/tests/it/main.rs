//! The description is sound, and its table has a column for each field on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use storage::migrate;
use testkit::{TestDb, on_both, test_clock};
use vocabulary::Clock;

#[test]
fn the_written_migrations_are_what_the_description_asks_for() {
    let written = people::MIGRATIONS.iter().map(|migration| migration.sql).collect::<String>();
    let register = people::register();
    let asked = [
        records::table_ddl(&register),
        records::index_ddl(&register),
        records::sealed_ddl(&register),
        records::unnumbered_ddl(&register),
    ]
    .concat();
    assert_eq!(written, asked);
}

#[test]
fn the_description_has_no_mistakes() {
    let register = people::register();
    let problems = records::check_register(&register);
    assert!(problems.is_empty(), "{problems:?}");
    let unexplained: Vec<&str> =
        register.fields.iter().filter(|field| field.note.is_empty()).map(|field| field.key.as_str()).collect();
    assert!(unexplained.is_empty(), "fields without a note: {unexplained:?}");
}

on_both!(every_field_has_a_column, |test: TestDb| async move {
    migrate(&test.db, people::MIGRATIONS, test_clock().now()).await.unwrap();
    let missing = records::missing_columns(&test.db, &people::register()).await.unwrap();
    assert!(missing.is_empty(), "{missing:?}");
});
