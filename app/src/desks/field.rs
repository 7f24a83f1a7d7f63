//! A clerk's day on a phone: which elders with special difficulties were not visited this month, and
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
use identity::{Actor, Refusal};
use records::{Draft, Failure, Query as RecordQuery, Record, Test};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;
use web::{Choice, Flash, FormState, Input, Page, Posted, Route, Samples, Shell, WebError, see_other};

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
}

#[derive(Debug, Template)]
#[template(path = "field_day.html")]
struct DayPage {
    shell: Shell,
    month: String,
    visited: usize,
    total: usize,
    left: Vec<Elder>,
    hidden: usize,
}

impl Samples for DayPage {
    fn samples() -> Vec<Self> {
        let elder = Elder { id: Uuid::nil().to_string(), name: "王秀兰".to_owned(), about: "独居".to_owned() };
        let page = |left, hidden| Self {
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

async fn day(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
) -> Result<Page<DayPage>, WebError> {
    let today = house.clock.today();
    let first = today.with_day(1).unwrap_or(today);
    let within = || RecordQuery::within(&actor.region);
    let elders = within()
        .filter("special_difficulty", Test::Equals("true".to_owned()))
        .filter("death_date", Test::Missing(true));
    let elders = all(&house, &actor.place, people::KEY, elders).await?;
    let visits = within().filter("visited_on", Test::From(first.to_string()));
    let visits = all(&house, &actor.place, VISITS, visits).await?;
    // Nobody seen is nobody visited.
    let seen: HashSet<String> =
        visits.iter().filter(|visit| text(visit, "outcome") != "未见到人").map(|visit| text(visit, "person")).collect();
    let total = elders.len();
    let left: Vec<&Record> = elders.iter().filter(|elder| !seen.contains(&elder.id.to_string())).collect();
    let shown = left.iter().take(ELDERS_SHOWN).map(|elder| Elder {
        id: elder.id.to_string(),
        name: text(elder, "name"),
        about: [text(elder, "living"), text(elder, "ability")]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("，"),
    });
    Ok(Page(DayPage {
        month: fmt::month(today),
        visited: total - left.len(),
        total,
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
    form: FormState,
}

impl VisitPage {
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
    Ok(Page(VisitPage {
        shell: shell.titled("登记探访"),
        person: person.to_string(),
        name: text(&elder, "name"),
        form: FormState::default(),
    }))
}

async fn save(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(person): Path<Uuid>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let elder = elder(&house, &actor, person).await?;
    let today = house.clock.today();
    let draft = Draft { region: Some(elder.region.clone()), ..Draft::default() }
        .with("person", &person.to_string())
        .with("visited_on", &today.to_string())
        .with("visitor", &actor.name);
    let draft = ["mode", "outcome", "remark"].iter().fold(draft, |draft, key| draft.with(key, posted.text(key)));
    match house.records.create(&actor, VISITS, &draft).await {
        Ok(_) => {
            Ok((Flash::done(format!("已登记对{}的探访", text(&elder, "name"))), see_other("/field")).into_response())
        }
        Err(Failure::Refused(Refusal::Invalid(errors))) => {
            let page = VisitPage {
                shell: shell.titled("登记探访"),
                person: person.to_string(),
                name: text(&elder, "name"),
                form: posted.form().with_errors(errors),
            };
            Ok(Page(page).invalid())
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
