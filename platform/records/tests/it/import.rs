//! The story of an import: a file with wrong rows, corrected and sent again; sent twice; broken off; raced.

use crate::world::{clerk, draft, heavy, id_number, light, neighbour, officer, prepare, records};
use documents::read::{Book, Limits};
use documents::sheet::{Cell, CsvFile, Sheet, SheetHead, Workbook, write_xlsx};
use identity::{Refusal, Role};
use records::{Count, Counts, Failure, Query, Records, Stage, Verdict, count, list, template_csv, template_xlsx};
use serde_json::json;
use std::io::Cursor;
use std::time::Duration;
use storage::args;
use testkit::{TestDb, on_both};
use vocabulary::Register;

const KEYS: [&str; 2] = ["elder", "caller"];
const HEADS: [&str; 6] = ["所在区划*", "姓名*", "证件号", "出生日期", "探访次数（次）", "能力等级"];

/// A file as a clerk fills it in: twenty people, three of them wrong.
fn people(wrong: bool) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = (0..20)
        .map(|n| {
            let row = ["国定路社区", &format!("李{n}"), &id_number(n), "1940年1月1日", &n.to_string(), "轻度失能"];
            row.map(str::to_owned).to_vec()
        })
        .collect();
    if wrong {
        rows[4][1] = String::new();
        rows[9][2] = rows[9][2].replace("99", "98");
        rows[15][0] = "新江湾城街道".to_owned();
        rows[15][4] = "很多".to_owned();
    }
    rows
}

fn xlsx(heads: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let columns =
        heads.iter().map(|head| documents::sheet::Column { header: (*head).to_owned(), ..Default::default() });
    let head = SheetHead {
        name: "表".into(),
        titles: vec!["登记表".into()],
        columns: columns.collect(),
        ..SheetHead::default()
    };
    let rows = rows.iter().map(|row| row.iter().map(|text| Cell::text(text.as_str())).collect()).collect();
    write_xlsx(&Workbook { sheets: vec![Sheet { head, rows }], ..Workbook::default() }).unwrap()
}

fn csv(heads: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let columns =
        heads.iter().map(|head| documents::sheet::Column { header: (*head).to_owned(), ..Default::default() });
    let head = SheetHead { columns: columns.collect(), ..SheetHead::default() };
    let mut out = Vec::new();
    let mut file = CsvFile::begin(&mut out, &head).unwrap();
    for row in rows {
        file.push(&row.iter().map(|text| Cell::text(text.as_str())).collect::<Vec<_>>()).unwrap();
    }
    file.finish().unwrap();
    out
}

/// The rows of a workbook's first sheet, heads first.
fn cells(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    book.rows(0).unwrap().map(|row| row.unwrap().cells.iter().map(|cell| cell.text()).collect()).collect()
}

async fn total(may: &Records, register: &Register) -> u64 {
    match count(&may.db, register, &Query::within(&officer().region)).await.unwrap() {
        Count::Exactly(rows) => rows,
        Count::MoreThan(rows) => panic!("more than {rows}"),
    }
}

