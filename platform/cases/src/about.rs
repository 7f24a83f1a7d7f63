//! Cases that are about a record: part of the copy that a person is given, and wiped when the record is erased. An open case keeps the
//! record until it has ended.

mod store;

use crate::model::{Case, Did, Paper, Step};
use crate::reads::{Listed, listed};
use crate::{Cases, Described, Descriptions};
use facts::{Entry, Fact};
use futures::future::BoxFuture;
use identity::{Actor, Refusal};
use pack_reader::model::CaseKind;
use records::{Elsewhere, Erased, HeldElsewhere, HeldFile, HeldTable, Records, Unfinished, typed};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use storage::{Result, Tx};
use uuid::Uuid;
use vocabulary::clock::china_local;

/// What a case is called whose content was erased.
const WIPED: &str = "（个人信息已删除）";
/// Cases of an institution that are given at once.
const PARTY_MAX: usize = 500;

/// Cases, as the room that registers ask about a record.
pub struct AboutRecords(Arc<dyn Descriptions>);

impl std::fmt::Debug for AboutRecords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AboutRecords").finish_non_exhaustive()
    }
}

impl Cases {
    /// What registers ask when a person is given a copy, and when a record is erased.
    #[must_use]
    pub fn about_records(&self) -> Arc<dyn Elsewhere> {
        Arc::new(AboutRecords(self.descriptions()))
    }

    /// The cases about an institution that the asker may see, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of_party(&self, actor: &Actor, party: Uuid) -> std::result::Result<Vec<Listed>, Refusal> {
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        let today = self.clock.today();
        let mut seen = Vec::new();
        for case in store::of_party(&self.db, &actor.place, party, PARTY_MAX).await? {
            let kind = described.kinds.iter().find(|kind| kind.key == case.kind);
            if kind.is_some_and(|kind| viewer.sees(kind, &case)) {
                seen.push(listed(&described, case, today));
            }
        }
        Ok(seen)
    }
}

impl Elsewhere for AboutRecords {
    fn held<'a>(
        &'a self,
        records: &'a Records,
        actor: &'a Actor,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, std::result::Result<HeldElsewhere, Refusal>> {
        Box::pin(self.gathered(records, actor, ids))
    }

    fn content<'a>(&'a self, records: &'a Records, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        Box::pin(store::content(&records.db, id))
    }

    fn unfinished<'a>(
        &'a self,
        records: &'a Records,
        place: &'a str,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, Result<Vec<Unfinished>>> {
        Box::pin(async move {
            let described = self.0.of(place, records.clock.today());
            let mut open = Vec::new();
            for (case, hits) in store::naming(&records.db, place, ids).await? {
                if case.closed_at.is_none() {
                    let what = format!("{}（{}）", label(described.as_deref(), &case), case.number);
                    open.extend(hits.into_iter().map(|record| Unfinished { record, what: what.clone() }));
                }
            }
            Ok(open)
        })
    }

    fn wipe<'a>(&'a self, records: &'a Records, tx: &'a mut Tx, erased: &'a Erased<'a>) -> BoxFuture<'a, Result<()>> {
        Box::pin(wiped(records, tx, erased))
    }

    fn tables(&self) -> &'static [&'static str] {
        &["casefile", "casefile_step", "casefile_paper"]
    }
}

fn kind_of<'d>(described: Option<&'d Described>, case: &Case) -> Option<&'d CaseKind> {
    described?.kinds.iter().find(|kind| kind.key == case.kind)
}

fn label(described: Option<&Described>, case: &Case) -> String {
    kind_of(described, case).map_or_else(|| case.kind.clone(), |kind| kind.label.clone())
}

fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    china_local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// What was done in a step, in words.
fn done(kind: Option<&CaseKind>, step: &Step) -> String {
    let paper = || {
        let found = kind.and_then(|kind| kind.paper(&step.name));
        found.map_or_else(|| step.name.clone(), |paper| paper.label.clone())
    };
    match step.did {
        Did::Started => "发起".to_owned(),
        Did::Moved => {
            let found = kind.and_then(|kind| kind.transition(&step.name));
            found.map_or_else(|| step.name.clone(), |transition| transition.label.clone())
        }
        Did::Paper => format!("上传材料：{}", paper()),
        Did::PaperRemoved => format!("撤下材料：{}", paper()),
        Did::Assigned => "转交".to_owned(),
        Did::Filled => "填写".to_owned(),
    }
}

fn table(label: &str, columns: &[&str]) -> HeldTable {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    HeldTable { label: label.to_owned(), columns, rows: Vec::new() }
}

