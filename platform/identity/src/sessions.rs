//! Sessions: who is behind a request. Asked on every request, so remembered for a few seconds.

use crate::store::{self, Found};
use crate::{Account, Actor, Identity, Refusal, Second, Secret, actions};
use chrono::{DateTime, TimeDelta, Utc};
use facts::{Entry, audit};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use storage::{Db, StorageError, Tx, args};
use uuid::Uuid;

/// SHA-256 of a token: all that the database and this process keep of it.
pub(crate) type TokenHash = [u8; 32];

pub(crate) fn digest(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}

/// Who calls, as far as the network shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Address.
    pub ip: String,
    /// What the browser says of itself; kept as a digest only.
    pub agent: String,
}

impl Caller {
    pub(crate) fn agent_digest(&self) -> String {
        hex::encode(digest(&self.agent)).chars().take(16).collect()
    }
}

/// A fresh login.
#[derive(Debug, Clone)]
pub struct Session {
    /// Goes into the cookie, and nowhere else.
    pub token: Secret,
    /// Who logged in.
    pub actor: Actor,
    /// The rest.
    pub info: SessionInfo,
}

/// A session, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Id, by which it is listed and ended.
    pub id: Uuid,
    /// What forms must carry.
    pub csrf: Secret,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, as far as written (at most a minute old).
    pub last_seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
    /// Address it began from.
    pub ip: String,
    /// Digest of the browser's name for itself.
    pub agent_digest: String,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// What is still to be done about the second factor.
    pub second: Second,
}

impl SessionInfo {
    pub(crate) fn is_alive(&self, seen: DateTime<Utc>, now: DateTime<Utc>, idle: TimeDelta) -> bool {
        now < self.expires_at && now - seen < idle
    }
}