on_both!(wrong_rows_come_back_are_corrected_and_sent_again, |test: TestDb| async move {
    prepare(&test.db).await;
    for (key, register) in [("elder", heavy()), ("caller", light())] {
        let may = records(&test.db, "2025-05-01");
        let import = may.upload(&clerk(), key, "六月.xlsx", xlsx(&HEADS, &people(true)), None).await;
        let import = match import {
            Ok(import) => import,
            // Two communities bear the name; inside the clerk's street only one does.
            Err(failure) => panic!("{failure:?}"),
        };
        assert_eq!(import.found, Counts { new: 17, changed: 0, unchanged: 0, similar: 0, bad: 3 });
        assert_eq!(total(&may, &register).await, 0, "nothing changes before it is confirmed");
        let preview = may.preview(&clerk(), key, import.id).await.unwrap();
        let told: Vec<(u32, Vec<&str>)> = preview
            .bad
            .iter()
            .map(|row| (row.number, row.problems.iter().map(|problem| problem.code.as_str()).collect()))
            .collect();
        let expected = [
            (7, vec!["record.required"]),
            (12, vec!["record.check_digit"]),
            (18, vec!["record.region", "record.kind"]),
        ];
        assert_eq!(told, expected, "row numbers are those that Excel shows");

        let done = may.apply_import(&clerk(), key, import.id).await.unwrap();
        assert_eq!((done.stage, done.done.new, total(&may, &register).await), (Stage::Applied, 17, 17));

        let mut back = cells(may.returned_rows(&clerk(), key, import.id).await.unwrap());
        assert_eq!(back.len(), 5, "keys, heads, three rows");
        let keys = back.remove(0);
        let column = |name: &str| keys.iter().position(|key| key == name).unwrap();
        let (name, number, region, visits) = (column("name"), column("id_number"), column("region"), column("visits"));
        assert_eq!(keys.last().map(String::as_str), Some("problem"));
        assert!(back[1..].iter().all(|row| row.len() == keys.len() && !row[keys.len() - 1].is_empty()));
        assert_eq!(back[2][name], "李9", "what was typed stays");
        back[1][name] = "李4".into();
        back[2][number] = id_number(9);
        back[3][region] = "国定路社区".into();
        back[3][visits] = "15".into();
        let heads: Vec<&str> = keys.iter().map(String::as_str).collect();
        let again = may.upload(&clerk(), key, "更正.xlsx", xlsx(&heads, &back), None).await.unwrap();
        assert_eq!(again.found, Counts { new: 3, changed: 0, unchanged: 0, similar: 0, bad: 0 });
        may.apply_import(&clerk(), key, again.id).await.unwrap();
        assert_eq!(total(&may, &register).await, 20);

        // The whole corrected file once more, under another name and kind: nothing doubles.
        let whole = may.upload(&clerk(), key, "全.csv", csv(&HEADS, &people(false)), None).await.unwrap();
        assert_eq!(whole.found, Counts { new: 0, changed: 0, unchanged: 20, similar: 0, bad: 0 });
        let done = may.apply_import(&clerk(), key, whole.id).await.unwrap();
        assert_eq!((done.done, total(&may, &register).await), (Counts { unchanged: 20, ..Counts::default() }, 20));
    }
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
    let facts = test.db.all("SELECT kind FROM fact", args![]).await.unwrap();
    assert_eq!(facts.len(), 4, "one fact an import that changed something");
});

on_both!(the_same_file_twice_changes_nothing_and_says_so, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let file = || xlsx(&HEADS, &people(false));
        let first = may.upload(&clerk(), key, "甲.xlsx", file(), None).await.unwrap();
        let waiting = may.upload(&clerk(), key, "乙.xlsx", file(), None).await.unwrap();
        assert_eq!((waiting.id, waiting.again, waiting.stage), (first.id, true, Stage::Ready));
        may.apply_import(&clerk(), key, first.id).await.unwrap();
        let again = may.upload(&clerk(), key, "丙.xlsx", file(), None).await.unwrap();
        assert_eq!((again.id, again.again, again.stage), (first.id, true, Stage::Applied));
        let done = may.apply_import(&clerk(), key, first.id).await.unwrap();
        assert_eq!(done.done.new, 20);
    }
});

on_both!(known_people_are_changed_and_blank_cells_keep_what_is_there, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let there = may.create(&clerk(), key, &draft(1).with("visits", "1")).await.unwrap();
        let elsewhere = records::Draft { region: Some("310110009001".into()), ..draft(2) };
        may.create(&neighbour(), key, &elsewhere).await.unwrap();
        let row = |name: &str, number: u32, visits: &str| {
            ["国定路社区", name, &id_number(number), "", visits, ""].map(str::to_owned).to_vec()
        };
        let rows = [row("", 1, "2"), row("李二", 2, "2"), row("李三", 3, "2"), row("李三", 3, "3")];
        let import = may.upload(&clerk(), key, "表.csv", csv(&HEADS, &rows), Some("2025-04-30")).await.unwrap();
        assert_eq!(import.found, Counts { new: 1, changed: 1, unchanged: 0, similar: 0, bad: 2 });
        let preview = may.preview(&clerk(), key, import.id).await.unwrap();
        let told: Vec<_> = preview.bad.iter().map(|row| row.problems[0].code.as_str()).collect();
        assert_eq!(told, ["record.unique", "record.unique"], "a neighbour's person, and a row that is there twice");
        may.apply_import(&clerk(), key, import.id).await.unwrap();
        let register = may.register(&clerk(), key).unwrap();
        let now = records::get(&may.db, &register, &clerk().region, there.id).await.unwrap().unwrap();
        assert_eq!((now.version, now.value("visits"), now.value("phone")), (2, Some(&json!(2)), there.value("phone")));
        assert_eq!(now.valid_from.to_string(), "2025-04-30");
        let versions = records::history(&may.db, &register, &clerk().region, there.id).await.unwrap();
        assert!(versions[1].reason.contains("表.csv"));
    }
});

