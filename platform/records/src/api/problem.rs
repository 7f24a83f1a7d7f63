//! Problems that pages solve in their own way: two editors of one record, somebody who may be there already, a question that
//! means nothing.

use super::json::record;
use crate::masking::View;
use crate::record::Record;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use vocabulary::{Register, Violation};

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

/// 409: somebody who may be the same person is there already; who they are comes along.
pub(crate) fn similar(found: &[Record]) -> Response {
    let status = StatusCode::CONFLICT;
    let ids: Vec<_> = found.iter().map(|person| person.id).collect();
    problem(
        status,
        json!({
            "type": "urn:zhaoxi:error:record.similar", "title": "没有登记：可能已经登记过",
            "status": status.as_u16(), "code": "record.similar",
            "detail": "请逐条核对 similar 里的登记。是同一人的，改为修改那一条；都不是的，把这些编号放在 distinct_from 里再提交。",
            "similar": ids,
        }),
    )
}

/// 400: a list was asked for with names or values that mean nothing; all of them at once.
pub(crate) fn question(wrong: &[Violation]) -> Response {
    let status = StatusCode::BAD_REQUEST;
    problem(
        status,
        json!({
            "type": "urn:zhaoxi:error:record.query", "title": format!("查询参数有 {} 处不对", wrong.len()),
            "status": status.as_u16(), "code": "record.query",
            "detail": "没有查询。请按 violations 里的说明改正，或去掉那些参数。", "violations": wrong,
        }),
    )
}
