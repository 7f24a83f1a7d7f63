//! The first administrators: system, security and audit, each with a role of their own.

use crate::{Account, Identity, NewPassword, Refusal, Role, Seat, Secret, State};
use crate::{actions, chance, store, system};
use serde_json::json;

/// Logins and names of the first administrators.
const FIRST: [(&str, Role); 3] =
    [("sysadmin", Role::SystemAdmin), ("secadmin", Role::SecurityAdmin), ("auditadmin", Role::AuditAdmin)];

/// A first administrator with the password that is shown once.
#[derive(Debug, Clone)]
pub struct FirstAdmin {
    /// What they type to log in.
    pub login: String,
    /// Kind of administrator.
    pub role: Role,
    /// One-time password: shown once, kept nowhere, to be changed at the first login.
    pub password: Secret,
}

impl Identity {
    /// Makes the three administrators of a new server, who work for the whole of it. `None` when there is any
    /// administrator already: it never adds a way in. Safe when two processes start at once.
    ///
    /// # Errors
    /// When the database refuses or there is no randomness.
    pub async fn bootstrap(&self) -> Result<Option<[FirstAdmin; 3]>, Refusal> {
        if store::has_administrator(&self.db).await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut prepared = Vec::with_capacity(FIRST.len());
        for _ in FIRST {
            prepared.push(self.prepare(&NewPassword::OneTime).await?);
        }
        let by = system();
        let mut made = Vec::with_capacity(FIRST.len());
        let mut tx = self.db.begin().await?;
        for ((login, role), (one_time, hash, must_change)) in FIRST.into_iter().zip(prepared) {
            let account = Account {
                id: chance::id(now, &*self.chance)?,
                login: login.to_owned(),
                name: role.label().to_owned(),
                role,
                seat: Seat::server(),
                state: State::Active,
                failed: 0,
                locked_until: None,
                must_change,
                password_changed_at: now,
                last_login_at: None,
                created_at: now,
                created_by: by.login.clone(),
            };
            if !store::insert_account(&mut tx, &account, &hash).await? {
                drop(tx);
                return self.overtaken(login).await;
            }
            self.note_account(&mut tx, &by, &actions::BOOTSTRAP, &account, json!({})).await?;
            made.extend(one_time.map(|password| FirstAdmin { login: account.login, role, password }));
        }
        tx.commit().await?;
        made.try_into().map(Some).map_err(|_| Refusal::Fault("three administrators were to be made".to_owned()))
    }

    /// A login of ours is taken: by another process that made the three a moment ago, or by someone else.
    async fn overtaken(&self, login: &str) -> Result<Option<[FirstAdmin; 3]>, Refusal> {
        if store::has_administrator(&self.db).await? {
            return Ok(None);
        }
        Err(Refusal::Conflict(format!(
            "用户名 {login} 已被其他账号占用，首批管理员没有建立；请在命令行用别的用户名建立三位管理员"
        )))
    }
}
