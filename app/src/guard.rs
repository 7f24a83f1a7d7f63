//! Looks at every request before its handler: who asks, whether their role allows it, what stands around
//! the page. Where they may do it (the region) is asked by every handler of its own data.

use crate::chrome;
use crate::house::House;
use axum::http::request::Parts;
use futures::future::BoxFuture;
use identity::{Action, Actor, Second, SessionInfo, Who};
use std::collections::HashMap;
use std::sync::Arc;
use vocabulary::Clock as _;
use web::{Guard, Kind, RouteAction, WebError, cookie};

/// The cookie that carries a session's token.
pub const SESSION_COOKIE: &str = "zhaoxi_session";
/// Where a password that must be changed is changed.
pub const PASSWORD_PAGE: &str = "/account/password";
/// Where the code of a second factor is shown.
pub const CODE_PAGE: &str = "/login/code";
/// Where a second factor is set up.
pub const SECOND_PAGE: &str = "/account/second";

/// What must be done before anything else opens: the code first, so that a stolen password changes nothing; then a password of
/// one's own; then a second factor where the account must have one.
fn first(info: &SessionInfo, path: &str) -> Option<WebError> {
    if info.second == Second::Awaited {
        return (path != CODE_PAGE).then(|| WebError::SecondFactor(CODE_PAGE.to_owned()));
    }
    if info.must_change {
        return (path != PASSWORD_PAGE).then(|| WebError::ChangePassword(PASSWORD_PAGE.to_owned()));
    }
    let setting_up = path == SECOND_PAGE || path.starts_with("/account/second/");
    (info.second == Second::Missing && !setting_up).then(|| WebError::SecondFactor(SECOND_PAGE.to_owned()))
}

/// The guard of all routes.
pub struct Gate {
    house: Arc<House>,
    actions: HashMap<&'static str, Action>,
}

impl Gate {
    /// A guard that knows all actions.
    #[must_use]
    pub fn new(house: Arc<House>, actions: &[&Action]) -> Self {
        let actions = actions.iter().map(|action| (action.key, **action)).collect();
        Self { house, actions }
    }

    async fn session(&self, parts: &Parts) -> Result<Option<(Actor, SessionInfo)>, WebError> {
        let Some(token) = cookie::read(&parts.headers, SESSION_COOKIE) else { return Ok(None) };
        self.house.identity.resolve(token).await.map_err(WebError::fault)
    }

    async fn look(&self, route: RouteAction, parts: &mut Parts) -> Result<(), WebError> {
        let action = self.actions.get(route.action).copied();
        let action = action.ok_or_else(|| WebError::fault(format!("no action {}", route.action)))?;
        let session = self.session(parts).await?;
        let Some((actor, info)) = session else {
            if action.who == Who::Public {
                parts.extensions.insert(chrome::public(&self.house, None));
                return Ok(());
            }
            let here = parts.uri.path_and_query().map_or("/", |text| text.as_str());
            return Err(WebError::SignIn(here.to_owned()));
        };
        // By the clock on the wall: the house's own may stand still on a day of a demonstration.
        let (caller, now) = (actor.account.to_string(), vocabulary::SystemClock.now());
        let wait = self.house.requests.wait(&caller, now);
        if wait > 0 {
            return Err(WebError::TooMany(wait));
        }
        self.house.requests.count(&caller, now);
        let leaving = action.who == Who::Public || action.key == identity::actions::LOGOUT.key;
        let first = first(&info, parts.uri.path()).filter(|_| !leaving);
        if let Some(first) = first {
            return Err(first);
        }
        if !actor.may(&action) {
            let refusal = identity::Refusal::forbidden(action.label);
            return Err(WebError::Forbidden(refusal.to_string()));
        }
        let chrome = match route.kind {
            Kind::Api => web::Chrome::default(),
            // Before the second factor is shown nothing of the desk is.
            _ if info.second != Second::Done => chrome::at_the_door(&self.house, &actor),
            _ => chrome::of(&self.house, &actor).await,
        };
        parts.extensions.insert(chrome);
        parts.extensions.insert(info);
        parts.extensions.insert(actor);
        Ok(())
    }
}

impl Guard for Gate {
    fn check<'a>(&'a self, action: RouteAction, parts: &'a mut Parts) -> BoxFuture<'a, Result<(), WebError>> {
        Box::pin(self.look(action, parts))
    }
}
