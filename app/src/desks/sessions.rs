//! An account as its administrator sees it: where it is signed in, its lock, its password, its second factor, the institution it
//! speaks for. And ending one's own sessions.

use super::seats::region_name;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use identity::{Account, Actor, NewPassword, Refusal, Represents, Role, SessionInfo, actions};
use records::{Filter, Query, Test};
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::Violation;
use vocabulary::clock::china_local;
use web::{Flash, FormState, Input, Page, Posted, Route, Samples, Shell, WebError, see_other};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let own = actions::SESSION_END_OWN.key;
    vec![
        Route::page(
            Method::POST,
            "/account/sessions/others/end",
            own,
            "退出自己的其他登录",
            post(end_others).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/account/sessions/{id}/end",
            own,
            "退出自己的一处登录",
            post(end_own).with_state(state()),
        ),
        Route::page(
            Method::GET,
            "/admin/accounts/{id}",
            actions::ACCOUNT_READ.key,
            "一个账号",
            get(show).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/sessions/{session}/end",
            actions::SESSION_END.key,
            "结束别人的一处登录",
            post(end).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/unlock",
            actions::ACCOUNT_UNLOCK.key,
            "解除锁定",
            post(unlock).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/password",
            actions::PASSWORD_SET.key,
            "重置密码",
            post(password).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/second",
            actions::SECOND_RESET.key,
            "重置两步登录",
            post(second).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/admin/accounts/{id}/represents",
            actions::ACCOUNT_REPRESENT.key,
            "指定账号代表的机构",
            post(represent).with_state(state()),
        ),
    ]
}

async fn end_own(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    _posted: Posted,
) -> Result<Response, WebError> {
    // Somebody else's session is not found here, whatever the role may do elsewhere.
    let own = house.identity.sessions(&actor, actor.account).await?;
    if !own.iter().any(|session| session.id == id) {
        return Err(WebError::not_found("这次登录"));
    }
    house.identity.end_session(&actor, id).await?;
    Ok((Flash::done("这处登录已退出"), see_other("/account")).into_response())
}

async fn end_others(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let ended = house.identity.end_others(&actor, &info).await?;
    Ok((Flash::done(format!("其他 {ended} 处登录已退出")), see_other("/account")).into_response())
}

/// A session as an administrator sees it.
#[derive(Debug)]
struct SessionRow {
    id: String,
    began: String,
    seen: String,
    ip: String,
}

