//! One region: what it is called and where it lies, what it was before, what lies below, and where its code comes from.

use super::regions::{RegionRow, sample_provenance};
use super::{Provenance, day_of, parent_name, places_of, provenance, span, way};
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use documents::fmt;
use identity::Actor;
use monitoring::regions::RegionIndex;
use places::{Region, RegionTree};
use plans::Adopted;
use std::sync::Arc;
use web::{Link, Page, Query, Samples, Shell, WebError};

/// Regions right below that are listed here; more are in the list.
const BELOW: usize = 100;

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
struct VersionRow {
    span: String,
    name: String,
    kind: &'static str,
    parent: String,
    official: bool,
    source: Link,
    shown: bool,
}

#[derive(Debug, Template)]
#[template(path = "region.html")]
struct RegionPage {
    shell: Shell,
    about: String,
    notice: String,
    /// From the top down to itself; those outside the reader's own lead nowhere.
    way: Vec<Link>,
    facts: Vec<(&'static str, String)>,
    source: Link,
    history: Vec<VersionRow>,
    /// How many of each kind lie inside, and their list.
    counts: Vec<Link>,
    below: Vec<RegionRow>,
    more: Option<Link>,
    registers: Vec<Link>,
    plan: Vec<Link>,
    on: String,
    path: String,
    from: Provenance,
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(code): Path<String>,
    query: Query,
) -> Result<Page<impl Template>, WebError> {
    let on = day_of(&house, &query)?;
    let tree = house.regions();
    let seen = tree.seen(&actor.region, &code, on);
    let region = seen.ok_or_else(|| WebError::not_found("这个区划"))?;
    // What was on a day that its version does not reach is shown by the nearest day that it does.
    let held = on.clamp(region.valid_from, region.valid_to);
    let adopted = house.plans.in_force(&region.place, house.clock.today());
    let notice = match () {
        () if region.is_valid(on) => String::new(),
        () if on > region.valid_to => format!("{}已经没有这个区划；下面是它最后的情况。", fmt::day(on)),
        () => format!("{}还没有这个区划；下面是它最初的情况。", fmt::day(on)),
    };
    let tail = query.get("on").map(|on| format!("?on={on}")).unwrap_or_default();
    let look = Look { house: &house, actor: &actor, tree: &tree, region, held, tail: &tail };
    let (below, more) = look.below();
    let page = RegionPage {
        about: format!("{}，代码 {}", region.kind.label(), region.code),
        notice,
        way: look.way(),
        facts: look.facts(),
        source: source_of(adopted.as_deref(), &region.source),
        history: look.history(adopted.as_deref()),
        counts: look.counts(),
        below,
        more,
        registers: look.registers(),
        plan: look.plan(adopted.as_deref()),
        on: query.text("on").to_owned(),
        path: format!("/regions/{code}"),
        from: provenance(&actor, &of_place(places_of(&house, &actor), &region.place)),
        shell: shell
            .titled(region.name.as_str())
            .under(way(&actor, Some(Link::new(format!("/regions{tail}"), "区划"))))
            .as_of(fmt::day(held)),
    };
    Ok(Page(page))
}

fn of_place(mut places: Vec<(String, Arc<Adopted>)>, place: &str) -> Vec<(String, Arc<Adopted>)> {
    places.retain(|(code, _)| code == place);
    places
}

/// The document that a code or name rests on, by its key in the pack or the base.
pub(super) fn source_of(adopted: Option<&Adopted>, key: &str) -> Link {
    let mut documents = adopted.into_iter().flat_map(|one| one.pack.sources.iter().chain(&one.national.sources));
    let found = documents.find(|one| one.key == key);
    let url = found.and_then(|one| one.url.clone());
    let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://")).unwrap_or_default();
    Link::new(url, found.map_or(key, |one| one.title.as_str()))
}

/// A region as somebody looks at it on a day.
struct Look<'a> {
    house: &'a House,
    actor: &'a Actor,
    tree: &'a RegionTree,
    region: &'a Region,
    held: NaiveDate,
    tail: &'a str,
}

