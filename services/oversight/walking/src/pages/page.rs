//! The page from what was kept.

use super::{Asked, FacilityRow, Found, GapRow, Map, Row, WalkingPage};
use crate::answer::{Answer, Area, Facility, Gap, Terms};
use crate::store::Kept;
use documents::fmt::{self, MISSING};
use identity::Actor;
use monitoring::pages::{View, region_input, short_name};
use pack_reader::model::{Circle, Region, Source};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use vocabulary::RegionPath;
use web::svg::{Area as Drawn, HexCell, Mark, MarkKind, Scale, hex_map, marked_map};
use web::{Choice, Columns, Figure, Input, Link, Query, Shell};

/// Places without a facility that are listed; the workbook has all that are kept.
const LISTED: usize = 20;

/// Puts the page together.
pub(super) fn assemble(shell: Shell, query: Query, actor: &Actor, asked: &Asked) -> WalkingPage {
    let Asked { view, circle, circles, kept } = asked;
    let name = view.regions.name(&view.region);
    let title = format!("{name}步行可达：{}", circle.label);
    let choices = circles.iter().map(|(key, label)| Choice::new(key.as_str(), label.as_str())).collect();
    let day = kept.as_ref().map_or(view.today, |kept| kept.as_of);
    let found = kept.as_ref().and_then(|kept| Some(found(asked, kept, own(view, &kept.answer)?, actor)));
    WalkingPage {
        shell: shell.titled(title).as_of(fmt::day(day)),
        sub: format!("{}从住处走到最近的{}设施要多久", circle.who, circle.label),
        above: view.above("/walking"),
        filters: vec![Input::select("circle", "服务", choices).value(circle.key.as_str()), region_input(view, actor)],
        export: query.href_of("/walking.xlsx"),
        columns: kept.as_ref().map(|kept| columns(&query, &kept.answer.terms)).unwrap_or_default(),
        found,
        query,
    }
}

/// The region looked at.
pub(super) fn own<'a>(view: &View, answer: &'a Answer) -> Option<&'a Area> {
    answer.areas.iter().find(|area| area.code == view.region)
}

/// The regions right below it that get figures.
pub(super) fn parts<'a>(view: &'a View, answer: &'a Answer) -> Vec<(&'a Region, &'a Area)> {
    let below = view.regions.children(&view.region, view.today).into_iter();
    below.filter_map(|region| Some((region, answer.areas.iter().find(|area| area.code == region.code)?))).collect()
}

/// Whether something of a path lies in the region looked at.
fn here(view: &View, path: &str) -> bool {
    RegionPath::stored(path).is_within(&view.path)
}

pub(super) fn facilities<'a>(view: &View, answer: &'a Answer) -> Vec<&'a Facility> {
    answer.facilities.iter().filter(|one| here(view, &one.path)).collect()
}

pub(super) fn gaps<'a>(view: &View, answer: &'a Answer) -> Vec<&'a Gap> {
    answer.gaps.iter().filter(|one| here(view, &one.path)).collect()
}

/// A count of people.
pub(super) fn people(count: u64) -> String {
    fmt::grouped(Decimal::from(count), 0)
}

fn minutes(value: Option<Decimal>) -> String {
    fmt::number_or_missing(value, 1)
}

fn share(value: Option<Decimal>) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| fmt::percent(value, 1))
}

/// Name of the last region of a path, with its street or town before it where that is another.
pub(super) fn place_name(view: &View, path: &str) -> String {
    let names: Vec<&str> = path.split('/').filter(|code| view.regions.get(code).is_some()).collect();
    let named = names.iter().rev().take(2).rev().map(|code| view.regions.name(code));
    // Directly below the place the place itself need not be said.
    let named: Vec<&str> = if names.len() > 2 { named.collect() } else { named.last().into_iter().collect() };
    named.join(" ")
}

fn found(asked: &Asked, kept: &Kept, area: &Area, actor: &Actor) -> Found {
    let Asked { view, circle, .. } = asked;
    let answer = &kept.answer;
    let (facilities, gaps) = (facilities(view, answer), gaps(view, answer));
    let limit = answer.terms.minutes.normalize().to_string();
    Found {
        figures: figures(area, kept, &limit),
        ways: ways(area, &answer.terms),
        map: map(asked, kept, (&facilities, &gaps)),
        origin: kept.origin,
        rows: rows(asked, answer, area),
        facility_count: facilities.len(),
        unplaced: facilities.iter().filter(|one| one.at.is_none()).count(),
        facilities: facilities.iter().map(|one| facility_row(view, one, actor)).collect(),
        gap_people: people(area.located - area.covered),
        gaps: gaps.iter().take(LISTED).map(|gap| gap_row(view, gap)).collect(),
        method: method(view, circle, kept),
        credits: credits(view, answer),
        limit,
    }
}

