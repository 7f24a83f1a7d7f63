//! Archives of the demonstration: what two homes of each city have beside their record, with files that say that they are made up.

use super::institutions::{actor, evidence, homes};
use crate::house::House;
use chrono::{Days, NaiveDate};
use identity::Actor;
use pack_reader::Pack;
use records::{Draft, Query, Record, SentFile, Test};
use uuid::Uuid;

/// Homes with an archive: the one that has an account, and another one with cases.
const HOMES: usize = 2;

/// Licensed beds of a home into which those by type fit.
const BEDS: i64 = 60;

/// One record of an archive: register, values, and the kind and name of its file.
type Entry<'a> = (&'a str, Vec<(&'a str, String)>, Option<(&'a str, &'a str)>);

fn ago(today: NaiveDate, days: u64) -> String {
    today.checked_sub_days(Days::new(days)).unwrap_or(today).to_string()
}

fn ahead(today: NaiveDate, days: u64) -> String {
    today.checked_add_days(Days::new(days)).unwrap_or(today).to_string()
}

/// Documents, and an inspection with something to put right.
fn papers(today: NaiveDate) -> Vec<Entry<'static>> {
    let text = |words: &str| words.to_owned();
    vec![
        (
            "facility_document",
            vec![
                ("title", text("消防应急预案")),
                ("kind", text("安全和应急")),
                ("made_on", ago(today, 200)),
                ("pages", text("12")),
                ("kept_at", text("机构档案室 3 柜")),
            ],
            Some(("scan", "消防应急预案（演示）.docx")),
        ),
        (
            "facility_document",
            vec![
                ("title", text("护理员岗位职责")),
                ("kind", text("管理制度")),
                ("made_on", ago(today, 500)),
                ("kept_at", text("机构档案室 1 柜")),
            ],
            None,
        ),
        (
            "inspection",
            vec![
                ("inspected_on", ago(today, 45)),
                ("subject", text("消防安全")),
                ("way", text("双随机抽查")),
                ("inspector", text("演示检查员甲、演示检查员乙")),
                ("result", text("责令限期改正")),
                ("problems", text("演示内容：二楼疏散通道堆放杂物。")),
                ("due_on", ago(today, 15)),
            ],
            Some(("form", "检查记录表（演示）.docx")),
        ),
    ]
}

/// Beds by type, a licence near its end, one that is over, a contract.
fn rights(today: NaiveDate) -> Vec<Entry<'static>> {
    let text = |words: &str| words.to_owned();
    let capacity = |kind: &str, licensed: &str, planned: &str, occupied: &str| {
        vec![
            ("kind", text(kind)),
            ("licensed", text(licensed)),
            ("planned", text(planned)),
            ("occupied", text(occupied)),
            ("as_of", ago(today, 30)),
        ]
    };
    let licence = |kind: &str, number: &str, expires: String| {
        vec![
            ("kind", text(kind)),
            ("number", text(number)),
            ("issuer", text("演示发证机关")),
            ("issued_on", ago(today, 1_200)),
            ("expires_on", expires),
        ]
    };
    vec![
        ("facility_capacity", capacity("护理型床位", "40", "60", "31"), None),
        ("facility_capacity", capacity("认知障碍床位", "8", "12", "8"), None),
        (
            "facility_licence",
            licence("食品经营许可证", "演示-JY-0001", ahead(today, 25)),
            Some(("scan", "食品经营许可证（演示）.docx")),
        ),
        ("facility_licence", licence("房屋安全鉴定", "演示-FW-0002", ago(today, 40)), None),
        (
            "facility_contract",
            vec![
                ("kind", text("医养签约合作")),
                ("party", text("演示社区卫生服务中心")),
                ("signed_on", ago(today, 400)),
                ("starts_on", ago(today, 400)),
                ("ends_on", ahead(today, 330)),
                ("amount", text("36000")),
            ],
            Some(("text", "医养合作协议（演示）.docx")),
        ),
    ]
}

/// Fills the archives of a city.
///
/// # Errors
/// When the database refuses, or the national base says otherwise by now.
pub(super) async fn fill(house: &House, pack: &Pack) -> anyhow::Result<()> {
    let prefix = pack.prefix();
    let place = pack.manifest.region.clone().unwrap_or_default();
    let county = actor(house, &format!("{prefix}-county")).await?;
    let Some(officer) = county.or(actor(house, &format!("{prefix}-mzj1")).await?) else { return Ok(()) };
    let today = house.clock.today();
    for home in homes(house, &place, &officer.region).await?.iter().take(HOMES) {
        // Broken off in the middle, it goes on where it stood.
        for entry in rights(today).into_iter().chain(papers(today)) {
            let beds = home.value("licensed_beds").and_then(serde_json::Value::as_i64).unwrap_or_default();
            // Beds by type only where they fit into all that are licensed.
            if entry.0 == "facility_capacity" && beds < BEDS {
                continue;
            }
            if !there(house, &officer, home, &entry).await? {
                add(house, &officer, home, entry).await?;
            }
        }
    }
    Ok(())
}

/// Whether a home has an entry already: one of the register with the same first value.
async fn there(house: &House, by: &Actor, home: &Record, (register, values, _): &Entry<'_>) -> anyhow::Result<bool> {
    let register = house.records.register(by, register).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let mut query = Query::within(&by.region).filter("facility", Test::Equals(home.id.to_string()));
    if let Some((key, value)) = values.first() {
        query = query.filter(key, Test::Equals(value.clone()));
    }
    Ok(!records::list(&house.db, &register, &query).await?.rows.is_empty())
}

async fn add(house: &House, by: &Actor, home: &Record, (register, values, file): Entry<'_>) -> anyhow::Result<()> {
    let told = |failure: records::Failure| anyhow::anyhow!("{register} of the demonstration: {failure:?}");
    let mut draft = Draft { region: Some(home.region.clone()), ..Draft::default() };
    draft = draft.with("facility", &home.id.to_string());
    for (key, value) in &values {
        draft = draft.with(key, value);
    }
    let record = house.records.create(by, register, &draft).await.map_err(told)?;
    if let Some((kind, name)) = file {
        let sent = SentFile {
            id: Uuid::now_v7(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            bytes: evidence(name.trim_end_matches(".docx"))?,
        };
        house.records.hand_in(by, register, record.id, sent).await.map_err(told)?;
    }
    Ok(())
}
