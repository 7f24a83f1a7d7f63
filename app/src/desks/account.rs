//! One's own account: the password, and where one is signed in.

use crate::guard::PASSWORD_PAGE;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use identity::{Actor, Refusal, SessionInfo, actions};
use std::sync::Arc;
use vocabulary::clock::china_local;
use web::{Flash, FormState, Input, Page, Posted, Route, Samples, Shell, WebError, see_other};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let change = actions::PASSWORD_CHANGE.key;
    vec![
        Route::page(Method::GET, "/account", change, "我的账号", get(account).with_state(state())),
        Route::page(Method::GET, PASSWORD_PAGE, change, "修改密码", get(password)),
        Route::page(Method::POST, PASSWORD_PAGE, change, "保存新密码", axum::routing::post(save).with_state(state())),
    ]
}

#[derive(Debug, Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    login: String,
    role: &'static str,
    second: String,
    sessions: Vec<OwnSession>,
}

/// Where one is signed in.
#[derive(Debug)]
struct OwnSession {
    id: String,
    time: String,
    ip: String,
    /// Whether it is the present one.
    here: bool,
}

impl Samples for AccountPage {
    fn samples() -> Vec<Self> {
        vec![Self {
            shell: Shell::default().titled("我的账号"),
            login: "yz-minzheng".to_owned(),
            role: "部门经办",
            second: "没有开启".to_owned(),
            sessions: [true, false]
                .map(|here| OwnSession {
                    id: uuid::Uuid::nil().to_string(),
                    time: "2025年9月30日 09:00".to_owned(),
                    ip: "127.0.0.1".to_owned(),
                    here,
                })
                .into(),
        }]
    }
}

async fn account(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    shell: Shell,
) -> Result<Page<AccountPage>, WebError> {
    let sessions = house.identity.sessions(&actor, actor.account).await?;
    let second = house.identity.second_state(&actor).await?;
    let shown = |session: &SessionInfo| OwnSession {
        id: session.id.to_string(),
        time: china_local(session.created_at).format("%Y年%-m月%-d日 %H:%M").to_string(),
        ip: session.ip.clone(),
        here: session.id == info.id,
    };
    Ok(Page(AccountPage {
        shell: shell.titled("我的账号"),
        login: actor.login.clone(),
        role: actor.role.label(),
        second: match second.since {
            Some(since) => format!("已开启（{}起）", china_local(since).format("%Y年%-m月%-d日")),
            None => "没有开启".to_owned(),
        },
        sessions: sessions.iter().map(shown).collect(),
    }))
}

#[derive(Debug, Template)]
#[template(path = "password.html")]
struct PasswordPage {
    shell: Shell,
    form: FormState,
    must_change: bool,
}

impl PasswordPage {
    fn present(&self) -> Input {
        self.field("present", "现在的密码", "current-password")
    }

    fn wanted(&self) -> Input {
        self.field("wanted", "新密码", "new-password").hint("至少 10 个字，不要用姓名、生日或连续的数字")
    }

    fn repeated(&self) -> Input {
        self.field("repeated", "再输一次新密码", "new-password")
    }

    /// Passwords are never sent back to the page, only what was wrong with them.
    fn field(&self, name: &'static str, label: &str, autocomplete: &'static str) -> Input {
        let errors = self.form.error(name).cloned().into_iter().collect();
        Input::of("password", name, label).autocomplete(autocomplete).filled(&FormState::default().with_errors(errors))
    }
}

impl Samples for PasswordPage {
    fn samples() -> Vec<Self> {
        let shell = || Shell::default().titled("修改密码");
        vec![
            Self { shell: shell(), form: FormState::default(), must_change: true },
            Self { shell: shell(), form: FormState::default().with_errors(vec![differs()]), must_change: false },
        ]
    }
}

async fn password(Extension(info): Extension<SessionInfo>, shell: Shell) -> Page<PasswordPage> {
    Page(PasswordPage {
        shell: shell.titled("修改密码"), form: FormState::default(), must_change: info.must_change
    })
}

fn differs() -> vocabulary::Violation {
    vocabulary::Violation::new("account.repeat", "repeated", "两次输入的新密码不一样", "请把新密码再输一次")
}

async fn save(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    headers: HeaderMap,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let again = |errors| {
        let page = PasswordPage {
            shell: shell.clone().titled("修改密码"),
            form: FormState::default().with_errors(errors),
            must_change: info.must_change,
        };
        Ok(Page(page).invalid())
    };
    if posted.text("wanted") != posted.text("repeated") {
        return again(vec![differs()]);
    }
    let caller = super::caller(&headers);
    let changed =
        house.identity.change_password(&actor, &info, posted.text("present"), posted.text("wanted"), &caller).await;
    match changed {
        Ok(()) => Ok((Flash::done("密码已修改，其他设备上的登录已退出"), see_other("/home")).into_response()),
        Err(Refusal::Invalid(errors)) => again(errors),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert!(web::samples::render_all::<super::AccountPage>().unwrap() > 0);
        assert!(web::samples::render_all::<super::PasswordPage>().unwrap() > 0);
    }
}
