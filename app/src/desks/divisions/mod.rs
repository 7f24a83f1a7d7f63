//! Regions and departments as registers: lists, one of them, files, the interface. They come from packs and change with a
//! pack's next version; nobody types them here.

mod api;
mod department;
mod departments;
mod region;
mod regions;
mod sheets;

pub(super) use api::openapi;

use crate::house::House;
use axum::http::Method;
use axum::routing::get;
use chrono::NaiveDate;
use documents::fmt;
use identity::{Action, Actor, Role, Who};
use places::{Region, RegionTree, SINCE_EVER, UNTIL_FURTHER, WantedRegions};
use plans::Adopted;
use records::Kept;
use std::sync::Arc;
use web::{Link, Query, Route, WebError};

/// Look at regions and departments.
pub const DIVISIONS: Action = Action {
    key: "app.divisions",
    label: "查看区划和部门",
    who: Who::Roles(&[
        Role::Leader,
        Role::Officer,
        Role::Clerk,
        Role::SystemAdmin,
        Role::SecurityAdmin,
        Role::AuditAdmin,
    ]),
};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let page = |path: &str, summary, router| Route::page(Method::GET, path, DIVISIONS.key, summary, router);
    let mut routes = vec![
        page("/regions", "区划", get(regions::list).with_state(state())),
        page("/regions/{code}", "一个区划", get(region::show).with_state(state())),
        page("/regions/export.xlsx", "导出区划（Excel）", get(sheets::regions_xlsx).with_state(state())),
        page("/regions/export.csv", "导出区划（CSV）", get(sheets::regions_csv).with_state(state())),
        page("/regions/print", "打印区划", get(sheets::regions_print).with_state(state())),
        page("/departments", "部门", get(departments::list).with_state(state())),
        page("/departments/{key}", "一个部门", get(department::show).with_state(state())),
        page("/departments/export.xlsx", "导出部门（Excel）", get(sheets::departments_xlsx).with_state(state())),
        page("/departments/export.csv", "导出部门（CSV）", get(sheets::departments_csv).with_state(state())),
        page("/departments/print", "打印部门", get(sheets::departments_print).with_state(state())),
    ];
    routes.extend(api::routes(house));
    routes
}

/// What stands among the registers.
pub(crate) fn kept(house: &Arc<House>) -> Vec<Kept> {
    let (regions, departments) = (Arc::downgrade(house), Arc::downgrade(house));
    let group = "区划和部门";
    vec![
        Kept {
            group,
            label: "区划",
            href: "/regions",
            note: "省市县、街镇、村居和功能区，各自的名称、代码、上级和起止；随方案包更新",
            count: Arc::new(move |actor: &Actor| {
                let Some(house) = regions.upgrade() else { return 0 };
                let wanted = WantedRegions::within(&actor.region, house.clock.today());
                house.regions().select(&wanted).len()
            }),
        },
        Kept {
            group,
            label: "部门",
            href: "/departments",
            note: "方案给任务的单位，它们的各种叫法、层级和承担的指标、任务、项目；随方案包更新",
            count: Arc::new(move |actor: &Actor| {
                let Some(house) = departments.upgrade() else { return 0 };
                places_of(&house, actor).iter().map(|(_, adopted)| adopted.pack.departments.len()).sum()
            }),
        },
    ]
}

/// The places somebody sees, each with its plan in force: their own, or all for who works for the whole server.
fn places_of(house: &House, actor: &Actor) -> Vec<(String, Arc<Adopted>)> {
    let today = house.clock.today();
    let in_force = |place: String| house.plans.in_force(&place, today).map(|adopted| (place, adopted));
    if !actor.place.is_empty() {
        return in_force(actor.place.clone()).into_iter().collect();
    }
    house.plans.places().into_iter().filter_map(|(place, _)| in_force(place)).collect()
}

/// From which pack something comes, and where who may can look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Provenance {
    text: String,
    link: Option<Link>,
}

/// Letters of a pack's hash that are shown.
const HASH_SHOWN: usize = 12;

fn provenance(actor: &Actor, places: &[(String, Arc<Adopted>)]) -> Provenance {
    let named = |(_, adopted): &(String, Arc<Adopted>)| {
        let version: String = adopted.pack.hash.chars().take(HASH_SHOWN).collect();
        format!("《{}》（方案包 {}，版本 {version}）", adopted.pack.manifest.title, adopted.pack.manifest.key)
    };
    let from: Vec<String> = places.iter().map(named).collect();
    let from = if from.is_empty() { "已采用的方案包".to_owned() } else { from.join("、") };
    let text = format!("内容来自{from}。要改名、撤并或增加，请在方案包里改好，采用它的下一版；这里只供查阅。");
    let link = if actor.may(&super::PACKS) {
        Some(Link::new("/admin/packs", "查看和采用方案包"))
    } else {
        actor.may(&monitoring::actions::READ).then(|| Link::new("/plan", "查看方案内容"))
    };
    Provenance { text, link }
}

/// The way to a page: through the registers for who may open those.
fn way(actor: &Actor, last: Option<Link>) -> Vec<Link> {
    let registers = actor.may(&records::actions::LIST).then(|| Link::new("/registers", "登记簿"));
    registers.into_iter().chain(last).collect()
}

/// A day of an address; today when it names none.
fn day_of(house: &House, query: &Query) -> Result<NaiveDate, WebError> {
    let Some(text) = query.get("on") else { return Ok(house.clock.today()) };
    text.parse().map_err(|_| WebError::bad_request(format!("“{text}”不是日期"), "请写成 2025-09-30"))
}

/// How long a version holds, in words.
fn span(region: &Region) -> String {
    match (region.valid_from == SINCE_EVER, region.valid_to == UNTIL_FURTHER) {
        (true, true) => "一直有效".to_owned(),
        (false, true) => format!("{}起", fmt::day(region.valid_from)),
        (true, false) => format!("到{}为止", fmt::day(region.valid_to)),
        (false, false) => format!("{}至{}", fmt::day(region.valid_from), fmt::day(region.valid_to)),
    }
}

/// The name of the region above one, also where it lies outside the reader's own.
fn parent_name(tree: &RegionTree, region: &Region, on: NaiveDate) -> String {
    let parent = region.parent.as_deref();
    parent.map(|code| tree.region(code, on).map_or_else(|| code.to_owned(), |one| one.name.clone())).unwrap_or_default()
}

/// The word for a department's level.
fn level_word(level: &str) -> &'static str {
    LEVELS.iter().find(|(key, _)| *key == level).map_or("其他", |(_, word)| *word)
}

/// Levels of departments, as they are kept and as people read them.
const LEVELS: [(&str, &str); 5] = [
    ("city", "本级"),
    ("county", "县（市、区）"),
    ("town", "镇（街道）"),
    ("village", "村（社区）"),
    ("other", "其他"),
];
