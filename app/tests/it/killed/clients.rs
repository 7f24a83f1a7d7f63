//! Those who work while the server is killed: one imports, one moves cases, one edits. Each notes what was acknowledged.

use super::server::Client;
use crate::generated::chance::Chance;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// What the server has acknowledged.
#[derive(Default)]
pub struct Ledger {
    /// Imports by their address: rows in the file, and whether all are in.
    pub imports: BTreeMap<String, (usize, bool)>,
    /// Cases: the version that was acknowledged last.
    pub cases: BTreeMap<Uuid, i64>,
    /// Moves of cases.
    pub steps: BTreeSet<Uuid>,
    /// People edited: version and value that were acknowledged last.
    pub edits: BTreeMap<String, (i64, String)>,
}

pub type Shared = Arc<Mutex<Ledger>>;

/// A file of people who are not there yet; `number` makes them different from all others, and their names like no other's.
pub fn people(number: u64, rows: usize) -> Vec<u8> {
    let mut chance = Chance::new(number);
    let mut text = "所在区划,姓名,性别,出生日期,户号\n".to_owned();
    for row in 0..rows {
        let name: String = (0..4).filter_map(|_| char::from_u32(0x4E00 + chance.below(0x4000) as u32)).collect();
        let day = chrono::NaiveDate::from_ymd_opt(1930, 1, 1).unwrap() + chrono::Days::new(chance.below(20_000) as u64);
        text.push_str(&format!("321023100000,{name},男,{day},K{number}-{row}\n"));
    }
    text.into_bytes()
}

/// Imports one file after the other; goes on with what an earlier server left.
pub async fn imports(client: Client, ledger: Shared, round: u64, rows: usize) {
    let waiting: Vec<String> = {
        let ledger = ledger.lock().unwrap();
        ledger.imports.iter().filter(|(_, (_, done))| !done).map(|(at, _)| at.clone()).collect()
    };
    for at in waiting {
        if !applied(&client, &ledger, &at).await {
            return;
        }
    }
    for number in 0.. {
        let number = round * 1_000 + number;
        let Ok(answer) = client.upload("person", &format!("{number}.csv"), &people(number, rows)).await else { return };
        if answer.status != 303 {
            return note_refusal(&answer);
        }
        let at = answer.header("location").to_owned();
        ledger.lock().unwrap().imports.insert(at.clone(), (rows, false));
        if !applied(&client, &ledger, &at).await {
            return;
        }
    }
}

/// Confirms an import; whether that was acknowledged.
async fn applied(client: &Client, ledger: &Shared, at: &str) -> bool {
    match client.press(&format!("{at}/apply")).await {
        Ok(answer) if answer.status == 303 => {
            if let Some(entry) = ledger.lock().unwrap().imports.get_mut(at) {
                entry.1 = true;
            }
            true
        }
        Ok(answer) => {
            note_refusal(&answer);
            false
        }
        Err(_) => false,
    }
}

/// A server that is going down may not answer; one that answers must not refuse.
fn note_refusal(answer: &crate::wire::Answer) {
    panic!("{}: {}", answer.status, answer.text());
}

/// Begins cases and moves them.
pub async fn cases(client: Client, ledger: Shared, facility: String) {
    loop {
        let id = Uuid::now_v7();
        let body = json!({ "id": id, "kind": "complaint", "values": {
            "subject": "断电演练", "institution": facility, "category": "安全", "channel": "来访",
            "received_on": "2025-09-01", "content": "内容",
        }});
        let Ok(answer) = client.json("POST", "/api/v1/cases", &body, 0).await else { return };
        if answer.status != 201 {
            return note_refusal(&answer);
        }
        let mut version = version_of(&answer);
        ledger.lock().unwrap().cases.insert(id, version);
        for (transition, reason) in [
            ("accept", ""),
            ("ask", "请在三个工作日内书面说明当天的经过"),
            ("go_on", "机构没有按期说明，先继续调查"),
            ("withdraw", "投诉人来电说明情况，要求撤回"),
        ] {
            let step = Uuid::now_v7();
            let body = json!({ "step": step, "version": version, "transition": transition, "reason": reason });
            let Ok(answer) = client.json("POST", &format!("/api/v1/cases/{id}/steps"), &body, 0).await else { return };
            if answer.status != 200 {
                return note_refusal(&answer);
            }
            version = version_of(&answer);
            let mut ledger = ledger.lock().unwrap();
            ledger.steps.insert(step);
            ledger.cases.insert(id, version);
        }
    }
}

fn version_of(answer: &crate::wire::Answer) -> i64 {
    let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    json["version"].as_i64().unwrap()
}

/// Changes people again and again.
pub async fn edits(client: Client, ledger: Shared, people: Vec<String>) {
    let mut number = 0;
    loop {
        for id in &people {
            number += 1;
            let at = format!("/api/v1/registers/person/{id}");
            let Ok(found) = client.get(&at).await else { return };
            let version = version_of(&found);
            let value = format!("E{version}-{number}");
            let body = json!({ "values": { "household_no": value }, "reason": "演练" });
            let Ok(answer) = client.json("PUT", &at, &body, version).await else { return };
            if answer.status != 200 {
                return note_refusal(&answer);
            }
            ledger.lock().unwrap().edits.insert(id.clone(), (version_of(&answer), value));
        }
    }
}
