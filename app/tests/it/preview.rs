//! A pack's new version looked at before it is adopted: what it says comes true, and looking writes nothing.

use crate::city::{City, yangzhou};
use monitoring::model::Month;
use pack_reader::changes::{Element, How};
use pack_reader::{Files, Memory};
use records::Count;
use storage::args;
use zhaoxi::packs;
use zhaoxi::preview::{AtPlace, Preview, lines, preview, told};

const PLACE: &str = "321000000000";

/// The plan that comes with the program, with texts of its files replaced.
fn changed(edits: &[(&str, &str, &str)]) -> Memory {
    let mut memory = packs::city("yangzhou").unwrap();
    for (file, from, to) in edits {
        let text = String::from_utf8(memory.read(file).unwrap()).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        memory.put(file, text.replacen(from, to, 1).into_bytes());
    }
    memory
}

/// The next version: a target raised, a formula told otherwise, a register with a field and a choice fewer and one that must be
/// filled in more, an office gone, a state of a kind of case gone.
fn next() -> Memory {
    let mut memory = changed(&[
        ("indicators.toml", "value = 18\nreading = \"floor\"", "value = 99\nreading = \"floor\""),
        (
            "indicators.toml",
            "where = '年龄 >= 60 and 居家上门服务 > 基准日 - duration(\"P1Y\")",
            "where = '年龄 >= 90 and 居家上门服务 > 基准日 - duration(\"P1Y\")",
        ),
        ("parameters.toml", "from = 2022-09-08, value = 120", "from = 2022-09-08, value = 150"),
    ]);
    let national = packs::national();
    let text = |path: &str| String::from_utf8(national.read(path).unwrap()).unwrap();
    let visit = text("registers/monthly_visit.toml");
    let (kept, _) = visit.split_once("[[field]]\nkey = \"remark\"").unwrap();
    let visit = kept.replace(", { value = \"电话\" }", "");
    let more = "[[field]]\nkey = \"with_whom\"\nlabel = \"同行人\"\nkind = \"text\"\nrequired = true\n";
    memory.put("registers/monthly_visit.toml", format!("{visit}{more}").into_bytes());
    memory
}

fn only(preview: &Preview) -> &AtPlace {
    assert_eq!(preview.places.len(), 1);
    &preview.places[0]
}

/// How many rows each table has.
async fn rows(city: &City) -> Vec<i64> {
    let mut all = Vec::new();
    for table in
        ["plans_file", "plans_adoption", "monitoring_result", "fact", "audit_entry", "record", "record_version"]
    {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        all.push(city.house.db.one(&sql, args![]).await.unwrap().at(0).unwrap());
    }
    all
}

