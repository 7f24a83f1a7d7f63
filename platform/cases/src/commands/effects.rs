//! The records that a move writes, made from its description.

use super::write::refused;
use crate::Cases;
use crate::model::Case;
use identity::{Actor, Refusal};
use pack_reader::model::{CaseKind, Effect, EffectSet, Transition, Value};
use records::{Draft, Intent, Spelling};
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
