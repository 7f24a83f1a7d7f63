//! Questions about cases. Every one is asked by somebody and answered with what they may see.

use crate::decide::{Viewer, Waits, acts, moves, states_of, went_on};
use crate::due::{Due, Word, standing};
use crate::model::{Case, Paper, Step, Units};
use crate::{Cases, Described, store};
use chrono::NaiveDate;
use identity::{Actor, Refusal, Role};
use pack_reader::model::{CaseAbout, CaseKind, CaseUnit, CaseWho};
use std::sync::Arc;
use storage::{Db, Dialect, Row, StorageError, Value, args};
use uuid::Uuid;

/// Cases on a page.
pub(crate) const PAGE: usize = 50;

/// Which cases are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this kind.
    pub kind: String,
    /// In this state.
    pub state: String,
    /// Standing so.
    pub word: Option<Word>,
    /// Only those that have not ended (`true`), or have (`false`).
    pub open: Option<bool>,
    /// Only those that wait for the asker.
    pub mine: bool,
    /// Only those whose kind is about something of the plan (`true`), or is not (`false`).
    pub plan: Option<bool>,
    /// Number or title contains this.
    pub text: String,
    /// After this one: deadline and id, as [`Found::next`] gave them.
    pub after: Option<String>,
}

/// One case of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The case.
    pub case: Case,
    /// What of the plan its kind is about.
    pub about: Option<CaseAbout>,
    /// The word of its kind.
    pub kind: String,
    /// The word of its state.
    pub state: String,
    /// How it stands.
    pub due: Due,
}

/// A page of cases, the most urgent first.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The cases.
    pub items: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// How many stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Over their deadline.
    pub late: u64,
    /// Near it.
    pub soon: u64,
    /// In time, or without a deadline.
    pub due: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> u64 {
        self.late + self.soon + self.due
    }
}

/// A case as its page shows it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// What the place says of cases.
    pub described: Arc<Described>,
    /// Its kind.
    pub kind: CaseKind,
    /// The case.
    pub case: Case,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// How it stands.
    pub due: Due,
    /// Keys of the moves that the asker may make now.
    pub moves: Vec<String>,
    /// Whether the case waits for the asker: they may bring it on, not only take it back.
    pub acts: bool,
    /// Who asks.
    pub viewer: Viewer,
}

impl Whole {
    /// Whether the asker may take a paper back.
    #[must_use]
    pub fn takes_back(&self, paper: &Paper) -> bool {
        let own = paper.added_by == self.viewer.actor.login;
        own && self.acts && !went_on(&self.kind, &self.case, &self.steps, paper)
    }
}

struct Sql {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Sql {
    fn mark(&mut self, mut value: Vec<Value>) -> String {
        self.values.append(&mut value);
        format!("${}", self.values.len())
    }

    fn add(&mut self, before: &str, value: Vec<Value>) {
        let mark = self.mark(value);
        self.conditions.push(format!("{before} {mark}"));
    }

    fn text(&self) -> String {
        self.conditions.join(" AND ")
    }
}

/// Cases of a place that have not ended, by kind and state: for what holds of all of them, told without naming any.
///
/// # Errors
/// When the database refuses.
pub async fn open_by_state(db: &Db, place: &str) -> Result<Vec<(String, String, u64)>, StorageError> {
    let sql = "SELECT kind, state, COUNT(*) FROM casefile WHERE place = $1 AND closed_at IS NULL GROUP BY kind, state \
               ORDER BY kind, state";
    let rows = db.all(sql, args![place]).await?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?, row.at::<i64>(2)?.unsigned_abs()))).collect()
}

