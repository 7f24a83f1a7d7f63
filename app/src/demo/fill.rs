//! Fills a city of the demonstration: people and registers, computed figures, reported values, progress.

use crate::demo::SEED;
use crate::house::House;
use crate::state;
use anyhow::Context as _;
use chrono::NaiveDate;
use identity::{Actor, Role};
use indicatif::{ProgressBar, ProgressStyle};
use monitoring::commands::{
    Context, MilestoneDraft, NoticeDraft, ProgressDraft, record_progress, send_notice, set_milestone,
};
use monitoring::compute::months_until;
use monitoring::model::{Figure, Month};
use pack_reader::Pack;
use pack_reader::model::{Every, Measure, RegionKind};
use synthetic::Size;
use uuid::Uuid;
use vocabulary::{Origin, RegionPath};

/// Visits made on the demo's day, at most.
const VISITS_TODAY: usize = 3;
/// Months of series in the demonstration.
const MONTHS: u32 = 24;

/// Under which it is remembered that a city is whole.
#[must_use]
pub fn done_key(place: &str) -> String {
    format!("demo.city.{place}")
}

/// Makes a city, unless it is there.
///
/// # Errors
/// When the database refuses.
pub async fn city(house: &House, pack: &Pack, size: Size) -> anyhow::Result<()> {
    let place = pack.manifest.region.clone().unwrap_or_default();
    if state::get(&house.db, &done_key(&place)).await?.is_some() {
        return Ok(());
    }
    people(house, pack, size).await?;
    for register in house.registry.all(&place) {
        // After so many rows at once the database must learn their spread anew, or it plans badly.
        records::after_load(&house.db, &register).await?;
    }
    let months = months_until(Month::of(house.clock.today()), MONTHS);
    figures(house, pack, &place, &months).await?;
    progress(house, pack, &place).await?;
    notices(house, pack, &place).await?;
    state::keep(&house.db, &done_key(&place), "whole").await?;
    Ok(())
}

/// Cases under way, once: they need the accounts that work on them.
///
/// # Errors
/// When the database refuses.
pub async fn cases(house: &House, pack: &Pack) -> anyhow::Result<()> {
    let key = format!("demo.cases.{}", pack.manifest.region.clone().unwrap_or_default());
    if state::get(&house.db, &key).await?.is_some() {
        return Ok(());
    }
    super::institutions::cases(house, pack).await?;
    super::archives::fill(house, pack).await?;
    visits(house, pack).await?;
    state::keep(&house.db, &key, "whole").await?;
    Ok(())
}

/// Visits of the demo's day, by who has the account for them; some are left to be made.
async fn visits(house: &House, pack: &Pack) -> anyhow::Result<()> {
    let login = format!("{}-field", pack.prefix());
    let Some(worker) = super::institutions::actor(house, &login).await? else { return Ok(()) };
    let told = |error| anyhow::anyhow!("{error:?}");
    let visits = crate::desks::Visits::of(house, &worker).await.map_err(told)?;
    let left = visits.left();
    for elder in left.iter().take(VISITS_TODAY.min(left.len() / 2)) {
        let answers = [("mode", "入户"), ("outcome", "正常"), ("remark", "演示数据：精神好，用药按时。")];
        crate::desks::visit(house, &worker, elder, answers).await.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    }
    Ok(())
}

