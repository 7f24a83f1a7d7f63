//! What an import asks a person: in which system its points are, whether they lie where they are said to, who may be there already.

use crate::browser::Browser;
use crate::world::{Tree, at, clerk, draft, prepare, records};
use axum::http::StatusCode;
use chrono::NaiveDate;
use documents::read::{Book, Limits};
use documents::sheet::{Cell, Column, ColumnKind};
use documents::sheet::{CsvFile, SheetHead};
use identity::Refusal;
use records::{Counts, Crs, Decision, Draft, Failure, Located, Query, Records, Regions, Stated, list};
use serde_json::json;
use std::io::Cursor;
use std::sync::Arc;
use testkit::{TestDb, on_both};
use vocabulary::RegionPath;

fn csv(heads: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let columns = heads.iter().map(|head| Column::new(*head, ColumnKind::Text)).collect();
    let head = SheetHead { name: "表".to_owned(), columns, ..SheetHead::default() };
    let mut out = Vec::new();
    let mut file = CsvFile::begin(&mut out, &head).unwrap();
    for row in rows {
        file.push(&row.iter().map(|text| Cell::text(*text)).collect::<Vec<_>>()).unwrap();
    }
    file.finish().unwrap();
    out
}

/// The tree with one boundary: 五角场街道 reaches from 121.50 to 121.52 and from 31.29 to 31.31.
struct Bounded;

impl Regions for Bounded {
    fn by_code(&self, code: &str, on: NaiveDate) -> Option<Located> {
        Tree.by_code(code, on)
    }

    fn by_name(&self, scope: &RegionPath, name: &str, on: NaiveDate) -> Vec<Located> {
        Tree.by_name(scope, name, on)
    }

    fn children(&self, of: &RegionPath, on: NaiveDate) -> Vec<Located> {
        Tree.children(of, on)
    }

    fn holds(&self, path: &RegionPath, (longitude, latitude): (f64, f64)) -> Option<(String, bool)> {
        let inside = (121.50..121.52).contains(&longitude) && (31.29..31.31).contains(&latitude);
        path.is_within(&at("310110008000").path).then(|| ("310110008000".to_owned(), inside))
    }
}

const POINTS: [&str; 4] = ["所在区划", "姓名", "经度", "纬度"];

fn places(failure: Failure) -> Vec<String> {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => list.into_iter().map(|one| one.place).collect(),
        other => panic!("{other:?}"),
    }
}

on_both!(points_come_in_a_stated_system_and_are_kept_in_wgs84, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in ["elder", "caller"] {
        let may = Records { regions: Arc::new(Bounded), ..records(&test.db, "2025-05-01") };
        // Published with eviltransform: this is 31.1774276, 121.5272106 in WGS84.
        let there = ["国定路社区", "甲", "121.531541859215", "31.17530398364597"];
        let file = csv(&POINTS, &[&there, &["国定路社区", "乙", "121.51", "31.30"], &["国定路社区", "丙", "", ""]]);
        let silent = may.upload_stated(&clerk(), key, "点.csv", file.clone(), Stated::default()).await.unwrap_err();
        assert_eq!(places(silent), ["crs"]);
        let stated = |crs| Stated { valid_from: None, crs: Some(crs) };
        let import = may.upload_stated(&clerk(), key, "点.csv", file.clone(), stated(Crs::Gcj02)).await.unwrap();
        assert_eq!((import.found, import.crs), (Counts { new: 3, ..Counts::default() }, Some(Crs::Gcj02)));
        let other = may.upload_stated(&clerk(), key, "点.csv", file.clone(), stated(Crs::Wgs84)).await.unwrap();
        assert_ne!(other.id, import.id, "the same file in another system is another import");
        let preview = may.preview(&clerk(), key, import.id).await.unwrap();
        let doubtful: Vec<(u32, &str)> =
            preview.doubtful.iter().map(|row| (row.number, row.problems[0].message.as_str())).collect();
        assert_eq!(doubtful, [(2, "坐标不在五角场街道的边界内")], "a warning, no refusal");
        may.apply_import(&clerk(), key, import.id).await.unwrap();
        let register = may.register(&clerk(), key).unwrap();
        let found = list(&test.db, &register, &Query::of(&clerk())).await.unwrap().rows;
        let point = |name: &str| {
            let row = found.iter().find(|row| row.value("name") == Some(&json!(name))).unwrap();
            let degrees = |key: &str| row.value(key).map(|value| value.as_str().unwrap().parse::<f64>().unwrap());
            (degrees("longitude"), degrees("latitude"))
        };
        let (longitude, latitude) = point("甲");
        assert!((longitude.unwrap() - 121.527_210_6).abs() < 1e-6 && (latitude.unwrap() - 31.177_427_6).abs() < 1e-6);
        let (longitude, _) = point("乙");
        assert!((longitude.unwrap() - 121.51).abs() > 0.003, "moved by some hundred metres");
        assert_eq!(point("丙"), (None, None));
        let page = Browser::of(&may, clerk()).await;
        assert!(page.get(&format!("/registers/{key}/import")).await.text().contains("BD-09（百度地图）"));
        let seen = page.get(&format!("/registers/{key}/import/{}", other.id)).await.text();
        assert!(seen.contains("坐标不在五角场街道的边界内") && seen.contains("坐标按 WGS84 换算"));
        let none = csv(&["所在区划", "姓名"], &[&["国定路社区", "丁"]]);
        may.upload_stated(&clerk(), key, "无点.csv", none, Stated::default()).await.unwrap();
    }
});

