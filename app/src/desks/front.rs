//! Pages for everyone: the front page, services near an elder, help, the accessibility statement.

use super::OPEN;
use crate::chrome;
use crate::house::House;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::routing::get;
use documents::fmt;
use indicators::Status;
use monitoring::board::Board;
use monitoring::model::Month;
use records::{Query as RecordQuery, Record, Test};
use std::sync::Arc;
use vocabulary::{Origin, RegionPath};
use web::{Figure, Page, Query, Route, Samples, SegPart, Shell, Tone, WebError};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let open = OPEN.key;
    vec![
        Route::public(Method::GET, "/", open, "首页", get(front).with_state(state())),
        Route::public(Method::GET, "/places/{place}", open, "一个地方的公开进展", get(place).with_state(state())),
        Route::public(Method::GET, "/services", open, "身边的服务（大字版）", get(services).with_state(state())),
        Route::public(Method::GET, "/services/help", open, "求助", get(help).with_state(state())),
        Route::public(Method::GET, "/accessibility", open, "无障碍声明", get(accessibility).with_state(state())),
    ]
}

async fn accessibility(shell: Shell) -> Page<web::pages::AccessibilityPage> {
    Page(web::pages::AccessibilityPage { shell: shell.titled("无障碍声明") })
}

/// A place as a door on the front page.
#[derive(Debug)]
struct PlaceDoor {
    code: String,
    name: String,
    title: String,
    document_no: String,
    parts: Vec<SegPart>,
    total: usize,
}

#[derive(Debug, Template)]
#[template(path = "front.html")]
struct FrontPage {
    shell: Shell,
    places: Vec<PlaceDoor>,
}

impl Samples for FrontPage {
    fn samples() -> Vec<Self> {
        let door = PlaceDoor {
            code: "321000000000".to_owned(),
            name: "扬州市养老托育服务平台".to_owned(),
            title: "扬州市“一老一小”整体解决方案".to_owned(),
            document_no: "扬府发〔2022〕80号".to_owned(),
            parts: vec![SegPart::new(Tone::Ok, "已达标", 12, "")],
            total: 35,
        };
        vec![
            Self { shell: Shell::default().titled("一老一小"), places: vec![door] },
            Self { shell: Shell::default().titled("一老一小"), places: Vec::new() },
        ]
    }
}

/// Statuses in the order of the overall bar, with their tones.
const SHOWN: [(Status, Tone); 7] = [
    (Status::Met, Tone::Ok),
    (Status::OnPath, Tone::Run),
    (Status::Slow, Tone::Slow),
    (Status::Late, Tone::Late),
    (Status::NoPath, Tone::None),
    (Status::NotReported, Tone::None),
    (Status::NotComputable, Tone::None),
];

fn parts(board: &Board) -> Vec<SegPart> {
    let counts = board.counts();
    SHOWN
        .iter()
        .filter_map(|(status, tone)| Some((status, tone, *counts.get(status)?)))
        .map(|(status, tone, count)| SegPart::new(*tone, status.label(), count as u64, ""))
        .collect()
}

async fn board(house: &House, place: &str) -> Result<Arc<Board>, WebError> {
    Ok(house.monitoring.board(place, place, Month::of(house.clock.today()), None).await?)
}

async fn front(State(house): State<Arc<House>>, shell: Shell) -> Result<Page<FrontPage>, WebError> {
    let mut places = Vec::new();
    for (code, adopted) in house.plans.places() {
        let board = board(&house, &code).await?;
        let manifest = &adopted.pack.manifest;
        places.push(PlaceDoor {
            parts: parts(&board),
            total: board.targets().count(),
            name: manifest.display_name.clone(),
            title: manifest.title.clone(),
            document_no: manifest.document_no.clone().unwrap_or_default(),
            code,
        });
    }
    Ok(Page(FrontPage { shell: shell.titled("一老一小服务").as_of(fmt::day(house.clock.today())), places }))
}

/// One promise as the public reads it.
#[derive(Debug)]
struct Promise {
    name: String,
    unit: String,
    target: String,
    value: String,
    origin: Option<Origin>,
    status: web::Tag,
}

#[derive(Debug, Template)]
#[template(path = "place.html")]
struct PlacePage {
    shell: Shell,
    title: String,
    document_no: String,
    figures: Vec<Figure>,
    parts: Vec<SegPart>,
    elder: Vec<Promise>,
    child: Vec<Promise>,
}

