//! Everything that is held of one record: for the person who asks what is known of them, and for deleting all of it.

use super::{HeldElsewhere, HeldTable};
use crate::actions::{ERASE, allow};
use crate::columns::root_of;
use crate::commands::{Failure, Records, referring};
use crate::files::{self, RecordFile};
use crate::history::history;
use crate::query::{Filter, MAX_LIMIT, Query, Test};
use crate::reads::{get, list};
use crate::record::{Record, Version};
use crate::registry::REGION_LABEL;
use crate::show::{Names, titled, typed};
use crate::store::merges::merges_of;
use documents::fmt::file_size;
use documents::pack;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook, write_xlsx};
use facts::Entry;
use identity::{Actor, Refusal};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use storage::StorageError;
use uuid::Uuid;
use vocabulary::clock::china_local;
use vocabulary::{RegionPath, Register, Violation};

/// Bytes of the files in one packed copy.
const PACKED_MAX: i64 = 200 << 20;

/// One record that is held, with all its versions, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Its register.
    pub register: Arc<Register>,
    /// Its versions.
    pub versions: Vec<Version>,
    /// The names of what they refer to.
    names: Names,
}

/// What is held of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonalCopy {
    /// The text that names the record.
    pub title: String,
    /// The record itself first, then what went into it and what refers to it.
    pub held: Vec<Held>,
    /// Who looked at hidden fields: when, who, and for what.
    pub looked: Vec<(String, String, String)>,
    /// Files of the records: the register's name and the file, those taken back among them.
    pub files: Vec<(String, RecordFile)>,
    /// What other rooms hold, each by itself.
    pub elsewhere: Vec<HeldElsewhere>,
}

impl Records {
    /// The record, the duplicates that went into it, and every record whose required reference leads to one of them: what is
    /// about the same person, in use or removed, wherever in the place it lies.
    pub(super) async fn whole_of(
        &self,
        actor: &Actor,
        register: &Arc<Register>,
        record: &Record,
    ) -> Result<Vec<(Arc<Register>, Record)>, Failure> {
        let place = root_of(&actor.region);
        let mut all = vec![(Arc::clone(register), record.clone())];
        let mut at = 0;
        while let Some((_, one)) = all.get(at).cloned() {
            for merge in merges_of(&self.db, &register.key, one.id).await? {
                if merge.kept == one.id && all.iter().all(|(_, known)| known.id != merge.gone) {
                    let gone = get(&self.db, register, &place, merge.gone).await?;
                    all.extend(gone.map(|gone| (Arc::clone(register), gone)));
                }
            }
            at += 1;
        }
        let same: Vec<Uuid> = all.iter().map(|(_, one)| one.id).collect();
        for other in self.registry.all(&actor.place) {
            for field in referring(&other, &register.key).filter(|field| field.required) {
                for id in &same {
                    for found in self.leading_to(&other, &field.key, *id, &place).await? {
                        if all.iter().all(|(_, known)| known.id != found.id) {
                            all.push((Arc::clone(&other), found));
                        }
                    }
                }
            }
        }
        Ok(all)
    }

    /// Records, in use or removed, whose field leads to a record.
    pub(crate) async fn leading_to(
        &self,
        register: &Register,
        field: &str,
        target: Uuid,
        scope: &RegionPath,
    ) -> Result<Vec<Record>, StorageError> {
        let filters = vec![Filter::new(field, Test::Equals(target.to_string()))];
        let mut query = Query { limit: MAX_LIMIT, filters, removed: true, ..Query::within(scope) };
        let mut found = Vec::new();
        loop {
            let page = list(&self.db, register, &query).await?;
            found.extend(page.rows);
            match page.next {
                Some(next) if found.len() <= super::ERASURE_MAX => query.after = Some(next),
                _ => return Ok(found),
            }
        }
    }

