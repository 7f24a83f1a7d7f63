//! This room's piece of the OpenAPI 3.1 document.

use serde_json::{Value, json};

fn answer(status: &str, schema: &str, what: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    let mut answers = json!({
        "401": { "description": "没有登录" },
        "403": { "description": "没有权限" },
    });
    if let Some(map) = answers.as_object_mut() {
        map.insert(
            status.to_owned(),
            json!({ "description": what, "content": { "application/json": { "schema": schema } } }),
        );
    }
    answers
}

fn with(mut answers: Value, more: &[(&str, &str)]) -> Value {
    if let Some(map) = answers.as_object_mut() {
        for (status, what) in more {
            map.insert((*status).to_owned(), json!({ "description": what }));
        }
    }
    answers
}

fn asked(name: &str, what: &str) -> Value {
    json!({ "name": name, "in": "query", "description": what, "schema": { "type": "string" } })
}

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn id() -> Value {
    json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }])
}

/// Paths and schemas of cases.
#[must_use]
pub fn openapi() -> Value {
    json!({
        "paths": {
            "/api/v1/case-kinds": { "get": {
                "summary": "办件的种类：字段、状态、步骤、材料", "operationId": "caseKinds", "tags": ["办件"],
                "responses": answer("200", "CaseKinds", "本地的办件种类") } },
            "/api/v1/cases": {
                "get": {
                    "summary": "看得到的办件，最急的在前", "operationId": "cases", "tags": ["办件"],
                    "parameters": [
                        asked("kind", "种类的 key"), asked("state", "状态的 key"), asked("q", "编号或名称包含"),
                        asked("due", "late 已超期、soon 快到期、due 期限内、open 无期限、closed 已结束"),
                        asked("mine", "1：只要我能办的"), asked("ended", "yes：已结束；all：都要；不写：办理中"),
                        asked("after", "上一页返回的 next")
                    ],
                    "responses": with(answer("200", "CasePage", "一页办件"), &[("400", "参数不对")]) },
                "post": {
                    "summary": "发起办件；自带 id 时重发不会重复", "operationId": "startCase", "tags": ["办件"],
                    "requestBody": body(&start_schema()),
                    "responses": with(answer("201", "Case", "已发起"), &[("400", "正文不对"), ("422", "内容有误，全部列出")]) }
            },
            "/api/v1/cases/{id}": { "get": {
                "summary": "一个办件", "operationId": "case", "tags": ["办件"], "parameters": id(),
                "responses": with(answer("200", "Case", "办件"), &[("404", "没有，或不是您的")]) } },
            "/api/v1/cases/{id}/steps": { "post": {
                "summary": "办一步；自带 step 时重发只办一次", "operationId": "moveCase", "tags": ["办件"],
                "parameters": id(), "requestBody": body(&step_schema()),
                "responses": with(answer("200", "Case", "已办"), &[
                    ("400", "正文不对"), ("404", "没有，或不是您的"), ("409", "别人先办了，或现在不能办这一步"),
                    ("422", "缺少字段、材料或原因，全部列出")
                ]) } }
        },
        "components": { "schemas": schemas() }
    })
}

fn start_schema() -> Value {
    json!({ "type": "object", "required": ["kind"], "properties": {
        "id": { "type": "string", "format": "uuid" }, "kind": { "type": "string" },
        "region": { "type": "string", "description": "由引用的登记定区划的种类不用写" },
        "values": { "type": "object", "additionalProperties": true } } })
}

fn step_schema() -> Value {
    json!({ "type": "object", "required": ["version", "transition"], "properties": {
        "step": { "type": "string", "format": "uuid" }, "version": { "type": "integer" },
        "transition": { "type": "string" }, "reason": { "type": "string" },
        "values": { "type": "object", "additionalProperties": true } } })
}

fn schemas() -> Value {
    let head = json!({
        "id": { "type": "string", "format": "uuid" }, "number": { "type": "string" }, "kind": { "type": "string" },
        "title": { "type": "string" }, "state": { "type": "string" }, "version": { "type": "integer" },
        "region": { "type": "string" }, "started_at": { "type": "string", "format": "date-time" },
        "state_since": { "type": "string", "format": "date-time" }, "due_on": { "type": ["string", "null"], "format": "date" },
        "closed_at": { "type": ["string", "null"], "format": "date-time" }, "origin": { "type": "string" },
        "about": { "type": "string", "description": "key in the plan of the indicator, task or project it is about" },
        "standing": { "type": "string", "enum": ["late", "soon", "due", "open", "closed"] },
        "days_left": { "type": ["integer", "null"], "description": "剩下的工作日；负数为已超" }
    });
    let mut whole = head.clone();
    if let Some(map) = whole.as_object_mut() {
        map.insert("values".to_owned(), json!({ "type": "object" }));
        map.insert("masked".to_owned(), json!({ "type": "object", "description": "遮盖着的值" }));
        map.insert(
            "moves".to_owned(),
            json!({ "type": "array", "items": { "type": "string" }, "description": "您现在能办的步骤" }),
        );
        map.insert("steps".to_owned(), json!({ "type": "array", "items": { "type": "object" } }));
        map.insert("papers".to_owned(), json!({ "type": "array", "items": { "type": "object" } }));
    }
    json!({
        "CaseKinds": { "type": "object", "required": ["items"], "properties": {
            "items": { "type": "array", "items": { "type": "object" } } } },
        "CaseLine": { "type": "object", "properties": head },
        "Case": { "type": "object", "properties": whole },
        "CasePage": { "type": "object", "required": ["items"], "properties": {
            "items": { "type": "array", "items": { "$ref": "#/components/schemas/CaseLine" } },
            "next": { "type": ["string", "null"] },
            "open": { "type": "object", "properties": {
                "late": { "type": "integer" }, "soon": { "type": "integer" }, "due": { "type": "integer" } } } } }
    })
}
