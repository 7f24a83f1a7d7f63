//! Setting passwords: one's own with the present one, someone else's by right.

use super::accounts::may;
use crate::login::LoginRefusal;
use crate::store;
use crate::{Actor, Caller, Identity, NewPassword, Refusal, Secret, SessionInfo, actions, policy};
use serde_json::json;
use uuid::Uuid;
use vocabulary::Violation;

impl Identity {
    /// Sets an account's password; gives the one-time password if it is to be one. Ends all its sessions and
    /// lifts its lock.
    ///
    /// # Errors
    /// When the actor may not, there is no such account in their reach, or everything wrong with the password.
    pub async fn set_password(&self, by: &Actor, id: Uuid, password: &NewPassword) -> Result<Option<Secret>, Refusal> {
        may(by, &actions::PASSWORD_SET)?;
        let seen = store::by_id(&self.db, id).await?.filter(|account| by.sees(&account.seat.region));
        let seen = seen.ok_or_else(|| Refusal::NotFound("这个账号".to_owned()))?;
        let problems = self.password_problems(password, &seen.login, &seen.name);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let (one_time, hash, must_change) = self.prepare(password).await?;
        let mut tx = self.db.begin().await?;
        let account = self.someone_else(&mut tx, by, id).await?.account;
        store::update_password(&mut tx, id, &hash, self.clock.now(), must_change).await?;
        let sessions = store::delete_sessions_of(&mut tx, id, None).await?;
        let detail = json!({"one_time": one_time.is_some(), "sessions": sessions});
        self.note_account(&mut tx, by, &actions::PASSWORD_SET, &account, detail).await?;
        tx.commit().await?;
        self.memory.forget_account(id);
        Ok(one_time)
    }

    /// Changes one's own password. Ends one's other sessions; this one goes on. A wrong present password
    /// counts like one at the door.
    ///
    /// # Errors
    /// Everything wrong with the passwords at once, or the lock.
    pub async fn change_password(
        &self,
        by: &Actor,
        session: &SessionInfo,
        present: &str,
        wanted: &str,
        caller: &Caller,
    ) -> Result<(), Refusal> {
        let found = store::by_login(&self.db, &by.login).await?.filter(|found| found.account.id == by.account);
        let found = found.ok_or_else(|| Refusal::NotFound("这个账号".to_owned()))?;
        let now = self.clock.now();
        if found.account.locked_until.is_some_and(|until| until > now) {
            return Err(locked());
        }
        let mut problems = policy::check_password(wanted, &by.login, &by.name, self.password.min_length);
        if !self.hasher.verify(present, Some(&found.hash)).await? {
            let mut tx = self.db.begin().await?;
            let refusal = self.count_failure(&mut tx, &found.account, caller, now).await?;
            tx.commit().await?;
            if matches!(refusal, LoginRefusal::Locked { .. }) {
                return Err(locked());
            }
            problems.push(Violation::new(
                "identity.password.present",
                "present",
                "现在的密码不正确",
                "重新输入现在的密码",
            ));
        } else if present == wanted {
            problems.push(Violation::new("identity.password.same", "password", "新密码与现在的相同", "换一个新的"));
        }
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let hash = self.hasher.hash(wanted, crate::chance::bytes(&*self.chance)?).await?;
        let mut tx = self.db.begin().await?;
        let current = store::lock_account(&mut tx, by.account).await?;
        if current.is_none_or(|current| current.hash != found.hash) {
            return Err(Refusal::Conflict("密码刚刚被改过；请重新登录".to_owned()));
        }
        store::update_password(&mut tx, by.account, &hash, self.clock.now(), false).await?;
        let sessions = store::delete_sessions_of(&mut tx, by.account, Some(session.id)).await?;
        let subject = format!("account:{}", by.account);
        self.note(&mut tx, by, &actions::PASSWORD_CHANGE, &subject, json!({"sessions": sessions})).await?;
        tx.commit().await?;
        self.memory.forget_account(by.account);
        Ok(())
    }
}

fn locked() -> Refusal {
    Refusal::Conflict("密码连续输错，账号已暂时锁定；请稍后再试".to_owned())
}