async fn a_version_is_told_before_it_is_adopted(city: &City) {
    let before = rows(city).await;
    let unchanged = preview(&city.house, &packs::city("yangzhou").unwrap()).await.unwrap();
    assert!(unchanged.changes_nothing() && only(&unchanged).same);
    let seen = preview(&city.house, &next()).await.unwrap();
    assert_eq!(rows(city).await, before, "looking writes nothing");

    let at = only(&seen);
    let find = |element, key: &str| at.changes.iter().find(|one| one.element == element && one.key == key).unwrap();
    let target = find(Element::Indicator, "yangzhou.02");
    assert_eq!(target.how, How::Changed);
    let said = target.said("目标（2025）").unwrap();
    assert!(said.before.as_deref().unwrap().starts_with("18") && said.after.as_deref().unwrap().starts_with("99"));
    assert!(target.said("分子").is_some() && target.said("分母").is_none());
    let area = find(Element::Parameter, "yangzhou.elder_area_site");
    assert!(area.said[0].before.as_deref().unwrap().starts_with("120，出处"), "{area:?}");
    assert_eq!(find(Element::Field, "monthly_visit.remark").how, How::Removed);
    assert_eq!(find(Element::Field, "monthly_visit.with_whom").how, How::Added);

    let clerk = city.house.identity.account_by_login(&identity::system(), "yangzhou-leader").await.unwrap().actor();
    let visits = city.house.registry.get(PLACE, "monthly_visit").unwrap();
    let everything = records::Query::within(&clerk.region);
    let touched = |key: &str, word: &str| {
        at.touched.iter().find(|one| one.key == key && one.what.contains(word)).map(|one| one.count)
    };
    let all = records::count(&city.house.db, &visits, &everything).await.unwrap();
    assert_eq!(touched("monthly_visit.with_whom", "必填"), Some(all));
    let by_phone = everything.clone().filter("mode", records::Test::Equals("电话".to_owned()));
    let by_phone = records::count(&city.house.db, &visits, &by_phone).await.unwrap();
    assert_ne!(by_phone, Count::Exactly(0), "the demonstration has visits by telephone");
    assert_eq!(touched("monthly_visit.mode", "电话"), Some(by_phone));
    let text = lines(&seen).join("\n");
    for part in ["yangzhou.02", "目标（2025）：18", "涉及谁", "的指标会变成什么"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(told(&seen)["places"][0]["place"], PLACE);
}

async fn what_was_told_comes_true(city: &City) {
    let seen = preview(&city.house, &next()).await.unwrap();
    let figures = only(&seen).figures.as_ref().unwrap();
    let one = figures.changed.iter().find(|one| one.key == "yangzhou.02").expect("its formula changed");
    assert!(one.before != one.after && one.regions > 0, "{one:?}");
    assert!(figures.same > 0, "others stay");
    city.house.adopt(&next(), "test").await.unwrap();
    let month = Month::of(city.house.clock.today());
    city.house.monitoring.compute(PLACE, &[month], "test").await.unwrap();
    let board = city.house.monitoring.board(PLACE, PLACE, month, None).await.unwrap();
    let line = board.line("yangzhou.02").unwrap();
    assert_eq!((line.value().with_unit(), line.standing.status.label()), one.after.clone());
    assert!(preview(&city.house, &next()).await.unwrap().changes_nothing());
}

async fn a_version_that_would_never_hold_says_so(city: &City) {
    let early = changed(&[
        ("pack.toml", "issued = 2022-09-08", "issued = 2021-01-01"),
        ("pack.toml", "in_force_from = 2022-09-08", "in_force_from = 2021-01-01"),
    ]);
    let seen = preview(&city.house, &early).await.unwrap();
    assert!(only(&seen).waits.contains("早于现行版本"), "{}", only(&seen).waits);
    let late = changed(&[("pack.toml", "in_force_from = 2022-09-08", "in_force_from = 2031-01-01")]);
    assert!(only(&preview(&city.house, &late).await.unwrap()).waits.contains("起施行"));
}

/// The national base lies beneath every place: a version over which an adopted plan no longer reads is refused.
async fn a_base_is_looked_at_for_every_place(city: &City) {
    let with = |file: &str, from: &str, to: &str| {
        let mut memory = packs::national();
        let text = String::from_utf8(memory.read(file).unwrap()).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        memory.put(file, text.replacen(from, to, 1).into_bytes());
        memory
    };
    let lenient = with("parameters.toml", "value = 0.9,", "value = 0.2,");
    let seen = preview(&city.house, &lenient).await.unwrap();
    let at = only(&seen);
    assert!(at.changes.iter().any(|one| one.key == "standing.slow_floor" && one.how == How::Changed));
    let figures = at.figures.as_ref().unwrap();
    assert!(figures.changed.iter().any(|one| one.before.1 == "滞后" && one.after.1 == "偏慢"), "{figures:?}");

    let broken = with("registers/training.toml", "key = \"training\"", "key = \"course\"");
    let before = rows(city).await;
    let refused = preview(&city.house, &broken).await.map(|_| ()).unwrap_err();
    assert!(matches!(refused, identity::Refusal::Invalid(ref problems) if problems[0].place.contains("yangzhou-2022")));
    assert!(city.house.adopt(&broken, "test").await.is_err());
    assert_eq!(rows(city).await, before);
}

async fn all(city: City) {
    a_version_is_told_before_it_is_adopted(&city).await;
    a_version_that_would_never_hold_says_so(&city).await;
    a_base_is_looked_at_for_every_place(&city).await;
    what_was_told_comes_true(&city).await;
}

#[tokio::test]
async fn packs_are_looked_at_on_sqlite() {
    all(yangzhou(None).await).await;
}

#[tokio::test]
async fn packs_are_looked_at_on_postgresql() {
    let Some(database) = testkit::postgres().await else { return };
    all(yangzhou(Some(database.address.clone())).await).await;
}
