//! The three administrators' desks, kept apart: accounts (security), the audit trail (audit), the system.

use super::{AUDIT, SYSTEM, told};
use crate::house::House;
use crate::self_check::{self, Verified};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use identity::{AccountFilter, Actor, NewAccount, NewPassword, Refusal, Role, Seat, actions};
use std::sync::Arc;
use storage::args;
use uuid::Uuid;
use vocabulary::Violation;
use vocabulary::clock::china_local;
use web::{Choice, Flash, FormState, Input, Page, Posted, Query, Route, Samples, Shell, WebError, see_other};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let (read, create) = (actions::ACCOUNT_READ.key, actions::ACCOUNT_CREATE.key);
    vec![
        Route::page(Method::GET, "/admin/accounts", read, "账号", get(accounts).with_state(state())),
        Route::page(Method::GET, "/admin/accounts/new", create, "新建账号", get(new_account).with_state(state())),
        Route::page(Method::POST, "/admin/accounts/new", create, "保存账号", post(create_account).with_state(state())),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/disable",
            actions::ACCOUNT_DISABLE.key,
            "停用账号",
            post(disable).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/enable",
            actions::ACCOUNT_ENABLE.key,
            "启用账号",
            post(enable).with_state(state()),
        ),
        Route::page(Method::GET, "/admin/audit", AUDIT.key, "审计记录", get(audit).with_state(state())),
        Route::page(Method::POST, "/admin/audit/verify", AUDIT.key, "校验审计链", post(verify).with_state(state())),
        Route::page(Method::GET, "/admin/system", SYSTEM.key, "系统状态", get(system).with_state(state())),
    ]
}

#[derive(Debug)]
struct AccountRow {
    id: String,
    login: String,
    name: String,
    role: &'static str,
    region: String,
    state: &'static str,
    active: bool,
    last_login: String,
}

#[derive(Debug, Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    shell: Shell,
    rows: Vec<AccountRow>,
}

impl Samples for AccountsPage {
    fn samples() -> Vec<Self> {
        let row = |active, login: &str| AccountRow {
            id: Uuid::nil().to_string(),
            login: login.to_owned(),
            name: "周敏".to_owned(),
            role: "部门经办",
            region: "扬州市".to_owned(),
            state: if active { "正常" } else { "已停用" },
            active,
            last_login: String::new(),
        };
        vec![Self { shell: Shell::default().titled("账号"), rows: vec![row(true, "zhou"), row(false, "li")] }]
    }
}

pub(super) fn region_name(house: &House, code: Option<&str>) -> String {
    let Some(code) = code else { return "全部".to_owned() };
    house.regions().region(code, house.clock.today()).map_or_else(|| code.to_owned(), |region| region.name.clone())
}

