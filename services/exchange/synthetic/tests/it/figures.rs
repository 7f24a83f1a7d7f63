//! The city is on its way to the plan: what the registers give is near what the aims ask, some ahead, some late.

use crate::{fill, options, packs, prepare};
use records::{ColumnsQuery, columns};
use storage::{Db, args};
use testkit::test_day;
use vocabulary::RegionPath;

const PEOPLE: usize = 20_000;

async fn ratio(db: &Db, above: &str, below: &str, scope: &str) -> f64 {
    let within = format!("region_path LIKE '%/{scope}/%'");
    let sql = format!("SELECT CAST(({above} AND {within}) AS REAL) AS a, CAST(({below} AND {within}) AS REAL) AS b");
    let row = db.one(&sql, args![]).await.unwrap();
    row.at::<f64>(0).unwrap() / row.at::<f64>(1).unwrap()
}

#[tokio::test]
async fn yangzhou_is_partway_to_its_targets() {
    let test = testkit::sqlite().await;
    prepare(&test.db).await;
    let loaded = fill(&test.db, "yangzhou/2022", options(PEOPLE)).await;
    println!("{:?}", loaded.rows);
    let db = &test.db;
    let old = "SELECT COUNT(*) FROM person WHERE birth_date <= '1965-09-30'";
    let beds = "SELECT SUM(licensed_beds) FROM facility WHERE status = '运营' AND type IN ('养老机构','特困供养机构','农村区域性养老服务中心','街道综合性养老服务中心','社区综合为老服务中心','日间照料中心')";
    let per_thousand = ratio(db, beds, &format!("{old} AND registered"), "321000000000").await * 1000.0;
    assert!((30.0..44.0).contains(&per_thousand), "{per_thousand} beds per thousand, 40 are wanted");
    let places = "SELECT SUM(licensed_places) FROM facility WHERE status = '运营'";
    let places = ratio(db, places, "SELECT COUNT(*) FROM person WHERE resident", "321000000000").await * 1000.0;
    assert!((3.4..5.0).contains(&places), "{places} places per thousand, 4.5 are wanted");
    let service = format!("{old} AND home_service_on > '2024-09-30'");
    let share = |scope: &'static str| ratio(db, &service, old, scope);
    let (city, late) = (share("321000000000").await, share("321023000000").await);
    assert!((0.13..0.19).contains(&city), "{city}");
    let ahead = share("321003000000").await;
    assert!(late < ahead, "one county is late: {late} against {ahead}");
    let opened = "SELECT COUNT(*) FROM facility WHERE type = '养老社区' AND opened_on <= '";
    let mut last = 0;
    for year in ["2020-12-31", "2022-12-31", "2024-12-31", "2025-09-30"] {
        let count: i64 = db.one(&format!("{opened}{year}'"), args![]).await.unwrap().at(0).unwrap();
        assert!(count > last, "the series moves: {count} in {year} after {last}");
        last = count;
    }
    assert!((120..=165).contains(&last), "{last} age-friendly communities, 153 are wanted");
}

/// National registers that no plan's indicator asks for: the demo leaves them empty.
const EMPTY: [&str; 12] = [
    "assistive_rental_point",
    "consent",
    "expert",
    "facility_capacity",
    "friendly_community",
    "guardianship",
    "idle_asset",
    "inspection",
    "learning_point",
    "meal_point",
    "training_event",
    "volunteer_project",
];

#[tokio::test]
async fn rows_fit_their_registers() {
    let test = testkit::sqlite().await;
    prepare(&test.db).await;
    fill(&test.db, "yangzhou/2022", options(2_000)).await;
    let (pack, base) = packs("yangzhou/2022");
    let built_in = [people::register(), facilities::register(), workforce::register()];
    let city = pack.regions.iter().find(|region| Some(&region.code) == pack.manifest.region.as_ref()).unwrap();
    for register in built_in.iter().chain(&base.registers) {
        let labels: Vec<&str> = register.fields.iter().map(|field| field.label.as_str()).collect();
        let query =
            ColumnsQuery { valid_on: Some(test_day()), ..ColumnsQuery::now(&RegionPath::stored(&city.path), &labels) };
        let columns = columns(&test.db, register, &query).await.unwrap();
        assert_eq!(columns.row_region.is_empty(), EMPTY.contains(&register.key.as_str()), "{}", register.key);
        for field in &register.fields {
            let wrong = misfits(&test.db, register, field).await;
            assert!(wrong.is_empty(), "{}.{}: {wrong:?}", register.key, field.key);
        }
    }
}

/// Values of a field that its description does not allow: missing though required, or not among the choices.
async fn misfits(db: &Db, register: &vocabulary::Register, field: &vocabulary::Field) -> Vec<String> {
    let (value, from) = match register.table {
        Some(table) => (format!("\"{}\"", field.key), format!("{table} WHERE 1 = 1")),
        None => (format!("body->>'{}'", field.key), format!("record WHERE register = '{}'", register.key)),
    };
    let rows = db.all(&format!("SELECT DISTINCT CAST({value} AS TEXT) FROM {from}"), args![]).await.unwrap();
    let values: Vec<Option<String>> = rows.iter().map(|row| row.at(0).unwrap()).collect();
    let allowed =
        |value: &String| field.choices.is_empty() || field.choices.iter().any(|choice| choice.value == *value);
    let missing = field.required && values.contains(&None);
    let mut wrong: Vec<String> = values.into_iter().flatten().filter(|value| !allowed(value)).collect();
    if missing {
        wrong.push("(missing)".to_owned());
    }
    wrong
}
