//! One secret value, for a purpose that the place names and what that purpose rests on, audited.

use super::{Failure, Records, short};
use crate::actions::{REVEAL, allow};
use crate::consent::{Basis, Looking, Purpose};
use crate::reads::get;
use crate::record::Record;
use facts::Entry;
use identity::{Actor, Refusal};
use serde_json::{Value as Json, json};
use uuid::Uuid;
use vocabulary::Register;

/// A value that was hidden.
#[derive(Debug, Clone, PartialEq)]
pub struct Revealed {
    /// Field key.
    pub field: String,
    /// The value; `None` when there is none.
    pub value: Option<Json>,
}

impl Records {
    /// Shows one field of one record unmasked. Who, what, why and on what consent is written down before anything is shown.
    ///
    /// # Errors
    /// When the actor may not, gives no purpose or one that the place does not name, the person did not consent to it, or
    /// there is no such record or field in their region.
    pub async fn reveal(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        field: &str,
        looking: Looking<'_>,
    ) -> Result<Revealed, Failure> {
        allow(actor, &REVEAL)?;
        let register = self.register(actor, register)?;
        let described = register.field(field).ok_or_else(|| Refusal::NotFound("这个字段".to_owned()))?;
        let record = get(&self.db, &register, &actor.region, id).await?;
        let record = record.ok_or_else(|| Refusal::NotFound("这条登记".to_owned()))?;
        let mut detail = self.allowed(actor, &register, &record, looking).await?;
        if let Some(detail) = detail.as_object_mut() {
            detail.insert("field".to_owned(), Json::from(described.key.as_str()));
        }
        let mut tx = self.db.begin().await?;
        let entry = Entry {
            district: record.district.clone(),
            actor: actor.login.clone(),
            action: REVEAL.key.to_owned(),
            subject: format!("{}:{id}", register.key),
            detail,
        };
        facts::audit(&mut tx, self.clock.now(), &entry).await?;
        tx.commit().await?;
        Ok(Revealed { field: described.key.clone(), value: record.body.get(&described.key).cloned() })
    }

    /// What is written down of a look that is allowed.
    async fn allowed(
        &self,
        actor: &Actor,
        register: &Register,
        record: &Record,
        looking: Looking<'_>,
    ) -> Result<Json, Failure> {
        let words = short(looking.words);
        let purposes = self.registry.purposes(&actor.place);
        if purposes.is_empty() {
            let said = short(looking.purpose);
            if said.is_empty() {
                let message = "请说明查看的用途";
                return Err(Refusal::invalid("record.required", "purpose", message, "如：核对身份办理补贴").into());
            }
            return Ok(json!({ "purpose": said, "words": words }));
        }
        let purpose = chosen(&purposes, looking.purpose)?;
        let mut detail = json!({ "purpose": purpose.label, "basis": purpose.basis.key(), "words": words });
        match purpose.basis {
            Basis::Duty => {}
            Basis::Consent => {
                let relied = self.consented(actor, register, record, purpose).await?;
                if let Some(detail) = detail.as_object_mut() {
                    detail.insert("consents".to_owned(), json!(relied));
                }
            }
            Basis::Emergency if words.is_empty() => {
                let message = "紧急查看要写明是什么情况";
                let remedy = "如：独居老人敲门无应答，联系家属";
                return Err(Refusal::invalid("record.required", "words", message, remedy).into());
            }
            Basis::Emergency => {}
        }
        Ok(detail)
    }
}

fn chosen<'a>(purposes: &'a [Purpose], key: &str) -> Result<&'a Purpose, Refusal> {
    let found = purposes.iter().find(|one| one.key == key.trim());
    found.ok_or_else(|| {
        let message = if key.trim().is_empty() { "请选择查看的用途" } else { "没有这个用途" };
        let names: Vec<&str> = purposes.iter().map(|one| one.label.as_str()).collect();
        Refusal::invalid("record.required", "purpose", message, &format!("从中选一个：{}", names.join("、")))
    })
}
