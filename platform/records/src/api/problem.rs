//! The two problems of optimistic concurrency, which pages solve in their own way.

use super::json::record;
use crate::masking::View;
use crate::record::Record;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use vocabulary::Register;

fn problem(status: StatusCode, body: Value) -> Response {
    let mut answer = (status, Json(body)).into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    answer
}

/// 428: a change must say which version it was made for.
pub(crate) fn no_version() -> Response {
    let status = StatusCode::PRECONDITION_REQUIRED;
    problem(
        status,
        json!({
            "type": "urn:zhaoxi:error:record.version_required", "title": "没有说明修改的是哪一版",
            "status": status.as_u16(), "code": "record.version_required",
            "detail": "请先读取这条登记，把返回的 ETag 放在 If-Match 里再提交。",
        }),
    )
}

/// 412: somebody changed it since; the present version comes along.
pub(crate) fn stale(register: &Register, present: &Record) -> Response {
    let status = StatusCode::PRECONDITION_FAILED;
    problem(
        status,
        json!({
            "type": "urn:zhaoxi:error:record.stale", "title": "没有保存：别人先改了",
            "status": status.as_u16(), "code": "record.stale",
            "detail": "请对照 present 里现在的内容，核对后用它的版本号再提交。",
            "present": record(register, present, View::One),
        }),
    )
}
