//! The audit trail, for the audit administrator.

use super::{AUDIT, SYSTEM, told};
use crate::house::House;
use crate::self_check::{self, Verified};
use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::sync::Arc;
use storage::args;
use vocabulary::clock::china_local;
use web::{Choice, Flash, Input, Page, Posted, Query, Route, Samples, Shell, WebError, see_other};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    vec![
        Route::page(Method::GET, "/admin/audit", AUDIT.key, "审计记录", get(audit).with_state(state())),
        Route::page(Method::POST, "/admin/audit/verify", AUDIT.key, "校验审计链", post(verify).with_state(state())),
        Route::page(Method::GET, "/admin/system", SYSTEM.key, "系统状态", get(super::system::show).with_state(state())),
    ]
}

#[derive(Debug)]
struct AuditRow {
    at: String,
    chain: String,
    seq: i64,
    actor: String,
    action: String,
    subject: String,
    detail: Vec<(String, String)>,
}

#[derive(Debug, Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    rows: Vec<AuditRow>,
    query: Query,
    older: String,
    /// What a verification found, one line a place; empty when none was asked for or all is well.
    breaks: Vec<String>,
    /// How many more places there are.
    more_breaks: usize,
}

impl AuditPage {
    fn inputs(&self) -> Vec<Input> {
        vec![
            Input::line("actor", "账号").value(self.query.text("actor")),
            Input::select("action", "动作", audited()).unchosen("全部").value(self.query.text("action")),
            Input::line("subject", "对象").hint("例如 person:…、report:…").value(self.query.text("subject")),
            Input::of("date", "from", "从哪天").value(self.query.text("from")).width("s"),
            Input::of("date", "to", "到哪天").value(self.query.text("to")).width("s"),
            Input::line("words", "内容里有")
                .hint("例如 emergency（紧急查看）、id_number（证件号）")
                .value(self.query.text("words")),
        ]
    }
}

impl Samples for AuditPage {
    fn samples() -> Vec<Self> {
        let row = AuditRow {
            at: "2025-09-30 09:00:00".to_owned(),
            chain: "321000000000".to_owned(),
            seq: 1,
            actor: "zhou".to_owned(),
            action: "登记和修改".to_owned(),
            subject: "人员 1".to_owned(),
            detail: vec![("栏目".to_owned(), "name".to_owned())],
        };
        vec![Self {
            shell: Shell::default().titled("审计记录"),
            rows: vec![row],
            query: Query::parse("/admin/audit", ""),
            older: String::new(),
            breaks: vec!["链 321000000000 第 7 条：内容在写下以后被改动，或是后来插入的".to_owned()],
            more_breaks: 2,
        }]
    }
}

/// China's hours ahead of UTC.
const CHINA_HOURS: i64 = 8;
/// Entries on one page.
const AUDIT_ROWS: i64 = 50;
/// Places of a broken chain on one page; the command line lists all.
const BREAKS_SHOWN: usize = 20;

async fn audit(State(house): State<Arc<House>>, shell: Shell, query: Query) -> Result<Page<AuditPage>, WebError> {
    Ok(Page(audit_page(&house, shell, query).await?))
}

/// Where the page before ended: moment, chain and number of its last entry.
fn cursor(text: &str) -> Option<(String, String, i64)> {
    let mut parts = text.split('|');
    let (at, chain, seq) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    Some((at.to_owned(), chain.to_owned(), seq))
}

/// The first moment of a day in China, as the trail writes moments; `None` for anything else.
fn day_begins(text: &str, later: i64) -> Option<String> {
    let day: chrono::NaiveDate = text.parse().ok()?;
    let midnight = day.checked_add_signed(chrono::Duration::days(later))?.and_time(chrono::NaiveTime::MIN).and_utc();
    Some(storage::moment_text(midnight - chrono::Duration::hours(CHINA_HOURS)))
}

