//! The OpenAPI 3.1 pieces of a place's registers: one path a register, its schema from its description.

use super::BASE;
use crate::asked::sortable;
use crate::registry::Registry;
use crate::store::sealed::is_sealed;
use serde_json::{Map, Value as Json, json};
use vocabulary::{Field, FieldKind, Limit, Register, Sensitivity};

/// `paths` and `components.schemas` of all registers of a place, to be merged into the document of the house.
#[must_use]
pub fn openapi(registry: &Registry, place: &str) -> Json {
    let (mut paths, mut schemas) = (Map::new(), common());
    paths.insert(
        BASE.to_owned(),
        json!({ "get": { "summary": "登记簿目录", "operationId": "listRegisters",
            "responses": { "200": { "description": "各登记簿的说明" } } } }),
    );
    for register in registry.all(place) {
        let base = format!("{BASE}/{}", register.key);
        let name = schema_name(&register);
        schemas.insert(format!("{name}Values"), values(&register));
        schemas.insert(name.clone(), record(&register));
        paths.insert(base.clone(), collection(&register));
        paths.insert(format!("{base}/{{id}}"), one(&register));
        paths.insert(format!("{base}/{{id}}/versions"), versions(&register));
        if !register.files.is_empty() {
            paths.insert(format!("{base}/{{id}}/files"), files(&register));
            paths.insert(format!("{base}/{{id}}/files/{{file}}"), one_file(&register));
        }
    }
    json!({ "paths": paths, "components": { "schemas": schemas } })
}