async fn accounts(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
) -> Result<Page<AccountsPage>, WebError> {
    let found = house.identity.accounts(&actor, &AccountFilter::default()).await?;
    let rows = found.iter().map(|account| AccountRow {
        id: account.id.to_string(),
        login: account.login.clone(),
        name: account.name.clone(),
        role: account.role.label(),
        region: region_name(&house, account.seat.code()),
        state: account.state.label(),
        active: account.state == identity::State::Active,
        last_login: account
            .last_login_at
            .map(|at| china_local(at).format("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default(),
    });
    Ok(Page(AccountsPage { rows: rows.collect(), shell: shell.titled("账号") }))
}

#[derive(Debug, Template)]
#[template(path = "account_new.html")]
struct NewAccountPage {
    shell: Shell,
    form: FormState,
    /// Login and one-time password of the account just made: shown once.
    made: Option<(String, String)>,
}

impl NewAccountPage {
    fn inputs(&self) -> Vec<Input> {
        let roles = Role::ALL.iter().map(|role| Choice::new(role.key(), role.label())).collect();
        vec![
            Input::line("login", "登录名").hint("字母开头，可含数字、点、短横").filled(&self.form),
            Input::line("name", "姓名").filled(&self.form),
            Input::select("role", "岗位", roles).unchosen("请选择").filled(&self.form),
            Input::line("region", "所在区划代码").hint("12 位代码；系统、安全、审计管理员不填").filled(&self.form),
            Input::line("department", "部门代码")
                .hint("方案包里的部门 key，例如 mzj；不属于部门的不填")
                .filled(&self.form),
        ]
    }
}

impl Samples for NewAccountPage {
    fn samples() -> Vec<Self> {
        let page = |form, made| Self { shell: Shell::default().titled("新建账号"), form, made };
        let wrong = FormState::default().with_errors(vec![Violation::new("x", "login", "登录名已被使用", "请换一个")]);
        vec![
            page(FormState::default(), None),
            page(wrong, None),
            page(FormState::default(), Some(("zhou".into(), "x".into()))),
        ]
    }
}

async fn new_account(shell: Shell) -> Page<NewAccountPage> {
    Page(NewAccountPage { shell: shell.titled("新建账号"), form: FormState::default(), made: None })
}

/// Where an account works, from what was typed.
///
/// # Errors
/// When the region is unknown.
pub fn seat(house: &House, region: &str, department: &str) -> Result<Seat, Violation> {
    if region.trim().is_empty() {
        return Ok(Seat::server());
    }
    let unknown =
        || Violation::new("account.region", "region", format!("没有区划“{region}”"), "请写方案包里的 12 位区划代码");
    let code = vocabulary::RegionCode::parse(region).map_err(|_| unknown())?;
    let regions = house.regions();
    let found = regions.region(code.as_str(), house.clock.today()).ok_or_else(unknown)?;
    let department = Some(department.trim()).filter(|text| !text.is_empty());
    Ok(Seat::new(found.path.clone(), &found.district, department))
}

async fn create_account(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let again = |errors| {
        let form = posted.form().with_errors(errors);
        Ok(Page(NewAccountPage { shell: shell.clone().titled("新建账号"), form, made: None }).invalid())
    };
    let Some(role) = Role::from_key(posted.text("role")) else {
        return again(vec![Violation::new("account.role", "role", "没有选择岗位", "请选择岗位")]);
    };
    let seat = match seat(&house, posted.text("region"), posted.text("department")) {
        Ok(seat) => seat,
        Err(violation) => return again(vec![violation]),
    };
    let new = NewAccount {
        login: posted.text("login").trim().to_owned(),
        name: posted.text("name").trim().to_owned(),
        role,
        seat,
        password: NewPassword::OneTime,
    };
    match house.identity.create_account(&actor, &new).await {
        Ok(created) => {
            let password = created.one_time.map(|secret| secret.reveal().to_owned()).unwrap_or_default();
            let page = NewAccountPage {
                shell: shell.titled("账号已建好"),
                form: FormState::default(),
                made: Some((created.account.login, password)),
            };
            Ok(Page(page).into_response())
        }
        Err(Refusal::Invalid(errors)) => again(errors),
        Err(other) => Err(other.into()),
    }
}

async fn disable(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, WebError> {
    let reason = match posted.text("reason").trim() {
        "" => "由安全管理员停用",
        given => given,
    };
    house.identity.disable(&actor, id, reason).await?;
    Ok((Flash::done("账号已停用，正在登录的设备已退出"), see_other("/admin/accounts")).into_response())
}

async fn enable(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    _posted: Posted,
) -> Result<Response, WebError> {
    house.identity.enable(&actor, id).await?;
    Ok((Flash::done("账号已启用"), see_other("/admin/accounts")).into_response())
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
            Input::line("words", "内容里有").hint("例如 emergency（紧急查看）、id_number（证件号）").value(self.query.text("words")),
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

/// Entries on one page.
const AUDIT_ROWS: i64 = 50;
/// Places of a broken chain on one page; the command line lists all.
const BREAKS_SHOWN: usize = 20;

async fn audit(State(house): State<Arc<House>>, shell: Shell, query: Query) -> Result<Page<AuditPage>, WebError> {
    Ok(Page(audit_page(&house, shell, query).await?))
}

async fn audit_page(house: &House, shell: Shell, query: Query) -> Result<AuditPage, WebError> {
    let before = query.get("before").unwrap_or("9999");
    let rows = house
        .db
        .all(
            "SELECT at, chain, seq, actor, action, subject, detail FROM audit_entry \
             WHERE at < $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR subject = $3) AND ($4 = '' OR action = $4) \
             AND ($5 = '' OR detail LIKE $6 ESCAPE '!') ORDER BY at DESC, chain, seq DESC LIMIT $7",
            args![
                before,
                query.text("actor"),
                query.text("subject"),
                query.text("action"),
                query.text("words"),
                holding(query.text("words")),
                AUDIT_ROWS
            ],
        )
        .await
        .map_err(WebError::fault)?;
    let mut shown = Vec::with_capacity(rows.len());
    let mut oldest = String::new();
    for row in &rows {
        let at: chrono::DateTime<chrono::Utc> = row.get("at").map_err(WebError::fault)?;
        oldest = row.get("at").map_err(WebError::fault)?;
        shown.push(AuditRow {
            at: china_local(at).format("%Y-%m-%d %H:%M:%S").to_string(),
            chain: row.get("chain").map_err(WebError::fault)?,
            seq: row.get("seq").map_err(WebError::fault)?,
            actor: row.get("actor").map_err(WebError::fault)?,
            action: told::action(&row.get::<String>("action").map_err(WebError::fault)?),
            subject: told::subject(&row.get::<String>("subject").map_err(WebError::fault)?),
            detail: told::detail(&row.get::<String>("detail").map_err(WebError::fault)?),
        });
    }
    let older = if rows.len() as i64 == AUDIT_ROWS { query.with("before", &oldest).href() } else { String::new() };
    Ok(AuditPage { shell: shell.titled("审计记录"), rows: shown, query, older, breaks: Vec::new(), more_breaks: 0 })
}

/// What can be asked for: every action that writes something down, by its name.
fn audited() -> Vec<Choice> {
    let mut all: Vec<(&str, &str)> =
        crate::wiring::actions().into_iter().map(|action| (action.label, action.key)).chain(told::deeds()).collect();
    all.sort_unstable();
    all.into_iter().map(|(label, key)| Choice::new(key, label)).collect()
}

/// A pattern for a text anywhere.
fn holding(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
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

#[derive(Debug, Template)]
#[template(path = "system.html")]
struct SystemPage {
    shell: Shell,
    facts: Vec<(String, String)>,
    settings: String,
}

impl Samples for SystemPage {
    fn samples() -> Vec<Self> {
        vec![Self {
            shell: Shell::default().titled("系统状态"),
            facts: vec![("版本".to_owned(), "0.1.0".to_owned())],
            settings: "server.port 8080".to_owned(),
        }]
    }
}

async fn system(State(house): State<Arc<House>>, shell: Shell) -> Result<Page<SystemPage>, WebError> {
    let facts = crate::cli::doctor::facts(&house).await.map_err(WebError::fault)?;
    Ok(Page(SystemPage { shell: shell.titled("系统状态"), facts, settings: house.settings.describe() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        for rendered in [
            web::samples::render_all::<AccountsPage>(),
            web::samples::render_all::<NewAccountPage>(),
            web::samples::render_all::<AuditPage>(),
            web::samples::render_all::<SystemPage>(),
        ] {
            assert!(rendered.unwrap() > 0);
        }
    }
}
