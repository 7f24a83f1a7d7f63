//! Regions and departments as JSON. What is not known is null; another region's code is not found.

use super::department::{duties, found};
use super::regions::Asked;
use super::{DIVISIONS, day_of, departments, parent_name, places_of};
use crate::house::House;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::routing::get;
use axum::{Extension, Json};
use chrono::NaiveDate;
use identity::Actor;
use places::{Department, Region, RegionTree, SINCE_EVER, UNTIL_FURTHER};
use serde_json::{Value, json};
use std::sync::Arc;
use web::{Query, Route, WebError};

/// Regions of an answer: as many as are asked for, and the most.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 500;

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let api = |path: &str, summary, router| Route::api(Method::GET, path, DIVISIONS.key, summary, router);
    vec![
        api("/api/v1/regions", "区划", get(list_regions).with_state(state())),
        api("/api/v1/regions/{code}", "一个区划", get(one_region).with_state(state())),
        api("/api/v1/departments", "部门", get(list_departments).with_state(state())),
        api("/api/v1/departments/{key}", "一个部门", get(one_department).with_state(state())),
    ]
}

/// Names that mean nothing are told: passed over, they would give an answer to another question.
fn only(query: &Query, names: &[&str]) -> Result<(), WebError> {
    let unknown = query.pairs().iter().find(|(name, _)| !names.contains(&name.as_str()));
    match unknown {
        None => Ok(()),
        Some(_) => Err(WebError::bad_request("有接口说明里没有的参数", format!("可用：{}", names.join("、")))),
    }
}

fn region_json(tree: &RegionTree, region: &Region, on: NaiveDate) -> Value {
    let from = (region.valid_from != SINCE_EVER).then(|| region.valid_from.to_string());
    let to = (region.valid_to != UNTIL_FURTHER).then(|| region.valid_to.to_string());
    json!({
        "code": region.code.as_str(),
        "name": region.name,
        "full_name": tree.full_name(region.code.as_str(), on.clamp(region.valid_from, region.valid_to)),
        "kind": region.kind.word(),
        "kind_label": region.kind.label(),
        "parent": region.parent,
        "parent_name": region.parent.as_ref().map(|_| parent_name(tree, region, on)),
        "path": region.path.as_str(),
        "official": region.official,
        "aliases": region.aliases,
        "valid_from": from,
        "valid_to": to,
        "source": region.source,
    })
}

async fn list_regions(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    only(&query, &["q", "kind", "on", "region", "after", "limit"])?;
    let limit = match query.get("limit") {
        None => LIMIT,
        Some(text) => text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit)).ok_or_else(|| {
            WebError::bad_request(format!("limit 应是 1 到 {LIMIT_MAX} 的整数"), "请改正，或去掉这一项")
        })?,
    };
    let asked = Asked::of(&house, &actor, &query)?;
    let tree = house.regions();
    let all = tree.select(&asked.wanted);
    let begins =
        match query.get("after") {
            None => 0,
            Some(code) => all.iter().position(|one| one.code.as_str() == code).map(|at| at + 1).ok_or_else(|| {
                WebError::bad_request("after 不是这份清单里的区划代码", "请原样使用上一页返回的 next")
            })?,
        };
    let page: Vec<&&Region> = all.iter().skip(begins).take(limit).collect();
    let more = begins + page.len() < all.len();
    let next = page.last().filter(|_| more).map(|one| one.code.as_str());
    let rows: Vec<Value> = page.iter().map(|one| region_json(&tree, one, asked.wanted.on)).collect();
    Ok(Json(json!({ "on": asked.wanted.on.to_string(), "count": all.len(), "next": next, "regions": rows })))
}

async fn one_region(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(code): Path<String>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    only(&query, &["on"])?;
    let on = day_of(&house, &query)?;
    let tree = house.regions();
    let region = tree.seen(&actor.region, &code, on).ok_or_else(|| WebError::not_found("这个区划"))?;
    let held = on.clamp(region.valid_from, region.valid_to);
    let below = tree.below(&code, held);
    let below: Vec<Value> =
        below.into_iter().filter(|one| actor.sees(&one.path)).map(|one| region_json(&tree, one, held)).collect();
    let history: Vec<Value> = tree
        .history(&code)
        .into_iter()
        .map(|one| region_json(&tree, one, one.valid_from.max(held.min(one.valid_to))))
        .collect();
    let mut body = region_json(&tree, region, held);
    if let Some(body) = body.as_object_mut() {
        body.insert("valid".to_owned(), json!(region.is_valid(on)));
        body.insert("history".to_owned(), json!(history));
        body.insert("below".to_owned(), json!(below));
    }
    Ok(Json(body))
}

fn department_json(one: &Department) -> Value {
    json!({
        "key": one.key, "name": one.name, "short": one.short, "aliases": one.aliases, "level": one.level,
        "region": one.region, "collective": one.collective, "notes": one.notes, "active": one.active,
        "place": one.place,
    })
}

async fn list_departments(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    only(&query, &["q", "level", "state"])?;
    departments::understood(&query)?;
    let mut rows = Vec::new();
    for (place, adopted) in places_of(&house, &actor) {
        let all = places::departments_ever(&house.db, &place).await.map_err(WebError::fault)?;
        for one in all.iter().filter(|one| departments::fits(one, &query)) {
            let mut body = department_json(one);
            if let Some(body) = body.as_object_mut() {
                let [indicators, tasks, projects] = departments::leads(&adopted.pack, &one.key);
                body.insert(
                    "leads".to_owned(),
                    json!({ "indicators": indicators, "tasks": tasks, "projects": projects }),
                );
            }
            rows.push(body);
        }
    }
    Ok(Json(json!({ "count": rows.len(), "departments": rows })))
}

