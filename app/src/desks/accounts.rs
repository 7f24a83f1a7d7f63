//! Accounts, for the security administrator: the list, a new one, and a change of name, role or seat.

use super::seats;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use identity::{AccountFilter, Actor, Change, NewAccount, NewPassword, Refusal, Role, actions};
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::Violation;
use vocabulary::clock::china_local;
use web::{Choice, Flash, FormState, Input, Link, Page, Posted, Query, Route, Samples, Shell, WebError, see_other};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let (read, create) = (actions::ACCOUNT_READ.key, actions::ACCOUNT_CREATE.key);
    let (alter, off, on) = (actions::ACCOUNT_CHANGE.key, actions::ACCOUNT_DISABLE.key, actions::ACCOUNT_ENABLE.key);
    let one = |tail: &str| format!("/admin/accounts/{{id}}/{tail}");
    vec![
        Route::page(Method::GET, "/admin/accounts", read, "账号", get(accounts).with_state(state())),
        Route::page(Method::GET, "/admin/accounts/new", create, "新建账号", get(blank).with_state(state())),
        Route::page(Method::POST, "/admin/accounts/new", create, "保存账号", post(make).with_state(state())),
        Route::page(Method::GET, one("change"), alter, "修改账号", get(filled).with_state(state())),
        Route::page(Method::POST, one("change"), alter, "保存账号的修改", post(change).with_state(state())),
        Route::page(Method::POST, one("disable"), off, "停用账号", post(disable).with_state(state())),
        Route::page(Method::POST, one("enable"), on, "启用账号", post(enable).with_state(state())),
    ]
}

#[derive(Debug)]
struct AccountRow {
    id: String,
    login: String,
    name: String,
    role: &'static str,
    region: String,
    department: String,
    state: &'static str,
    active: bool,
    last_login: String,
}

#[derive(Debug, Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    shell: Shell,
    rows: Vec<AccountRow>,
    query: Query,
    /// The next page; "" when there is none.
    more: String,
}

impl AccountsPage {
    fn inputs(&self) -> Vec<Input> {
        vec![
            Input::of("search", "q", "登录名或姓名").value(self.query.text("q")),
            Input::select("role", "岗位", roles()).unchosen("全部").value(self.query.text("role")),
        ]
    }
}

impl Samples for AccountsPage {
    fn samples() -> Vec<Self> {
        let row = |active, login: &str| AccountRow {
            id: Uuid::nil().to_string(),
            login: login.to_owned(),
            name: "周敏".to_owned(),
            role: "部门经办",
            region: "扬州市".to_owned(),
            department: "市民政局".to_owned(),
            state: if active { "正常" } else { "已停用" },
            active,
            last_login: String::new(),
        };
        let page = |rows, more: &str| Self {
            shell: Shell::default().titled("账号"),
            rows,
            query: Query::parse("/admin/accounts", ""),
            more: more.to_owned(),
        };
        vec![page(vec![row(true, "zhou"), row(false, "li")], "/admin/accounts?after=zhou"), page(Vec::new(), "")]
    }
}

fn roles() -> Vec<Choice> {
    Role::ALL.iter().map(|role| Choice::new(role.key(), role.label())).collect()
}

