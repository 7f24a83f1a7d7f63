//! One line a route: its method and path, the action a person must be allowed, and its handler. The app puts the
//! lines together with [`mount`], which lets the guard look at every request before its handler.

use crate::errors::WebError;
use axum::{
    Extension, Router,
    extract::Request,
    http::{Method, request::Parts},
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::MethodRouter,
};
use futures::future::BoxFuture;
use std::{collections::BTreeSet, convert::Infallible, sync::Arc};
use vocabulary::Violation;

/// What a route answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page for people who are signed in.
    Page,
    /// JSON.
    Api,
    /// Open to everyone.
    Public,
}

impl Kind {
    /// The word in the printed matrix.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Public => "public",
        }
    }
}

/// One route.
#[derive(Debug, Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, in axum's form: `/plans/{id}`.
    pub path: String,
    /// The key of the action (`identity::Action`) that its caller must be allowed.
    pub action: &'static str,
    /// What it answers with.
    pub kind: Kind,
    /// What it is for, in a few words; shown in the API document and the matrix.
    pub summary: &'static str,
    /// The handler with its state: `get(list).with_state(service)`.
    pub router: MethodRouter,
}

impl Route {
    /// A page: `Route::page(Method::GET, "/plans", "plans.read", "方案列表", get(list).with_state(state))`.
    pub fn page(
        method: Method,
        path: impl Into<String>,
        action: &'static str,
        summary: &'static str,
        router: MethodRouter,
    ) -> Self {
        Self { method, path: path.into(), action, kind: Kind::Page, summary, router }
    }

    /// A route of the API.
    pub fn api(
        method: Method,
        path: impl Into<String>,
        action: &'static str,
        summary: &'static str,
        router: MethodRouter,
    ) -> Self {
        Self { kind: Kind::Api, ..Self::page(method, path, action, summary, router) }
    }

    /// A route for everyone.
    pub fn public(
        method: Method,
        path: impl Into<String>,
        action: &'static str,
        summary: &'static str,
        router: MethodRouter,
    ) -> Self {
        Self { kind: Kind::Public, ..Self::page(method, path, action, summary, router) }
    }

    /// What the guard is told about the route.
    #[must_use]
    pub const fn action(&self) -> RouteAction {
        RouteAction { action: self.action, kind: self.kind }
    }
}

/// What a request is about to do; also in the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteAction {
    /// The key of the action.
    pub action: &'static str,
    /// What it answers with.
    pub kind: Kind,
}

/// Who looks at every request before its handler: finds out who asks, and whether they may. Puts what handlers need
/// (the actor, the [`crate::Chrome`] of the page) into the request's extensions.
pub trait Guard: Send + Sync + 'static {
    /// Lets the request pass, or says why not.
    fn check<'a>(&'a self, action: RouteAction, parts: &'a mut Parts) -> BoxFuture<'a, Result<(), WebError>>;
}

/// Puts routes together behind a guard.
///
/// # Errors
/// All routes that are there twice, by method and path.
pub fn mount(routes: Vec<Route>, guard: Arc<dyn Guard>) -> Result<Router, Vec<Violation>> {
    let mut seen = BTreeSet::new();
    let twice: Vec<Violation> = routes
        .iter()
        .filter(|route| !seen.insert((route.path.clone(), route.method.to_string())))
        .map(|route| {
            let place = format!("{} {}", route.method, route.path);
            Violation::new("route.twice", place, "the route is declared twice", "keep one of the two declarations")
        })
        .collect();
    if !twice.is_empty() {
        return Err(twice);
    }
    Ok(routes.into_iter().fold(Router::new(), |all, route| {
        let (action, guard) = (route.action(), Arc::clone(&guard));
        let checked = from_fn(move |request: Request, next: Next| {
            let guard = Arc::clone(&guard);
            async move {
                let (mut parts, body) = request.into_parts();
                match guard.check(action, &mut parts).await {
                    Ok(()) => next.run(Request::from_parts(parts, body)).await,
                    Err(error) => error.into_response(),
                }
            }
        });
        all.route(&route.path, route.router.layer::<_, Infallible>(checked).layer(Extension(action)))
    }))
}