on_both!(what_changed_since_the_preview_is_not_overwritten, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let import = may.upload(&clerk(), key, "表.xlsx", xlsx(&HEADS, &people(false)), None).await.unwrap();
        // Meanwhile somebody enters one of the twenty by hand.
        let typed = draft(3).with("visits", "99");
        may.create(&clerk(), key, &typed).await.unwrap();
        let done = may.apply_import(&clerk(), key, import.id).await.unwrap();
        assert_eq!((done.done.new, done.done.changed), (19, 1), "it is changed, not doubled");
        let register = may.register(&clerk(), key).unwrap();
        assert_eq!(total(&may, &register).await, 20);
    }
});

on_both!(broken_off_again_and_again_it_still_ends_with_every_row_once, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let rows: Vec<Vec<String>> = (0..10_500)
        .map(|n| ["国定路社区", &format!("李{n}"), "", "", &n.to_string(), ""].map(str::to_owned).to_vec())
        .collect();
    let import = may.upload(&clerk(), "caller", "大.csv", csv(&HEADS, &rows), None).await.unwrap();
    assert_eq!(import.found.new, 10_500);
    let mut wait = 20;
    let mut broken = 0;
    let owner = clerk();
    loop {
        let apply = may.apply_import(&owner, "caller", import.id);
        match tokio::time::timeout(Duration::from_millis(wait), apply).await {
            Ok(Ok(_)) => break,
            // A commit that was under way when it was broken off may arrive meanwhile: then it says so.
            Ok(Err(Failure::Refused(Refusal::Conflict(_)))) => {}
            Ok(Err(other)) => panic!("{other:?}"),
            Err(_) => broken += 1,
        }
        wait += wait / 2;
    }
    assert!(broken > 0, "it must have been broken off at least once");
    let done = may.import(&clerk(), "caller", import.id).await.unwrap();
    assert_eq!((done.stage, done.done.new), (Stage::Applied, 10_500));
    let sum = "SELECT COUNT(*) AS n, CAST(SUM(CAST(body->>'visits' AS INTEGER)) AS BIGINT) AS s FROM record";
    let row = test.db.one(sum, args![]).await.unwrap();
    assert_eq!((row.get::<i64>("n").unwrap(), row.get::<i64>("s").unwrap()), (10_500, 10_500 * 10_499 / 2));
});

on_both!(two_who_confirm_at_once_do_not_double, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let heads = ["所在区划", "姓名"];
    let rows: Vec<Vec<String>> = (0..200).map(|n| vec!["国定路社区".to_owned(), format!("李{n}")]).collect();
    let import = may.upload(&clerk(), "caller", "表.csv", csv(&heads, &rows), None).await.unwrap();
    let both = (0..4).map(|_| {
        let may = may.clone();
        tokio::spawn(async move { may.apply_import(&clerk(), "caller", import.id).await })
    });
    for answer in futures::future::join_all(both).await {
        match answer.unwrap() {
            Ok(done) => assert_eq!(done.done.new, 200),
            Err(Failure::Refused(Refusal::Conflict(_))) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(total(&may, &light()).await, 200);
});

on_both!(an_import_belongs_to_its_region, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let import = may.upload(&clerk(), "elder", "表.xlsx", xlsx(&HEADS, &people(true)), None).await.unwrap();
    let missing = |failure: Failure| matches!(failure, Failure::Refused(Refusal::NotFound(_)));
    assert!(missing(may.preview(&neighbour(), "elder", import.id).await.unwrap_err()));
    assert!(missing(may.returned_rows(&neighbour(), "elder", import.id).await.unwrap_err()));
    assert!(missing(may.apply_import(&neighbour(), "elder", import.id).await.unwrap_err()));
    assert!(missing(may.drop_import(&neighbour(), "elder", import.id).await.unwrap_err()));
    let leader = crate::world::actor(Role::Leader, "310110008000");
    assert!(matches!(may.preview(&leader, "elder", import.id).await, Err(Failure::Refused(Refusal::Forbidden(_)))));
    may.drop_import(&clerk(), "elder", import.id).await.unwrap();
    assert!(may.preview(&clerk(), "elder", import.id).await.unwrap().bad.is_empty(), "what was typed is forgotten");
    assert!(may.apply_import(&clerk(), "elder", import.id).await.is_err());
    let fresh = may.upload(&clerk(), "elder", "表.xlsx", xlsx(&HEADS, &people(true)), None).await.unwrap();
    assert_ne!(fresh.id, import.id, "a file that was given up can be sent again");
});