    /// Everything held of a record in the actor's region, unmasked, for the person it is about. Who asked and why is written
    /// down before anything is given.
    ///
    /// # Errors
    /// When the actor may not, does not see the record, or does not say who asks and why.
    pub async fn copy(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        asked: &super::Asked,
    ) -> Result<PersonalCopy, Failure> {
        allow(actor, &ERASE)?;
        let register = self.register(actor, register)?;
        let record = get(&self.db, &register, &actor.region, id).await?;
        let record = record.ok_or_else(|| Refusal::NotFound("这条登记".to_owned()))?;
        let (by, why) = (crate::commands::short(&asked.by), crate::commands::short(&asked.reason));
        let missing = |field: &str, what: &str, how: &str| Violation::new("record.required", field, what, how);
        let mut problems = Vec::new();
        problems.extend(by.is_empty().then(|| missing("by", "请填写由谁提出", "本人、监护人，或与本人的关系")));
        problems.extend(why.is_empty().then(|| missing("reason", "请填写怎样核对了身份", "如：当面核对了身份证")));
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems).into());
        }
        let (mut held, mut files, mut own) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (of, one) in self.whole_of(actor, &register, &record).await? {
            own.extend((of.key == register.key).then_some(one.id));
            let register = of;
            let versions = history(&self.db, &register, &actor.region, one.id).await?;
            let rows: Vec<Record> = versions.iter().map(|version| version.record.clone()).collect();
            let names = self.names(&actor.place, &register, &rows).await?;
            if !versions.is_empty() {
                let kept = files::store::of(&self.db, &register.key, &[one.id]).await?;
                files.extend(kept.into_iter().map(|file| (register.label.clone(), file)));
                held.push(Held { register, versions, names });
            }
        }
        let subject = format!("{}:{id}", register.key);
        let looked = self.looked_at(&subject).await?;
        let mut elsewhere = Vec::new();
        for room in self.registry.others() {
            elsewhere.push(room.held(self, actor, &own).await?);
        }
        let mut tx = self.db.begin().await?;
        let entry = Entry {
            district: record.district.clone(),
            actor: actor.login.clone(),
            action: ERASE.key.to_owned(),
            subject,
            detail: json!({ "copy": held.len(), "asked_by": by, "reason": why }),
        };
        facts::audit(&mut tx, self.clock.now(), &entry).await?;
        tx.commit().await?;
        let names = self.names(&actor.place, &register, std::slice::from_ref(&record)).await?;
        Ok(PersonalCopy { title: titled(&register, &record, &names), held, looked, files, elsewhere })
    }

    /// A copy with its files, packed (zip): the workbook, the same for programs, and every file that is held.
    ///
    /// # Errors
    /// When the files are too many for one packed file, or something cannot be read.
    pub async fn packed(&self, copy: &PersonalCopy) -> Result<Vec<u8>, Failure> {
        let fault = |what: String| Refusal::Fault(what);
        let held: Vec<_> = copy.files.iter().filter(|(_, file)| file.taken.is_none()).collect();
        let elsewhere = copy.elsewhere.iter().flat_map(|room| &room.files).map(|file| file.bytes);
        let bytes = held.iter().map(|(_, file)| file.bytes).chain(elsewhere).sum::<i64>();
        if bytes > PACKED_MAX {
            let message = format!("文件共 {}，不能装进一个包，请在各登记和办件的页面上分别下载。", file_size(bytes));
            return Err(Refusal::Conflict(message).into());
        }
        let json = serde_json::to_vec_pretty(&copy.json()).map_err(|error| fault(error.to_string()))?;
        let workbook = copy.xlsx().map_err(|problems| fault(format!("{problems:?}")))?;
        let mut all = vec![("个人信息副本.xlsx".to_owned(), workbook), ("个人信息副本.json".to_owned(), json)];
        for (number, (label, file)) in (1..).zip(held) {
            let found = files::store::content(&self.db, &file.register, file.record, file.id).await?;
            all.extend(found.map(|(_, content)| (format!("文件/{number:03}-{label}-{}", file.name), content)));
        }
        for (room, held) in self.registry.others().iter().zip(&copy.elsewhere) {
            for file in &held.files {
                let found = room.content(self, file.id).await?;
                all.extend(found.map(|content| (file.path.clone(), content)));
            }
        }
        Ok(pack(&all).map_err(|problem| fault(problem.message))?)
    }

    async fn looked_at(&self, subject: &str) -> Result<Vec<(String, String, String)>, StorageError> {
        let mut entries = facts::entries_of(&self.db, subject, crate::actions::REVEAL.key).await?;
        entries.extend(facts::entries_of(&self.db, subject, crate::actions::READ.key).await?);
        entries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let told = |(at, entry): (chrono::DateTime<chrono::Utc>, Entry)| {
            let purpose = entry.detail.get("purpose").and_then(Json::as_str).unwrap_or("打开登记").to_owned();
            (china_local(at).format("%Y-%m-%d %H:%M").to_string(), entry.actor, purpose)
        };
        Ok(entries.into_iter().map(told).collect())
    }
}

/// Columns before the fields.
const BEFORE: [(&str, u16); 5] = [("编号", 38), ("版本", 6), ("起于", 12), ("掌握于", 18), (REGION_LABEL, 18)];

impl Held {
    fn head_of(version: &Version) -> [String; 5] {
        let record = &version.record;
        [
            record.id.to_string(),
            record.version.to_string(),
            record.valid_from.to_string(),
            china_local(record.known_from).format("%Y-%m-%d %H:%M").to_string(),
            record.region.clone(),
        ]
    }

    fn texts(&self, version: &Version) -> Vec<(&str, String)> {
        let values = self.register.fields.iter().map(|field| {
            let text = version.record.value(&field.key).map(|value| typed(field, value, &self.names));
            (field.label.as_str(), text.unwrap_or_default())
        });
        values.collect()
    }
}