#[derive(Debug, Template)]
#[template(path = "account_of.html")]
struct AccountOfPage {
    shell: Shell,
    id: String,
    /// Label and value of what is known about it.
    facts: Vec<(&'static str, String)>,
    sessions: Vec<SessionRow>,
    /// Whether it is locked.
    locked: bool,
    /// Whether it has a second factor.
    second: bool,
    /// Whether the reader may act, and not only look.
    acts: bool,
    /// The institution it speaks for; `None` where the role speaks for none.
    represents: Option<String>,
    form: FormState,
    /// A one-time password that was just made: shown once.
    password: Option<String>,
}

impl AccountOfPage {
    fn institution(&self) -> Input {
        Input::line("institution", "机构名称或统一社会信用代码")
            .hint("与机构设施登记簿里写的一样，要在账号的区划内")
            .width("l")
            .filled(&self.form)
    }
}

impl Samples for AccountOfPage {
    fn samples() -> Vec<Self> {
        let page = |acts, represents: Option<&str>, password: Option<&str>| Self {
            shell: Shell::default().titled("账号 zhou"),
            id: Uuid::nil().to_string(),
            facts: vec![("姓名", "周敏".to_owned()), ("岗位", "机构管理".to_owned())],
            sessions: vec![SessionRow {
                id: Uuid::nil().to_string(),
                began: "2025-09-30 09:00".to_owned(),
                seen: "2025-09-30 09:10".to_owned(),
                ip: "192.0.2.7".to_owned(),
            }],
            locked: acts,
            second: acts,
            acts,
            represents: represents.map(str::to_owned),
            form: FormState::default(),
            password: password.map(str::to_owned),
        };
        vec![page(false, None, None), page(true, Some(""), None), page(true, Some("安宜颐养院"), Some("abcd-efgh"))]
    }
}

fn minute(at: chrono::DateTime<chrono::Utc>) -> String {
    china_local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// The name of the institution that an account speaks for; empty when none is chosen.
async fn spoken_for(house: &House, account: &Account) -> Result<String, WebError> {
    let Some(own) = identity::represents(&house.db, account.id).await.map_err(WebError::fault)? else {
        return Ok(String::new());
    };
    let Some(register) = house.registry.get(&account.seat.place, &own.register) else { return Ok(String::new()) };
    let found = records::get(&house.db, &register, &account.seat.region, own.record).await.map_err(WebError::fault)?;
    Ok(found.map_or_else(|| "已移出登记簿的机构".to_owned(), |record| record.title(&register)))
}

async fn page_of(house: &House, actor: &Actor, shell: Shell, id: Uuid) -> Result<AccountOfPage, WebError> {
    let account = house.identity.account(actor, id).await?;
    let second = house.identity.second_state_for(actor, id).await?;
    let locked = account.locked_until.filter(|until| *until > house.clock.now());
    let sessions = house.identity.sessions(actor, id).await?;
    let rows = sessions.iter().map(|session| SessionRow {
        id: session.id.to_string(),
        began: minute(session.created_at),
        seen: minute(session.last_seen_at),
        ip: session.ip.clone(),
    });
    let told = match (second.since, second.required) {
        (Some(since), _) => format!("已开启（{}起），剩 {} 个恢复码", minute(since), second.recovery_left),
        (None, true) => "还没有设置；下次登录时必须设置".to_owned(),
        (None, false) => "没有开启".to_owned(),
    };
    let mut facts = vec![
        ("姓名", account.name.clone()),
        ("岗位", account.role.label().to_owned()),
        ("区划", region_name(house, account.seat.code())),
        ("状态", account.state.label().to_owned()),
        ("两步登录", told),
        ("最近登录", account.last_login_at.map_or_else(|| "—".to_owned(), minute)),
        ("密码设置于", minute(account.password_changed_at)),
        ("建立", format!("{}，{}", minute(account.created_at), account.created_by)),
    ];
    facts.extend(locked.map(|until| ("锁定到", minute(until))));
    let represents = if account.role == Role::Institution { Some(spoken_for(house, &account).await?) } else { None };
    Ok(AccountOfPage {
        shell: shell.titled(format!("账号 {}", account.login)).under(vec![web::Link::new("/admin/accounts", "账号")]),
        id: id.to_string(),
        facts,
        sessions: rows.collect(),
        locked: locked.is_some(),
        second: second.since.is_some() || second.begun,
        acts: actor.may(&actions::SESSION_END) && actor.account != id,
        represents,
        form: FormState::default(),
        password: None,
    })
}

async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Page<AccountOfPage>, WebError> {
    Ok(Page(page_of(&house, &actor, shell, id).await?))
}

fn back(id: Uuid, said: &str) -> Response {
    (Flash::done(said), see_other(&format!("/admin/accounts/{id}"))).into_response()
}

async fn end(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path((id, session)): Path<(Uuid, Uuid)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    house.identity.end_session(&actor, session).await?;
    Ok(back(id, "这处登录已结束"))
}

async fn unlock(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    _posted: Posted,
) -> Result<Response, WebError> {
    house.identity.unlock(&actor, id).await?;
    Ok(back(id, "锁定已解除"))
}

async fn password(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    shell: Shell,
    _posted: Posted,
) -> Result<Response, WebError> {
    let made = house.identity.set_password(&actor, id, &NewPassword::OneTime).await?;
    let mut page = page_of(&house, &actor, shell, id).await?;
    page.password = made.map(|secret| secret.reveal().to_owned());
    Ok(Page(page).into_response())
}

async fn second(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    _posted: Posted,
) -> Result<Response, WebError> {
    house.identity.reset_second(&actor, id).await?;
    Ok(back(id, "两步登录已重置，这个账号的登录已全部退出"))
}

async fn represent(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let account = house.identity.account(&actor, id).await?;
    let chosen = match institution(&house, &account, posted.text("institution").trim()).await? {
        Ok(record) => {
            let represents = Represents { register: facilities::KEY.to_owned(), record: record.id };
            house.identity.represent(&actor, id, &represents, &record.region_path).await
        }
        Err(problem) => Err(Refusal::Invalid(vec![problem])),
    };
    match chosen {
        Ok(()) => Ok(back(id, "代表的机构已保存")),
        Err(Refusal::Invalid(errors)) => {
            let errors = errors.into_iter().map(|problem| Violation { place: "institution".to_owned(), ..problem });
            let mut page = page_of(&house, &actor, shell, id).await?;
            page.form = posted.form().with_errors(errors.collect());
            Ok(Page(page).invalid())
        }
        Err(other) => Err(other.into()),
    }
}

/// The institution in an account's region that bears a name or a code.
async fn institution(
    house: &House,
    account: &Account,
    text: &str,
) -> Result<Result<records::Record, Violation>, WebError> {
    let wrong = |message: String| Violation::new("account.institution", "institution", message, "请与登记簿核对后再填");
    let Some(register) = house.registry.get(&account.seat.place, facilities::KEY).filter(|_| !text.is_empty()) else {
        return Ok(Err(wrong("请填写机构".to_owned())));
    };
    let upper = text.to_uppercase();
    for (field, text) in [("credit_code", upper.as_str()), ("name", text)] {
        let filters = vec![Filter::new(field, Test::Equals(text.to_owned()))];
        let query = Query { filters, limit: 2, ..Query::within(&account.seat.region) };
        let mut found = records::list(&house.db, &register, &query).await.map_err(WebError::fault)?.rows;
        match (found.pop(), found.pop()) {
            (Some(one), None) => return Ok(Ok(one)),
            (Some(_), Some(_)) => {
                return Ok(Err(wrong(format!("区划内有几家机构叫“{text}”，请改填统一社会信用代码"))));
            }
            _ => {}
        }
    }
    Ok(Err(wrong(format!("账号的区划内没有机构“{text}”"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<AccountOfPage>(), Ok(3));
    }
}