async fn audit_page(house: &House, shell: Shell, query: Query) -> Result<AuditPage, WebError> {
    let (at, chain, seq) = cursor(query.text("before")).unwrap_or(("9999".to_owned(), String::new(), 0));
    let from = day_begins(query.text("from"), 0).unwrap_or_default();
    let to = day_begins(query.text("to"), 1).unwrap_or_else(|| "9999".to_owned());
    let rows = house
        .db
        .all(
            "SELECT at, chain, seq, actor, action, subject, detail FROM audit_entry \
             WHERE (at < $1 OR (at = $1 AND (chain > $2 OR (chain = $2 AND seq < $3)))) AND at >= $4 AND at < $5 \
             AND ($6 = '' OR actor = $6) AND ($7 = '' OR subject = $7) AND ($8 = '' OR action = $8) \
             AND ($9 = '' OR detail LIKE $10 ESCAPE '\\') ORDER BY at DESC, chain, seq DESC LIMIT $11",
            args![
                at,
                chain,
                seq,
                from,
                to,
                query.text("actor"),
                query.text("subject"),
                query.text("action"),
                query.text("words"),
                storage::Dialect::anywhere(query.text("words")),
                AUDIT_ROWS
            ],
        )
        .await
        .map_err(WebError::fault)?;
    let mut shown = Vec::with_capacity(rows.len());
    let mut last = String::new();
    for row in &rows {
        let text = |name: &str| row.get::<String>(name).map_err(WebError::fault);
        let at: chrono::DateTime<chrono::Utc> = row.get("at").map_err(WebError::fault)?;
        let (chain, seq): (String, i64) = (text("chain")?, row.get("seq").map_err(WebError::fault)?);
        last = format!("{}|{chain}|{seq}", text("at")?);
        shown.push(AuditRow {
            at: china_local(at).format("%Y-%m-%d %H:%M:%S").to_string(),
            chain,
            seq,
            actor: text("actor")?,
            action: told::action(&text("action")?),
            subject: told::subject(&text("subject")?),
            detail: told::detail(&text("subject")?, &text("detail")?),
        });
    }
    let older = if rows.len() as i64 == AUDIT_ROWS { query.with("before", &last).href() } else { String::new() };
    Ok(AuditPage { shell: shell.titled("审计记录"), rows: shown, query, older, breaks: Vec::new(), more_breaks: 0 })
}

/// What can be asked for: every action that writes something down, by its name.
fn audited() -> Vec<Choice> {
    let mut all: Vec<(&str, &str)> =
        crate::wiring::actions().into_iter().map(|action| (action.label, action.key)).chain(told::deeds()).collect();
    all.sort_unstable();
    all.into_iter().map(|(label, key)| Choice::new(key, label)).collect()
}

async fn verify(State(house): State<Arc<House>>, shell: Shell, _posted: Posted) -> Result<Response, WebError> {
    let report = facts::verify(&house.db).await.map_err(WebError::fault)?;
    remember(&house, &report).await.map_err(WebError::fault)?;
    if report.breaks.is_empty() {
        let text = format!("已校验 {} 条记录、{} 条链，没有发现改动、缺失或插入", report.entries, report.chains);
        return Ok((Flash::done(text), see_other("/admin/audit")).into_response());
    }
    let mut page = audit_page(&house, shell, Query::parse("/admin/audit", "")).await?;
    let line = |one: &facts::ChainBreak| format!("链 {} 第 {} 条：{}", one.chain, one.seq, one.wrong.label());
    page.breaks = report.breaks.iter().take(BREAKS_SHOWN).map(line).collect();
    page.more_breaks = report.breaks.len() - page.breaks.len();
    Ok(Page(page).into_response())
}

/// Keeps when the trail was verified last, for the self-check.
async fn remember(house: &House, report: &facts::VerifyReport) -> storage::Result<()> {
    let last = Verified { at: house.clock.now(), entries: report.entries, breaks: report.breaks.len() };
    let mut tx = house.db.begin().await?;
    crate::state::put(&mut tx, self_check::VERIFIED, &serde_json::json!(last).to_string()).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert!(web::samples::render_all::<AuditPage>().unwrap() > 0);
    }
}
