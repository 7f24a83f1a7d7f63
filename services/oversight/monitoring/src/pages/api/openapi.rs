//! The `paths` of the API document that the routes beside this file answer.

use serde_json::{Value, json};

/// Paths of indicators and reports, to be merged into the document of the house.
#[must_use]
pub fn openapi_paths() -> Value {
    let looked_at = [
        query("region", "区划代码；不写为账号所在区划"),
        query("month", "月份，如 2025-09；不写为本月"),
        query("known", "按某日所知，如 2025-09-30；不写为现在"),
    ];
    let with = |more: Vec<Value>| more.into_iter().chain(looked_at.clone()).collect::<Vec<_>>();
    let region = query("region", "区划代码；不写为账号所在区划");
    json!({
        "/api/v1/indicators": {"get": operation("指标及状态", with(vec![query("status", STATUSES)]), board())},
        "/api/v1/indicators/{key}": {"get": operation("一项指标：序列和各地", with(vec![path("key")]), indicator())},
        "/api/v1/reports": {
            "get": operation("填报", vec![region, query("indicator", "指标的 key"), query("state", STATES)], reports()),
            "post": sent("填报一个数值；已有签发的数据时就是更正，要写 reason", Vec::new(), proposal(), "201", report()),
        },
        "/api/v1/reports/{id}": {"get": operation("一条填报", vec![path("id")], report())},
        "/api/v1/reports/{id}/decision": {
            "post": sent("牵头单位审签或退回；填报人不能审签自己的填报", vec![path("id")], decision(), "200", report()),
        },
    })
}

const STATUSES: &str = "met、on_path、slow、late、no_path、not_reported 或 not_computable";
const STATES: &str = "proposed、returned、signed_off 或 corrected";

fn query(name: &str, about: &str) -> Value {
    json!({"name": name, "in": "query", "required": false, "description": about, "schema": {"type": "string"}})
}

fn path(name: &str) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
}

fn operation(summary: &str, parameters: Vec<Value>, schema: Value) -> Value {
    json!({"summary": summary, "tags": ["指标"], "parameters": parameters, "responses": {
        "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
        "404": {"description": "没有，或不在账号所在区划内"},
    }})
}

fn sent(summary: &str, parameters: Vec<Value>, body: Value, status: &str, schema: Value) -> Value {
    json!({"summary": summary, "tags": ["指标"], "parameters": parameters,
    "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
    "responses": {
        status: {"description": "已办理", "content": {"application/json": {"schema": schema}}},
        "403": {"description": "账号没有这个权限"},
        "404": {"description": "没有，或不在账号所在区划内"},
        "409": {"description": "状态不允许，或刚被别人处理"},
        "422": {"description": "填写有误：violations 逐条说明"},
    }})
}

/// An exact number as text; null when it is not known.
fn number() -> Value {
    json!({"type": ["string", "null"], "format": "decimal"})
}

fn text() -> Value {
    json!({"type": ["string", "null"]})
}

fn standing() -> Value {
    json!({"type": "object", "required": ["status", "label", "reasons"], "properties": {
        "status": {"type": "string", "description": STATUSES}, "label": {"type": "string"}, "target": text(),
        "start": point(), "end": point(), "expected": number(), "progress": number(), "time_share": number(),
        "gap": number(), "behind": number(), "reasons": {"type": "array", "items": {"type": "string"}},
    }})
}

fn point() -> Value {
    json!({"type": ["object", "null"], "properties": {"date": {"type": "string", "format": "date"}, "value": number()}})
}

fn line() -> Value {
    json!({"type": "object", "required": ["key", "name", "binding", "standing"], "properties": {
        "key": {"type": "string"}, "no": {"type": "string"}, "name": {"type": "string"}, "unit": text(),
        "table": {"type": "boolean"}, "binding": {"type": "boolean"}, "is_target": {"type": "boolean"},
        "measure": {"type": "string", "enum": ["computed", "reported", "modelled", "not_computable"]},
        "lead": keys(), "participate": keys(), "clause": text(), "contradicts": keys(),
        "value": number(), "numerator": number(), "denominator": number(), "figure_month": text(),
        "figure_as_of": text(), "origin": text(), "note": text(), "due": text(), "standing": standing(),
    }})
}

fn keys() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

fn board() -> Value {
    json!({"type": "object", "required": ["region", "count", "indicators"], "properties": {
        "plan": {"type": "object"}, "region": {"type": "object"}, "time_share": number(),
        "count": {"type": "integer"}, "indicators": {"type": "array", "items": line()},
    }})
}

fn indicator() -> Value {
    let month = json!({"type": "object", "properties": {"month": {"type": "string"}, "value": number()}});
    let region = json!({"type": "object", "properties": {
        "code": {"type": "string"}, "name": {"type": "string"}, "value": number(), "numerator": number(),
        "denominator": number(), "origin": text(), "standing": standing(),
    }});
    json!({"type": "object", "required": ["indicator", "series", "regions"], "properties": {
        "region": {"type": "object"}, "indicator": line(), "series": {"type": "array", "items": month},
        "regions": {"type": "array", "items": region},
    }})
}

fn report() -> Value {
    json!({"type": "object", "required": ["id", "indicator", "region", "month", "state", "value"], "properties": {
        "id": {"type": "string", "format": "uuid"}, "indicator": {"type": "string"}, "region": {"type": "string"},
        "month": {"type": "string"}, "state": {"type": "string", "description": STATES}, "state_label": {"type": "string"},
        "value": {"type": "string", "format": "decimal"}, "numerator": number(), "denominator": number(),
        "evidence": {"type": "string"}, "note": {"type": "string"}, "origin": {"type": "string"},
        "proposed_by": {"type": "string"}, "proposed_at": {"type": "string", "format": "date-time"},
        "decided_by": text(), "decided_at": text(), "decision_note": text(), "corrects": text(), "reason": text(),
    }})
}

fn reports() -> Value {
    json!({"type": "object", "required": ["count", "reports"], "properties": {
        "count": {"type": "integer"}, "reports": {"type": "array", "items": report()},
    }})
}

fn proposal() -> Value {
    let text = || json!({"type": "string"});
    json!({"type": "object", "required": ["indicator", "month", "value", "evidence"], "additionalProperties": false,
    "properties": {
        "indicator": text(), "region": text(), "month": text(), "value": text(), "numerator": text(),
        "denominator": text(), "evidence": text(), "note": text(), "reason": text(),
    }})
}

fn decision() -> Value {
    json!({"type": "object", "required": ["verdict"], "additionalProperties": false, "properties": {
        "verdict": {"type": "string", "enum": ["sign_off", "return"]}, "note": {"type": "string"},
    }})
}
