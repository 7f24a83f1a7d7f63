//! A field worker's or clerk's day on a phone: which elders with special difficulties were not visited this month, and
//! recording a visit in two taps.

use super::FIELD;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Datelike;
use documents::fmt;
use identity::{Actor, Refusal, Role};
use records::{Draft, Failure, Query as RecordQuery, Record, Test};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;
use web::{Choice, Flash, FormState, Input, Link, Page, Posted, Route, Samples, Shell, WebError, see_other};

/// Key of the declared register that visits are written to.
const VISITS: &str = "monthly_visit";

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    vec![
        Route::page(Method::GET, "/field", FIELD.key, "本月待探访", get(day).with_state(state())),
        Route::page(Method::GET, "/field/visits/{person}", FIELD.key, "登记探访", get(form).with_state(state())),
        Route::page(
            Method::POST,
            "/field/visits/{person}",
            FIELD.key,
            "保存探访",
            axum::routing::post(save).with_state(state()),
        ),
    ]
}

#[derive(Debug)]
struct Elder {
    id: String,
    name: String,
    about: String,
    community: String,
}

#[derive(Debug, Template)]
#[template(path = "field_day.html")]
struct DayPage {
    shell: Shell,
    month: String,
    visited: usize,
    total: usize,
    /// Who was visited today, and how they were.
    today: Vec<(String, String)>,
    left: Vec<Elder>,
    hidden: usize,
}

impl Samples for DayPage {
    fn samples() -> Vec<Self> {
        let elder = Elder {
            id: Uuid::nil().to_string(),
            name: "王秀兰".to_owned(),
            about: "独居".to_owned(),
            community: "国定路社区".to_owned(),
        };
        let page = |left, hidden| Self {
            today: vec![("李桂英".to_owned(), "正常".to_owned())],
            shell: Shell::default().titled("本月探访"),
            month: "2025年9月".to_owned(),
            visited: 3,
            total: 4,
            left,
            hidden,
        };
        vec![page(vec![elder], 2), page(Vec::new(), 0)]
    }
}

/// Elders on one screen of the list.
const ELDERS_SHOWN: usize = 40;

