//! What the plan says twice, and what it says differently: listed as it stands, never resolved by us.

use super::{shell, tabs};
use crate::define::{final_target, target_text};
use crate::pages::View;
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use documents::fmt;
use identity::Actor;
use pack_reader::Pack;
use pack_reader::model::Indicator;
use web::samples::Samples;
use web::{Link, Page, Query, Shell, Tab, WebError};

/// Contradictions and repeats.
#[derive(Debug, Template)]
#[template(path = "plan_doubts.html")]
pub struct DoubtsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    contradictions: Vec<Doubt>,
    repeats: Vec<Doubt>,
}

/// Two statements of the plan.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) one: Statement,
    /// The other; `None` where the contradiction lies within the row or the facts.
    pub(super) other: Option<Statement>,
    pub(super) note: String,
}

/// One statement.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) link: Link,
    pub(super) target: String,
    pub(super) clause: String,
}

impl Statement {
    fn of(view: &View, key: &str) -> Self {
        let pack = &view.adopted.pack;
        if let Some(indicator) = pack.indicator(key) {
            return Self::indicator(indicator);
        }
        let task = pack.tasks.iter().find(|task| task.key == key).map(|task| ("/tasks", &task.title, &task.source));
        let project = || {
            let found = pack.projects.iter().find(|project| project.key == key);
            found.map(|project| ("/projects", &project.name, &project.source))
        };
        match task.or_else(project) {
            Some((page, name, source)) => Self {
                link: Link::new(format!("{page}/{key}"), name),
                target: String::new(),
                clause: source.clause.clone().unwrap_or_default(),
            },
            None => Self { link: Link::words(key), target: String::new(), clause: String::new() },
        }
    }

    fn indicator(indicator: &Indicator) -> Self {
        let unit = indicator.unit.as_deref().unwrap_or_default();
        let target = final_target(indicator)
            .map_or_else(|| fmt::MISSING.to_owned(), |target| format!("{}{unit}", target_text(target)));
        Self {
            link: Link::new(format!("/indicators/{}", indicator.key), format!("{} {}", indicator.no, indicator.name)),
            target,
            clause: indicator.source.clause.clone().unwrap_or_default(),
        }
    }
}

/// How many different contradictions and repeats a plan has.
pub(super) fn count(pack: &Pack) -> usize {
    let contradictions = pairs(pack, |one| one.contradicts.iter().map(|other| other.with.clone()).collect());
    let repeats = pairs(pack, |one| one.repeats.iter().cloned().map(Some).collect());
    contradictions.len() + repeats.len()
}

/// Pairs of keys, each once, whichever of the two rows names the other.
fn pairs(pack: &Pack, others: impl Fn(&Indicator) -> Vec<Option<String>>) -> Vec<(String, Option<String>, usize)> {
    let mut found: Vec<(String, Option<String>, usize)> = Vec::new();
    for indicator in &pack.indicators {
        for (at, other) in others(indicator).into_iter().enumerate() {
            let told = other.as_ref().is_some_and(|key| {
                found.iter().any(|(one, known, _)| one == key && known.as_ref() == Some(&indicator.key))
            });
            if !told {
                found.push((indicator.key.clone(), other, at));
            }
        }
    }
    found
}

pub(super) fn contradictions(view: &View) -> Vec<Doubt> {
    let pack = &view.adopted.pack;
    let found = pairs(pack, |one| one.contradicts.iter().map(|other| other.with.clone()).collect());
    let note = |key: &str, at: usize| {
        let indicator = pack.indicator(key);
        indicator.and_then(|one| one.contradicts.get(at)).map(|one| one.note.clone()).unwrap_or_default()
    };
    found
        .into_iter()
        .map(|(key, other, at)| Doubt {
            one: Statement::of(view, &key),
            note: note(&key, at),
            other: other.map(|key| Statement::of(view, &key)),
        })
        .collect()
}

pub(super) fn repeats(view: &View) -> Vec<Doubt> {
    let found = pairs(&view.adopted.pack, |one| one.repeats.iter().cloned().map(Some).collect());
    let doubt = |(key, other, _): (String, Option<String>, usize)| Doubt {
        one: Statement::of(view, &key),
        other: other.map(|key| Statement::of(view, &key)),
        note: String::new(),
    };
    found.into_iter().map(doubt).collect()
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<DoubtsPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    Ok(Page(DoubtsPage {
        shell: shell(at, &view, "矛盾和重复"),
        tabs: tabs(&view, "/plan/contradictions"),
        contradictions: contradictions(&view),
        repeats: repeats(&view),
    }))
}

impl Samples for DoubtsPage {
    fn samples() -> Vec<Self> {
        let statement = |no: &str, target: &str| Statement {
            link: Link::new("/indicators/a", format!("{no} 每千人口托位数")),
            target: target.to_owned(),
            clause: "主要指标表 27".to_owned(),
        };
        let doubt = |note: &str, other: bool| Doubt {
            one: statement("27", "4.5个"),
            other: other.then(|| statement("P05", "4.5左右个")),
            note: note.to_owned(),
        };
        let page = |contradictions, repeats| Self {
            shell: crate::pages::samples::shell("矛盾和重复"),
            tabs: super::sample_tabs("/plan/contradictions"),
            contradictions,
            repeats,
        };
        vec![
            page(
                vec![doubt("表为4.5，正文为4.5左右。", true), doubt("背景与指标口径不同。", false)],
                vec![doubt("", true)],
            ),
            page(Vec::new(), Vec::new()),
        ]
    }
}