impl Identity {
    /// Who is behind a token; `None` when nobody is (any more). At most one indexed query, and none for a
    /// session asked for in the last seconds. Never waits for a writer: “last seen” is written beside it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn resolve(&self, token: &str) -> Result<Option<(Actor, SessionInfo)>, StorageError> {
        if token.len() != 64 {
            return Ok(None);
        }
        let (hash, now, idle) = (digest(token), self.clock.now(), self.session.idle());
        let known = match self.memory.recall(&hash, now, idle) {
            Some(known) => Some(known),
            None => self.read_session(hash, now, idle).await?,
        };
        if known.is_some() && self.memory.is_due(&hash) {
            self.write_seen_beside(now);
        }
        Ok(known)
    }

    async fn read_session(
        &self,
        hash: TokenHash,
        now: DateTime<Utc>,
        idle: TimeDelta,
    ) -> Result<Option<(Actor, SessionInfo)>, StorageError> {
        let generation = self.memory.generation();
        let Some((account, mut info)) = store::session(&self.db, &hash).await? else {
            return Ok(None);
        };
        let seen = self.memory.seen(&hash).map_or(info.last_seen_at, |seen| seen.max(info.last_seen_at));
        if !info.is_alive(seen, now, idle) {
            return Ok(None);
        }
        info.must_change = self.must_change(&account, now);
        info.second = self.second_of(account.role, info.second);
        let actor = account.actor();
        self.memory.remember(generation, hash, now, &actor, &info);
        Ok(Some((actor, info)))
    }

    pub(crate) fn must_change(&self, account: &Account, now: DateTime<Utc>) -> bool {
        let aged = self.password.max_age().is_some_and(|age| now - account.password_changed_at >= age);
        account.must_change || aged
    }

    /// Writes “last seen” in a task of its own, unless one is at it already.
    fn write_seen_beside(&self, now: DateTime<Utc>) {
        let Ok(turn) = Arc::clone(&self.seen_writer).try_lock_owned() else {
            return;
        };
        let (db, seen) = (self.db.clone(), self.memory.take_seen(now, false));
        tokio::spawn(async move {
            if let Err(error) = write_seen(&db, &seen).await {
                tracing::warn!(%error, sessions = seen.len(), "last seen was not written");
            }
            drop(turn);
        });
    }

    /// Writes when sessions were last seen, all that is not written yet: before the server stops.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write_seen(&self) -> Result<usize, StorageError> {
        let _turn = self.seen_writer.lock().await;
        let seen = self.memory.take_seen(self.clock.now(), true);
        write_seen(&self.db, &seen).await?;
        Ok(seen.len())
    }

    /// The live sessions of an account, newest first.
    ///
    /// # Errors
    /// When the account is not the actor's own and they may not look at it, or the database refuses.
    pub async fn sessions(&self, by: &Actor, account: Uuid) -> Result<Vec<SessionInfo>, Refusal> {
        if by.account != account {
            self.account(by, account).await?;
        }
        let now = self.clock.now();
        let mut sessions = store::sessions_of(&self.db, account).await?;
        sessions.retain(|info| info.is_alive(info.last_seen_at, now, self.session.idle()));
        Ok(sessions)
    }

    /// Ends the session of a token; `false` when there was none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn logout(&self, token: &str) -> Result<bool, StorageError> {
        let hash = digest(token);
        let mut tx = self.db.begin().await?;
        let Some((account, info)) = store::session_in(&mut tx, &hash).await? else {
            return Ok(false);
        };
        store::delete_sessions(&mut tx, &[hex::encode(hash)]).await?;
        let by = account.actor();
        self.note(&mut tx, &by, &actions::LOGOUT, &format!("session:{}", info.id), json!({})).await?;
        tx.commit().await?;
        self.memory.forget(&hash);
        Ok(true)
    }

    /// Ends all of one's own sessions but the present one; gives how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_others(&self, by: &Actor, present: &SessionInfo) -> Result<usize, Refusal> {
        let mut tx = self.db.begin().await?;
        store::lock_account(&mut tx, by.account).await?;
        let ended = store::delete_sessions_of(&mut tx, by.account, Some(present.id)).await?;
        let detail = json!({"sessions": ended});
        self.note(&mut tx, by, &actions::SESSION_END_OWN, &format!("account:{}", by.account), detail).await?;
        tx.commit().await?;
        self.memory.forget_account(by.account);
        Ok(ended)
    }

    /// Ends a session by its id: one's own, or someone else's by right.
    ///
    /// # Errors
    /// When there is no such session in the actor's reach, they may not, or the database refuses.
    pub async fn end_session(&self, by: &Actor, session: Uuid) -> Result<(), Refusal> {
        let mut tx = self.db.begin().await?;
        let gone = || Refusal::NotFound("这次登录".to_owned());
        let Found { account, .. } = store::account_of_session(&mut tx, session).await?.ok_or_else(gone)?;
        if account.id != by.account {
            if !by.may(&actions::SESSION_END) {
                return Err(Refusal::forbidden(actions::SESSION_END.label));
            }
            if !by.sees(&account.seat.region) {
                return Err(gone());
            }
        }
        store::delete_session(&mut tx, session).await?;
        let detail = json!({"login": account.login});
        let action = if account.id == by.account { &actions::SESSION_END_OWN } else { &actions::SESSION_END };
        self.note(&mut tx, by, action, &format!("session:{session}"), detail).await?;
        tx.commit().await?;
        self.memory.forget_account(account.id);
        Ok(())
    }

    /// Clears sessions whose time is over; gives how many. For the timetable: they are refused without it too.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn expire(&self) -> Result<u64, StorageError> {
        let now = self.clock.now();
        // What this process has seen but not written yet would look idle.
        self.write_seen().await?;
        let mut tx = self.db.begin().await?;
        let ended = store::delete_over(&mut tx, now, now - self.session.idle()).await?;
        if ended == 0 {
            return Ok(0);
        }
        let detail = json!({"sessions": ended});
        self.note(&mut tx, &crate::system(), &actions::SESSION_EXPIRE, "session:over", detail).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Writes an audit entry in the chain of the one who acts.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        by: &Actor,
        action: &crate::Action,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<(), StorageError> {
        let entry = Entry {
            district: by.district.clone(),
            actor: by.login.clone(),
            action: action.key.to_owned(),
            subject: subject.to_owned(),
            detail,
        };
        audit(tx, self.clock.now(), &entry).await
    }
}

async fn write_seen(db: &Db, seen: &[(TokenHash, DateTime<Utc>)]) -> Result<(), StorageError> {
    if seen.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    for (token, moment) in seen {
        tx.execute(
            "UPDATE identity_session SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2",
            args![hex::encode(token), moment],
        )
        .await?;
    }
    tx.commit().await
}
