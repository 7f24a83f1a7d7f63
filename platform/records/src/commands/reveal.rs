//! One secret value, for a stated purpose, audited. The seam for purposes, consent and limits to come.

use super::{Failure, Records};
use crate::actions::{REVEAL, allow};
use crate::reads::get;
use crate::value::without_controls;
use facts::Entry;
use identity::{Actor, Refusal};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Characters kept of a purpose.
const PURPOSE_MAX: usize = 200;

/// A value that was hidden.
#[derive(Debug, Clone, PartialEq)]
pub struct Revealed {
    /// Field key.
    pub field: String,
    /// The value; `None` when there is none.
    pub value: Option<Json>,
}

impl Records {
    /// Shows one field of one record unmasked. Who, what and why is written down before anything is shown.
    ///
    /// # Errors
    /// When the actor may not, gives no purpose, or there is no such record or field in their region.
    pub async fn reveal(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        field: &str,
        purpose: &str,
    ) -> Result<Revealed, Failure> {
        allow(actor, &REVEAL)?;
        let register = self.register(actor, register)?;
        if purpose.trim().is_empty() {
            let message = "请说明查看的用途";
            return Err(Refusal::invalid("record.required", "purpose", message, "如：核对身份办理补贴").into());
        }
        let described = register.field(field).ok_or_else(|| Refusal::NotFound("这个字段".to_owned()))?;
        let record = get(&self.db, &register, &actor.region, id).await?;
        let record = record.ok_or_else(|| Refusal::NotFound("这条登记".to_owned()))?;
        let purpose: String = without_controls(purpose.trim()).chars().take(PURPOSE_MAX).collect();
        let mut tx = self.db.begin().await?;
        let entry = Entry {
            district: record.district.clone(),
            actor: actor.login.clone(),
            action: REVEAL.key.to_owned(),
            subject: format!("{}:{id}", register.key),
            detail: json!({ "field": described.key, "purpose": purpose }),
        };
        facts::audit(&mut tx, self.clock.now(), &entry).await?;
        tx.commit().await?;
        Ok(Revealed { field: described.key.clone(), value: record.body.get(&described.key).cloned() })
    }
}