impl Look<'_> {
    fn way(&self) -> Vec<Link> {
        let named = |code: &str| {
            let found = self.tree.region(code, self.held);
            let own = code != self.region.code.as_str() && found.is_some_and(|one| self.actor.sees(&one.path));
            let href = if own { format!("/regions/{code}{}", self.tail) } else { String::new() };
            Link::new(href, found.map_or(code, |one| one.name.as_str()))
        };
        self.region.path.codes().map(named).collect()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let region = self.region;
        let code = if region.official { "国家统计用区划代码" } else { "方案自编（没有官方代码）" };
        let aliases = if region.aliases.is_empty() { fmt::MISSING.to_owned() } else { region.aliases.join("、") };
        vec![
            ("名称", region.name.clone()),
            ("级别", region.kind.label().to_owned()),
            ("代码", region.code.as_str().to_owned()),
            ("代码性质", code.to_owned()),
            ("别名", aliases),
            ("有效时间", span(region)),
        ]
    }

    /// Its versions, the newest first.
    fn history(&self, adopted: Option<&Adopted>) -> Vec<VersionRow> {
        let version = |one: &Region| VersionRow {
            span: span(one),
            name: one.name.clone(),
            kind: one.kind.label(),
            parent: parent_name(self.tree, one, one.valid_from.max(self.held.min(one.valid_to))),
            official: one.official,
            source: source_of(adopted, &one.source),
            shown: one == self.region,
        };
        let versions = self.tree.history(self.region.code.as_str());
        versions.into_iter().rev().map(version).collect()
    }

    fn counts(&self) -> Vec<Link> {
        let counts = self.tree.counts(&self.region.path, self.held).into_iter();
        let own = |kind| usize::from(kind == self.region.kind);
        let inside = counts.map(|(kind, count)| (kind, count - own(kind))).filter(|(_, count)| *count > 0);
        let link = |(kind, count): (pack_reader::model::RegionKind, usize)| {
            let query = Query::parse("/regions", self.tail.trim_start_matches('?'));
            let query = query.with("region", self.region.code.as_str()).with("kind", kind.word());
            Link::new(query.href(), format!("{} {count} 个", kind.label()))
        };
        inside.map(link).collect()
    }

    fn below(&self) -> (Vec<RegionRow>, Option<Link>) {
        let all = self.tree.below(self.region.code.as_str(), self.held);
        let row = |one: &&Region| RegionRow::of(self.tree, one, (self.held, self.tail));
        let rows = all.iter().filter(|one| self.actor.sees(&one.path)).take(BELOW).map(row).collect();
        let query = Query::parse("/regions", self.tail.trim_start_matches('?'));
        let link = query.with("region", self.region.code.as_str()).href();
        let more = (all.len() > BELOW).then(|| Link::new(link, format!("全部 {} 个", all.len())));
        (rows, more)
    }

    /// Lists of records that lie inside, of a region that there is today.
    fn registers(&self) -> Vec<Link> {
        let today = self.house.clock.today();
        if !self.region.is_valid(today) || !self.actor.may(&records::actions::LIST) {
            return Vec::new();
        }
        let all = self.house.registry.all(&self.actor.place);
        let link = |key: &str, label: &str| Link::new(format!("/registers/{key}?region={}", self.region.code), label);
        all.iter().map(|register| link(&register.key, &register.label)).collect()
    }

    /// Pages about the plan that know this region.
    fn plan(&self, adopted: Option<&Adopted>) -> Vec<Link> {
        let code = self.region.code.as_str();
        let known = adopted.and_then(|one| one.pack.region(code));
        let figures = known.is_some_and(|region| RegionIndex::gets_figures(region.kind));
        let own = self.region.place == self.actor.place && self.region.is_valid(self.house.clock.today());
        if !figures || !own || !self.actor.may(&monitoring::actions::READ) {
            return Vec::new();
        }
        let link = |path: &str, label: &str| Link::new(format!("{path}?region={code}"), label);
        vec![link("/indicators", "主要指标"), link("/leader", "一页总览")]
    }
}

impl Samples for RegionPage {
    fn samples() -> Vec<Self> {
        let row = RegionRow {
            link: Link::new("/regions/321023100201", "叶挺桥社区"),
            code: "321023100201".to_owned(),
            kind: "社区",
            parent: "安宜镇".to_owned(),
            span: "一直有效".to_owned(),
            aliases: String::new(),
            official: true,
        };
        let version = |span: &str, name: &str, shown| VersionRow {
            span: span.to_owned(),
            name: name.to_owned(),
            kind: "镇",
            parent: "宝应县".to_owned(),
            official: shown,
            source: Link::new("", "统计用区划代码"),
            shown,
        };
        let page = |full: bool| Self {
            shell: Shell::default().titled("安宜镇"),
            about: "镇，代码 321023100000".to_owned(),
            notice: if full { String::new() } else { "1990年1月1日还没有这个区划。".to_owned() },
            way: vec![Link::new("", "扬州市"), Link::new("/regions/321023000000", "宝应县"), Link::new("", "安宜镇")],
            facts: vec![("名称", "安宜镇".to_owned()), ("别名", fmt::MISSING.to_owned())],
            source: Link::new("https://example.org", "统计用区划代码"),
            history: if full {
                vec![version("2020年1月1日起", "安宜镇", true), version("到2019年12月31日为止", "城镇", false)]
            } else {
                vec![version("一直有效", "安宜镇", true)]
            },
            counts: if full { vec![Link::new("/regions?kind=community", "社区 12 个")] } else { Vec::new() },
            below: if full { vec![row.clone()] } else { Vec::new() },
            more: full.then(|| Link::new("/regions?region=321023100000", "全部 120 个")),
            registers: if full { vec![Link::new("/registers/person", "人员")] } else { Vec::new() },
            plan: if full { vec![Link::new("/indicators", "主要指标")] } else { Vec::new() },
            on: String::new(),
            path: "/regions/321023100000".to_owned(),
            from: sample_provenance(),
        };
        vec![page(true), page(false)]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::RegionPage>(), Ok(2));
    }
}