const PEOPLE: [&str; 5] = ["所在区划", "姓名", "证件号", "出生日期", "联系电话"];

on_both!(who_may_be_there_already_is_asked_and_a_person_decides, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in ["elder", "caller"] {
        let may = records(&test.db, "2025-05-01");
        let numbered = |name: &str, number: u32, phone: &str| {
            draft(number).with("name", name).with("born_on", "1940-01-01").with("phone", phone)
        };
        may.create(&clerk(), key, &numbered("王秀兰", 1, "13800000001")).await.unwrap();
        let mut unnumbered = Draft { region: Some("五角场街道/国定路社区".into()), ..Draft::default() };
        unnumbered = unnumbered.with("name", "李大明").with("born_on", "1940-01-01");
        let known = may.create(&clerk(), key, &unnumbered).await.unwrap();
        let second = crate::world::id_number(2);
        let file = csv(
            &PEOPLE,
            &[
                &["政立路社区", "王秀蓝", "", "1940-01-01", ""],
                &["国定路社区", "李大明", &second, "1940-01-01", "13800000009"],
                &["国定路社区", "张三", "", "1940-01-01", "13800000001"],
                &["国定路社区", "王秀兰", "", "1940-01-02", ""],
                &["国定路社区", "王秀兰", &crate::world::id_number(3), "1940-01-01", "13800000001"],
            ],
        );
        let import = may.upload(&clerk(), key, "人.csv", file, None).await.unwrap();
        assert_eq!(
            import.found,
            Counts { new: 2, similar: 3, ..Counts::default() },
            "another day, or two whole numbers: two people"
        );
        let preview = may.preview(&clerk(), key, import.id).await.unwrap();
        assert_eq!(preview.similar.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(preview.similar[1].same_as, Some(known.id));
        let browser = Browser::of(&may, clerk()).await;
        let here = format!("/registers/{key}/import/{}", import.id);
        let page = browser.get(&here).await.text();
        assert!(
            page.contains("可能与已登记的“李大明”（1940-01-01，国定路社区）是同一人")
                && page.contains(&known.id.to_string())
        );
        let nonsense = browser.post(&format!("{here}/settle"), &[("number", "3"), ("decision", "maybe")]).await;
        assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
        let said = browser.post(&format!("{here}/settle"), &[("number", "3"), ("decision", "same")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER);
        assert_eq!(may.settle_import(&clerk(), key, import.id, Some(4), Decision::New).await.unwrap(), 1);
        let now = may.import(&clerk(), key, import.id).await.unwrap().found;
        assert_eq!(now, Counts { new: 3, changed: 1, similar: 1, ..Counts::default() });
        let done = may.apply_import(&clerk(), key, import.id).await.unwrap();
        assert_eq!((done.done.new, done.done.changed, done.found.bad, done.found.similar), (3, 1, 1, 0));
        let register = may.register(&clerk(), key).unwrap();
        let one = records::get(&test.db, &register, &clerk().region, known.id).await.unwrap().unwrap();
        assert_eq!(
            (one.version, one.value("id_number")),
            (2, Some(&json!(second))),
            "the same person has a number now"
        );
        let mut returned =
            Book::open(Cursor::new(may.returned_rows(&clerk(), key, import.id).await.unwrap()), Limits::default())
                .unwrap();
        let rows: Vec<Vec<String>> =
            returned.rows(0).unwrap().map(|row| row.unwrap().cells.iter().map(|cell| cell.text()).collect()).collect();
        let last = rows.last().unwrap();
        assert!(rows.len() == 3 && last[1] == "王秀蓝" && last.last().unwrap().contains("是同一人"), "{rows:?}");
        assert!(may.settle_import(&clerk(), key, import.id, None, Decision::New).await.is_err(), "it was begun");
    }
});

on_both!(all_can_be_said_to_be_others_at_once, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let person = Draft { region: Some("五角场街道".into()), ..Draft::default() }
        .with("name", "王芳")
        .with("born_on", "1940-01-01");
    may.create(&clerk(), "caller", &person).await.unwrap();
    let row: &[&str] = &["国定路社区", "王芳", "", "1940-01-01", ""];
    let import = may.upload(&clerk(), "caller", "人.csv", csv(&PEOPLE, &[row, row, row]), None).await.unwrap();
    assert_eq!(import.found.similar, 3);
    assert_eq!(may.settle_import(&clerk(), "caller", import.id, None, Decision::New).await.unwrap(), 3);
    let done = may.apply_import(&clerk(), "caller", import.id).await.unwrap();
    assert_eq!(done.done.new, 3);
});
