//! Logging in. Whoever tries learns whether the pair fits, and nothing about which accounts there are:
//! unknown logins cost as much time, count and lock like real ones.

use crate::sessions::{Caller, Session, SessionInfo, digest};
use crate::store::{self, Found};
use crate::{Account, Actor, Identity, Refusal, SYSTEM_CHAIN, Second, actions, chance, policy};
use chrono::{DateTime, Utc};
use facts::{Entry, audit};
use serde_json::json;
use storage::{StorageError, Tx};
use vocabulary::Violation;
use vocabulary::clock::china_local;

/// Why a login did not happen.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefusal {
    /// Login and password do not belong together.
    #[error("用户名或密码不正确，再错 {left} 次将暂时锁定")]
    Wrong {
        /// Attempts left before the lock; at least one.
        left: u32,
    },
    /// Too many failures in a row.
    #[error("密码连续输错，账号锁定到 {}", china_local(*until).format("%H:%M"))]
    Locked {
        /// When the lock ends.
        until: DateTime<Utc>,
    },
    /// The password is right, but the account was disabled.
    #[error("这个账号已停用")]
    Disabled,
    /// A fault on our side.
    #[error(transparent)]
    Fault(#[from] Refusal),
}

impl From<StorageError> for LoginRefusal {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<chance::ChanceFailed> for LoginRefusal {
    fn from(error: chance::ChanceFailed) -> Self {
        Self::Fault(error.into())
    }
}

impl LoginRefusal {
    /// What a person is told.
    #[must_use]
    pub fn violation(&self) -> Violation {
        let (code, message, remedy) = match self {
            Self::Wrong { .. } => ("wrong", self.to_string(), "检查大小写和输入法；忘了密码请找本单位的安全管理员重置"),
            Self::Locked { .. } => ("locked", self.to_string(), "到时再试，或请安全管理员解除锁定"),
            Self::Disabled => ("disabled", self.to_string(), "如仍需使用，请联系本单位的安全管理员"),
            // What went wrong inside is for the log, not for whoever stands at the door.
            Self::Fault(_) => ("fault", "暂时无法登录".to_owned(), "请稍后再试；仍不行请联系系统管理员"),
        };
        Violation::new(format!("identity.login.{code}"), "login", message, remedy)
    }
}

/// What is left to say once a failure has been counted.
fn counted(failed: u32, locked_until: Option<DateTime<Utc>>, now: DateTime<Utc>, lock_after: u32) -> LoginRefusal {
    match locked_until {
        Some(until) if until > now => LoginRefusal::Locked { until },
        _ => LoginRefusal::Wrong { left: lock_after.saturating_sub(failed).max(1) },
    }
}

impl Identity {
    /// Logs in: a new session, or why not.
    ///
    /// # Errors
    /// A wrong pair, a lock, a disabled account, or a fault.
    pub async fn login(&self, login: &str, password: &str, caller: &Caller) -> Result<Session, LoginRefusal> {
        let login = policy::normalise_login(login);
        let found = store::by_login(&self.db, &login).await?;
        let stored = found.as_ref().map(|found| found.hash.as_str());
        let right = self.hasher.verify(password, stored).await?;
        // Only now: hashing may have waited for its turn.
        let now = self.clock.now();
        match found {
            Some(found) if right => self.admit(&found, password, caller, now).await,
            Some(found) => {
                let mut tx = self.db.begin().await?;
                let refusal = self.count_failure(&mut tx, &found.account, caller, now).await?;
                tx.commit().await?;
                Err(refusal)
            }
            None => Err(self.refuse_stranger(&login, caller, now).await?),
        }
    }

