//! What waits, from each service, in one form.

use super::{Entry, GROUPS};
use crate::house::House;
use cases::{Due, Wanted, Word, standing_on};
use chrono::{Datelike as _, NaiveDate};
use identity::{Actor, Refusal, Role};
use monitoring::board::Board;
use monitoring::commands::due_day;
use monitoring::model::{Month, Progress, ProgressState, Supervision};
use monitoring::undertakings::Step;
use monitoring::work::latest_period;
use pack_reader::model::{CaseAbout, Every, Value};
use vocabulary::WorkDays;
use web::Query;

/// The parameter that says how many working days before its end something is called near.
const SOON_DAYS: &str = "work.soon_days";

/// Most cases about the plan that are listed.
const STATED_MAX: usize = 500;

/// Cases: those that wait for one; for a leader also those of the region that are over their deadline or near it.
pub(super) async fn cases(house: &House, actor: &Actor, leads: bool) -> Result<Vec<Entry>, Refusal> {
    let wanted = Wanted { mine: true, open: Some(true), plan: Some(false), ..Wanted::default() };
    let mut listed = house.cases.list(actor, &wanted).await?.items;
    if leads {
        for word in [Word::Late, Word::Soon] {
            let wanted = Wanted { word: Some(word), plan: Some(false), ..Wanted::default() };
            let found = house.cases.list(actor, &wanted).await?.items;
            let known: Vec<uuid::Uuid> = listed.iter().map(|one| one.case.id).collect();
            listed.extend(found.into_iter().filter(|one| !known.contains(&one.case.id)));
        }
    }
    Ok(listed.into_iter().map(|one| entry(actor, one)).collect())
}

/// A case as a line of work: what is stated of the plan stands with the plan's work.
fn entry(actor: &Actor, listed: cases::Listed) -> Entry {
    let mine = match listed.case.assigned_to {
        Some(account) if account == actor.account => "，交给您",
        Some(_) => "，已交给同事",
        None => "",
    };
    Entry {
        href: format!("/cases/{}", listed.case.id),
        todo: format!("{}，{}{mine}", listed.kind, listed.state),
        group: match listed.about {
            None => GROUPS[0],
            Some(CaseAbout::Indicator) => GROUPS[1],
            Some(CaseAbout::Task | CaseAbout::Project) => GROUPS[2],
        },
        what: if listed.case.title.is_empty() { listed.case.number } else { listed.case.title },
        due: listed.due,
    }
}

/// Cases about what stands in the plan that wait for one: values to sign off, progress to confirm, what was sent back.
async fn stated(house: &House, actor: &Actor) -> Result<Vec<Entry>, Refusal> {
    let mut wanted = Wanted { mine: true, open: Some(true), plan: Some(true), ..Wanted::default() };
    let mut entries = Vec::new();
    while entries.len() < STATED_MAX {
        let page = house.cases.list(actor, &wanted).await?;
        entries.extend(page.items.into_iter().map(|one| entry(actor, one)));
        if page.next.is_none() {
            break;
        }
        wanted.after = page.next;
    }
    Ok(entries)
}

/// How days are judged here: the day, the days that are worked, when something is near.
struct Days {
    today: NaiveDate,
    worked: WorkDays,
    soon: i64,
}

impl Days {
    fn of(house: &House, actor: &Actor) -> Result<Self, Refusal> {
        let today = house.clock.today();
        let described = house.cases.described(actor)?;
        let adopted = house.plans.in_force(&actor.place, today);
        let value = adopted.as_ref().and_then(|adopted| adopted.layers().parameter(SOON_DAYS, today));
        let number = value.and_then(|dated| match &dated.value {
            Value::Number(number) => number.to_string().parse().ok(),
            _ => None,
        });
        Ok(Self { today, worked: described.work_days.clone(), soon: number.unwrap_or(0) })
    }

    fn due(&self, on: Option<NaiveDate>) -> Due {
        standing_on(on, self.soon, self.today, &self.worked)
    }
}