impl Cases {
    /// A page of cases.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, actor: &Actor, wanted: &Wanted) -> Result<Found, Refusal> {
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        let Some(mut sql) = seen(&described, &viewer, wanted.mine, self.db.dialect()) else {
            return Ok(Found::default());
        };
        self.narrow(&mut sql, wanted);
        if let Some((due, id)) = wanted.after.as_deref().and_then(|text| text.split_once('.')) {
            let (first, again, last) = (sql.mark(args![due]), sql.mark(args![due]), sql.mark(args![id]));
            sql.conditions.push(format!("(due_on > {first} OR (due_on = {again} AND id > {last}))"));
        }
        let text =
            format!("SELECT {} FROM casefile WHERE {} ORDER BY due_on, id LIMIT {}", store::CASE, sql.text(), PAGE + 1);
        let rows = self.db.all(&text, sql.values).await?;
        let cases: Vec<Case> =
            rows.iter().take(PAGE).map(|row| store::case(self.db.keys(), row)).collect::<Result<_, _>>()?;
        let last = if rows.len() > PAGE { cases.last() } else { None };
        let next = last.map(|case| format!("{}.{}", store::day_text(case.due_on), case.id));
        let today = self.clock.today();
        let items = cases.into_iter().map(|case| listed(&described, case, today)).collect();
        Ok(Found { items, next })
    }

    /// How many open cases stand how; `mine`: of those that the asker may move now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn counts(&self, actor: &Actor, wanted: &Wanted) -> Result<Counts, Refusal> {
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        let Some(mut sql) = seen(&described, &viewer, wanted.mine, self.db.dialect()) else {
            return Ok(Counts::default());
        };
        self.narrow(&mut sql, &Wanted { word: None, open: Some(true), ..wanted.clone() });
        let today = sql.mark(args![self.clock.today()]);
        let text = format!(
            "SELECT standing, COUNT(*) FROM (SELECT CASE WHEN due_on < {today} THEN 'late' WHEN soon_on <= {today} \
             THEN 'soon' ELSE 'due' END AS standing FROM casefile WHERE {}) AS stood GROUP BY standing",
            sql.text()
        );
        let mut counts = Counts::default();
        for row in self.db.all(&text, sql.values).await? {
            let (word, count): (String, i64) = (row.at(0)?, row.at(1)?);
            let count = u64::try_from(count).unwrap_or(0);
            match word.as_str() {
                "late" => counts.late = count,
                "soon" => counts.soon = count,
                _ => counts.due = count,
            }
        }
        Ok(counts)
    }

    /// A case with everything its page shows.
    ///
    /// # Errors
    /// When there is none, or it is none of theirs.
    pub async fn whole(&self, actor: &Actor, id: Uuid) -> Result<Whole, Refusal> {
        crate::commands::allow(actor, &crate::actions::READ)?;
        let opened = self.open(actor, id).await?;
        let due = standing(&opened.case, self.clock.today(), &opened.described.work_days);
        let able = moves(&opened.kind, &opened.viewer, &opened.case);
        Ok(Whole {
            acts: acts(&opened.kind, &opened.viewer, &opened.case),
            moves: able.into_iter().map(|transition| transition.key.clone()).collect(),
            steps: store::steps(&self.db, id).await?,
            papers: store::papers(&self.db, id).await?,
            due,
            described: opened.described,
            kind: opened.kind,
            case: opened.case,
            viewer: opened.viewer,
        })
    }

    fn narrow(&self, sql: &mut Sql, wanted: &Wanted) {
        if !wanted.kind.is_empty() {
            sql.add("kind =", args![wanted.kind]);
        }
        if !wanted.state.is_empty() {
            sql.add("state =", args![wanted.state]);
        }
        if let Some(plan) = wanted.plan {
            sql.conditions.push(if plan { "about <> ''" } else { "about = ''" }.to_owned());
        }
        let text = without_controls(&wanted.text);
        if !text.is_empty() {
            let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            let mark = sql.mark(args![pattern]);
            let dialect = self.db.dialect();
            sql.conditions.push(format!("({} OR {})", dialect.like("number", &mark), dialect.like("title", &mark)));
        }
        match wanted.open {
            Some(true) => sql.conditions.push("closed_at IS NULL".to_owned()),
            Some(false) => sql.conditions.push("closed_at IS NOT NULL".to_owned()),
            None => {}
        }
        let today = self.clock.today();
        let far = store::NO_DAY;
        let open = "closed_at IS NULL".to_owned();
        match wanted.word {
            Some(Word::Late) => {
                sql.add("due_on <", args![today]);
                sql.conditions.push(open);
            }
            Some(Word::Soon) => {
                sql.add("due_on >=", args![today]);
                sql.add("soon_on <=", args![today]);
                sql.conditions.push(open);
            }
            Some(Word::Due) => {
                sql.add("soon_on >", args![today]);
                sql.add("due_on <", args![far]);
                sql.conditions.push(open);
            }
            Some(Word::Open) => {
                sql.add("due_on =", args![far]);
                sql.conditions.push(open);
            }
            Some(Word::Closed) => sql.conditions.push("closed_at IS NOT NULL".to_owned()),
            None => {}
        }
    }
}

