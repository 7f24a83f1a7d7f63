//! 我的工作: everything that waits for one person, whatever service it comes from, the most urgent first.

mod gather;

use super::WORK;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use cases::{Counts, Due, Wanted, Word};
use documents::fmt;
use identity::{Actor, Role};
use std::sync::Arc;
use web::{Link, Page, Query, Route, Samples, SegPart, Shell, Tab, Tag, WebError};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    vec![Route::page(Method::GET, "/work", WORK.key, "我的工作", get(show).with_state(Arc::clone(house)))]
}

/// One thing that waits.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Where one acts.
    pub href: String,
    /// What it is.
    pub what: String,
    /// Which kind of work: 办件, 指标填报, 任务进展.
    pub group: &'static str,
    /// What is to be done.
    pub todo: String,
    /// How it stands.
    pub due: Due,
}

impl Entry {
    fn tag(&self) -> Tag {
        self.due.tag()
    }

    fn when(&self) -> String {
        self.due.sentence()
    }
}

#[derive(Debug, Template)]
#[template(path = "work.html")]
struct WorkPage {
    shell: Shell,
    parts: Vec<SegPart>,
    tabs: Vec<Tab>,
    entries: Vec<Entry>,
    /// Cases that the list has no room for.
    more: Option<Link>,
    start: Vec<Link>,
    leads: bool,
}

/// Kinds of work, in the order of the tabs.
pub(super) const GROUPS: [&str; 4] = ["办件", "指标填报", "任务和项目", "督办"];

async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<WorkPage>, WebError> {
    let leads = actor.role == Role::Leader;
    let wanted = Wanted { mine: !leads, plan: Some(false), ..Wanted::default() };
    let counts = house.cases.counts(&actor, &wanted).await?;
    let mut entries = gather::cases(&house, &actor, leads).await?;
    let listed = entries.len() as u64;
    entries.extend(gather::plan(&house, &actor).await?);
    let parts = parts(counts, &entries, &query);
    let tabs = tabs(counts, &entries, &query);
    let (group, word) = (query.text("group"), Word::from_key(query.text("due")));
    entries.retain(|entry| group.is_empty() || entry.group == group);
    entries.retain(|entry| word.is_none_or(|word| entry.due.word == word));
    entries.sort_by_key(|entry| (entry.due.word, entry.due.on));
    let all = if leads { "/cases" } else { "/cases?mine=1" };
    let more = (counts.all() > listed).then(|| Link::new(all, format!("全部 {} 件办件", counts.all())));
    let start = house.cases.startable(&actor).await?;
    Ok(Page(WorkPage {
        shell: shell.titled("我的工作").as_of(fmt::day(house.clock.today())),
        parts,
        tabs,
        entries,
        more,
        start,
        leads,
    }))
}

fn count(entries: &[Entry], word: Word) -> u64 {
    entries.iter().filter(|entry| entry.group != GROUPS[0] && entry.due.word == word).count() as u64
}

/// Late, soon, due, over everything; cases by the database's own count, since the list may be longer than the page.
fn parts(counts: Counts, entries: &[Entry], query: &Query) -> Vec<SegPart> {
    let part = |word: Word, cases: u64| {
        let all = cases + count(entries, word);
        SegPart::new(word.tone(), word.label(), all, query.with("due", word.key()).href())
    };
    vec![part(Word::Late, counts.late), part(Word::Soon, counts.soon), part(Word::Due, counts.due)]
}

fn tabs(counts: Counts, entries: &[Entry], query: &Query) -> Vec<Tab> {
    let chosen = query.text("group");
    let of = |group: &str| match group {
        "办件" => counts.all(),
        group => entries.iter().filter(|entry| entry.group == group).count() as u64,
    };
    let all: u64 = GROUPS.iter().map(|group| of(group)).sum();
    let first = Tab::new(query.without("group").href(), "全部", chosen.is_empty()).count(all);
    let rest = GROUPS.iter().filter(|group| of(group) > 0);
    let rest = rest.map(|group| Tab::new(query.with("group", group).href(), *group, chosen == *group).count(of(group)));
    std::iter::once(first).chain(rest).collect()
}

impl Samples for WorkPage {
    fn samples() -> Vec<Self> {
        let entry = |word, left| Entry {
            href: "/cases/019a0000-0000-7000-8000-000000000001".to_owned(),
            what: "安宜颐养院".to_owned(),
            group: "办件",
            todo: "养老机构备案，待核对".to_owned(),
            due: Due { word, left: Some(left), on: chrono::NaiveDate::from_ymd_opt(2025, 10, 14), provisional: false },
        };
        let page = |entries: Vec<Entry>, leads| Self {
            shell: Shell::default().titled("我的工作"),
            parts: vec![SegPart::new(web::Tone::Late, "已超期", entries.len() as u64, "/work?due=late")],
            tabs: vec![Tab::new("/work", "全部", true).count(entries.len() as u64)],
            more: (!entries.is_empty()).then(|| Link::new("/cases?mine=1", "全部 80 件办件")),
            start: vec![Link::new("/case-kinds/complaint/start", "投诉")],
            entries,
            leads,
        };
        vec![page(vec![entry(Word::Late, -3), entry(Word::Due, 5)], false), page(Vec::new(), true)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<WorkPage>(), Ok(2));
    }
}
