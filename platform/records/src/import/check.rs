//! What becomes of some rows, decided against what is there now. Used for the preview and again when applying.

use super::holders::{Holders, Key};
use super::{Decision, Import, ImportRow, Verdict, points, similar};
use crate::commands::{Failure, Records, changed, changed_fields, place_of, references_of, taken_by};
use crate::coordinates::Crs;
use crate::decide::{Decided, Draft, Known, Placed, Referred, decide, kinds};
use crate::reads::by_ids;
use crate::record::{Record, State};
use crate::store::write::key_text;
use crate::value::Body;
use chrono::NaiveDate;
use identity::Actor;
use std::collections::HashMap;
use vocabulary::{FieldKind, Register, Violation};

/// Texts that named references, and where they led.
type References = HashMap<(String, String), Referred>;

/// A row after checking.
pub(crate) struct Checked {
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is wrong.
    pub problems: Vec<Violation>,
    /// The present record, for a change.
    pub before: Option<Record>,
    /// What the record would be.
    pub decided: Option<Decided>,
    /// The record that it may be.
    pub same_as: Option<uuid::Uuid>,
}

/// Checks rows part by part; remembers the natural keys of the whole file.
pub(crate) struct Checker<'a> {
    records: &'a Records,
    actor: &'a Actor,
    register: &'a Register,
    valid_from: NaiveDate,
    crs: Option<Crs>,
    similar: bool,
    regions: HashMap<String, Placed>,
    seen: HashMap<(usize, String), u32>,
}

impl<'a> Checker<'a> {
    /// A checker that has seen nothing yet.
    pub fn new(
        records: &'a Records,
        actor: &'a Actor,
        register: &'a Register,
        (valid_from, crs): (NaiveDate, Option<Crs>),
    ) -> Self {
        let (regions, seen) = (HashMap::new(), HashMap::new());
        Self { records, actor, register, valid_from, crs, similar: true, regions, seen }
    }

    /// A checker for applying an import: what may be the same was asked before and is not asked again.
    pub fn applying(records: &'a Records, actor: &'a Actor, register: &'a Register, import: &Import) -> Self {
        Self { similar: false, ..Self::new(records, actor, register, (import.valid_from, import.crs)) }
    }

    /// Decides what becomes of each row of some parts of a file, given in their order. The parts are looked up at the same time:
    /// while the database answers for one, another is judged.
    ///
    /// # Errors
    /// When the database refuses; a wrong row is no error.
    pub async fn check(&mut self, parts: &[&[ImportRow]]) -> Result<Vec<Vec<Checked>>, Failure> {
        let draft = |row: &ImportRow| row.draft(self.valid_from, self.crs);
        let drafts: Vec<Vec<Draft>> = parts.iter().map(|rows| rows.iter().map(draft).collect()).collect();
        for draft in drafts.iter().flatten() {
            self.find_region(draft);
        }
        let judged = parts.iter().zip(&drafts).map(|(rows, drafts)| self.judge(rows, drafts));
        let mut checked = futures::future::try_join_all(judged).await?;
        for (rows, checked) in parts.iter().zip(&mut checked) {
            for (row, checked) in rows.iter().zip(checked) {
                self.compare_within_file(row.number, checked);
            }
        }
        Ok(checked)
    }

    /// Judges each row of a part by what is there now, whatever else the file holds.
    async fn judge(&self, rows: &[ImportRow], drafts: &[Draft]) -> Result<Vec<Checked>, Failure> {
        let all: Vec<&Draft> = drafts.iter().collect();
        let references = references_of(self.records, self.actor, self.register, &all).await?;
        let mut holders = Holders::default();
        let mut present = self.present(rows, drafts, &references, &mut holders).await?;
        let mut checked = Vec::with_capacity(rows.len());
        for ((row, draft), before) in rows.iter().zip(drafts).zip(present.drain(..)) {
            checked.push(self.one(row, draft, before, &references));
        }
        self.compare_keys(&mut checked, &mut holders).await?;
        for checked in &mut checked {
            let doubt = checked.decided.as_ref().and_then(|decided| {
                points::elsewhere(self.records, self.actor, self.register, decided, checked.before.as_ref())
            });
            checked.problems.extend(doubt);
        }
        if self.similar {
            similar::mark(self.records, self.actor, self.register, rows, &mut checked).await?;
        }
        Ok(checked)
    }

    fn find_region(&mut self, draft: &Draft) {
        if let Some(text) = &draft.region
            && !self.regions.contains_key(text)
        {
            let today = self.records.today();
            let found = place_of(self.records, &self.actor.region, text, today);
            self.regions.insert(text.clone(), found);
        }
    }

    fn one(&self, row: &ImportRow, draft: &Draft, before: Option<Record>, references: &References) -> Checked {
        let known = Known {
            register: self.register,
            before: before.as_ref(),
            scope: &self.actor.region,
            today: self.records.today(),
            region: draft.region.as_ref().and_then(|text| self.regions.get(text)).cloned(),
            references,
        };
        // What the reader found wrong stays wrong, whatever the texts look like.
        let read_wrong = row.problems.iter().filter(|_| row.verdict == Verdict::Bad);
        let mut problems: Vec<Violation> = read_wrong.cloned().collect();
        match decide(draft, &known) {
            Ok(decided) if problems.is_empty() => {
                let verdict = match &before {
                    None => Verdict::New,
                    Some(before) => {
                        let after = changed(before, decided.clone(), self.records, self.actor);
                        let same = changed_fields(self.register, before, &after).is_empty();
                        if same && after.region == before.region { Verdict::Unchanged } else { Verdict::Changed }
                    }
                };
                Checked { verdict, problems, before, decided: Some(decided), same_as: row.same_as }
            }
            Ok(_) => Checked { verdict: Verdict::Bad, problems, before, decided: None, same_as: None },
            Err(found) => {
                let known: Vec<String> = problems.iter().map(|problem| problem.place.clone()).collect();
                problems.extend(found.into_iter().filter(|problem| !known.contains(&problem.place)));
                Checked { verdict: Verdict::Bad, problems, before, decided: None, same_as: None }
            }
        }
    }