fn figures(area: &Area, kept: &Kept, limit: &str) -> Vec<Figure> {
    let terms = &kept.answer.terms;
    let of = |label: String, value: String, unit: &str, sub: String| {
        Figure::new(label, value, unit).origin(kept.origin).remark(sub)
    };
    let covered = area.share().map_or_else(|| MISSING.to_owned(), |value| fmt::number(value, 1));
    let unplaced = area.people - area.located;
    let unplaced = if unplaced > 0 {
        format!("；另有 {} 人没有住处坐标，未计入", people(unplaced))
    } else {
        String::new()
    };
    vec![
        of(
            format!("{limit} 分钟内走得到"),
            covered,
            "%",
            format!("{} 人中的 {} 人{unplaced}", people(area.located), people(area.covered)),
        ),
        of("一半的人走".to_owned(), minutes(area.median), "分钟以内", String::new()),
        of(format!("{}% 的人走", terms.share.normalize()), minutes(area.most), "分钟以内", String::new()),
        of("最远的人走".to_owned(), minutes(area.worst), "分钟", String::new()),
    ]
}

/// How much is on the network, and how much by straight lines.
fn ways(area: &Area, terms: &Terms) -> String {
    let straight = format!("直线距离×{}", terms.detour.normalize());
    match (terms.network_km, area.network_share()) {
        (None, _) => format!("本机没有步行路网：路程全部按{straight}推算。"),
        (Some(_), None) => "没有住处坐标，无从推算。".to_owned(),
        (Some(_), Some(share)) => {
            format!("{}的人按步行路网推算；其余的人住处或设施不在路网上，按{straight}推算。", fmt::percent(share, 1))
        }
    }
}

fn columns(query: &Query, terms: &Terms) -> Vec<web::Column> {
    let limit = terms.minutes.normalize();
    Columns::new(query)
        .plain("区划", "")
        .plain("人数", "r")
        .plain(format!("{limit}分钟内"), "r")
        .plain("一半的人", "r")
        .plain(format!("{}%的人", terms.share.normalize()), "r")
        .plain("最远", "r")
        .plain("按路网", "r")
        .plain("按直线", "r")
        .plain("无坐标", "r")
        .done()
}

fn rows(asked: &Asked, answer: &Answer, own: &Area) -> Vec<Row> {
    let Asked { view, circle, .. } = asked;
    let parts = parts(view, answer);
    let link = |region: &Region| {
        Link::new(view.href("/walking", &[("region", &region.code), ("circle", &circle.key)]), region.name.as_str())
    };
    let mut rows: Vec<Row> = parts.iter().map(|(region, area)| row(link(region), area)).collect();
    let whole = if parts.is_empty() { view.regions.name(&view.region) } else { "合计" };
    rows.push(row(Link::words(whole), own));
    rows
}

fn row(link: Link, area: &Area) -> Row {
    let straight = area.network_share().map(|share| Decimal::ONE_HUNDRED - share);
    Row {
        link,
        cells: vec![
            ("人数", people(area.people)),
            ("走得到", share(area.share())),
            ("一半的人（分钟）", minutes(area.median)),
            ("多数人（分钟）", minutes(area.most)),
            ("最远（分钟）", minutes(area.worst)),
            ("按路网", share(area.network_share())),
            ("按直线", share(straight)),
            ("无坐标", people(area.people - area.located)),
        ],
    }
}

fn facility_row(view: &View, one: &Facility, actor: &Actor) -> FacilityRow {
    let link = if actor.may(&records::actions::READ) {
        Link::new(format!("/registers/facility/records/{}", one.id), one.name.as_str())
    } else {
        Link::words(one.name.as_str())
    };
    FacilityRow {
        link,
        kind: one.kind.clone(),
        region: place_name(view, &one.path),
        address: if one.address.is_empty() { MISSING.to_owned() } else { one.address.clone() },
        way: way(one),
        people: if one.at.is_some() { people(one.people) } else { MISSING.to_owned() },
    }
}

/// How walks to a facility are reckoned.
pub(super) const fn way(one: &Facility) -> &'static str {
    match (one.at, one.on_network) {
        (None, _) => "无坐标，未计入",
        (Some(_), true) => "路网",
        (Some(_), false) => "直线",
    }
}

fn gap_row(view: &View, gap: &Gap) -> GapRow {
    GapRow { name: place_name(view, &gap.path), people: people(gap.people), minutes: minutes(gap.minutes) }
}

