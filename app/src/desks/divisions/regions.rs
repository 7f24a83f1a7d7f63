//! The list of regions: the reader's own and what lies inside, as the tree stood on a day.

use super::{Provenance, day_of, parent_name, places_of, provenance, span, way};
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use chrono::NaiveDate;
use documents::fmt;
use identity::Actor;
use pack_reader::model::RegionKind;
use places::{Region, RegionTree, WantedRegions};
use std::sync::Arc;
use web::{Choice, Input, Link, Page, Pager, Query, Samples, Shell, WebError};

/// One region of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RegionRow {
    pub link: Link,
    pub code: String,
    pub kind: &'static str,
    pub parent: String,
    pub span: String,
    pub aliases: String,
    pub official: bool,
}

impl RegionRow {
    pub(super) fn of(tree: &RegionTree, region: &Region, (on, tail): (NaiveDate, &str)) -> Self {
        Self {
            link: Link::new(format!("/regions/{}{tail}", region.code), region.name.as_str()),
            code: region.code.as_str().to_owned(),
            kind: region.kind.label(),
            parent: parent_name(tree, region, on),
            span: span(region),
            aliases: region.aliases.join("、"),
            official: region.official,
        }
    }
}

/// What an address asks of the list.
pub(super) struct Asked {
    pub wanted: WantedRegions,
    /// What links to a region's page carry on: the day asked for.
    pub tail: String,
    /// The region inside which is looked, when another than the reader's own.
    pub under: Option<Region>,
}

impl Asked {
    /// Reads an address. A region outside the reader's own is not found.
    pub(super) fn of(house: &House, actor: &Actor, query: &Query) -> Result<Self, WebError> {
        let on = day_of(house, query)?;
        let kind = query.get("kind").map(|word| {
            RegionKind::parse(word)
                .ok_or_else(|| WebError::bad_request(format!("没有级别“{word}”"), "请从列表中选择级别"))
        });
        let mut wanted = WantedRegions { kind: kind.transpose()?, ..WantedRegions::within(&actor.region, on) };
        query.text("q").clone_into(&mut wanted.text);
        let under = match query.get("region") {
            None => None,
            Some(code) => {
                let tree = house.regions();
                let found = tree.seen(&actor.region, code, on).cloned();
                Some(found.ok_or_else(|| WebError::not_found("这个区划"))?)
            }
        };
        if let Some(under) = &under {
            wanted.scope = under.path.clone();
        }
        let tail = query.get("on").map(|on| format!("?on={on}")).unwrap_or_default();
        Ok(Self { wanted, tail, under })
    }

    /// Every row that fits.
    pub(super) fn rows(&self, tree: &RegionTree) -> Vec<RegionRow> {
        let row = |region: &Region| RegionRow::of(tree, region, (self.wanted.on, self.tail.as_str()));
        tree.select(&self.wanted).into_iter().map(row).collect()
    }
}

#[derive(Debug, Template)]
#[template(path = "regions.html")]
struct RegionsPage {
    shell: Shell,
    query: Query,
    filters: Vec<Input>,
    about: String,
    rows: Vec<RegionRow>,
    pager: Pager,
    from: Provenance,
}

pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<impl Template>, WebError> {
    let asked = Asked::of(&house, &actor, &query)?;
    let tree = house.regions();
    let all = asked.rows(&tree);
    let pager = Pager::new(&query, all.len() as u64, Pager::ROWS);
    let first = usize::try_from(pager.offset()).unwrap_or(0);
    let shown = all.into_iter().skip(first).take(usize::try_from(Pager::ROWS).unwrap_or(50)).collect();
    let inside = asked.under.as_ref().map(|region| format!("{}以内，", region.name)).unwrap_or_default();
    let about = format!("{inside}{}的区划，共 {} 个", fmt::day(asked.wanted.on), pager.total);
    let filters = filters(&tree, &actor, (&asked, &query));
    let from = provenance(&actor, &places_of(&house, &actor));
    let shell = shell.titled("区划").under(way(&actor, None));
    Ok(Page(RegionsPage { shell, query, filters, about, rows: shown, pager, from }))
}

/// Kinds that there are, the text, the day; and the region inside which is looked, to be let go.
fn filters(tree: &RegionTree, actor: &Actor, (asked, query): (&Asked, &Query)) -> Vec<Input> {
    let kinds = tree.counts(&actor.region, asked.wanted.on).into_iter();
    let kinds = kinds.map(|(kind, count)| Choice::new(kind.word(), format!("{}（{count}）", kind.label())));
    let mut inputs = vec![
        Input::select("kind", "级别", kinds.collect()).unchosen("全部").value(query.text("kind")),
        Input::of("search", "q", "名称、别名或代码").width("grow").value(query.text("q")),
        Input::of("date", "on", "哪一天").optional().width("s").value(query.text("on")),
    ];
    if let Some(under) = &asked.under {
        let choice = Choice::new(under.code.as_str(), format!("{}以内", under.name));
        let input = Input::select("region", "范围", vec![choice]).unchosen("全部辖区");
        inputs.insert(0, input.value(under.code.as_str()));
    }
    inputs
}

impl Samples for RegionsPage {
    fn samples() -> Vec<Self> {
        let row = RegionRow {
            link: Link::new("/regions/321023100000", "安宜镇"),
            code: "321023100000".to_owned(),
            kind: "镇",
            parent: "宝应县".to_owned(),
            span: "一直有效".to_owned(),
            aliases: "安宜".to_owned(),
            official: true,
        };
        let made = RegionRow { official: false, aliases: String::new(), parent: String::new(), ..row.clone() };
        let page = |rows: Vec<RegionRow>, query: &str| {
            let query = Query::parse("/regions", query);
            Self {
                shell: Shell::default().titled("区划"),
                filters: vec![Input::of("search", "q", "名称、别名或代码").value(query.text("q"))],
                about: "2025年9月30日的区划".to_owned(),
                pager: Pager::new(&query, rows.len() as u64, Pager::ROWS),
                rows,
                from: sample_provenance(),
                query,
            }
        };
        vec![page(vec![row, made], ""), page(Vec::new(), "q=x"), page(Vec::new(), "")]
    }
}

pub(super) fn sample_provenance() -> Provenance {
    Provenance { text: "内容来自《方案》。".to_owned(), link: Some(Link::new("/plan", "查看方案内容")) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::RegionsPage>(), Ok(3));
    }
}
