//! The state of the installation and the settings that hold.

use crate::house::House;
use askama::Template;
use axum::extract::State;
use settings::Shown;
use std::sync::Arc;
use web::{Page, Samples, Shell, WebError};

/// One setting as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    name: String,
    meaning: &'static str,
    value: String,
    from: String,
}

impl Setting {
    fn of(shown: &Shown) -> Self {
        Self {
            name: shown.setting.clone(),
            meaning: shown.meaning,
            value: shown.value.clone(),
            from: shown.origin.to_string(),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "system.html")]
struct SystemPage {
    shell: Shell,
    facts: Vec<(String, String)>,
    settings: Vec<Setting>,
}

impl Samples for SystemPage {
    fn samples() -> Vec<Self> {
        let setting = |value: &str, from: &str| Setting {
            name: "server.port".to_owned(),
            meaning: "监听的端口",
            value: value.to_owned(),
            from: from.to_owned(),
        };
        vec![Self {
            shell: Shell::default().titled("系统状态"),
            facts: vec![("版本".to_owned(), "0.1.0".to_owned())],
            settings: vec![setting("8080", "默认"), setting("", "zhaoxi demo")],
        }]
    }
}

/// `GET /admin/system`
pub(super) async fn show(
    State(house): State<Arc<House>>,
    shell: Shell,
) -> Result<impl axum::response::IntoResponse, WebError> {
    let facts = crate::cli::doctor::facts(&house).await.map_err(WebError::fault)?;
    let settings = house.settings.shown().iter().map(Setting::of).collect();
    Ok(Page(SystemPage { shell: shell.titled("系统状态"), facts, settings }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<SystemPage>(), Ok(1));
    }
}
