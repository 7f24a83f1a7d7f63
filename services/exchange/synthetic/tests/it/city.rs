//! The city is like its census, its numbers are right, its references lead somewhere, and it is the same again.

use crate::{PEOPLE, fill, options, packs, prepare};
use records::{MAX_LIMIT, Query, Record, list};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Db, args};
use synthetic::{LoadError, Size, standing};
use testkit::{TestDb, on_both, test_clock, test_day};
use vocabulary::numbers::parse_id_number;
use vocabulary::{Clock, Limit, Origin, RegionPath, Register};

async fn number(db: &Db, sql: &str) -> i64 {
    db.one(sql, args![]).await.unwrap().at(0).unwrap()
}

on_both!(people_are_as_many_and_as_old_as_counted, |test: TestDb| async move {
    prepare(&test.db).await;
    let loaded = fill(&test.db, "yangzhou/2022", options(PEOPLE)).await;
    assert_eq!(loaded.people, PEOPLE);
    assert_eq!(number(&test.db, "SELECT COUNT(*) FROM person").await, 6_000);
    let (pack, _) = packs("yangzhou/2022");
    let census = pack.facts("population").unwrap();
    let mut expected: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut all = 0.0;
    for row in &census.rows {
        let cell = |column| census.cell(row, column);
        let (Some(region), Some(sex), Some(from)) = (cell("region"), cell("sex"), cell("age_from")) else { continue };
        if region == "321000000000" {
            continue;
        }
        let people: f64 = cell("value").unwrap().parse().unwrap();
        let sex = if matches!(sex, "男" | "male") { "男" } else { "女" };
        *expected.entry((sex.to_owned(), from.to_owned())).or_default() += people;
        all += people;
    }
    assert_eq!(expected.len(), 38, "nineteen spans of age for each sex");
    let rows = test.db.all("SELECT sex, birth_date FROM person", args![]).await.unwrap();
    let mut found: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in &rows {
        let birth: chrono::NaiveDate = row.at(1).unwrap();
        let age = test_day().years_since(birth).unwrap();
        let from = match age {
            0 => 0,
            1..5 => 1,
            85.. => 85,
            _ => age / 5 * 5,
        };
        *found.entry((row.at(0).unwrap(), from.to_string())).or_default() += 1.0;
    }
    for (group, people) in expected {
        let due = people * 6_000.0 / all;
        // Eight counted areas, each rounded once.
        assert!((found.get(&group).copied().unwrap_or(0.0) - due).abs() <= 8.0, "{group:?}: {due}");
    }
});

