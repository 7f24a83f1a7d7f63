//! The demonstration: places, synthetic people and everything around them, accounts for each desk. What is
//! made up is marked so in every row. Data stay between runs; an interrupted start is begun again.

mod accounts;
mod archives;
mod fill;
mod institutions;

pub use accounts::{DemoAccount, of_city};

use crate::cli::DemoArgs;
use crate::clock::ShiftedClock;
use crate::house::House;
use crate::{packs, state};
use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use identity::SystemChance;
use settings::{Override, Settings};
use std::net::SocketAddr;
use std::sync::Arc;
use storage::{Db, args};
use vocabulary::SystemClock;

/// Cities shown when none is named.
const DEFAULT_CITIES: [&str; 2] = ["yangzhou", "yangpu"];
/// Under which the demo's clock is remembered.
const CLOCK: &str = "demo.behind_seconds";
/// Seed of everything made up.
pub const SEED: u64 = 1;

/// The day on which a new demonstration begins: the end of a quarter within every plan's period.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 9, 30).unwrap_or_default()
}

/// Where the demonstration's data are.
///
/// # Errors
/// When the folder cannot be made.
pub fn address(args: &DemoArgs) -> anyhow::Result<String> {
    if let Some(address) = &args.database {
        return Ok(address.clone());
    }
    std::fs::create_dir_all(&args.data)
        .with_context(|| format!("the data folder {} cannot be made; name another with --data", args.data.display()))?;
    Ok(args.data.join("zhaoxi.db").display().to_string())
}

/// What the demonstration decides whatever the settings say, as its settings show it.
///
/// # Errors
/// When the data folder cannot be made.
pub fn overrides(args: &DemoArgs, at: SocketAddr) -> anyhow::Result<Vec<Override>> {
    let given = |setting: &str, value: String| Override {
        option: "zhaoxi demo".to_owned(),
        setting: setting.to_owned(),
        value,
    };
    let database = match &args.database {
        Some(address) => address.clone(),
        None => format!("sqlite://{}", address(args)?),
    };
    let mut all = vec![
        given("server.listen", at.ip().to_string()),
        given("server.port", at.port().to_string()),
        given("database.address", database),
        given("data.dir", args.data.display().to_string()),
        // Printed passwords are for trying things out: nobody is made to take out a telephone. Whoever wants may.
        given("session.second_factor", "off".to_owned()),
        given("demo.enabled", true.to_string()),
    ];
    all.extend(args.geodata.iter().map(|dir| given("data.geodata", dir.display().to_string())));
    Ok(all)
}

/// Throws the demonstration's data away. A database that holds anything else is never touched.
async fn clear(address: &str) -> anyhow::Result<()> {
    let db = Db::open(address).await?;
    let demo = state::get(&db, CLOCK).await.ok().flatten().is_some();
    let empty = db.all("SELECT 1 FROM schema_migration", args![]).await.is_err();
    if !demo && !empty {
        bail!(
            "{} holds no demonstration: nothing was thrown away. Name another database or folder",
            crate::house::shown(address)
        );
    }
    if address.starts_with("postgres") {
        db.execute("DROP SCHEMA public CASCADE", args![]).await?;
        db.execute("CREATE SCHEMA public", args![]).await?;
        db.close().await;
        return Ok(());
    }
    db.close().await;
    for ending in ["", "-wal", "-shm"] {
        let file = format!("{address}{ending}");
        if std::path::Path::new(&file).exists() {
            std::fs::remove_file(&file).with_context(|| format!("{file} cannot be removed"))?;
        }
    }
    Ok(())
}

/// The clock of data made earlier, or a new one that begins on the demo's day.
async fn clock(address: &str) -> anyhow::Result<ShiftedClock> {
    let db = Db::open(address)
        .await
        .with_context(|| format!("the database {} cannot be opened", crate::house::shown(address)))?;
    // Before the first start there is no table to ask.
    let known = state::get(&db, CLOCK).await.ok().flatten();
    db.close().await;
    Ok(match known.and_then(|text| text.parse().ok()) {
        Some(seconds) => ShiftedClock::behind_by(seconds),
        None => ShiftedClock::starting(first_day()),
    })
}