fn bar(length: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let style = ProgressStyle::with_template("{msg:28} {wide_bar} {percent:>3}% {eta:>4}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar
}

async fn people(house: &House, pack: &Pack, size: Size) -> anyhow::Result<()> {
    let national = house.plans.national().context("the national pack is adopted first")?;
    let options = synthetic::Options { seed: SEED, day: house.clock.today(), size };
    let bar = bar(1000, &format!("{}: people, registers", pack.manifest.short_name));
    let mut shown = |progress: synthetic::Progress| bar.set_position(progress.thousandths as u64);
    synthetic::load(&house.db, house.clock.now(), "system", (pack, Some(&national)), options, &mut shown)
        .await
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    bar.finish_and_clear();
    Ok(())
}

async fn figures(house: &House, pack: &Pack, place: &str, months: &[Month]) -> anyhow::Result<()> {
    let bar = bar(3, &format!("{}: figures", pack.manifest.short_name));
    house.monitoring.compute(place, months, "system").await?;
    bar.inc(1);
    house.walking.compute(place, "system").await?;
    bar.inc(1);
    let reported = reported(house, pack, months);
    house.monitoring.publish(place, &reported, "system").await?;
    bar.finish_and_clear();
    Ok(())
}

/// Whether a month is the last of its period.
const fn ends_period(month: Month, every: Every) -> bool {
    match every {
        Every::Month => true,
        Every::Quarter => month.month.is_multiple_of(3),
        Every::HalfYear => month.month.is_multiple_of(6),
        Every::Year => month.month == 12,
    }
}

/// Made-up values of what departments report, for the place and its counties.
fn reported(house: &House, pack: &Pack, months: &[Month]) -> Vec<Figure> {
    let today = house.clock.today();
    let regions: Vec<&str> = pack
        .regions
        .iter()
        .filter(|region| {
            region.valid_to.is_none()
                && matches!(region.kind, RegionKind::City | RegionKind::District | RegionKind::County)
        })
        .map(|region| region.code.as_str())
        .collect();
    let mut figures = Vec::new();
    for indicator in &pack.indicators {
        let Measure::Reported { period, .. } = &indicator.measure else { continue };
        for month in months.iter().filter(|month| ends_period(**month, *period)) {
            let first = NaiveDate::from_ymd_opt(month.year, month.month, 1).unwrap_or(today);
            for region in &regions {
                let value = synthetic::reported_series(SEED, pack, indicator, region, first, today);
                figures.extend(value.map(|value| Figure {
                    indicator: indicator.key.clone(),
                    region: (*region).to_owned(),
                    month: *month,
                    as_of: month.as_of(today),
                    known_at: house.clock.now(),
                    computed: false,
                    numerator: None,
                    denominator: None,
                    value: Some(value),
                    origin: Origin::Synthetic,
                    pack: pack.hash.clone(),
                    basis: None,
                    note: None,
                }));
            }
        }
    }
    figures
}

/// Someone of a department, for what the demonstration writes in its name.
fn official(place: &str, department: Option<&String>) -> Actor {
    Actor {
        account: Uuid::nil(),
        login: "demo".to_owned(),
        name: "演示数据".to_owned(),
        role: Role::Officer,
        region: RegionPath::stored(&format!("/{place}/")),
        place: place.to_owned(),
        district: place.to_owned(),
        department: department.cloned(),
    }
}

async fn progress(house: &House, pack: &Pack, place: &str) -> anyhow::Result<()> {
    let today = house.clock.today();
    let bar = bar((pack.tasks.len() + pack.projects.len()) as u64, &format!("{}: progress", pack.manifest.short_name));
    for task in &pack.tasks {
        bar.inc(1);
        let Some(known) = synthetic::task_progress(SEED, pack, task, today, today) else { continue };
        let state = match (known.percent, known.behind) {
            (100.., _) => "done",
            (0, _) => "not_started",
            (_, true) => "delayed",
            (_, false) => "under_way",
        };
        let draft = ProgressDraft {
            subject: format!("task:{}", task.key),
            region: place.to_owned(),
            departments: task.lead.clone(),
            state: state.to_owned(),
            percent: known.percent.to_string(),
            note: format!("演示数据：按计划推进，已完成约 {}%。", known.percent),
            evidence: if state == "done" { "演示佐证：验收材料".to_owned() } else { String::new() },
            synthetic: true,
            ..ProgressDraft::default()
        };
        let actor = official(place, task.lead.first());
        record_progress(&context(house, &actor), &draft).await.map_err(super::told)?;
    }
    for project in &pack.projects {
        bar.inc(1);
        project_progress(house, pack, place, project, today).await?;
    }
    bar.finish_and_clear();
    milestones(house, pack, place).await
}

fn context<'a>(house: &'a House, actor: &'a Actor) -> Context<'a> {
    Context { db: &house.db, clock: &*house.clock, actor }
}

async fn project_progress(
    house: &House,
    pack: &Pack,
    place: &str,
    project: &pack_reader::model::Project,
    today: NaiveDate,
) -> anyhow::Result<()> {
    let Some(known) = synthetic::project_progress(SEED, pack, project, today, today) else { return Ok(()) };
    let state = match (known.percent, known.delay_days) {
        (100.., _) => "done",
        (0, _) => "not_started",
        (_, 1..) => "delayed",
        _ => "under_way",
    };
    let text = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let region = project.region.clone().unwrap_or_else(|| place.to_owned());
    let draft = ProgressDraft {
        subject: format!("project:{}", project.key),
        region_path: house.regions().region(&region, today).map(|found| found.path.clone()),
        region,
        departments: project.lead.clone(),
        state: state.to_owned(),
        percent: known.percent.to_string(),
        note: format!("演示数据：形象进度 {}%。", known.percent),
        evidence: if state == "done" { "演示佐证：竣工验收备案表".to_owned() } else { String::new() },
        beds: text(known.beds),
        places: text(known.places),
        paid_wan: known.invested_wan.map(|wan| wan.normalize().to_string()).unwrap_or_default(),
        finish_by: known.finish.to_string(),
        synthetic: true,
    };
    let actor = official(place, project.lead.first());
    record_progress(&context(house, &actor), &draft).await.map_err(super::told)?;
    Ok(())
}

/// Own milestones for the first tasks, so that their page shows what one is.
async fn milestones(house: &House, pack: &Pack, place: &str) -> anyhow::Result<()> {
    for task in pack.tasks.iter().filter(|task| !task.lead.is_empty()).take(5) {
        for (due, text) in [("2025-10-31", "演示节点：完成中期自查"), ("2025-12-20", "演示节点：提交年度总结")]
        {
            let draft = MilestoneDraft {
                subject: format!("task:{}", task.key),
                region: place.to_owned(),
                region_path: None,
                departments: task.lead.clone(),
                due: due.to_owned(),
                text: text.to_owned(),
                synthetic: true,
            };
            let actor = official(place, task.lead.first());
            set_milestone(&context(house, &actor), &draft).await.map_err(super::told)?;
        }
    }
    Ok(())
}

/// Notices about the first late binding indicators.
async fn notices(house: &House, pack: &Pack, place: &str) -> anyhow::Result<()> {
    let board = house.monitoring.board(place, place, Month::of(house.clock.today()), None).await?;
    let due = house.clock.today() + chrono::Duration::days(15);
    for line in board.attention().into_iter().take(2) {
        let indicator = line.indicator();
        // Where the plan names no lead for an indicator, the unit that leads a task for it is asked.
        let task = pack.tasks.iter().find(|task| task.indicators.contains(&indicator.key));
        let leads = || indicator.lead.iter().chain(task.into_iter().flat_map(|task| &task.lead));
        let Some(department) = leads().next() else { continue };
        let draft = NoticeDraft {
            subject: format!("indicator:{}", indicator.key),
            region: place.to_owned(),
            region_path: RegionPath::stored(&format!("/{place}/")),
            department: department.clone(),
            text: format!("演示督办：“{}”进展落后于时间进度，请说明原因和下一步措施。", indicator.name),
            due: due.to_string(),
        };
        let actor = official(place, Some(department));
        send_notice(&context(house, &actor), &draft).await.map_err(super::told)?;
    }
    Ok(())
}