async fn accounts(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<AccountsPage>, WebError> {
    let filter = AccountFilter {
        role: Role::from_key(query.text("role")),
        text: query.text("q").to_owned(),
        after: query.get("after").map(str::to_owned),
        ..AccountFilter::default()
    };
    let found = house.identity.accounts(&actor, &filter).await?;
    let more = match found.last() {
        Some(last) if u32::try_from(found.len()).is_ok_and(|found| found >= identity::ACCOUNTS_PAGE) => {
            query.with("after", &last.login).href()
        }
        _ => String::new(),
    };
    let rows = found.iter().map(|account| AccountRow {
        id: account.id.to_string(),
        login: account.login.clone(),
        name: account.name.clone(),
        role: account.role.label(),
        region: seats::region_name(&house, account.seat.code()),
        department: seats::department_name(&house, &account.seat),
        state: account.state.label(),
        active: account.state == identity::State::Active,
        last_login: account
            .last_login_at
            .map(|at| china_local(at).format("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default(),
    });
    Ok(Page(AccountsPage { rows: rows.collect(), shell: shell.titled("账号"), query, more }))
}

#[derive(Debug, Template)]
#[template(path = "account_form.html")]
struct AccountFormPage {
    shell: Shell,
    form: FormState,
    /// Departments to choose from.
    departments: Vec<Choice>,
    /// The account that is changed; "" for a new one.
    id: String,
    /// Login and one-time password of the account just made: shown once.
    made: Option<(String, String)>,
}

impl AccountFormPage {
    fn inputs(&self) -> Vec<Input> {
        let mut all = Vec::new();
        if self.id.is_empty() {
            all.push(Input::line("login", "登录名").hint("字母开头，可含数字、点、短横").filled(&self.form));
        }
        all.push(Input::line("name", "姓名").filled(&self.form));
        all.push(Input::select("role", "岗位", roles()).unchosen("请选择").filled(&self.form));
        all.extend(seats::inputs(&self.departments, &self.form));
        all
    }
}

impl Samples for AccountFormPage {
    fn samples() -> Vec<Self> {
        let page = |id: &str, form, made| Self {
            shell: Shell::default().titled("新建账号"),
            form,
            departments: vec![Choice::new("321000000000/mzj", "市民政局")],
            id: id.to_owned(),
            made,
        };
        let wrong = FormState::default().with_errors(vec![Violation::new("x", "name", "请填写姓名", "写真实姓名")]);
        vec![
            page("", FormState::default(), None),
            page(&Uuid::nil().to_string(), wrong, None),
            page("", FormState::default(), Some(("zhou".into(), "x".into()))),
        ]
    }
}

fn form_page(house: &House, shell: Shell, id: Option<Uuid>, form: FormState) -> AccountFormPage {
    let title = if id.is_some() { "修改账号" } else { "新建账号" };
    AccountFormPage {
        shell: shell.titled(title).under(vec![Link::new("/admin/accounts", "账号")]),
        form,
        departments: seats::departments(house),
        id: id.map(|id| id.to_string()).unwrap_or_default(),
        made: None,
    }
}

async fn blank(State(house): State<Arc<House>>, shell: Shell) -> Page<AccountFormPage> {
    Page(form_page(&house, shell, None, FormState::default()))
}

/// Role and seat as typed, or everything that is wrong with them.
fn typed(house: &House, posted: &Posted) -> Result<(Role, identity::Seat), Vec<Violation>> {
    let role = Role::from_key(posted.text("role"));
    let seat = seats::seat(house, posted.text("region"), posted.text("department"));
    match (role, seat) {
        (Some(role), Ok(seat)) => Ok((role, seat)),
        (role, seat) => {
            let mut wrong = Vec::new();
            if role.is_none() {
                wrong.push(Violation::new("account.role", "role", "没有选择岗位", "请选择岗位"));
            }
            wrong.extend(seat.err().unwrap_or_default());
            Err(wrong)
        }
    }
}

async fn make(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let again = |errors, shell: Shell| {
        let form = posted.form().with_errors(errors);
        Ok(Page(form_page(&house, shell, None, form)).invalid())
    };
    let (role, seat) = match typed(&house, &posted) {
        Ok(typed) => typed,
        Err(wrong) => return again(wrong, shell),
    };
    let (login, name) = (posted.text("login").to_owned(), posted.text("name").to_owned());
    let new = NewAccount { login, name, role, seat, password: NewPassword::OneTime };
    match house.identity.create_account(&actor, &new).await {
        Ok(created) => {
            let password = created.one_time.map(|secret| secret.reveal().to_owned()).unwrap_or_default();
            let mut page = form_page(&house, shell, None, FormState::default());
            page.shell = page.shell.titled("账号已建好");
            page.made = Some((created.account.login, password));
            Ok(Page(page).into_response())
        }
        Err(Refusal::Invalid(errors)) => again(errors, shell),
        Err(other) => Err(other.into()),
    }
}

async fn filled(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Page<AccountFormPage>, WebError> {
    let account = house.identity.account(&actor, id).await?;
    let seat = &account.seat;
    let region = seat.code().map(|code| house.regions().full_name(code, house.clock.today())).unwrap_or_default();
    let values = [
        ("name", account.name.clone()),
        ("role", account.role.key().to_owned()),
        ("region", region),
        ("department", seats::department_value(seat)),
    ];
    let form = FormState::typed(values.map(|(name, text)| (name.to_owned(), text)).to_vec());
    Ok(Page(form_page(&house, shell, Some(id), form)))
}

async fn change(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let changed = match typed(&house, &posted) {
        Ok((role, seat)) => {
            let change = Change { name: Some(posted.text("name").to_owned()), role: Some(role), seat: Some(seat) };
            house.identity.change_account(&actor, id, &change).await
        }
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(_) => {
            let said = "账号已修改，从下一次操作起按新的岗位和区划";
            Ok((Flash::done(said), see_other(&format!("/admin/accounts/{id}"))).into_response())
        }
        Err(Refusal::Invalid(errors)) => {
            let form = posted.form().with_errors(errors);
            Ok(Page(form_page(&house, shell, Some(id), form)).invalid())
        }
        Err(other) => Err(other.into()),
    }
}

async fn disable(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, WebError> {
    let reason = match posted.text("reason") {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<AccountsPage>(), Ok(2));
        assert_eq!(web::samples::render_all::<AccountFormPage>(), Ok(3));
    }
}
