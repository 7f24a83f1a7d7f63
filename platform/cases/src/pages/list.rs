//! The list of cases, the most urgent first, and the kinds that one may begin.

use super::href;
use crate::actions::START;
use crate::decide::{Viewer, may_start};
use crate::due::Word;
use crate::reads::{Listed, Wanted, kinds_shown};
use crate::{Cases, Described};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use documents::fmt;
use identity::Actor;
use pack_reader::model::CaseKind;
use web::{Choice, Input, Link, Page, Query, SegPart, Shell, Tag, WebError};

/// One case as a row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it is.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// Its state.
    pub state: String,
    /// How it stands, as icon and word.
    pub tag: Tag,
    /// Its days in a sentence.
    pub due: String,
    /// Its region.
    pub region: String,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "cases/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was asked.
    pub query: Query,
    /// The filters.
    pub filters: Vec<Input>,
    /// Kinds that may be begun: where, and their words.
    pub start: Vec<(Link, String)>,
    /// How the open ones stand.
    pub parts: Vec<SegPart>,
    /// The cases.
    pub rows: Vec<Row>,
    /// The next page; "" for none.
    pub next: String,
}

/// A listed case as a row.
#[must_use]
pub(crate) fn row(cases: &Cases, actor: &Actor, listed: &Listed) -> Row {
    Row {
        href: href(listed.case.id),
        number: listed.case.number.clone(),
        title: listed.case.title.clone(),
        kind: listed.kind.clone(),
        state: listed.state.clone(),
        tag: listed.due.tag(),
        due: listed.due.sentence(),
        region: cases.region_name(actor, &listed.case.region),
    }
}

impl Cases {
    /// The kinds that somebody may begin, as links to their forms.
    ///
    /// # Errors
    /// When their place has adopted no plan.
    pub async fn startable(&self, actor: &Actor) -> Result<Vec<Link>, identity::Refusal> {
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        Ok(begun_here(&described, &viewer)
            .map(|kind| Link::new(format!("/case-kinds/{}/start", kind.key), kind.label.as_str()))
            .collect())
    }

    /// The name of a region, with those above it below the actor's own.
    #[must_use]
    pub(crate) fn region_name(&self, actor: &Actor, code: &str) -> String {
        self.records.region_name(actor, code)
    }
}

/// The kinds that somebody may begin on their pages. What is about something of the plan is begun from that thing's page.
fn begun_here<'d>(described: &'d Described, viewer: &'d Viewer) -> impl Iterator<Item = &'d CaseKind> {
    let own = described.kinds.iter().filter(|kind| kind.about.is_none());
    own.filter(|kind| viewer.actor.may(&START) && may_start(kind, viewer))
}

/// The list that is asked for.
pub(crate) fn wanted(query: &Query) -> Wanted {
    let ended = query.text("ended");
    Wanted {
        plan: None,
        kind: query.text("kind").to_owned(),
        state: query.text("state").to_owned(),
        word: Word::from_key(query.text("due")),
        open: match ended {
            "yes" => Some(false),
            "all" => None,
            _ => Some(true),
        },
        mine: query.text("mine") == "1",
        text: query.text("q").to_owned(),
        after: query.get("after").map(str::to_owned),
    }
}

/// `GET /cases`
pub(super) async fn show(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<ListPage>, WebError> {
    let described = cases.described(&actor)?;
    let viewer = cases.viewer(&actor).await?;
    let asked = wanted(&query);
    let found = cases.list(&actor, &asked).await?;
    let counts = cases.counts(&actor, &Wanted { mine: asked.mine, ..Wanted::default() }).await?;
    let start = begun_here(&described, &viewer)
        .map(|kind| (Link::new(format!("/case-kinds/{}/start", kind.key), kind.label.as_str()), kind.note.clone()));
    let part = |word: Word, count| {
        SegPart::new(word.tone(), word.label(), count, query.with("due", word.key()).without("after").href())
    };
    let kinds = kinds_shown(&described, &viewer);
    Ok(Page(ListPage {
        start: start.collect(),
        parts: vec![part(Word::Late, counts.late), part(Word::Soon, counts.soon), part(Word::Due, counts.due)],
        rows: found.items.iter().map(|listed| row(&cases, &actor, listed)).collect(),
        next: found.next.map(|next| query.with("after", &next).href()).unwrap_or_default(),
        filters: filters(&query, &kinds),
        shell: shell.titled("办件").as_of(fmt::day(cases.clock.today())),
        query,
    }))
}

fn filters(query: &Query, kinds: &[&pack_reader::model::CaseKind]) -> Vec<Input> {
    let chosen = kinds.iter().find(|kind| kind.key == query.text("kind"));
    let words = [Word::Late, Word::Soon, Word::Due, Word::Open].map(|word| Choice::new(word.key(), word.label()));
    let mut filters = vec![
        Input::of("search", "q", "编号或名称").width("m").value(query.text("q")),
        Input::select(
            "kind",
            "种类",
            kinds.iter().map(|kind| Choice::new(kind.key.as_str(), kind.label.as_str())).collect(),
        )
        .unchosen("全部")
        .width("m")
        .value(query.text("kind")),
        Input::select("due", "期限", words.to_vec()).unchosen("全部").width("s").value(query.text("due")),
        Input::select("mine", "谁来办", vec![Choice::new("1", "我能办的")])
            .unchosen("全部")
            .width("s")
            .value(query.text("mine")),
        Input::select("ended", "是否结束", vec![Choice::new("yes", "已结束"), Choice::new("all", "都要")])
            .unchosen("办理中")
            .width("s")
            .value(query.text("ended")),
    ];
    if let Some(kind) = chosen {
        let states = kind.states.iter().map(|state| Choice::new(state.key.as_str(), state.label.as_str())).collect();
        filters.push(Input::select("state", "状态", states).unchosen("全部").width("m").value(query.text("state")));
    }
    filters
}