/// What a viewer sees, as conditions; `None` when they see nothing at all.
fn seen(described: &Described, viewer: &Viewer, mine: bool, dialect: Dialect) -> Option<Sql> {
    let actor = &viewer.actor;
    let mut sql = Sql { conditions: Vec::new(), values: Vec::new() };
    sql.add("place =", args![actor.place]);
    let shown = |kind: &CaseKind, state: &str| {
        actor.role != Role::Institution || kind.state(state).is_some_and(|state| !state.hidden_from_party)
    };
    match actor.role {
        Role::Leader | Role::Officer | Role::Clerk => {
            sql.add("region_path >=", args![actor.region]);
            sql.add("region_path <", args![actor.region.upper_bound()]);
        }
        Role::Institution => sql.add("party =", args![viewer.party?]),
        _ => return None,
    }
    let mut choices = Vec::new();
    for kind in &described.kinds {
        let states: Vec<Waits<'_>> = if mine {
            states_of(kind, viewer)
        } else {
            kind.states.iter().map(|state| Waits { state: state.key.as_str(), by: Vec::new() }).collect()
        };
        for waits in states.into_iter().filter(|waits| shown(kind, waits.state)) {
            let (kind, state) = (sql.mark(args![kind.key]), sql.mark(args![waits.state]));
            let whose = whose(&mut sql, dialect, actor, &waits.by);
            choices.push(format!("(kind = {kind} AND state = {state}{whose})"));
        }
    }
    if choices.is_empty() {
        return None;
    }
    sql.conditions.push(format!("({})", choices.join(" OR ")));
    Some(sql)
}

/// Which cases of a state wait for somebody, as a condition; "" for all of them.
fn whose(sql: &mut Sql, dialect: Dialect, actor: &Actor, by: &[&CaseWho]) -> String {
    let mut found = Vec::new();
    for who in by {
        let mut all = Vec::new();
        if who.starter {
            all.push(format!("started_by = {}", sql.mark(args![actor.account])));
        }
        if who.other {
            all.push(format!("started_by <> {}", sql.mark(args![actor.account])));
        }
        let town = who.unit == Some(CaseUnit::Part) && actor.department.is_none() && actor.role == Role::Clerk;
        if let Some(unit) = who.unit.filter(|_| !town) {
            let column = if unit == CaseUnit::Lead { "lead_units" } else { "part_units" };
            let own = actor.department.as_deref().unwrap_or(Units::ANY);
            let named = [own, Units::ANY].map(|key| {
                let pattern = Dialect::anywhere(&format!(" {key} "));
                dialect.like(column, &sql.mark(args![pattern]))
            });
            all.push(format!("({})", named.join(" OR ")));
        }
        if all.is_empty() {
            return String::new();
        }
        found.push(all.join(" AND "));
    }
    found.dedup();
    if found.is_empty() { String::new() } else { format!(" AND (({}))", found.join(") OR (")) }
}

pub(crate) fn listed(described: &Described, case: Case, today: NaiveDate) -> Listed {
    let kind = described.kinds.iter().find(|kind| kind.key == case.kind);
    let state = kind.and_then(|kind| kind.state(&case.state)).map_or(case.state.clone(), |state| state.label.clone());
    let label = kind.map_or(case.kind.clone(), |kind| kind.label.clone());
    let due = standing(&case, today, &described.work_days);
    Listed { about: kind.and_then(|kind| kind.about), kind: label, state, due, case }
}

fn without_controls(text: &str) -> String {
    text.trim().chars().filter(|letter| !letter.is_control()).collect()
}

/// Open cases of every place that are near or over their deadline, for the reminders.
pub(crate) async fn pressing(
    db: &storage::Db,
    today: NaiveDate,
    after: &str,
    limit: u32,
) -> storage::Result<Vec<Case>> {
    let sql = format!(
        "SELECT {} FROM casefile WHERE closed_at IS NULL AND soon_on <= $1 AND id > $2 ORDER BY id LIMIT {limit}",
        store::CASE
    );
    let rows: Vec<Row> = db.all(&sql, args![today, after]).await?;
    rows.iter().map(|row| store::case(db.keys(), row)).collect()
}

/// The kinds that somebody can meet: an institution those that are about an institution.
#[must_use]
pub(crate) fn kinds_shown<'d>(described: &'d Described, viewer: &Viewer) -> Vec<&'d CaseKind> {
    let institution = viewer.actor.role == Role::Institution;
    described.kinds.iter().filter(|kind| !institution || kind.party.is_some()).collect()
}
