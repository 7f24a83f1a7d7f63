//! Proposing: by a rule of the pack, or because the person, or who speaks for them, asks.

use super::{DueRule, ERASURE_MAX, Ending, Erasure, ErasureState, REMOVED, Retention, Target, Unfinished, store};
use crate::actions::{ERASE, allow};
use crate::columns::root_of;
use crate::commands::{Failure, Note, Records, tell};
use crate::reads::get;
use crate::record::Record;
use chrono::NaiveDate;
use identity::{Actor, Refusal};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::{Register, Violation};

/// A person's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who asks: the person, or who speaks for them.
    pub by: String,
    /// Why, and how it was made sure who they are.
    pub reason: String,
}

impl Records {
    /// The rules of the actor's place, with what each finds in the actor's region.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn due_for_erasure(&self, actor: &Actor) -> Result<Vec<DueRule>, Failure> {
        allow(actor, &ERASE)?;
        let waiting = self.named_by_others(actor).await?;
        let mut all = Vec::new();
        for rule in self.registry.retention(&actor.place) {
            let Some(register) = self.registry.get(&actor.place, &rule.register) else { continue };
            let found = self.due(actor, &register, &rule).await?;
            let proposed = found.iter().filter(|one| waiting.contains(&one.id)).count();
            all.push(DueRule { register: register.label.clone(), count: found.len(), proposed, rule });
        }
        Ok(all)
    }

    async fn due(&self, actor: &Actor, register: &Register, rule: &Retention) -> Result<Vec<Target>, Failure> {
        Ok(store::due(&self.db, register, rule, &actor.region, (self.today(), ERASURE_MAX)).await?)
    }

    /// Records that a proposal which waits names already.
    async fn named_by_others(&self, actor: &Actor) -> Result<BTreeSet<Uuid>, Failure> {
        let all = store::list(&self.db, &root_of(&actor.region)).await?;
        let waiting = all.into_iter().filter(|one| one.state == ErasureState::Proposed);
        Ok(waiting.flat_map(|one| one.targets.into_iter().map(|target| target.id)).collect())
    }

    /// Proposals of the actor's region, those that wait first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn erasures(&self, actor: &Actor) -> Result<Vec<Erasure>, Failure> {
        Ok(store::list(&self.db, &actor.region).await?)
    }

    /// Proposes what a rule finds in the actor's region and nobody proposed yet.
    ///
    /// # Errors
    /// When the actor may not, there is no such rule, or it finds nothing.
    pub async fn propose_by_rule(&self, actor: &Actor, rule: &str) -> Result<Erasure, Failure> {
        allow(actor, &ERASE)?;
        let rules = self.registry.retention(&actor.place);
        let rule = rules.into_iter().find(|one| one.key == rule);
        let rule = rule.ok_or_else(|| Refusal::NotFound("这条保存期规则".to_owned()))?;
        let register = self.register(actor, &rule.register)?;
        let named = self.named_by_others(actor).await?;
        let mut targets = self.due(actor, &register, &rule).await?;
        targets.retain(|one| !named.contains(&one.id));
        let found = targets.len();
        let busy = self.unfinished(&actor.place, targets.iter().map(|one| one.id).collect()).await?;
        targets.retain(|one| busy.iter().all(|busy| busy.record != one.id));
        if targets.is_empty() && found > 0 {
            let message = format!("到期的 {found} 条登记都还有没办结的办件，办结以后再提请。");
            return Err(Refusal::Conflict(message).into());
        }
        if targets.is_empty() {
            return Err(Refusal::Conflict("没有到期的登记，或都已提请。".to_owned()).into());
        }
        let reason = format!("{}（{}）", rule.label, rule.source);
        let about =
            About { rule: Some(rule.key), register: rule.register, ending: rule.ending, keep: rule.keep, reason };
        self.propose(actor, about, targets).await
    }

    /// Proposes that a record be deleted because the person asks, with everything that refers to it and the duplicates that
    /// went into it.
    ///
    /// # Errors
    /// When the actor may not, does not see the record, does not say who asks and why, or a law demands that something of it
    /// be kept longer, or something about the person is not finished (every reason at once).
    pub async fn propose_on_request(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        asked: &Asked,
    ) -> Result<Erasure, Failure> {
        allow(actor, &ERASE)?;
        let register = self.register(actor, register)?;
        let record = get(&self.db, &register, &actor.region, id).await?;
        let record = record.ok_or_else(|| Refusal::NotFound("这条登记".to_owned()))?;
        let (by, why) = (crate::commands::short(&asked.by), crate::commands::short(&asked.reason));
        let mut problems = Vec::new();
        let empty = |field: &str, what: &str, how: &str| Violation::new("record.required", field, what, how);
        problems.extend(by.is_empty().then(|| empty("by", "请填写由谁提出", "本人、监护人，或与本人的关系")));
        problems.extend(
            why.is_empty().then(|| empty("reason", "请填写理由和核对身份的办法", "如：撤回同意，当面核对了身份证")),
        );
        let all = self.whole_of(actor, &register, &record).await?;
        for (register, one) in &all {
            problems.extend(self.still_required(actor, register, one));
        }
        let own = all.iter().filter(|(of, _)| of.key == register.key).map(|(_, one)| one.id).collect();
        let busy = self.unfinished(&actor.place, own).await?;
        if !busy.is_empty() {
            let message = format!("还没有办结：{}", named(&busy));
            let remedy = "办结或撤回以后再提请；答复本人要等到什么时候";
            problems.push(Violation::new("record.unfinished", "reason", message, remedy));
        }
        if all.len() > ERASURE_MAX {
            return Err(Refusal::Conflict(format!("与它有关的登记超过 {ERASURE_MAX} 条，请联系系统管理员。")).into());
        }
        if !problems.is_empty() {
            problems.dedup();
            return Err(Refusal::Invalid(problems).into());
        }
        let targets = all.iter().map(|(register, one)| Target {
            register: register.key.clone(),
            id: one.id,
            version: one.version,
        });
        let about = About {
            rule: None,
            register: register.key.clone(),
            ending: Ending::Delete,
            keep: Vec::new(),
            reason: format!("{by}：{why}"),
        };
        self.propose(actor, about, targets.collect()).await
    }

    /// What other rooms have not finished about some records.
    pub(super) async fn unfinished(&self, place: &str, ids: BTreeSet<Uuid>) -> Result<Vec<Unfinished>, Failure> {
        let mut all = Vec::new();
        for room in self.registry.others() {
            all.extend(room.unfinished(self, place, &ids).await?);
        }
        all.sort();
        Ok(all)
    }

    /// A law that demands the record for some time yet.
    fn still_required(&self, actor: &Actor, register: &Register, record: &Record) -> Option<Violation> {
        let rules = self.registry.retention(&actor.place);
        let rule = rules.into_iter().find(|rule| rule.required && rule.register == register.key)?;
        let until = rule.until(self.today());
        let begun = match rule.from.as_str() {
            REMOVED => (record.state == crate::State::Removed).then_some(record.valid_from),
            field => record.value(field).and_then(|value| value.as_str()?.parse::<NaiveDate>().ok()),
        };
        // A time that has not begun has not ended either.
        if begun.is_some_and(|day| day <= until) {
            return None;
        }
        let message = format!("“{}”依法保存 {} 年，还没有满：{}", register.label, rule.years, rule.source);
        Some(Violation::new(
            "record.retained",
            "reason",
            message,
            "告知本人保存期未满、不能删除；可以先移出登记簿，停止使用",
        ))
    }

    async fn propose(&self, actor: &Actor, about: About, targets: Vec<Target>) -> Result<Erasure, Failure> {
        let one = Erasure {
            id: Uuid::now_v7(),
            district: actor.district.clone(),
            place: actor.place.clone(),
            scope: actor.region.clone(),
            register: about.register,
            rule: about.rule,
            ending: about.ending,
            keep: about.keep,
            targets,
            reason: about.reason,
            state: ErasureState::Proposed,
            proposed_by: actor.login.clone(),
            proposed_at: self.clock.now(),
            decided_by: None,
            decided_at: None,
            decision: None,
            done: 0,
            left_over: 0,
        };
        let mut tx = self.db.begin().await?;
        store::insert(&mut tx, &one).await?;
        // The reason of a request may say things of the person: it stands in the proposal, not in the chain.
        let body = json!({ "register": one.register, "rule": one.rule, "ending": one.ending.key(), "records": one.targets.len() });
        let note = Note {
            district: &one.district,
            kind: "ErasureProposed",
            subject: format!("erasure:{}", one.id),
            valid_on: self.today(),
            action: &ERASE,
            body,
            register: &one.register,
            regions: BTreeSet::new(),
        };
        tell(&mut tx, self, actor, note).await?;
        tx.commit().await?;
        Ok(one)
    }
}

/// What is not finished, as a person reads it.
pub(super) fn named(busy: &[Unfinished]) -> String {
    let all: BTreeSet<&str> = busy.iter().map(|one| one.what.as_str()).collect();
    all.into_iter().collect::<Vec<_>>().join("、")
}

struct About {
    rule: Option<String>,
    register: String,
    ending: Ending,
    keep: Vec<String>,
    reason: String,
}