    /// The record each draft is about: the one that somebody said it is, or that holds its first whole natural key, inside the
    /// actor's region.
    async fn present(
        &self,
        rows: &[ImportRow],
        drafts: &[Draft],
        references: &References,
        holders: &mut Holders,
    ) -> Result<Vec<Option<Record>>, Failure> {
        let said = |row: &ImportRow| row.same_as.filter(|_| row.decision == Some(Decision::Same));
        let ids: Vec<uuid::Uuid> = rows.iter().filter_map(said).collect();
        let named = by_ids(&self.records.db, self.register, &self.actor.region, &ids).await?;
        let named = |row: &ImportRow| {
            let id = said(row)?;
            named.iter().find(|record| record.id == id && record.state == State::Active).cloned()
        };
        let keys: Vec<Option<(usize, String, Body)>> =
            drafts.iter().map(|draft| self.natural_key(draft, references)).collect();
        let asked = keys.iter().zip(drafts).filter_map(|(key, draft)| -> Option<Key<'_>> {
            let (group, text, body) = key.as_ref()?;
            Some((*group, self.district(draft), text.clone(), body))
        });
        holders.learn(self.records, self.register, asked).await?;
        Ok(keys
            .into_iter()
            .zip(rows.iter().zip(drafts))
            .map(|(key, (row, draft))| {
                let held = key.and_then(|(group, text, _)| {
                    let holder = holders.of(group, self.district(draft), &text)?;
                    self.actor.sees(&holder.region_path).then(|| holder.clone())
                });
                held.or_else(|| named(row))
            })
            .collect())
    }

    fn district(&self, draft: &Draft) -> &str {
        match draft.region.as_ref().and_then(|text| self.regions.get(text)) {
            Some(Placed::One(found)) => &found.district,
            _ => &self.actor.district,
        }
    }

    fn natural_key(&self, draft: &Draft, references: &References) -> Option<(usize, String, Body)> {
        self.register.unique.iter().enumerate().find_map(|(number, group)| {
            let mut body = Body::new();
            for key in group {
                let field = self.register.field(key)?;
                let text = draft.text(key)?;
                let value = match field.kind {
                    FieldKind::Reference => {
                        let target = field.reference.clone().unwrap_or_default();
                        match references.get(&(target, text.to_owned()))? {
                            Referred::One(id) => id.to_string().into(),
                            Referred::Several(_) => return None,
                        }
                    }
                    _ => kinds::read(field, text, draft.spelling).ok()?,
                };
                body.insert(key.clone(), value);
            }
            Some((number, key_text(group, &body)?, body))
        })
    }

    /// Refuses rows whose natural keys belong to other records.
    async fn compare_keys(&self, checked: &mut [Checked], holders: &mut Holders) -> Result<(), Failure> {
        for (number, group) in self.register.unique.iter().enumerate() {
            let asked = checked.iter().filter_map(good).filter_map(|(district, decided, _)| -> Option<Key<'_>> {
                Some((number, district, key_text(group, &decided.body)?, &decided.body))
            });
            holders.learn(self.records, self.register, asked).await?;
            for one in checked.iter_mut() {
                let clash = good(one).and_then(|(district, decided, id)| {
                    let holder = holders.of(number, district, &key_text(group, &decided.body)?)?;
                    (Some(holder.id) != id).then(|| taken_by(self.register, group, holder, self.actor))
                });
                if let Some(problem) = clash {
                    refuse(one, problem);
                }
            }
        }
        Ok(())
    }

    /// Refuses a row whose natural key another row of the file has: nobody can tell which of them is right.
    fn compare_within_file(&mut self, number: u32, checked: &mut Checked) {
        for (index, group) in self.register.unique.iter().enumerate() {
            let Some(text) = checked.decided.as_ref().and_then(|decided| key_text(group, &decided.body)) else {
                continue;
            };
            let earlier = *self.seen.entry((index, text)).or_insert(number);
            if earlier != number {
                let place = group.first().cloned().unwrap_or_default();
                let message = format!("与本文件第 {earlier} 行重复");
                refuse(checked, Violation::new("record.unique", place, message, "请只保留一行"));
            }
        }
    }
}

fn refuse(checked: &mut Checked, problem: Violation) {
    checked.verdict = Verdict::Bad;
    checked.problems.push(problem);
    checked.decided = None;
    // What is wrong anyway is not asked about.
    checked.same_as = None;
}

/// District, content and own id of a row that is right so far.
fn good(checked: &Checked) -> Option<(&str, &Decided, Option<uuid::Uuid>)> {
    let decided = checked.decided.as_ref()?;
    let district = match &decided.region {
        Some(region) => region.district.as_str(),
        None => checked.before.as_ref()?.district.as_str(),
    };
    Some((district, decided, checked.before.as_ref().map(|record| record.id)))
}