fn text(record: &Record, key: &str) -> String {
    record.value(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// Everyone a query finds, page after page.
async fn all(house: &House, place: &str, key: &str, mut query: RecordQuery) -> Result<Vec<Record>, WebError> {
    let register = house.registry.get(place, key).ok_or_else(|| WebError::not_found("这个登记簿"))?;
    let mut found = Vec::new();
    query.limit = records::MAX_LIMIT;
    loop {
        let page = records::list(&house.db, &register, &query).await.map_err(WebError::fault)?;
        found.extend(page.rows);
        query.after = page.next;
        if query.after.is_none() {
            return Ok(found);
        }
    }
}

/// How a month's visits stand.
pub(crate) struct Visits {
    /// Elders with special difficulties.
    elders: Vec<Record>,
    /// The visits of the month, whoever made them.
    made: Vec<Record>,
}

impl Visits {
    /// Those of this month in an actor's region.
    pub(crate) async fn of(house: &House, actor: &Actor) -> Result<Self, WebError> {
        let today = house.clock.today();
        let first = today.with_day(1).unwrap_or(today);
        let within = || RecordQuery::within(&actor.region);
        let elders = within()
            .filter("special_difficulty", Test::Equals("true".to_owned()))
            .filter("death_date", Test::Missing(true));
        let made = within().filter("visited_on", Test::From(first.to_string()));
        let elders = all(house, &actor.place, people::KEY, elders).await?;
        Ok(Self { elders, made: all(house, &actor.place, VISITS, made).await? })
    }

    /// Who was not visited yet. Nobody seen is nobody visited.
    pub(crate) fn left(&self) -> Vec<&Record> {
        let seen = self.made.iter().filter(|visit| text(visit, "outcome") != "未见到人");
        let seen: HashSet<String> = seen.map(|visit| text(visit, "person")).collect();
        self.elders.iter().filter(|elder| !seen.contains(&elder.id.to_string())).collect()
    }

    /// Who was visited on a day, by name, and how they were.
    fn on(&self, day: chrono::NaiveDate) -> Vec<(String, String)> {
        let of_day = self.made.iter().filter(|visit| text(visit, "visited_on") == day.to_string());
        let told = of_day.filter_map(|visit| {
            let person = text(visit, "person");
            let elder = self.elders.iter().find(|elder| elder.id.to_string() == person)?;
            Some((text(elder, "name"), text(visit, "outcome")))
        });
        told.collect()
    }
}

/// Writes a visit of today. The field worker's desk writes this one register and nothing else of it, so what registers
/// ask of who keeps them is lent here.
pub(crate) async fn visit(
    house: &House,
    actor: &Actor,
    elder: &Record,
    answers: [(&str, &str); 3],
) -> Result<Record, Failure> {
    let draft = Draft { region: Some(elder.region.clone()), ..Draft::default() }
        .with("person", &elder.id.to_string())
        .with("visited_on", &house.clock.today().to_string())
        .with("visitor", &actor.name);
    let draft = answers.iter().fold(draft, |draft, (key, text)| draft.with(key, text));
    let keeper = Actor { role: Role::Clerk, ..actor.clone() };
    house.records.create(&keeper, VISITS, &draft).await
}

async fn day(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
) -> Result<Page<DayPage>, WebError> {
    let today = house.clock.today();
    let visits = Visits::of(&house, &actor).await?;
    let (total, left) = (visits.elders.len(), visits.left());
    let regions = house.regions();
    let community = |code: &str| regions.region(code, today).map(|region| region.name.clone()).unwrap_or_default();
    let shown = left.iter().take(ELDERS_SHOWN).map(|elder| Elder {
        id: elder.id.to_string(),
        name: text(elder, "name"),
        about: [text(elder, "living"), text(elder, "ability")]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("，"),
        community: community(&elder.region),
    });
    Ok(Page(DayPage {
        month: fmt::month(today),
        visited: total - left.len(),
        total,
        today: visits.on(today),
        left: shown.collect(),
        hidden: left.len().saturating_sub(ELDERS_SHOWN),
        shell: shell.titled("本月探访").as_of(fmt::day(today)),
    }))
}

#[derive(Debug, Template)]
#[template(path = "field_visit.html")]
struct VisitPage {
    shell: Shell,
    person: String,
    name: String,
    address: String,
    phone: String,
    form: FormState,
}

impl VisitPage {
    fn of(elder: &Record, form: FormState, shell: Shell) -> Self {
        Self {
            shell: shell.titled("登记探访").under(vec![Link::new("/field", "今日探访")]),
            person: elder.id.to_string(),
            name: text(elder, "name"),
            address: text(elder, "address"),
            phone: text(elder, "phone"),
            form,
        }
    }

    fn inputs(&self) -> Vec<Input> {
        let choices = |words: &[&str]| words.iter().map(|word| Choice::new(*word, *word)).collect::<Vec<_>>();
        vec![
            Input::radios("mode", "怎么看望的", choices(&["入户", "电话", "视频"])).filled(&self.form),
            Input::radios("outcome", "情况", choices(&["正常", "需跟进", "未见到人"])).filled(&self.form),
            Input::lines("remark", "说明（选填）").filled(&self.form),
        ]
    }
}

impl Samples for VisitPage {
    fn samples() -> Vec<Self> {
        vec![Self {
            shell: Shell::default().titled("登记探访"),
            person: Uuid::nil().to_string(),
            name: "王秀兰".to_owned(),
            address: "国定路 1 弄 2 号".to_owned(),
            phone: "13800138000".to_owned(),
            form: FormState::default(),
        }]
    }
}

async fn elder(house: &House, actor: &Actor, id: Uuid) -> Result<Record, WebError> {
    let register = house.registry.get(&actor.place, people::KEY).ok_or_else(|| WebError::not_found("人员登记簿"))?;
    let found = records::get(&house.db, &register, &actor.region, id).await.map_err(WebError::fault)?;
    found.ok_or_else(|| WebError::not_found("这位老人"))
}

async fn form(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(person): Path<Uuid>,
    shell: Shell,
) -> Result<Page<VisitPage>, WebError> {
    let elder = elder(&house, &actor, person).await?;
    Ok(Page(VisitPage::of(&elder, FormState::default(), shell)))
}

async fn save(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(person): Path<Uuid>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let elder = elder(&house, &actor, person).await?;
    let answers = ["mode", "outcome", "remark"].map(|key| (key, posted.text(key)));
    match visit(&house, &actor, &elder, answers).await {
        Ok(_) => {
            Ok((Flash::done(format!("已登记对{}的探访", text(&elder, "name"))), see_other("/field")).into_response())
        }
        Err(Failure::Refused(Refusal::Invalid(errors))) => {
            Ok(Page(VisitPage::of(&elder, posted.form().with_errors(errors), shell)).invalid())
        }
        Err(Failure::Refused(refusal)) => Err(refusal.into()),
        Err(Failure::Stale(_)) => Err(WebError::Conflict("这条记录刚被别人改过，请刷新".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert!(web::samples::render_all::<DayPage>().unwrap() > 0);
        assert!(web::samples::render_all::<VisitPage>().unwrap() > 0);
    }
}