impl Samples for PlacePage {
    fn samples() -> Vec<Self> {
        let promise = || Promise {
            name: "每千名老年人养老床位数".to_owned(),
            unit: "张".to_owned(),
            target: "≥40".to_owned(),
            value: "38.2".to_owned(),
            origin: Some(Origin::Synthetic),
            status: web::Tag::new(Tone::Run, "正常"),
        };
        vec![Self {
            shell: Shell::default().titled("扬州市"),
            title: "扬州市“一老一小”整体解决方案".to_owned(),
            document_no: "扬府发〔2022〕80号".to_owned(),
            figures: vec![Figure::new("指标", "35", "项")],
            parts: vec![SegPart::new(Tone::Run, "正常", 2, "")],
            elder: vec![promise()],
            child: Vec::new(),
        }]
    }
}

fn tag(status: Status) -> web::Tag {
    let tone = SHOWN.iter().find(|(known, _)| *known == status).map_or(Tone::None, |(_, tone)| *tone);
    web::Tag::new(tone, status.label())
}

fn promises(board: &Board, child: bool) -> Vec<Promise> {
    use pack_reader::model::Whom;
    board
        .lines
        .iter()
        .filter(|line| line.indicator().table || !board.lines.iter().any(|other| other.indicator().table))
        .filter(|line| line.indicator().nature.is_target() && (line.indicator().field == Whom::Child) == child)
        .map(|line| {
            let indicator = line.indicator();
            Promise {
                name: indicator.name.clone(),
                unit: indicator.unit.clone().unwrap_or_default(),
                target: monitoring::define::final_target(indicator)
                    .map_or_else(|| fmt::MISSING.to_owned(), monitoring::define::target_text),
                value: line.value().text(),
                origin: line.origin(),
                status: tag(line.standing.status),
            }
        })
        .collect()
}

async fn place(
    State(house): State<Arc<House>>,
    Path(code): Path<String>,
    shell: Shell,
) -> Result<Page<PlacePage>, WebError> {
    let adopted = house.plans.in_force(&code, house.clock.today()).ok_or_else(|| WebError::not_found("这个地方"))?;
    let board = board(&house, &code).await?;
    let manifest = &adopted.pack.manifest;
    let shell = shell.with(chrome::public(&house, Some(&code)));
    let figures = vec![
        Figure::new("指标", board.targets().count().to_string(), "项"),
        Figure::new("已达标", board.count(Status::Met).to_string(), "项"),
        Figure::new("任务", adopted.pack.tasks.len().to_string(), "项"),
        Figure::new("项目", adopted.pack.projects.len().to_string(), "项"),
    ];
    Ok(Page(PlacePage {
        shell: shell.titled(manifest.display_name.clone()).as_of(fmt::day(board.as_of)),
        title: manifest.title.clone(),
        document_no: manifest.document_no.clone().unwrap_or_default(),
        figures,
        parts: parts(&board),
        elder: promises(&board, false),
        child: promises(&board, true),
    }))
}

/// One service point.
#[derive(Debug)]
struct Point {
    name: String,
    kind: String,
    address: String,
    phone: String,
    origin: Origin,
}

#[derive(Debug, Template)]
#[template(path = "services.html")]
struct ServicesPage {
    shell: Shell,
    /// Link, name, chosen.
    places: Vec<(String, String, bool)>,
    kinds: Vec<(String, String, bool)>,
    streets: Vec<(String, String, bool)>,
    points: Vec<Point>,
    more: String,
    heading: String,
}

impl Samples for ServicesPage {
    fn samples() -> Vec<Self> {
        let one = || ("/services".to_owned(), "长者食堂".to_owned(), true);
        let point = Point {
            name: "示范路长者食堂".to_owned(),
            kind: "长者食堂".to_owned(),
            address: "示范路 1 号".to_owned(),
            phone: "0514-00000000".to_owned(),
            origin: Origin::Synthetic,
        };
        let page = |points, heading: &str| Self {
            shell: Shell::default().titled("找服务"),
            places: vec![one()],
            kinds: vec![one()],
            streets: vec![one()],
            points,
            more: String::new(),
            heading: heading.to_owned(),
        };
        vec![page(vec![point], "长者食堂"), page(Vec::new(), "")]
    }
}