/// The plan watched: values to report and to sign off, notices, tasks and projects that one's unit leads.
pub(super) async fn plan(house: &House, actor: &Actor) -> Result<Vec<Entry>, Refusal> {
    if !matches!(actor.role, Role::Leader | Role::Officer | Role::Clerk) {
        return Ok(Vec::new());
    }
    let days = Days::of(house, actor)?;
    let work = house.monitoring.work(actor).await?;
    let own = actor.region.codes().last().unwrap_or_default();
    let board = house.monitoring.board(&actor.place, own, Month::of(days.today), None).await?;
    let name = |key: &str| board.line(key).map_or_else(|| key.to_owned(), |line| line.indicator().name.clone());
    let mut entries = Vec::new();
    for due in &work.to_report {
        let form = Query::parse(&format!("/indicators/{}/report", due.indicator), "");
        entries.push(Entry {
            href: form.with("month", &due.month.to_string()).href(),
            what: name(&due.indicator),
            group: GROUPS[1],
            todo: format!("填报到{}", due.month.label()),
            due: days.due(due.due),
        });
    }
    entries.extend(stated(house, actor).await?);
    let notice = |notice: &Supervision, todo: &str, due| Entry {
        href: format!("/supervision/{}", notice.id),
        what: format!("督办 {}", notice.number),
        group: GROUPS[3],
        todo: todo.to_owned(),
        due,
    };
    entries.extend(work.to_answer.iter().map(|one| notice(one, "待回复", days.due(Some(one.due)))));
    entries.extend(work.to_close.iter().map(|one| notice(one, "已回复，待办结", days.due(None))));
    if actor.role == Role::Officer {
        entries.extend(undertakings(house, actor, &board, &days).await?);
    }
    Ok(entries)
}

/// Tasks and projects that the officer's unit leads: the next dated step, and the progress of the period that nobody stated.
async fn undertakings(house: &House, actor: &Actor, board: &Board, days: &Days) -> Result<Vec<Entry>, Refusal> {
    let Some(department) = &actor.department else { return Ok(Vec::new()) };
    let month = latest_period(Every::Quarter, days.today);
    let first = month.back(2).last_day().with_day(1);
    let due = due_day(board.adopted.layers(), Every::Quarter, month);
    let mut entries = Vec::new();
    let tasks = house.monitoring.tasks(board).await?;
    for line in tasks.iter().filter(|line| line.task().lead.contains(department)) {
        let base = format!("/tasks/{}", line.task().key);
        entries.extend(step(&base, &line.task().title, &line.steps, days));
        if first.is_some_and(|first| unstated(line.latest.as_ref(), first)) {
            entries.push(progress(&base, &line.task().title, month, days.due(due)));
        }
    }
    let projects = house.monitoring.projects(board).await?;
    for line in projects.iter().filter(|line| line.project().lead.contains(department)) {
        let base = format!("/projects/{}", line.project().key);
        entries.extend(step(&base, &line.project().name, &line.steps, days));
        // A project of which nothing was ever stated may not have begun: its page says so.
        if line.latest.is_some() && first.is_some_and(|first| unstated(line.latest.as_ref(), first)) {
            entries.push(progress(&base, &line.project().name, month, days.due(due)));
        }
    }
    Ok(entries)
}

/// Whether nothing was stated since the period began, of something that has not ended.
fn unstated(latest: Option<&Progress>, first: NaiveDate) -> bool {
    latest.is_none_or(|latest| {
        !matches!(latest.state, ProgressState::Done | ProgressState::Dropped) && latest.on_day < first
    })
}

fn step(base: &str, what: &str, steps: &[Step], days: &Days) -> Option<Entry> {
    let next = steps.iter().find(|step| step.done_on.is_none())?;
    let due = days.due(Some(next.due));
    // What is far off is no work yet.
    (due.word != Word::Due).then(|| Entry {
        href: base.to_owned(),
        what: what.to_owned(),
        group: GROUPS[2],
        todo: format!("节点：{}", next.text),
        due,
    })
}

fn progress(base: &str, what: &str, month: Month, due: Due) -> Entry {
    Entry {
        href: base.to_owned(),
        what: what.to_owned(),
        group: GROUPS[2],
        todo: format!("填报到{}的进展", month.label()),
        due,
    }
}
