//! An institution's own desk: its record as the register has it, and its cases.

use super::INSTITUTION;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cases::{Listed, Wanted};
use documents::fmt;
use identity::Actor;
use records::masking::View;
use std::sync::Arc;
use vocabulary::Origin;
use web::{Link, Page, Route, Samples, Shell, Tag, WebError};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let show = get(show).with_state(Arc::clone(house));
    vec![Route::page(Method::GET, "/institution", INSTITUTION.key, "本机构的登记和办件", show)]
}

/// Ended cases shown.
const ENDED: usize = 10;

/// One case of the institution.
#[derive(Debug, Clone)]
struct Row {
    what: Link,
    state: String,
    tag: Tag,
    due: String,
}

#[derive(Debug, Template)]
#[template(path = "institution.html")]
struct InstitutionPage {
    shell: Shell,
    about: String,
    origin: Option<Origin>,
    fields: Vec<(String, String)>,
    start: Vec<Link>,
    /// Those under way.
    cases: Vec<Row>,
    /// Those that have ended.
    ended: Vec<Row>,
}

async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
) -> Result<Response, WebError> {
    let shell = shell.as_of(fmt::day(house.clock.today()));
    let Some(own) = identity::represents(&house.db, actor.account).await.map_err(WebError::fault)? else {
        let message = "您的账号还没有指定代表哪家机构，请联系安全管理员。";
        return Err(WebError::Conflict(message.to_owned()));
    };
    let register = house.records.register(&actor, &own.register)?;
    let record = records::get(&house.db, &register, &actor.region, own.record).await.map_err(WebError::fault)?;
    let record = record.ok_or_else(|| WebError::not_found("本机构的登记"))?;
    let names = house.records.names(&actor.place, &register, std::slice::from_ref(&record)).await;
    let names = names.map_err(WebError::fault)?;
    let filled = register.fields.iter().filter(|field| record.value(&field.key).is_some());
    let fields = filled.map(|field| {
        let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        (format!("{}{unit}", field.label), records::shown(field, &record, &names, View::One))
    });
    let found = house.cases.list(&actor, &Wanted { open: Some(true), ..Wanted::default() }).await?;
    let ended = house.cases.list(&actor, &Wanted { open: Some(false), ..Wanted::default() }).await?;
    let page = InstitutionPage {
        about: format!("登记簿第 {} 版，{}起生效", record.version, fmt::day(record.valid_from)),
        origin: Some(record.origin),
        fields: fields.collect(),
        start: house.cases.startable(&actor).await?,
        cases: found.items.iter().map(row).collect(),
        ended: ended.items.iter().take(ENDED).map(row).collect(),
        shell: shell.titled(record.title(&register)),
    };
    Ok(Page(page).into_response())
}

fn row(listed: &Listed) -> Row {
    Row {
        what: Link::new(format!("/cases/{}", listed.case.id), format!("{} {}", listed.kind, listed.case.number)),
        state: listed.state.clone(),
        tag: listed.due.tag(),
        due: listed.due.sentence(),
    }
}

impl Samples for InstitutionPage {
    fn samples() -> Vec<Self> {
        let row = Row {
            what: Link::new("/cases/019a0000-0000-7000-8000-000000000001", "养老机构备案 321023-2025-00001"),
            state: "待补正".to_owned(),
            tag: Tag::new(web::Tone::Slow, "快到期"),
            due: "2025-10-14 到期，还有 2 个工作日".to_owned(),
        };
        let page = |cases, ended| Self {
            shell: Shell::default().titled("安宜颐养院"),
            about: "登记簿第 2 版".to_owned(),
            origin: Some(Origin::Synthetic),
            fields: vec![("核定床位（张）".to_owned(), "80".to_owned())],
            start: vec![Link::new("/case-kinds/institution_filing/start", "养老机构备案")],
            cases,
            ended,
        };
        vec![page(vec![row.clone()], vec![row]), page(Vec::new(), Vec::new())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<InstitutionPage>(), Ok(2));
    }
}