/// Opens the demonstration, making what is missing.
///
/// # Errors
/// When a city is unknown, or the database refuses.
pub async fn open(demo: &DemoArgs, mut settings: Settings) -> anyhow::Result<House> {
    let cities = chosen(demo)?;
    let address = address(demo)?;
    if demo.fresh {
        clear(&address).await?;
    }
    if unfinished(&address).await {
        eprintln!("An earlier start was interrupted before the data were whole: beginning again.");
        clear(&address).await?;
    }
    let clock = clock(&address).await?;
    settings.demo.enabled = true;
    // Printed passwords are for trying things out: nobody is made to take out a telephone. Whoever wants may.
    settings.session.second_factor = settings::SecondFactor::Off;
    settings.data.dir.clone_from(&demo.data);
    settings.data.geodata = demo.geodata.clone().or(settings.data.geodata);
    let mut house = House::open(settings, &address, Arc::new(clock), Arc::new(SystemChance)).await?;
    // Telephones show codes of today, whatever day the demonstration stands on.
    house.identity = house.identity.codes_by(Arc::new(SystemClock));
    state::keep(&house.db, CLOCK, &clock.seconds_behind().to_string()).await?;
    house.adopt(&packs::national(), "system").await.map_err(told)?;
    for city in &cities {
        let files = packs::named(city).with_context(|| format!("no pack for {city}"))?;
        let pack = house.adopt(&files, "system").await.map_err(told)?;
        fill::city(&house, &pack, size(demo)?).await?;
        house.demo_accounts.extend(accounts::ensure(&house, &pack).await?);
        fill::cases(&house, &pack).await?;
    }
    house.demo_accounts.extend(accounts::administrators(&house).await?);
    Ok(house)
}

/// All problems of a refusal, one a line.
fn told(refusal: identity::Refusal) -> anyhow::Error {
    match refusal {
        identity::Refusal::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{}", lines.join("\n"))
        }
        other => other.into(),
    }
}

fn chosen(demo: &DemoArgs) -> anyhow::Result<Vec<String>> {
    let known = packs::cities();
    let cities: Vec<String> = if demo.cities.is_empty() {
        DEFAULT_CITIES.iter().map(|city| (*city).to_owned()).collect()
    } else {
        demo.cities.clone()
    };
    let unknown: Vec<&String> = cities.iter().filter(|city| !known.contains(city) && !packs::is_folder(city)).collect();
    if !unknown.is_empty() {
        bail!(
            "unknown city {unknown:?}; there are: {}; a city of your own is named by the folder of its pack, the one with pack.toml",
            known.join(", ")
        );
    }
    Ok(cities)
}

fn size(demo: &DemoArgs) -> anyhow::Result<synthetic::Size> {
    if demo.people == "full" {
        return Ok(synthetic::Size::Full);
    }
    let people: usize = demo
        .people
        .parse()
        .ok()
        .filter(|people| *people > 0)
        .with_context(|| format!("--people {}: write a whole number above 0, or `full`", demo.people))?;
    Ok(synthetic::Size::People(people))
}

/// Whether a start was interrupted while a city was being made.
async fn unfinished(address: &str) -> bool {
    let Ok(db) = Db::open(address).await else { return false };
    let rows = db.all("SELECT place FROM synthetic_city", args![]).await.unwrap_or_default();
    let mut unfinished = false;
    for row in rows {
        let place: String = row.at(0).unwrap_or_default();
        unfinished |= state::get(&db, &fill::done_key(&place)).await.ok().flatten().is_none();
    }
    db.close().await;
    unfinished
}

/// What is printed when the demonstration answers.
#[must_use]
pub fn greeting(house: &House, url: &str) -> String {
    let mut text = format!(
        "\n  朝夕 Zhaoxi answers at {url}\n\n  Accounts (all data about people are synthetic: they describe nobody):\n"
    );
    for account in &house.demo_accounts {
        text.push_str(&format!("    {:<16} {:<22} {}\n", account.login, account.password, account.desk));
    }
    text.push_str(&format!(
        "\n  The demo's clock stands at {}. Regions, codes and counts come from the packs, which name their sources;\n  \
         people, most institutions, visits, reports and progress are made up and marked 演示合成. Stop with Ctrl-C.\n",
        house.clock.today()
    ));
    text
}
