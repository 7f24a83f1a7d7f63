//! Columns hold exactly the rows and values of the register, whole or for a street, now or then.

use crate::world::{at, body, day, heavy, id, light, load, noon, prepare, scope};
use records::{ColumnsQuery, columns};
use rules::Scalar;
use serde_json::json;
use testkit::{TestDb, on_both};
use vocabulary::Register;

const LABELS: [&str; 8] = ["姓名", "出生日期", "探访次数", "月收入", "面积", "户籍人口", "能力等级", "所在区划"];

fn query(region: &str) -> ColumnsQuery {
    ColumnsQuery { with_ids: true, ..ColumnsQuery::now(&at(region).path, &LABELS) }
}

async fn sample(test: &TestDb, register: &Register) {
    let full = body(json!({
        "name": "王芳", "born_on": "1940-05-01", "visits": 3, "income": 256_050, "area": "61.50", "local": true,
        "care": "轻度失能", "note": "两行\n备注",
    }));
    let bare = body(json!({ "name": "李梅", "local": false }));
    let rows = [
        (1, "310110008001", "2025-01-01", full),
        (2, "310110008002", "2025-01-01", bare.clone()),
        (3, "310110009001", "2025-06-01", bare),
    ];
    load(&test.db, register, "2025-06-02", &rows).await;
}

on_both!(every_kind_of_value_arrives, |test: TestDb| async move {
    prepare(&test.db).await;
    for register in [heavy(), light()] {
        sample(&test, &register).await;
        for (region, expected) in [("310110000000", 3), ("310110008000", 2), ("310110009002", 0)] {
            let loaded = columns(&test.db, &register, &query(region)).await.unwrap();
            assert_eq!(loaded.table.rows(), expected, "{region} {}", register.key);
            let Some(row) = (0..expected).find(|row| loaded.id(*row) == Some(id(1))) else { continue };
            let value = |label: &str| loaded.table.column(label).unwrap().get(row);
            let number = |text: &str| Some(Scalar::Number(text.parse().unwrap()));
            assert_eq!(value("姓名"), Some(Scalar::Text("王芳".into())));
            assert_eq!(value("出生日期"), Some(Scalar::Date(day("1940-05-01"))));
            assert_eq!(
                (value("探访次数"), value("月收入"), value("面积")),
                (number("3"), number("2560.50"), number("61.50"))
            );
            assert_eq!(value("户籍人口"), Some(Scalar::Boolean(true)));
            assert_eq!(value("所在区划"), Some(Scalar::Text("310110008001".into())));
            assert_eq!(loaded.regions[loaded.row_region[row] as usize], at("310110008001").path);
            let other = (0..expected).find(|row| loaded.id(*row) == Some(id(2))).unwrap();
            let value = |label: &str| loaded.table.column(label).unwrap().get(other);
            assert_eq!((value("探访次数"), value("出生日期"), value("能力等级")), (None, None, None));
            assert_eq!(value("户籍人口"), Some(Scalar::Boolean(false)));
        }
    }
});

on_both!(rows_count_from_the_day_they_are_valid_and_the_moment_they_are_known, |test: TestDb| async move {
    prepare(&test.db).await;
    for register in [heavy(), light()] {
        sample(&test, &register).await;
        let rows = |valid: Option<&str>, known: Option<&str>| {
            let query = ColumnsQuery { valid_on: valid.map(day), known_at: known.map(noon), ..query("310110000000") };
            let (db, register) = (&test.db, &register);
            async move { columns(db, register, &query).await.unwrap().table.rows() }
        };
        assert_eq!(rows(Some("2025-05-31"), None).await, 2);
        assert_eq!(rows(Some("2025-06-01"), None).await, 3);
        assert_eq!(rows(Some("2024-12-31"), None).await, 0);
        assert_eq!(rows(None, Some("2025-06-01")).await, 0);
        assert_eq!(rows(None, Some("2025-06-02")).await, 3);
    }
});

on_both!(an_empty_register_has_empty_columns, |test: TestDb| async move {
    prepare(&test.db).await;
    for register in [heavy(), light()] {
        let loaded = columns(&test.db, &register, &ColumnsQuery::now(&scope(), &LABELS)).await.unwrap();
        assert_eq!((loaded.table.rows(), loaded.regions.len()), (0, 0));
        assert!(LABELS.iter().all(|label| loaded.table.column(label).is_some_and(rules::Column::is_empty)));
    }
});