fn map(asked: &Asked, kept: &Kept, (facilities, gaps): (&[&Facility], &[&Gap])) -> Map {
    let Asked { view, circle, .. } = asked;
    let answer = &kept.answer;
    let limit = answer.terms.minutes.normalize();
    let mut parts = parts(view, answer);
    // A street has nothing below it: its own outline is drawn.
    if parts.is_empty()
        && let (Some(region), Some(area)) = (view.regions.get(&view.region), own(view, answer))
    {
        parts.push((region, area));
    }
    let value = |area: &Area| area.share().and_then(|share| share.to_f64());
    let known: Vec<f64> = parts.iter().filter_map(|(_, area)| value(area)).collect();
    let scale = Scale::even(&known);
    let class = |area: &Area| value(area).map(|value| scale.as_ref().map_or(3, |scale| scale.class(value)));
    let href = |region: &Region| view.href("/walking", &[("region", &region.code), ("circle", &circle.key)]);
    let text = |area: &Area| area.share().map(|share| fmt::percent(share, 1)).unwrap_or_default();
    let rings = |code: &str| -> Vec<Vec<[f64; 2]>> {
        view.regions.rings(code).iter().map(|ring| ring.iter().map(|(lon, lat)| [*lon, *lat]).collect()).collect()
    };
    let title = format!("{limit} 分钟内走得到{}的人所占比例，{}", circle.label, fmt::day(kept.as_of));
    let drawn: Vec<Drawn> = parts
        .iter()
        .map(|(region, area)| Drawn {
            name: short_name(&region.name),
            value: text(area),
            class: class(area),
            href: href(region),
            rings: rings(&region.code),
        })
        .filter(|area| !area.rings.is_empty())
        .collect();
    let cells: Vec<HexCell> = parts
        .iter()
        .filter_map(|(region, area)| {
            let (x, y) = region.cell?;
            let name = short_name(&region.name);
            Some(HexCell { x, y, name, value: text(area), class: class(area), href: href(region) })
        })
        .collect();
    let schematic = drawn.is_empty();
    let drawing = if schematic {
        (!cells.is_empty()).then(|| hex_map("map", &format!("{title}，示意图"), &cells))
    } else {
        Some(marked_map("map", &title, &drawn, &marks(facilities, gaps)))
    };
    let some_unknown = parts.iter().any(|(_, area)| area.share().is_none());
    let legend = scale.map(|scale| scale.legend("%", some_unknown)).unwrap_or_default();
    Map { title, drawing, schematic, legend }
}

fn marks(facilities: &[&Facility], gaps: &[&Gap]) -> Vec<Mark> {
    let gaps = gaps.iter().map(|gap| Mark {
        at: gap.at,
        kind: MarkKind::Missing,
        name: format!("{} 人走不到", people(gap.people)),
    });
    let there = facilities.iter().filter_map(|one| {
        Some(Mark { at: one.at?, kind: MarkKind::There, name: format!("{}（{}）", one.name, one.kind) })
    });
    gaps.chain(there).collect()
}

/// How it was reckoned, with the source of every number.
fn method(view: &View, circle: &Circle, kept: &Kept) -> Vec<(String, String)> {
    let terms = &kept.answer.terms;
    let from = |key: &str, value: Decimal| parameter(view, key, value, kept);
    let mut lines = vec![
        ("算谁".to_owned(), format!("{}：{}", circle.who, circle.people)),
        ("走到哪里".to_owned(), format!("{}：{}", circle.label, circle.facilities)),
        from(&circle.minutes, terms.minutes),
        from(&circle.speed, terms.speed),
        from("walking.detour", terms.detour),
        from("walking.snap_metres", terms.snap_metres),
        from("walking.share", terms.share),
    ];
    lines.push((
        "路网".to_owned(),
        match terms.network_km {
            Some(km) => format!("{} 公里；台阶、坡道按走的人另计", fmt::grouped(km, 1)),
            None => "没有；有路网时放进 --geodata 所指的文件夹，路程就沿路计算".to_owned(),
        },
    ));
    if kept.answer.unknown_people > 0 {
        let people = people(kept.answer.unknown_people);
        lines.push(("未计入".to_owned(), format!("全区有 {people} 人的记录缺少判断所需的信息")));
    }
    lines.extend(circle.notes.clone().map(|note| ("说明".to_owned(), note)));
    lines
}

fn parameter(view: &View, key: &str, value: Decimal, kept: &Kept) -> (String, String) {
    let layers = view.adopted.layers();
    let known = layers.parameters().into_iter().find(|one| one.key == key);
    let label = known.map_or(key, |one| one.label.as_str()).to_owned();
    let unit = known.and_then(|one| one.unit.as_deref()).unwrap_or_default();
    let source = layers.parameter(key, kept.as_of).map(|dated| cited(view, &dated.source)).unwrap_or_default();
    let note = known.and_then(|one| one.note.as_deref()).map(|note| format!("。{note}")).unwrap_or_default();
    (label, format!("{} {unit}（{source}）{note}", value.normalize()))
}

/// A source in words: the document's title and the clause.
fn cited(view: &View, source: &Source) -> String {
    let layers = view.adopted.layers();
    let title = source
        .doc
        .as_ref()
        .and_then(|key| layers.packs().flat_map(|pack| &pack.sources).find(|document| document.key == *key));
    let title = title.map(|document| document.number.clone().unwrap_or_else(|| document.title.clone()));
    let parts = [title, source.clause.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// Whose data are shown.
fn credits(view: &View, answer: &Answer) -> Vec<String> {
    let mut credits = Vec::new();
    if !answer.terms.credit.is_empty() {
        credits.push(format!("步行路网：{}", answer.terms.credit));
    }
    if !view.regions.credit().is_empty() {
        credits.push(format!("边界：{}", view.regions.credit()));
    }
    credits
}