impl AboutRecords {
    async fn gathered(
        &self,
        records: &Records,
        actor: &Actor,
        ids: &BTreeSet<Uuid>,
    ) -> std::result::Result<HeldElsewhere, Refusal> {
        let described = self.0.of(&actor.place, records.clock.today());
        let mut cases = table("办件", &["编号", "种类", "名称", "状态", "发起时间", "办结时间"]);
        let mut fields = table("办件内容", &["编号", "栏目", "内容"]);
        let mut steps = table("办件经过", &["编号", "时间", "做了什么", "经办人", "说明"]);
        let mut papers = table("办件材料", &["编号", "种类", "文件名", "大小", "上传时间", "SHA-256"]);
        let mut files = Vec::new();
        for (case, _) in store::naming(&records.db, &actor.place, ids).await? {
            if !actor.sees(&case.region_path) {
                continue;
            }
            let kind = kind_of(described.as_deref(), &case);
            let state = kind.and_then(|kind| kind.state(&case.state));
            let state = state.map_or_else(|| case.state.clone(), |state| state.label.clone());
            let (number, named) = (case.number.clone(), label(described.as_deref(), &case));
            let ended = case.closed_at.map(moment).unwrap_or_default();
            let head = [number.clone(), named, case.title.clone(), state, moment(case.started_at), ended];
            cases.rows.push(head.to_vec());
            for (column, text) in texts(records, actor, kind, &case).await? {
                fields.rows.push(vec![number.clone(), column, text]);
            }
            for step in crate::store::steps(&records.db, case.id).await? {
                let what = done(kind, &step);
                steps.rows.push(vec![number.clone(), moment(step.at), what, step.person, step.said]);
            }
            for paper in crate::store::papers(&records.db, case.id).await? {
                files.push(file(&number, &paper));
                papers.rows.push(row(number.clone(), kind, paper));
            }
        }
        Ok(HeldElsewhere { tables: vec![cases, fields, steps, papers], files })
    }
}

fn row(number: String, kind: Option<&CaseKind>, paper: Paper) -> Vec<String> {
    let of = kind.and_then(|kind| kind.paper(&paper.kind)).map_or(paper.kind, |kind| kind.label.clone());
    let size = documents::fmt::file_size(paper.bytes);
    vec![number, of, paper.name, size, moment(paper.added_at), paper.digest]
}

fn file(number: &str, paper: &Paper) -> HeldFile {
    let short = paper.id.simple().to_string();
    let end = short.get(24..).unwrap_or_default();
    HeldFile { id: paper.id, path: format!("办件材料/{number}-{end}-{}", paper.name), bytes: paper.bytes }
}

/// What is filled in, by the words of its kind; under bare keys where the plan no longer has the kind.
async fn texts(
    records: &Records,
    actor: &Actor,
    kind: Option<&CaseKind>,
    case: &Case,
) -> std::result::Result<Vec<(String, String)>, Refusal> {
    let Some(kind) = kind else {
        let bare = case.body.iter().map(|(key, value)| (key.clone(), value.to_string()));
        return Ok(bare.collect());
    };
    let (register, record) = (kind.as_register(), case.as_record());
    let names = records.names(&actor.place, &register, std::slice::from_ref(&record)).await?;
    let filled = register.fields.iter().filter_map(|field| Some((field, record.value(&field.key)?)));
    Ok(filled.map(|(field, value)| (field.label.clone(), typed(field, value, &names))).collect())
}

/// Wipes the cases that name records which were erased; one fact and one audit entry a district say how many.
async fn wiped(records: &Records, tx: &mut Tx, erased: &Erased<'_>) -> Result<()> {
    let mut districts: BTreeMap<String, (usize, Sha256)> = BTreeMap::new();
    for (case, _) in store::naming(&records.db, erased.place, &erased.ids).await? {
        store::wipe(tx, case.id, WIPED).await?;
        let (count, digest) = districts.entry(case.district).or_default();
        *count += 1;
        digest.update(format!("{}\n", case.id));
    }
    let now = records.clock.now();
    for (district, (count, digest)) in districts {
        let body = json!({ "erasure": erased.erasure, "cases": count, "digest": hex::encode(digest.finalize()) });
        let subject = format!("erasure:{}", erased.erasure);
        let fact = Fact {
            district: district.clone(),
            kind: "CasesErased",
            subject: subject.clone(),
            valid_on: records.today(),
            actor: erased.actor.to_owned(),
            body: body.clone(),
            because: Vec::new(),
        };
        facts::record(tx, now, &fact).await?;
        let action = records::actions::ERASE_CONFIRM.key.to_owned();
        let entry = Entry { district, actor: erased.actor.to_owned(), action, subject, detail: body };
        facts::audit(tx, now, &entry).await?;
    }
    Ok(())
}
