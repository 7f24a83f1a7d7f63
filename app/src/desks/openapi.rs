//! The OpenAPI 3.1 document, made from the register descriptions and the services' own pieces.

use super::OPEN;
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use records::Registry;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use web::Route;

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    vec![Route::public(Method::GET, "/openapi.json", OPEN.key, "接口说明", get(show).with_state(Arc::clone(house)))]
}

/// The document of one place's interface: its own registers are part of it.
#[must_use]
pub fn document(registry: &Registry, place: &str) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "朝夕 Zhaoxi",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "一老一小服务系统的接口。凭登录后的会话使用；只能读写账号所在区划内的数据。",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "paths": {},
        "components": {"schemas": {}}
    });
    let paths = |paths: Value| json!({"paths": paths});
    for piece in [
        records::openapi(registry, place),
        notices::pages::openapi(),
        cases::openapi(),
        super::divisions::openapi(),
        paths(monitoring::pages::api::openapi_paths()),
        paths(monitoring::undertakings::api::openapi_paths()),
    ] {
        merge(&mut document, piece);
    }
    document
}

/// Puts the members of one object into another, all the way down.
fn merge(into: &mut Value, piece: Value) {
    match (into, piece) {
        (Value::Object(into), Value::Object(piece)) => {
            for (key, value) in piece {
                merge(into.entry(key).or_insert(Value::Object(Map::new())), value);
            }
        }
        (into, piece) => *into = piece,
    }
}

async fn show(State(house): State<Arc<House>>) -> Json<Value> {
    let place = house.plans.places().first().map(|(place, _)| place.clone()).unwrap_or_default();
    Json(document(&house.registry, &place))
}
