//! Signing in and out.

use super::{HOME, caller};
use crate::guard::{CODE_PAGE, PASSWORD_PAGE, SESSION_COOKIE};
use crate::house::House;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use identity::{Actor, Role, Second, actions};
use std::sync::Arc;
use vocabulary::Violation;
use web::answer::local_path;
use web::cookie::{self, Stay};
use web::pages::LoginPage;
use web::{FormState, Page, Posted, Query, Route, Shell, WebError, see_other};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let login = actions::LOGIN.key;
    vec![
        Route::public(Method::GET, "/login", login, "登录页", get(show).with_state(state())),
        Route::public(Method::POST, "/login", login, "登录", post(sign_in).with_state(state())),
        Route::page(Method::POST, "/logout", actions::LOGOUT.key, "退出", post(sign_out).with_state(state())),
        Route::page(Method::GET, "/home", HOME.key, "自己的工作台", get(home)),
    ]
}

fn page(house: &House, shell: Shell, form: FormState, back: &str) -> LoginPage {
    let demo = house.demo_accounts.iter().map(crate::demo::DemoAccount::printed).collect();
    LoginPage { shell: shell.titled("登录"), form, action: "/login".to_owned(), back: back.to_owned(), demo }
}

async fn show(State(house): State<Arc<House>>, shell: Shell, query: Query) -> Page<LoginPage> {
    Page(page(&house, shell, FormState::default(), local_path(query.get("back").unwrap_or("/home"))))
}

async fn sign_in(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let (account, back) = (posted.text("account").trim().to_owned(), local_path(posted.text("back")).to_owned());
    let caller = caller(&headers);
    let wait = house.throttle.wait(&caller.ip, house.clock.now());
    if wait > 0 {
        return Err(WebError::TooMany(wait));
    }
    match house.identity.login(&account, posted.text("password"), &caller).await {
        Ok(session) => {
            let target = if session.info.second == Second::Awaited {
                CODE_PAGE
            } else if session.info.must_change {
                PASSWORD_PAGE
            } else if back == "/" {
                "/home"
            } else {
                &back
            };
            let mut answer = see_other(target);
            let secure = house.settings.server.secure_cookies();
            if let Some(line) = cookie::write(SESSION_COOKIE, session.token.reveal(), Stay::Session, secure) {
                answer.headers_mut().append(header::SET_COOKIE, line);
            }
            Ok(answer)
        }
        Err(identity::LoginRefusal::Fault(fault)) => Err(WebError::fault(fault)),
        Err(refusal) => {
            house.throttle.count(&caller.ip, house.clock.now());
            let violation = refusal.violation();
            // The page's field is called `account`: that is where the error belongs.
            let shown = Violation { place: "account".to_owned(), ..violation };
            let form = FormState::typed(vec![("account".to_owned(), account)]).with_errors(vec![shown]);
            Ok(Page(page(&house, shell, form, &back)).invalid())
        }
    }
}

async fn sign_out(State(house): State<Arc<House>>, headers: HeaderMap, _posted: Posted) -> Result<Response, WebError> {
    if let Some(token) = cookie::read(&headers, SESSION_COOKIE) {
        house.identity.logout(token).await.map_err(WebError::fault)?;
    }
    let mut answer = see_other("/login");
    if let Some(line) = cookie::write(SESSION_COOKIE, "", Stay::Gone, house.settings.server.secure_cookies()) {
        answer.headers_mut().append(header::SET_COOKIE, line);
    }
    Ok(answer.into_response())
}

/// The first page of each desk.
#[must_use]
pub(super) const fn first_page(role: Role) -> &'static str {
    match role {
        Role::Leader => "/leader",
        Role::Officer => "/indicators",
        Role::Clerk => "/reports",
        Role::Institution => "/work",
        Role::FieldWorker => "/field",
        Role::SystemAdmin => "/admin/system",
        Role::SecurityAdmin => "/admin/accounts",
        Role::AuditAdmin => "/admin/audit",
    }
}

async fn home(Extension(actor): Extension<Actor>) -> Response {
    see_other(first_page(actor.role))
}
