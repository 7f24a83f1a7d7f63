//! Every shell and every component with made-up figures, on a loopback port: `cargo run -p web --example gallery -- 8899`.
//! The gate of `ui/tests` runs on it.

mod pages;
mod sample;

use axum::{
    http::{Method, request::Parts},
    routing::{MethodRouter, get, post},
};
use futures::future::BoxFuture;
use std::sync::Arc;
use web::{Chrome, Guard, Route, RouteAction, WebConfig, WebError};

/// Lets everyone in and puts the sample navigation around every page.
struct Open;

impl Guard for Open {
    fn check<'a>(&'a self, _: RouteAction, parts: &'a mut Parts) -> BoxFuture<'a, Result<(), WebError>> {
        Box::pin(async move {
            let chrome: Chrome = sample::chrome(parts.uri.path());
            parts.extensions.insert(chrome);
            Ok(())
        })
    }
}

fn routes() -> Vec<Route> {
    let page = |path: &'static str, summary, router: MethodRouter| {
        Route::page(Method::GET, path, "gallery.read", summary, router)
    };
    vec![
        page("/", "front page", get(pages::front)),
        page("/login", "login", get(pages::login)),
        Route::page(Method::POST, "/login", "gallery.read", "login refused", post(pages::login_refused)),
        Route::page(Method::POST, "/logout", "gallery.read", "sign out", post(pages::logout)),
        page("/accessibility", "accessibility statement", get(pages::accessibility)),
        page("/desk", "dashboard", get(pages::desk)),
        page("/list", "a register's list", get(pages::list)),
        page("/empty", "a list with nothing", get(pages::empty)),
        page("/record", "one record", get(pages::record)),
        page("/form", "a form", get(pages::form)),
        Route::page(Method::POST, "/form", "gallery.read", "a form sent", post(pages::form_sent)),
        page("/import", "preview of an import", get(pages::import)),
        page("/map", "a map with its island", get(pages::map)),
        page("/field", "a phone of someone on their way", get(pages::field)),
        page("/elder", "an elder's home", get(pages::elder)),
        page("/elder/call", "an elder's call for help", get(pages::elder_call)),
        page("/wall", "the big screen", get(pages::wall)),
        page("/paper", "a bulletin", get(pages::paper)),
        page("/errors/{kind}", "errors", get(pages::error)),
    ]
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(8899);
    let routes = web::mount(routes(), Arc::new(Open)).map_err(|twice| format!("{twice:?}"))?;
    let config = WebConfig {
        secret: b"gallery".to_vec(),
        contact: "市民政局养老服务科 0570-0000000".into(),
        ..WebConfig::default()
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}/desk", listener.local_addr()?);
    axum::serve(listener, web::layers(routes, config)).await?;
    Ok(())
}
