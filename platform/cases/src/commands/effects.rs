//! The records that a move writes, made from its description.

use super::write::refused;
use crate::Cases;
use crate::model::Case;
use identity::{Actor, Refusal};
use pack_reader::model::{CaseKind, Effect, EffectSet, Transition, Value};
use records::masking::View;
use records::{Draft, Intent, Record, Spelling};
use serde_json::Value as Json;
use uuid::Uuid;
use vocabulary::{FieldKind, Register, Violation};

/// Fen in a yuan: fixed amounts stand in packs in yuan.
const FEN: i64 = 100;

impl Cases {
    /// Decides on the records that a move writes.
    pub(super) async fn intents(
        &self,
        actor: &Actor,
        kind: &CaseKind,
        transition: &Transition,
        case: &Case,
    ) -> Result<Vec<Intent>, Refusal> {
        let mut intents = Vec::new();
        for effect in &transition.effects {
            let register = self.records.register(actor, &effect.register)?;
            let mut draft = Draft { spelling: Spelling::Programs, ..Draft::default() };
            for set in &effect.set {
                draft.values.insert(set.to.clone(), self.text(set, &register, case));
            }
            let said = format!("{} {} {}", kind.label, case.number, transition.label);
            let intent = match &effect.record {
                Some(key) => {
                    let id = record(effect, key, case)?;
                    self.records.intend_change(actor, &effect.register, id, &draft, &said).await
                }
                None => {
                    draft.region = Some(case.region.clone());
                    self.records.intend_new(actor, &effect.register, Uuid::now_v7(), &draft).await
                }
            };
            intents.push(intent.map_err(|failure| named(&register, refused(failure)))?);
        }
        Ok(intents)
    }

    /// What a move changes in records that are there, for who is about to make it: the field, what stands there, what will.
    pub(crate) async fn would_write(
        &self,
        actor: &Actor,
        transition: &Transition,
        case: &Case,
    ) -> Result<Vec<(String, String, String)>, Refusal> {
        let mut found = Vec::new();
        for effect in &transition.effects {
            let Some(Ok(id)) = effect.record.as_ref().map(|key| record(effect, key, case)) else { continue };
            let register = self.records.register(actor, &effect.register)?;
            let there = records::get(&self.db, &register, &actor.region, id).await?;
            let Some(before) = there else { continue };
            // What is still to be filled in with the move is not known yet.
            let typed = |set: &&EffectSet| set.from.as_ref().is_some_and(|from| transition.fields.contains(from));
            let known: Vec<&EffectSet> = effect.set.iter().filter(|set| !typed(set)).collect();
            let mut after = before.clone();
            for set in &known {
                match self.value(set, case) {
                    Some(value) => after.body.insert(set.to.clone(), value),
                    None => after.body.remove(&set.to),
                };
            }
            let rows = [before, after];
            let names = self.records.names(&actor.place, &register, &rows).await?;
            let [before, after] = &rows;
            for field in known.iter().filter_map(|set| register.field(&set.to)) {
                let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
                let text = |record: &Record| records::shown(field, record, &names, View::One);
                found.push((format!("{}{unit}", field.label), text(before), text(after)));
            }
        }
        Ok(found)
    }

    /// What a field is set to, as records keep it; `None` where the case has no value.
    fn value(&self, set: &EffectSet, case: &Case) -> Option<Json> {
        if set.today {
            return Some(Json::String(self.clock.today().to_string()));
        }
        match (&set.from, &set.value) {
            (Some(from), _) => case.body.get(from).cloned(),
            (None, Some(Value::Flag(flag))) => Some(Json::Bool(*flag)),
            (None, fixed) => fixed.as_ref().map(|value| Json::String(value.to_string())),
        }
    }

    /// What a field is set to, as a program spells it; `None` where the case has no value.
    fn text(&self, set: &EffectSet, register: &Register, case: &Case) -> Option<String> {
        if set.today {
            return Some(self.clock.today().to_string());
        }
        if let Some(from) = &set.from {
            return case.body.get(from).map(|value| match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            });
        }
        let money = register.field(&set.to).is_some_and(|field| field.kind == FieldKind::Money);
        set.value.as_ref().map(|value| match value {
            Value::Number(yuan) if money => (yuan * rust_decimal::Decimal::from(FEN)).normalize().to_string(),
            Value::Flag(flag) => flag.to_string(),
            other => other.to_string(),
        })
    }
}

fn record(effect: &Effect, key: &str, case: &Case) -> Result<Uuid, Refusal> {
    let id = case.body.get(key).and_then(Json::as_str).and_then(|text| text.parse().ok());
    id.ok_or_else(|| {
        let message = format!("没有写明要改“{}”的哪一条", effect.register);
        Refusal::Invalid(vec![Violation::new("case.required", key, message, "先填写它")])
    })
}

/// Problems of a record told as problems of the move: their fields are not on its form.
fn named(register: &Register, refusal: Refusal) -> Refusal {
    let Refusal::Invalid(problems) = refusal else { return refusal };
    let told = problems.into_iter().map(|problem| {
        let message = format!("写入登记簿“{}”时：{}", register.label, problem.message);
        Violation::new("case.effect", "", message, problem.remedy)
    });
    Refusal::Invalid(told.collect())
}
