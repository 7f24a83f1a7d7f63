//! Who opened whose record: a look at fields that lists hide is written down before anything is shown.

use super::{Failure, Records};
use crate::actions::READ;
use crate::record::Record;
use facts::Entry;
use identity::Actor;
use serde_json::json;
use vocabulary::{Register, Sensitivity};

impl Records {
    /// Writes down that the actor opened a record, where it holds anything that lists hide: which fields, no value.
    ///
    /// # Errors
    /// When the database refuses; nothing may be shown then. A full disk is no reason: the entry waits for room.
    pub(crate) async fn looked(&self, actor: &Actor, register: &Register, record: &Record) -> Result<(), Failure> {
        let open = register.fields.iter().filter(|field| field.sensitive == Sensitivity::Personal);
        let shown: Vec<&str> =
            open.filter(|field| record.value(&field.key).is_some()).map(|field| field.key.as_str()).collect();
        if shown.is_empty() {
            return Ok(());
        }
        let entry = Entry {
            district: record.district.clone(),
            actor: actor.login.clone(),
            action: READ.key.to_owned(),
            subject: format!("{}:{}", register.key, record.id),
            detail: json!({ "shown": shown }),
        };
        Ok(self.looks.audit_or_wait(&self.db, self.clock.now(), entry).await?)
    }
}