on_both!(files_that_are_no_tables_are_refused_with_a_reason, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let heads_only = template_csv(&heavy()).unwrap();
    let strange = csv(&["甲", "乙"], &[vec!["1".into(), "2".into()]]);
    let cases = [
        (Vec::new(), "file.empty"),
        (b"%PDF-1.7".to_vec(), "file.kind"),
        (b"PK\x03\x04broken".to_vec(), "file.broken"),
        (strange, "import.header"),
        (heads_only, "import.empty"),
    ];
    for (bytes, code) in cases {
        let Err(Failure::Refused(Refusal::Invalid(list))) = may.upload(&clerk(), "elder", "表", bytes, None).await
        else {
            panic!("{code}");
        };
        assert_eq!(list[0].code, code);
    }
});

on_both!(the_template_filled_in_is_understood, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let sheet = cells(template_xlsx(&heavy()).unwrap());
    assert_eq!((sheet[0][0].as_str(), sheet[1][0].as_str()), ("region", "所在区划*"));
    assert!(sheet[1].contains(&"月收入（元）".to_owned()) && sheet[1].contains(&"姓名*".to_owned()));
    let heads: Vec<&str> = sheet[1].iter().map(String::as_str).collect();
    let mut row = vec![String::new(); heads.len()];
    let mut set =
        |head: &str, text: &str| row[heads.iter().position(|known| *known == head).unwrap()] = text.to_owned();
    set("所在区划*", "310110008001");
    set("姓名*", "=1+1");
    set("月收入（元）", "2,560.50");
    set("户籍人口", "是");
    let import = may.upload(&clerk(), "elder", "表.csv", csv(&heads, &[row]), None).await.unwrap();
    assert_eq!((import.found.new, import.unknown.len(), import.fields.len()), (1, 0, heads.len()));
    may.apply_import(&clerk(), "elder", import.id).await.unwrap();
    let page = list(&test.db, &heavy(), &Query::of(&clerk())).await.unwrap();
    let row = &page.rows[0];
    assert_eq!((row.value("name"), row.value("income")), (Some(&json!("=1+1")), Some(&json!(256_050))));
});

on_both!(an_id_number_that_excel_spoiled_is_refused, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let columns = ["所在区划", "姓名", "证件号"]
        .map(|head| documents::sheet::Column { header: head.into(), ..Default::default() });
    let head = SheetHead { name: "表".into(), columns: columns.to_vec(), ..SheetHead::default() };
    let spoiled = Cell::Number { value: "990001194001010000".parse().unwrap(), places: 0 };
    let rows = vec![vec![Cell::text("国定路社区"), Cell::text("李"), spoiled]];
    let sheet = Sheet { head, rows };
    let file = write_xlsx(&Workbook { sheets: vec![sheet], ..Workbook::default() }).unwrap();
    let import = may.upload(&clerk(), "elder", "表.xlsx", file, None).await.unwrap();
    let preview = may.preview(&clerk(), "elder", import.id).await.unwrap();
    let row = &preview.bad[0];
    assert_eq!((row.verdict, row.problems.len()), (Verdict::Bad, 1));
    assert!(row.problems[0].message.contains("丢失") || row.problems[0].code == "record.check_digit", "{row:?}");
});
