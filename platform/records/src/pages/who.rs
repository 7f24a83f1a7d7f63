//! The people behind logins, for what says who did something.

use crate::commands::Records;
use identity::{Actor, Named};
use std::collections::{BTreeSet, HashMap};
use web::WebError;

/// What the program writes as when nobody asked it to.
const SYSTEM: &str = "system";

/// Names by login. A login that has no account at the place stays as it is; the program itself is 系统.
pub(super) struct Who(HashMap<String, Named>);

impl Who {
    /// The people behind some logins.
    pub(super) async fn of(
        records: &Records,
        actor: &Actor,
        logins: impl Iterator<Item = &String>,
    ) -> Result<Self, WebError> {
        let logins: BTreeSet<String> = logins.cloned().collect();
        Ok(Self(identity::named(&records.db, &actor.place, &logins).await.map_err(WebError::fault)?))
    }

    /// The name of a login.
    pub(super) fn name<'a>(&'a self, login: &'a str) -> &'a str {
        match self.0.get(login) {
            Some(named) => &named.name,
            None if login == SYSTEM => "系统",
            None => login,
        }
    }
}