    async fn admit(
        &self,
        found: &Found,
        password: &str,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Result<Session, LoginRefusal> {
        let hash = if self.hasher.is_current(&found.hash) {
            found.hash.clone()
        } else {
            // The cost was raised (or lowered) since: the password is at hand only now.
            self.hasher.hash(password, chance::bytes(&*self.chance)?).await?
        };
        let token = chance::token(&*self.chance)?;
        let hashed_token = digest(token.reveal());
        let info = SessionInfo {
            id: chance::id(now, &*self.chance)?,
            csrf: chance::token(&*self.chance)?,
            created_at: now,
            last_seen_at: now,
            expires_at: now + self.session.lifetime(),
            ip: caller.ip.clone(),
            agent_digest: caller.agent_digest(),
            must_change: self.must_change(&found.account, now),
            second: Second::Done,
        };
        let actor = found.account.actor();
        let mut tx = self.db.begin().await?;
        if !store::admit(&mut tx, found, now, &hash).await? {
            let refusal = self.refuse_changed(&mut tx, found, caller, now).await?;
            tx.commit().await?;
            return Err(refusal);
        }
        store::insert_session(&mut tx, &hashed_token, actor.account, &info).await?;
        let info = SessionInfo { second: self.second_at_login(&mut tx, &actor).await?, ..info };
        let ended = self.make_room(&mut tx, &actor).await?;
        let detail = json!({"ip": caller.ip, "agent": info.agent_digest, "ended": ended});
        self.note(&mut tx, &actor, &actions::LOGIN, &format!("session:{}", info.id), detail).await?;
        tx.commit().await?;
        if ended > 0 {
            self.memory.forget_account(actor.account);
        }
        Ok(Session { token, actor, info })
    }

    /// Ends the oldest sessions beyond what an account may have at once; gives how many.
    async fn make_room(&self, tx: &mut Tx, actor: &Actor) -> Result<usize, StorageError> {
        let mut tokens = store::tokens_of(tx, actor.account).await?;
        let beyond = tokens.split_off(tokens.len().min(self.session.per_account as usize));
        store::delete_sessions(tx, &beyond).await?;
        Ok(beyond.len())
    }

    /// The password was right, but the account is locked, disabled, or was changed while we hashed.
    async fn refuse_changed(
        &self,
        tx: &mut Tx,
        found: &Found,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Result<LoginRefusal, StorageError> {
        let current = store::lock_account(tx, found.account.id).await?;
        let account = current.as_ref().map_or(&found.account, |current| &current.account);
        let (refusal, reason) = match account.locked_until {
            Some(until) if until > now => (LoginRefusal::Locked { until }, "locked"),
            _ if account.state == crate::State::Disabled => (LoginRefusal::Disabled, "disabled"),
            _ => (counted(account.failed, None, now, self.session.lock_after), "changed"),
        };
        self.note_refusal(tx, account, caller, reason, account.failed).await?;
        Ok(refusal)
    }

    /// Counts a wrong password against an account.
    pub(crate) async fn count_failure(
        &self,
        tx: &mut Tx,
        account: &Account,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Result<LoginRefusal, StorageError> {
        let limit = self.session.lock_after;
        let (failed, locked_until) = store::fail(tx, account.id, now, limit, self.session.lock()).await?;
        let refusal = counted(failed, locked_until, now, limit);
        let reason = if matches!(refusal, LoginRefusal::Locked { .. }) { "locked" } else { "wrong" };
        self.note_refusal(tx, account, caller, reason, failed).await?;
        Ok(refusal)
    }

    async fn note_refusal(
        &self,
        tx: &mut Tx,
        account: &Account,
        caller: &Caller,
        reason: &str,
        failed: u32,
    ) -> Result<(), StorageError> {
        let detail = json!({"reason": reason, "failed": failed, "ip": caller.ip, "agent": caller.agent_digest()});
        let subject = format!("account:{}", account.id);
        self.note(tx, &account.actor(), &actions::LOGIN_REFUSE, &subject, detail).await
    }

    async fn refuse_stranger(
        &self,
        login: &str,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Result<LoginRefusal, StorageError> {
        let (limit, lock) = (self.session.lock_after, self.session.lock());
        let (failed, locked_until) = self.strangers.fail(digest(login), now, limit, lock);
        let entry = Entry {
            district: SYSTEM_CHAIN.to_owned(),
            actor: "anonymous".to_owned(),
            action: actions::LOGIN_REFUSE.key.to_owned(),
            // A digest: people type their password into the wrong box.
            subject: format!("login:{}", hex::encode(digest(login))),
            detail: json!({"reason": "unknown", "failed": failed, "ip": caller.ip, "agent": caller.agent_digest()}),
        };
        let mut tx = self.db.begin().await?;
        audit(&mut tx, now, &entry).await?;
        tx.commit().await?;
        Ok(counted(failed, locked_until, now, limit))
    }
}
