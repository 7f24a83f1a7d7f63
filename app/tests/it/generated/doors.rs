//! Every way into the house: what its OpenAPI document says, what its list of routes says, and the links and forms that
//! its own pages show, with the ids and values that stand in them.

use crate::wire::{Call, send};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Pages looked at for each account.
const PAGES: usize = 60;
/// Real addresses remembered for a door.
const KEPT: usize = 12;

/// One method of one path.
#[derive(Default, Clone)]
pub struct Door {
    pub method: String,
    /// With parameters in braces.
    pub path: String,
    /// Names in its query.
    pub query: BTreeSet<String>,
    /// Values of its parameters that lead somewhere.
    pub fills: Vec<Vec<String>>,
    /// What its JSON must be.
    pub schema: Option<Value>,
    /// JSON that the house itself gives out here.
    pub bodies: Vec<Value>,
    /// Forms that a page shows for it: fields with their values.
    pub forms: Vec<Vec<(String, String)>>,
    /// Whether its forms carry files.
    pub files: bool,
}

/// All doors, and the document they refer to.
pub struct Doors {
    pub all: Vec<Door>,
    pub document: Value,
}

type Found = BTreeMap<(String, String), Door>;

fn door<'a>(found: &'a mut Found, method: &str, path: &str) -> &'a mut Door {
    let door = found.entry((path.to_owned(), method.to_owned())).or_default();
    door.method = method.to_owned();
    door.path = path.to_owned();
    door
}

/// The parameters of a path that a template stands for.
fn fills(template: &str, path: &str) -> Option<Vec<String>> {
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if ours.len() != theirs.len() {
        return None;
    }
    let mut values = Vec::new();
    for (our, their) in ours.iter().zip(&theirs) {
        if our.starts_with('{') {
            values.push((*their).to_owned());
        } else if our != their {
            return None;
        }
    }
    Some(values)
}

fn described(found: &mut Found, document: &Value) {
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, about) in methods.as_object().unwrap() {
            let door = door(found, &method.to_uppercase(), path);
            for parameter in about["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] == "query" {
                    door.query.insert(parameter["name"].as_str().unwrap().to_owned());
                }
            }
            let schema = &about["requestBody"]["content"]["application/json"]["schema"];
            door.schema = (!schema.is_null()).then(|| schema.clone());
        }
    }
}

/// What a page shows: where its links lead, and its forms.
fn shown(found: &mut Found, html: &str) -> Vec<String> {
    let mut links = Vec::new();
    for href in attributes(html, "href") {
        let href = href.split('#').next().unwrap_or_default().to_owned();
        if href.starts_with('/') && !href.starts_with("/assets/") && !href.starts_with("/prefs") {
            note(found, "GET", &href);
            links.push(href);
        }
    }
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        let method = attributes(head, "method").pop().unwrap_or_else(|| "get".to_owned()).to_uppercase();
        let Some(action) = attributes(head, "action").pop() else { continue };
        let mut fields = Vec::new();
        for tag in form.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            if let Some(name) = attributes(tag, "name").pop() {
                fields.push((name, attributes(tag, "value").pop().unwrap_or_default()));
            }
        }
        if let Some(door) = note(found, &method, &action) {
            if method == "GET" {
                door.query.extend(fields.into_iter().map(|(name, _)| name));
            } else {
                door.files |= head.contains("multipart");
                if door.forms.len() < KEPT {
                    door.forms.push(fields);
                }
            }
        }
    }
    links
}

fn note<'a>(found: &'a mut Found, method: &str, href: &str) -> Option<&'a mut Door> {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let places = found.keys().filter(|(_, known)| known == method);
    let best = places
        .filter_map(|(template, _)| fills(template, path).map(|values| (template.clone(), values)))
        .min_by_key(|(_, values)| values.len());
    let (template, values) = best?;
    let door = door(found, method, &template);
    door.query.extend(query.split('&').filter_map(|pair| Some(pair.split_once('=')?.0.to_owned())));
    if !values.is_empty() && door.fills.len() < KEPT && !door.fills.contains(&values) {
        door.fills.push(values);
    }
    Some(door)
}

fn attributes(html: &str, name: &str) -> Vec<String> {
    let mark = format!(" {name}=\"");
    let values = html.split(&mark).skip(1).filter_map(|rest| rest.split('"').next());
    values.map(|value| value.replace("&amp;", "&").replace("&#38;", "&").replace("&#39;", "'")).collect()
}

/// Looks at pages, from the account's first one on, each kind of page once.
async fn walked(found: &mut Found, host: &str, cookie: &str) {
    let mut waiting = vec!["/home".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(href) = waiting.pop() {
        if seen.len() > PAGES {
            return;
        }
        let answer = send(host, &Call::get(&href).with("cookie", cookie)).await.unwrap();
        let location = answer.header("location").to_owned();
        if location.starts_with('/') {
            waiting.push(location);
        }
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        for link in shown(found, &answer.text()) {
            let path = link.split('?').next().unwrap_or_default();
            let get = found.keys().filter(|(_, method)| method == "GET");
            let kind = get.filter_map(|(template, _)| Some((fills(template, path)?.len(), template.clone()))).min();
            if let Some((_, template)) = kind
                && seen.insert(template)
            {
                waiting.insert(0, link);
            }
        }
    }
}

/// Ids and contents that the interface gives out.
async fn listed(found: &mut Found, host: &str, cookie: &str) {
    let lists: Vec<String> = found
        .keys()
        .filter(|(path, method)| method == "GET" && path.starts_with("/api/") && !path.contains('{'))
        .map(|(path, _)| path.clone())
        .collect();
    for list in lists {
        let answer = send(host, &Call::get(&list).with("cookie", cookie)).await.unwrap();
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let items: Vec<Value> = json["items"].as_array().into_iter().flatten().take(4).cloned().collect();
        for door in found.values_mut().filter(|door| door.path.starts_with(&list)) {
            for item in &items {
                let id = item["id"].as_str().or(item["key"].as_str()).unwrap_or_default().to_owned();
                if door.path.matches('{').count() == 1 && !door.fills.contains(&vec![id.clone()]) {
                    door.fills.push(vec![id]);
                }
                if door.schema.is_some() && item["values"].is_object() {
                    door.bodies.push(serde_json::json!({ "region": item["region"], "values": item["values"] }));
                }
            }
        }
    }
}

/// All doors of a house that listens at `host`, seen with these accounts' cookies.
pub async fn doors(host: &str, routes: &[(String, String)], cookies: &[String]) -> Doors {
    let answer = send(host, &Call::get("/openapi.json")).await.unwrap();
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    let mut found = Found::new();
    for (method, path) in routes {
        door(&mut found, method, path);
    }
    described(&mut found, &document);
    for cookie in cookies {
        walked(&mut found, host, cookie).await;
        listed(&mut found, host, cookie).await;
    }
    Doors { all: found.into_values().collect(), document }
}
