//! `/healthz` and `/metrics`: for those who watch the server. Beside the routes of people: no session, no pages.

use crate::house::House;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use storage::args;

/// What `/metrics` prints. One recorder a process.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The process's recorder, installed at the first call.
    ///
    /// # Errors
    /// When another recorder was installed before.
    pub fn install() -> anyhow::Result<Self> {
        static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
        if let Some(handle) = INSTALLED.get() {
            return Ok(Self(handle.clone()));
        }
        let handle = PrometheusBuilder::new().install_recorder()?;
        Ok(Self(INSTALLED.get_or_init(|| handle).clone()))
    }

    /// The routes.
    pub fn router(self, house: &Arc<House>) -> Router {
        let text = move || {
            let text = self.0.render();
            async move { text }
        };
        Router::new().route("/healthz", get(health).with_state(Arc::clone(house))).route("/metrics", get(text))
    }
}

/// How long the database may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// 200 when the database answers, 503 when it does not.
async fn health(State(house): State<Arc<House>>) -> impl IntoResponse {
    let asked = tokio::time::timeout(PATIENCE, house.db.one("SELECT 1 AS alive", args![])).await;
    let answered =
        asked.map_err(|_| "no answer in time".to_owned()).and_then(|row| row.map_err(|error| error.to_string()));
    match answered {
        Ok(_) => (StatusCode::OK, Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))),
        Err(error) => {
            tracing::error!(error, "the database does not answer");
            let body = json!({"status": "unavailable", "what": "the database does not answer"});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}