/// `home_retrofit` as `HomeRetrofit`.
fn schema_name(register: &Register) -> String {
    let mut name = String::new();
    for part in register.key.split('_') {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn common() -> Map<String, Json> {
    let text = json!({ "type": "string" });
    let violation = json!({
        "type": "object", "required": ["code", "place", "message", "remedy"],
        "properties": { "code": text, "place": text, "message": text, "remedy": text },
    });
    let problem = json!({
        "type": "object", "required": ["type", "title", "status", "code"],
        "properties": {
            "type": text, "title": text, "status": { "type": "integer" }, "detail": text, "code": text, "trace": text,
            "violations": { "type": "array", "items": { "$ref": "#/components/schemas/Violation" } },
            "present": { "type": "object", "description": "现在的内容（412 时）" },
            "similar": { "type": "array", "items": { "type": "string", "format": "uuid" },
                "description": "可能是同一人的登记（409、code 为 record.similar 时）" },
        },
    });
    let file = json!({
        "type": "object",
        "required": ["id", "kind", "name", "media", "bytes", "sha256", "added_by", "added_at", "taken_back"],
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "kind": text, "name": text, "media": text,
            "bytes": { "type": "integer" }, "sha256": text, "added_by": text,
            "added_at": { "type": "string", "format": "date-time" },
            "taken_back": { "type": ["object", "null"], "description": "撤下的：何人、何时、为什么；内容已经没有" },
        },
    });
    [("Violation", violation), ("Problem", problem), ("RecordFile", file)]
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn field(field: &Field) -> Json {
    let mut schema = match field.kind {
        FieldKind::Text | FieldKind::Phone => json!({ "type": "string", "maxLength": 200 }),
        FieldKind::LongText => json!({ "type": "string", "maxLength": 4000 }),
        FieldKind::Integer => json!({ "type": "integer" }),
        FieldKind::Decimal => json!({ "type": "string", "format": "decimal" }),
        FieldKind::Money => json!({ "type": "integer", "description": "分" }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Choice => {
            json!({ "type": "string", "enum": field.choices.iter().map(|one| &one.value).collect::<Vec<_>>() })
        }
        FieldKind::Reference => json!({ "type": "string", "x-register": field.reference }),
        FieldKind::IdNumber | FieldKind::CreditCode => json!({ "type": "string", "minLength": 18, "maxLength": 18 }),
    };
    if let Some(map) = schema.as_object_mut() {
        map.insert("title".to_owned(), field.label.clone().into());
        if !field.note.is_empty() {
            map.insert("description".to_owned(), field.note.clone().into());
        }
        if let Some(unit) = &field.unit {
            map.insert("x-unit".to_owned(), unit.clone().into());
        }
        if field.sensitive != Sensitivity::None {
            map.insert("x-sensitive".to_owned(), json!(field.sensitive));
        }
        // Limits of money are written in yuan, those of decimals belong to a number, not to its text.
        if field.kind == FieldKind::Integer {
            let limit = |limit: Limit| limit.number()?.to_string().parse::<i64>().ok();
            map.extend(field.min.and_then(limit).map(|min| ("minimum".to_owned(), min.into())));
            map.extend(field.max.and_then(limit).map(|max| ("maximum".to_owned(), max.into())));
        }
        // Days have no limits in JSON Schema: `today`, or `today-130y`.
        if matches!(field.kind, FieldKind::Date | FieldKind::Month) {
            map.extend(field.min.map(|min| ("x-min".to_owned(), min.to_string().into())));
            map.extend(field.max.map(|max| ("x-max".to_owned(), max.to_string().into())));
        }
    }
    schema
}

fn values(register: &Register) -> Json {
    let properties: Map<String, Json> = register.fields.iter().map(|one| (one.key.clone(), field(one))).collect();
    json!({ "type": "object", "title": register.label, "description": register.note, "properties": properties,
        "additionalProperties": false })
}

fn record(register: &Register) -> Json {
    let values = format!("#/components/schemas/{}Values", schema_name(register));
    json!({
        "type": "object",
        "required": ["id", "version", "region", "valid_from", "known_from", "origin", "state", "values", "masked"],
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "version": { "type": "integer", "minimum": 1 },
            "region": { "type": "string", "pattern": "^[0-9]{12}$", "description": "区划代码" },
            "valid_from": { "type": "string", "format": "date", "description": "从哪一天起属实" },
            "known_from": { "type": "string", "format": "date-time", "description": "何时登记" },
            "origin": { "enum": vocabulary::Origin::ALL.map(|origin| origin.key()) },
            "state": { "enum": ["active", "removed"] },
            "updated_by": { "type": "string" },
            "values": { "$ref": values },
            "masked": { "type": "object", "additionalProperties": { "type": "string" },
                "description": "遮盖的内容；不出现在 values 里" },
        },
    })
}

fn content(schema: &Json) -> Json {
    json!({ "application/json": { "schema": schema } })
}

fn reference(register: &Register) -> Json {
    json!({ "$ref": format!("#/components/schemas/{}", schema_name(register)) })
}

fn problems(codes: &[(&str, &str)]) -> Map<String, Json> {
    let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    codes
        .iter()
        .map(|(code, words)| ((*code).to_owned(), json!({ "description": words, "content": problem })))
        .collect()
}

fn responses(good: (&str, Json), bad: &[(&str, &str)]) -> Json {
    let mut all = problems(&[("401", "没有登录"), ("403", "没有权限"), ("404", "没有，或不在本辖区")]);
    all.extend(problems(bad));
    all.insert(good.0.to_owned(), json!({ "description": "成功", "content": content(&good.1) }));
    Json::Object(all)
}

fn parameter(place: &str, name: &str, words: &str, schema: Json) -> Json {
    json!({ "in": place, "name": name, "description": words, "required": place == "path", "schema": schema })
}

fn query(name: &str, words: &str) -> Json {
    parameter("query", name, words, json!({ "type": "string" }))
}

/// The questions that a field answers: its value, whether it has one, and, where it has an order, from and to.
fn filters(field: &Field) -> Vec<Json> {
    let name = format!("f.{}", field.key);
    let mut all = vec![query(&name, &field.label)];
    let secret = field.sensitive == Sensitivity::Secret || is_sealed(field);
    let ordered = matches!(
        field.kind,
        FieldKind::Integer | FieldKind::Decimal | FieldKind::Money | FieldKind::Date | FieldKind::Month
    );
    if ordered && !secret {
        all.push(query(&format!("{name}.from"), &format!("{}，从", field.label)));
        all.push(query(&format!("{name}.to"), &format!("{}，到", field.label)));
    }
    let words = format!("{}：1 为没有填的，0 为填了的", field.label);
    all.push(parameter("query", &format!("{name}.missing"), &words, json!({ "enum": ["0", "1"] })));
    all
}

fn collection(register: &Register) -> Json {
    let name = schema_name(register);
    let sorts: Vec<String> = register
        .fields
        .iter()
        .filter(|field| sortable(field))
        .flat_map(|field| [field.key.clone(), format!("-{}", field.key)])
        .collect();
    let mut parameters = vec![
        query("q", "搜索"),
        query("region", "区划代码，只看它和它下面的"),
        query("after", "上一页的 next"),
        parameter(
            "query",
            "limit",
            "每页条数",
            json!({ "type": "integer", "minimum": 1, "maximum": crate::MAX_LIMIT }),
        ),
        parameter("query", "count", "1：同时给出总数", json!({ "enum": ["0", "1"] })),
        parameter("query", "sort", "排序", json!({ "enum": sorts })),
    ];
    parameters.extend(register.fields.iter().flat_map(filters));
    let page = json!({
        "type": "object", "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "items": reference(register) },
            "next": { "type": ["string", "null"] },
            "count": { "type": "object", "properties": { "value": { "type": "integer" }, "more": { "type": "boolean" } } },
        },
    });
    json!({
        "get": { "summary": format!("{}：列表", register.label), "operationId": format!("list{name}"),
            "parameters": parameters, "responses": responses(("200", page), &[("400", "参数有误：不认识的参数或值，都列在 violations 里")]) },
        "post": { "summary": format!("{}：新增", register.label), "operationId": format!("create{name}"),
            "requestBody": { "required": true, "content": content(&sent(register, true)) },
            "responses": responses(("201", reference(register)),
                &[("400", "不是 JSON"), ("409", "编号已被占用；或可能已经登记过，见 similar"), ("422", "内容有误")]) },
    })
}

fn sent(register: &Register, new: bool) -> Json {
    let nullable: Map<String, Json> = register
        .fields
        .iter()
        .map(|one| (one.key.clone(), json!({ "anyOf": [field(one), { "type": "null" }] })))
        .collect();
    let required: Vec<&str> =
        register.fields.iter().filter(|field| field.required).map(|field| field.key.as_str()).collect();
    let mut values = json!({ "type": "object", "properties": nullable, "additionalProperties": false });
    if new && let Some(map) = values.as_object_mut() {
        map.insert("required".to_owned(), json!(required));
    }
    let mut properties = json!({
        "region": { "type": "string", "description": "区划代码或名称" },
        "valid_from": { "type": "string", "format": "date" },
        "reason": { "type": "string", "maxLength": 500 },
        "values": values,
    });
    if new && let Some(map) = properties.as_object_mut() {
        let words = "自带编号：同一请求重发只登记一次";
        map.insert("id".to_owned(), json!({ "type": "string", "format": "uuid", "description": words }));
        let words = "核对过、确认不是同一人的登记；没有写到的仍会以 409 问起";
        let ids = json!({ "type": "array", "items": { "type": "string", "format": "uuid" }, "description": words });
        map.insert("distinct_from".to_owned(), ids);
    }
    let required: &[&str] = if new { &["region", "values"] } else { &[] };
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn id() -> Json {
    parameter("path", "id", "记录编号", json!({ "type": "string", "format": "uuid" }))
}

fn if_match() -> Json {
    parameter("header", "If-Match", "读到的版本（ETag），如 \"3\"", json!({ "type": "string" }))
}

fn one(register: &Register) -> Json {
    let name = schema_name(register);
    let meeting = [("412", "别人先改了，present 是现在的内容"), ("422", "内容有误"), ("428", "缺少 If-Match")];
    let good = || ("200", reference(register));
    json!({
        "get": { "summary": format!("{}：一条", register.label), "operationId": format!("get{name}"),
            "parameters": [id(), query("valid_on", "哪一天的情况")],
            "responses": responses(good(), &[("400", "参数有误")]) },
        "put": { "summary": format!("{}：修改（没有写到的保持不变，null 为清空）", register.label),
            "operationId": format!("change{name}"), "parameters": [id(), if_match()],
            "requestBody": { "required": true, "content": content(&sent(register, false)) },
            "responses": responses(good(), &[&[("400", "不是 JSON"), ("409", "已移出")][..], &meeting[..]].concat()) },
        "delete": { "summary": format!("{}：移出", register.label), "operationId": format!("remove{name}"),
            "parameters": [id(), if_match(), query("reason", "原因，必填")],
            "responses": responses(good(), &[&[("409", "已移出")][..], &meeting[..]].concat()) },
    })
}

fn versions(register: &Register) -> Json {
    let list =
        json!({ "type": "object", "properties": { "items": { "type": "array", "items": reference(register) } } });
    json!({ "get": { "summary": format!("{}：各版", register.label),
        "operationId": format!("list{}Versions", schema_name(register)), "parameters": [id()],
        "responses": responses(("200", list), &[]) } })
}

fn file_content() -> Json {
    json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
}

fn file_reference() -> Json {
    json!({ "$ref": "#/components/schemas/RecordFile" })
}

fn files(register: &Register) -> Json {
    let name = schema_name(register);
    let kinds: Vec<&str> = register.files.iter().map(|kind| kind.key.as_str()).collect();
    let kind = parameter("query", "kind", "文件种类，必填", json!({ "enum": kinds }));
    let list = json!({ "type": "object", "properties": { "items": { "type": "array", "items": file_reference() } } });
    let own = parameter("query", "id", "自带编号：同一请求重发只收一份", json!({ "type": "string", "format": "uuid" }));
    json!({
        "get": { "summary": format!("{}：文件（撤下的也在内）", register.label), "operationId": format!("list{name}Files"),
            "parameters": [id()], "responses": responses(("200", list), &[]) },
        "post": { "summary": format!("{}：上传文件（PDF、JPG、PNG、docx、xlsx，不超过 20 MB）", register.label),
            "operationId": format!("handIn{name}File"),
            "parameters": [id(), kind, query("name", "文件名，带后缀，必填"), own],
            "requestBody": { "required": true, "content": file_content() },
            "responses": responses(("201", file_reference()),
                &[("400", "编号不对"), ("409", "已移出"), ("413", "太大"), ("422", "文件不能收")]) },
    })
}

fn one_file(register: &Register) -> Json {
    let name = schema_name(register);
    let file = || parameter("path", "file", "文件编号", json!({ "type": "string", "format": "uuid" }));
    let mut download = problems(&[("401", "没有登录"), ("403", "没有权限"), ("404", "没有，或不在本辖区，或已撤下")]);
    download.insert("200".to_owned(), json!({ "description": "文件内容", "content": file_content() }));
    json!({
        "get": { "summary": format!("{}：下载文件", register.label), "operationId": format!("download{name}File"),
            "parameters": [id(), file()], "responses": download },
        "delete": { "summary": format!("{}：撤下文件", register.label), "operationId": format!("takeBack{name}File"),
            "parameters": [id(), file(), query("reason", "原因，必填")],
            "responses": responses(("200", file_reference()), &[("409", "已撤下，或登记已移出"), ("422", "没有写原因")]) },
    })
}
