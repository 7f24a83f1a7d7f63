//! Exports hold what a list holds, masked, inside the region, and can be read again.

use crate::world::{clerk, draft, id_number, neighbour, officer, prepare, records, scope};
use documents::read::{Book, Limits};
use identity::{Refusal, Role};
use records::{Draft, Failure, Format, Made, Query, Sort, Test};
use storage::args;
use testkit::{TestDb, on_both};

fn rows(made: Made) -> Vec<Vec<String>> {
    let mut book = Book::open(made.file, Limits::default()).unwrap();
    book.rows(0).unwrap().map(|row| row.unwrap().cells.iter().map(|cell| cell.text()).collect()).collect()
}

on_both!(an_export_is_masked_and_stays_inside_the_region, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in ["elder", "caller"] {
        let friend = may.create(&clerk(), "elder", &draft(90).with("name", "赵友")).await;
        let mine =
            draft(1).with("name", "=甲").with("income", "1234.5").with("area", "61.50").with("born_on", "1940-01-01");
        let mine = if friend.is_ok() { mine.with("friend", "赵友") } else { mine };
        may.create(&clerk(), key, &mine).await.unwrap();
        let other = Draft { region: Some("310110009001".into()), ..draft(2) };
        may.create(&neighbour(), key, &other).await.unwrap();
        for format in [Format::Xlsx, Format::Csv] {
            // Even a query for the whole district gives the clerk their street alone.
            let query = Query { sort: Sort::Up("name".into()), ..Query::within(&scope()) };
            let made = may.export(&clerk(), key, &query, &[], format).await.unwrap();
            let sheet = rows(made);
            let text = format!("{sheet:?}");
            let head = sheet.iter().position(|row| row.contains(&"姓名".to_owned())).unwrap();
            let column = |name: &str| sheet[head].iter().position(|cell| cell == name).unwrap();
            let row = sheet[head + 1..].iter().find(|row| row[column("姓名")] == "=甲").unwrap();
            assert_eq!(row[column("所在区划")], "国定路社区");
            assert_eq!(row[column("联系电话")], "13•••••8000");
            assert!(!text.contains(&id_number(1)) && !text.contains("王芳2") && !text.contains(&id_number(2)));
            let number = |name: &str| row[column(name)].parse::<f64>().unwrap();
            assert_eq!((number("月收入（元）"), number("面积")), (1234.5, 61.5));
            assert_eq!(row[column("出生日期")], "1940-01-01");
            assert_eq!(row.last().map(String::as_str), Some("填报"));
        }
        let all = may
            .export(
                &officer(),
                key,
                &Query::of(&officer()).filter("name", Test::Contains("王芳".into())),
                &["name".into()],
                Format::Csv,
            )
            .await
            .unwrap();
        assert_eq!((all.rows, rows(all)[0].len()), (1, 3));
    }
    let entries = test.db.all("SELECT detail FROM audit_entry WHERE action = 'records.export'", args![]).await.unwrap();
    assert_eq!(entries.len(), 6);
});

on_both!(a_leader_may_not_export, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let leader = crate::world::actor(Role::Leader, "310110000000");
    let refused = may.export(&leader, "elder", &Query::of(&leader), &[], Format::Csv).await;
    assert!(matches!(refused, Err(Failure::Refused(Refusal::Forbidden(_)))));
});