/// Every record of a register, as whoever may open it reads it.
async fn everyone(db: &Db, register: &Register) -> Vec<Record> {
    let (mut found, mut query) = (Vec::new(), Query { limit: MAX_LIMIT, ..Query::within(&RegionPath::stored("/")) });
    loop {
        let page = list(db, register, &query).await.unwrap();
        found.extend(page.rows);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

on_both!(numbers_are_valid_unique_and_fit_their_holders, |test: TestDb| async move {
    prepare(&test.db).await;
    fill(&test.db, "yangpu/2023", options(PEOPLE)).await;
    let mut seen = BTreeSet::new();
    for person in everyone(&test.db, &people::register()).await {
        let of = |key: &str| person.value(key).and_then(|value| value.as_str()).unwrap().to_owned();
        let text = of("id_number");
        let read = parse_id_number(&text).unwrap();
        assert!(text.starts_with("99"), "an area that is never issued");
        assert_eq!((read.birth.to_string(), read.male), (of("birth_date"), of("sex") == "男"));
        assert!(person.value("phone").is_none() || of("phone").starts_with("154"), "a number that is never given");
        assert!(seen.insert(text));
    }
    for worker in everyone(&test.db, &workforce::register()).await {
        let text = worker.value("id_number").and_then(|value| value.as_str()).unwrap().to_owned();
        assert!(parse_id_number(&text).is_ok() && seen.insert(text));
    }
});

on_both!(references_lead_somewhere, |test: TestDb| async move {
    prepare(&test.db).await;
    fill(&test.db, "yinzhou/2023", options(PEOPLE)).await;
    let db = &test.db;
    let orphans = [
        "SELECT COUNT(*) FROM staff WHERE facility NOT IN (SELECT id FROM facility)",
        "SELECT COUNT(*) FROM person WHERE nursery IS NOT NULL AND nursery NOT IN (SELECT id FROM facility)",
        "SELECT COUNT(*) FROM record WHERE register IN ('monthly_visit', 'home_retrofit', 'family_doctor_contract', 'senior_learning') AND body->>'person' NOT IN (SELECT id FROM person)",
        "SELECT COUNT(*) FROM record WHERE body->>'facility' IS NOT NULL AND body->>'facility' NOT IN (SELECT id FROM facility)",
        "SELECT COUNT(*) FROM record WHERE register = 'home_retrofit' AND body->>'household_no' NOT IN (SELECT household_no FROM person)",
        "SELECT COUNT(*) FROM record WHERE register = 'household' AND body->>'household_no' NOT IN (SELECT household_no FROM person)",
        "SELECT COUNT(*) FROM record WHERE register = 'household' AND body->>'head' NOT IN (SELECT id FROM person WHERE household_relation = '户主')",
        "SELECT COUNT(*) FROM record WHERE register = 'guardianship' AND (body->>'ward' NOT IN (SELECT id FROM person) OR body->>'guardian' NOT IN (SELECT id FROM person))",
        "SELECT COUNT(*) FROM record r JOIN person w ON w.id = r.body->>'ward' JOIN person g ON g.id = r.body->>'guardian' WHERE r.register = 'guardianship' AND w.household_no <> g.household_no",
        "SELECT COUNT(*) FROM facility f WHERE f.enrolled IS NOT NULL AND f.enrolled <> (SELECT COUNT(*) FROM person p WHERE p.nursery = f.id)",
        "SELECT COUNT(*) FROM facility WHERE enrolled > licensed_places OR nursing_beds > licensed_beds OR residents > licensed_beds OR dementia_beds > licensed_beds",
        "SELECT COUNT(*) FROM facility WHERE status = '运营' AND opened_on IS NULL",
        "SELECT COUNT(*) FROM record WHERE register = 'monthly_visit' AND body->>'person' IN (SELECT id FROM person WHERE special_difficulty = FALSE OR special_difficulty IS NULL)",
    ];
    for sql in orphans {
        assert_eq!(number(db, sql).await, 0, "{sql}");
    }
    assert!(number(db, "SELECT COUNT(*) FROM person WHERE nursery IS NOT NULL").await > 0);
    let (_, national) = packs("yinzhou/2023");
    let built_in = [people::register(), facilities::register(), workforce::register()];
    let mut looked = 0;
    for register in built_in.iter().chain(&national.registers) {
        for field in register.fields.iter().filter(|field| field.max == Some(Limit::YearsAgo(0))) {
            let late = match register.table {
                Some(table) => format!("SELECT COUNT(*) FROM {table} WHERE {} > '{}'", field.key, test_day()),
                None => format!(
                    "SELECT COUNT(*) FROM record WHERE register = '{}' AND body->>'{}' > '{}'",
                    register.key,
                    field.key,
                    test_day()
                ),
            };
            assert_eq!(number(db, &late).await, 0, "nothing has happened that is to come: {late}");
            looked += 1;
        }
    }
    assert!(looked > 20, "{looked} fields");
    let heads = "SELECT COUNT(*) FROM (SELECT household_no FROM person WHERE household_relation = '户主' GROUP BY household_no HAVING COUNT(*) <> 1) x";
    assert_eq!(number(db, heads).await, 0, "one head a household");
    let homes = number(db, "SELECT COUNT(DISTINCT household_no) FROM person").await;
    assert_eq!(homes, number(db, "SELECT COUNT(*) FROM person WHERE household_relation = '户主'").await);
    assert!((1_800..3_600).contains(&homes), "{homes} households of 6,000 people");
    for register in
        ["household", "guardianship", "facility_licence", "facility_contract", "facility_document", "organisation"]
    {
        let rows = number(db, &format!("SELECT COUNT(*) FROM record WHERE register = '{register}'")).await;
        assert!((4..=400).contains(&rows), "{rows} rows of {register}: a sample");
    }
});

#[tokio::test]
async fn the_same_seed_makes_the_same_city_and_another_another() {
    let mut digests = Vec::new();
    for seed in [7, 7, 8] {
        let test = testkit::sqlite().await;
        prepare(&test.db).await;
        let loaded = fill(&test.db, "lincang/2022", synthetic::Options { seed, ..options(2_000) }).await;
        digests.push(loaded.digest);
    }
    assert_eq!(digests[0], digests[1]);
    assert_ne!(digests[0], digests[2]);
}

on_both!(nothing_made_up_claims_to_be_measured, |test: TestDb| async move {
    prepare(&test.db).await;
    let loaded = fill(&test.db, "yangpu/2023", options(2_000)).await;
    let (pack, _) = packs("yangpu/2023");
    let facts = pack.facts("facilities").unwrap();
    let restated: u64 =
        loaded.rows.iter().filter(|((_, origin), _)| *origin != Origin::Synthetic).map(|(_, rows)| rows).sum();
    assert_eq!(restated, facts.rows.len() as u64, "only the pack's facts are anything but synthetic");
    for table in ["person", "staff", "record"] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE origin <> 'synthetic'");
        assert_eq!(number(&test.db, &sql).await, 0, "{table}");
    }
    let homes = "SELECT COUNT(*) FROM facility WHERE type = '养老机构'";
    assert_eq!(number(&test.db, homes).await, 65, "the real homes and no other");
    let known = facts
        .rows
        .iter()
        .filter(|row| facts.cell(row, "type") == Some("养老机构") && facts.cell(row, "planned_beds").is_some());
    let with_beds = number(&test.db, &format!("{homes} AND planned_beds IS NOT NULL")).await;
    assert_eq!(usize::try_from(with_beds).unwrap(), known.count(), "what is missing stays missing");
    assert_eq!(number(&test.db, &format!("{homes} AND planned_beds = 0")).await, 0);
    let staffed = "SELECT COUNT(*) FROM staff WHERE facility IN (SELECT id FROM facility WHERE origin <> 'synthetic')";
    assert_eq!(number(&test.db, staffed).await, 0, "nothing is invented about real institutions");
    let audits = number(&test.db, "SELECT COUNT(*) FROM audit_entry").await;
    assert_eq!(usize::try_from(audits).unwrap(), loaded.rows.len(), "one entry a register and origin");
});

on_both!(a_place_is_filled_once, |test: TestDb| async move {
    prepare(&test.db).await;
    fill(&test.db, "lincang/2022", options(1_000)).await;
    let (pack, base) = packs("lincang/2022");
    let there = standing(&test.db, "530900000000").await.unwrap().unwrap();
    assert!(there.finished && there.people == 1_000 && there.seed == 7);
    let again =
        synthetic::load(&test.db, test_clock().now(), "system", (&pack, Some(&base)), options(1_000), &mut |_| {})
            .await;
    assert!(matches!(again, Err(LoadError::There(_))));
    assert_eq!(number(&test.db, "SELECT COUNT(*) FROM person").await, 1_000);
});

#[tokio::test]
async fn a_pack_without_a_census_is_refused_with_a_remedy() {
    let test = testkit::sqlite().await;
    prepare(&test.db).await;
    let (mut pack, base) = packs("lincang/2022");
    pack.facts.clear();
    let result = synthetic::load(
        &test.db,
        test_clock().now(),
        "system",
        (&pack, Some(&base)),
        synthetic::Options { size: Size::Full, ..options(1) },
        &mut |_| {},
    )
    .await;
    let Err(LoadError::Pack(violations)) = result else { panic!("no census, no city") };
    assert!(violations[0].remedy.contains("population.tsv"));
    assert_eq!(standing(&test.db, "530900000000").await.unwrap(), None);
}