/// What people look for, in their words, and the kinds of facility that answer it.
const WANTED: [(&str, &str, &[&str]); 5] = [
    ("meal", "吃饭", &["长者食堂"]),
    (
        "day",
        "白天照料",
        &["社区综合为老服务中心", "日间照料中心", "街道综合性养老服务中心", "居家养老服务中心", "居家养老服务站"],
    ),
    ("home", "住养老院", &["养老机构", "特困供养机构", "农村区域性养老服务中心"]),
    ("health", "看病", &["社区卫生服务中心", "老年医院", "综合医院"]),
    ("child", "托宝宝", &["托育机构", "幼儿园托班", "社区托育点"]),
];

/// Service points on one page: six things a screen are enough, the rest behind 更多.
const POINTS_SHOWN: u32 = 12;

async fn services(State(house): State<Arc<House>>, shell: Shell, query: Query) -> Result<Page<ServicesPage>, WebError> {
    let places = house.plans.places();
    let chosen = query.get("place").map(str::to_owned).or_else(|| places.first().map(|(code, _)| code.clone()));
    let Some((code, adopted)) = places.iter().find(|(code, _)| Some(code) == chosen.as_ref()) else {
        return Err(WebError::not_found("这个地方"));
    };
    let link = |key: &str, value: &str| query.with(key, value).without("after").href();
    let wanted = WANTED.iter().find(|(key, _, _)| Some(*key) == query.get("want"));
    let regions = house.monitoring.regions(adopted);
    let today = house.clock.today();
    let street = query.get("street").and_then(|street| regions.path(street));
    let scope = street.clone().or_else(|| regions.path(code)).ok_or_else(|| WebError::not_found("这个地方"))?;
    let (points, next) = match wanted {
        Some((_, _, kinds)) => points(&house, code, &scope, kinds, &query).await?,
        None => (Vec::new(), None),
    };
    let kinds =
        WANTED.iter().map(|(key, name, _)| (link("want", key), (*name).to_owned(), query.get("want") == Some(*key)));
    let streets = regions.children(code, today).into_iter().map(|region| {
        (link("street", &region.code), region.name.clone(), query.get("street") == Some(region.code.as_str()))
    });
    let switch = places.iter().map(|(other, adopted)| {
        let href = format!("/services?place={other}");
        (href, adopted.pack.manifest.short_name.clone(), other == code)
    });
    Ok(Page(ServicesPage {
        places: if places.len() > 1 { switch.collect() } else { Vec::new() },
        kinds: kinds.collect(),
        streets: if wanted.is_some() { streets.collect() } else { Vec::new() },
        points,
        more: next.map(|cursor| query.with("after", &cursor).href()).unwrap_or_default(),
        heading: wanted.map(|(_, name, _)| (*name).to_owned()).unwrap_or_default(),
        shell: shell.with(chrome::public(&house, Some(code))).titled("找服务"),
    }))
}

async fn points(
    house: &House,
    place: &str,
    scope: &RegionPath,
    kinds: &[&str],
    query: &Query,
) -> Result<(Vec<Point>, Option<String>), WebError> {
    let register = house.registry.get(place, facilities::KEY).ok_or_else(|| WebError::not_found("机构登记簿"))?;
    let mut wanted = RecordQuery::within(scope)
        .filter("type", Test::OneOf(kinds.iter().map(|kind| (*kind).to_owned()).collect()))
        .filter("status", Test::Equals("运营".to_owned()));
    wanted.limit = POINTS_SHOWN;
    wanted.after = query.get("after").and_then(records::Cursor::decode);
    let page = records::list(&house.db, &register, &wanted).await.map_err(WebError::fault)?;
    let text = |record: &Record, key: &str| {
        record.value(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let points = page.rows.iter().map(|record| Point {
        name: text(record, "name"),
        kind: text(record, "type"),
        address: text(record, "address"),
        phone: text(record, "phone"),
        origin: record.origin,
    });
    Ok((points.collect(), page.next.map(|cursor| cursor.encode())))
}

#[derive(Debug, Template)]
#[template(path = "help.html")]
struct HelpPage {
    shell: Shell,
}

impl Samples for HelpPage {
    fn samples() -> Vec<Self> {
        vec![Self { shell: Shell::default().titled("求助") }]
    }
}

async fn help(shell: Shell) -> Page<HelpPage> {
    Page(HelpPage { shell: shell.titled("求助") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        for rendered in [
            web::samples::render_all::<FrontPage>(),
            web::samples::render_all::<PlacePage>(),
            web::samples::render_all::<ServicesPage>(),
            web::samples::render_all::<HelpPage>(),
        ] {
            assert!(rendered.unwrap() > 0);
        }
    }
}