async fn one_department(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    only(&query, &["place"])?;
    let (one, adopted) = found(&house, &actor, (&key, query.get("place"))).await?;
    let mut body = department_json(&one);
    if let Some(body) = body.as_object_mut() {
        body.insert("plan".to_owned(), json!(adopted.pack.manifest.key));
        for duties in duties(&adopted.pack, &one.key) {
            let list: Vec<Value> = duties
                .list
                .iter()
                .map(|(number, link)| {
                    let key = link.href.rsplit('/').next().unwrap_or_default();
                    json!({ "key": key, "no": number, "name": link.label })
                })
                .collect();
            body.insert(duties.key.to_owned(), json!(list));
        }
    }
    Ok(Json(body))
}

fn query(name: &str, about: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema })
}

fn operation(summary: &str, parameters: &[Value], schema: Value) -> Value {
    json!({ "get": { "summary": summary, "tags": ["区划和部门"], "parameters": parameters, "responses": {
        "200": { "description": summary, "content": { "application/json": { "schema": schema } } },
        "400": { "description": "参数不对" },
        "404": { "description": "没有，或不在账号所在区划内" },
    } } })
}

fn region_schema(more: Value) -> Value {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let day = || json!({ "type": ["string", "null"], "format": "date" });
    let mut schema = json!({ "type": "object", "required": ["code", "name", "kind", "path", "official"], "properties": {
        "code": text(), "name": text(), "full_name": text(), "kind": text(), "kind_label": text(), "parent": maybe(),
        "parent_name": maybe(), "path": text(), "official": { "type": "boolean" },
        "aliases": { "type": "array", "items": text() }, "valid_from": day(), "valid_to": day(), "source": text(),
    } });
    if let (Some(own), Value::Object(more)) = (schema["properties"].as_object_mut(), more) {
        own.extend(more);
    }
    schema
}

fn department_schema(more: Value) -> Value {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let mut schema = json!({ "type": "object", "required": ["key", "name", "level", "active"], "properties": {
        "key": text(), "name": text(), "short": text(), "aliases": { "type": "array", "items": text() },
        "level": { "enum": ["city", "county", "town", "village", "other"] }, "region": maybe(),
        "collective": { "type": "boolean" }, "notes": maybe(), "active": { "type": "boolean" }, "place": text(),
    } });
    if let (Some(own), Value::Object(more)) = (schema["properties"].as_object_mut(), more) {
        own.extend(more);
    }
    schema
}

/// The paths of the API document that the routes above answer.
pub(in crate::desks) fn openapi() -> Value {
    let text = || json!({ "type": "string" });
    let day = || query("on", "哪一天的区划；不写为今天", json!({ "type": "string", "format": "date" }));
    let kinds: Vec<&str> = pack_reader::model::RegionKind::ALL.iter().map(|(_, word, _)| *word).collect();
    let path = |name: &str, about: &str| json!({ "name": name, "in": "path", "required": true, "description": about, "schema": text() });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let duty = || list(json!({ "type": "object", "properties": { "key": text(), "no": text(), "name": text() } }));
    let whole = || json!({ "type": "integer", "minimum": 0 });
    let regions = json!({ "type": "object", "required": ["on", "count", "next", "regions"], "properties": {
        "on": { "type": "string", "format": "date" }, "count": whole(), "next": { "type": ["string", "null"] },
        "regions": list(region_schema(json!({}))),
    } });
    let one = region_schema(json!({
        "valid": { "type": "boolean", "description": "那一天有没有这个区划" },
        "history": list(region_schema(json!({}))), "below": list(region_schema(json!({}))),
    }));
    let counts = json!({ "indicators": whole(), "tasks": whole(), "projects": whole() });
    let leads = json!({ "leads": { "type": "object", "properties": counts } });
    let departments = json!({ "type": "object", "required": ["count", "departments"], "properties": {
        "count": whole(), "departments": list(department_schema(leads)),
    } });
    let department = department_schema(json!({
        "plan": text(), "leads_indicators": duty(), "shares_indicators": duty(), "leads_tasks": duty(),
        "shares_tasks": duty(), "leads_projects": duty(),
    }));
    let asked = [
        query("q", "名称、别名，或代码的开头", text()),
        query("kind", "级别", json!({ "enum": kinds })),
        day(),
        query("region", "只要这个区划以内的", text()),
        query("after", "上一页返回的 next", text()),
        query("limit", "每页多少个", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX })),
    ];
    let of_departments = [
        query("q", "名称、简称、别名或代码", text()),
        query("level", "层级", json!({ "enum": ["city", "county", "town", "village", "other"] })),
        query("state", "all：连同现行方案不再列出的", json!({ "enum": ["all"] })),
    ];
    let place = query("place", "城市的区划代码；管理员在有几个城市时用", text());
    json!({ "paths": {
        "/api/v1/regions": operation("区划：账号所在区划及以内", &asked, regions),
        "/api/v1/regions/{code}": operation("一个区划：沿革和下面的区划", &[path("code", "12 位代码"), day()], one),
        "/api/v1/departments": operation("部门", &of_departments, departments),
        "/api/v1/departments/{key}": operation("一个部门和它承担的工作", &[path("key", "方案里的代码"), place], department),
    } })
}