impl PersonalCopy {
    /// The files of the records, and what other rooms hold: those that have lines.
    fn tables(&self) -> Vec<HeldTable> {
        let moment = |at| china_local(at).format("%Y-%m-%d %H:%M").to_string();
        let rows = self.files.iter().map(|(register, file)| {
            let taken = file.taken.as_ref();
            let taken = taken.map(|taken| format!("{} 撤下：{}", moment(taken.at), taken.reason)).unwrap_or_default();
            let size = file_size(file.bytes);
            let (added, digest) = (moment(file.added_at), file.digest.clone());
            vec![register.clone(), file.record.to_string(), file.name.clone(), size, added, taken, digest]
        });
        let columns = ["登记簿", "记录编号", "文件名", "大小", "上传时间", "撤下", "SHA-256"].map(str::to_owned);
        let files = HeldTable { label: "文件".to_owned(), columns: columns.to_vec(), rows: rows.collect() };
        let others = self.elsewhere.iter().flat_map(|room| room.tables.clone());
        std::iter::once(files).chain(others).filter(|table| !table.rows.is_empty()).collect()
    }

    /// As one JSON object.
    #[must_use]
    pub fn json(&self) -> Json {
        let version = |held: &Held, version: &Version| {
            let mut told = Map::new();
            for ((label, _), text) in BEFORE.iter().zip(Held::head_of(version)) {
                told.insert((*label).to_owned(), Json::from(text));
            }
            for (label, text) in held.texts(version).into_iter().filter(|(_, text)| !text.is_empty()) {
                told.insert(label.to_owned(), Json::from(text));
            }
            Json::Object(told)
        };
        let held = self.held.iter().map(|held| {
            let versions: Vec<Json> = held.versions.iter().map(|one| version(held, one)).collect();
            json!({ "登记簿": held.register.label, "内容": versions })
        });
        let looked = self.looked.iter().map(|(at, who, why)| json!({ "时间": at, "账号": who, "用途": why }));
        let mut all = json!({ "关于": self.title, "登记": held.collect::<Vec<_>>(),
            "查看遮盖内容的记录": looked.collect::<Vec<_>>() });
        if let Some(map) = all.as_object_mut() {
            for table in self.tables() {
                let rows = table.rows.iter().map(|row| {
                    let cells = table.columns.iter().zip(row).filter(|(_, text)| !text.is_empty());
                    Json::Object(cells.map(|(label, text)| (label.clone(), Json::from(text.as_str()))).collect())
                });
                map.insert(table.label.clone(), rows.collect());
            }
        }
        all
    }

    /// As an Excel workbook: a sheet a register, a row a version.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn xlsx(&self) -> Result<Vec<u8>, Vec<Violation>> {
        let mut sheets: Vec<Sheet> = Vec::new();
        for held in &self.held {
            let rows = held.versions.iter().map(|version| {
                let texts = held.texts(version).into_iter().map(|(_, text)| text);
                Held::head_of(version).into_iter().chain(texts).map(Cell::text).collect::<Vec<_>>()
            });
            if let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.head.name == held.register.label) {
                sheet.rows.extend(rows);
                continue;
            }
            let before = BEFORE.iter().map(|(label, width)| Column::new(*label, ColumnKind::Text).wide(*width));
            let fields = held.register.fields.iter().map(|field| Column::new(&field.label, ColumnKind::Text));
            let titles = vec![format!("{}：关于“{}”的全部内容，一版一行", held.register.label, self.title)];
            let columns = before.chain(fields).collect();
            let head =
                SheetHead { name: held.register.label.clone(), titles, columns, frozen: true, ..SheetHead::default() };
            sheets.push(Sheet { head, rows: rows.collect() });
        }
        for table in self.tables() {
            let columns = table.columns.iter().map(|label| Column::new(label, ColumnKind::Text).wide(20));
            let head =
                SheetHead { name: table.label, columns: columns.collect(), frozen: true, ..SheetHead::default() };
            let rows = table.rows.into_iter().map(|row| row.into_iter().map(Cell::text).collect());
            sheets.push(Sheet { head, rows: rows.collect() });
        }
        let columns = [("时间", 18), ("账号", 18), ("用途", 60)];
        let columns = columns.into_iter().map(|(label, width)| Column::new(label, ColumnKind::Text).wide(width));
        let titles = vec!["谁查看过遮盖的内容".to_owned()];
        let head =
            SheetHead { name: "查看记录".to_owned(), titles, columns: columns.collect(), ..SheetHead::default() };
        let rows =
            self.looked.iter().map(|(at, who, why)| [at, who, why].map(|text| Cell::text(text.as_str())).to_vec());
        sheets.push(Sheet { head, rows: rows.collect() });
        let properties = Properties { title: format!("{}：个人信息副本", self.title), ..Properties::default() };
        write_xlsx(&Workbook { properties, sheets })
    }
}
