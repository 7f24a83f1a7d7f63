//! The second factor: a code from a person's telephone beside the password. Set up by the person, asked at every login, reset
//! by another administrator.

mod store;
mod totp;

pub use totp::code_at;

use crate::commands::accounts::may;
use crate::login::LoginRefusal;
use crate::sessions::digest;
use crate::store as accounts;
use crate::{Actor, Caller, Identity, Refusal, Role, Secret, SessionInfo, actions, chance};
use chrono::{DateTime, Utc};
use serde_json::json;
use settings::SecondFactor;
use storage::{StorageError, Tx};
use uuid::Uuid;
use vocabulary::Violation;

/// Recovery codes given at once.
const RECOVERY_CODES: usize = 10;

/// What is still to be done about the second factor before a session counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// Nothing.
    Done,
    /// A code is to be typed.
    Awaited,
    /// The account must have one and has none: it is to be set up.
    Missing,
}

/// What a person needs to set up their telephone: shown until the first code is typed, then never again.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The secret, for typing.
    pub secret: Secret,
    /// The address that the square code holds.
    pub address: Secret,
}

/// How an account stands to the second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondState {
    /// Since when it is in use.
    pub since: Option<DateTime<Utc>>,
    /// Whether one is being set up.
    pub begun: bool,
    /// Recovery codes that are left.
    pub recovery_left: i64,
    /// Whether the account must have one.
    pub required: bool,
}

fn wrong_code() -> Refusal {
    let remedy = "用验证器里现在显示的 6 位数字；手机时间要准，同一个数字只能用一次";
    Refusal::Invalid(vec![Violation::new("identity.second.code", "code", "验证码不对或已经用过", remedy)])
}

fn recovery_hash(typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    hex::encode(digest(&plain.to_ascii_lowercase()))
}

impl Identity {
    /// Whether accounts with a role must have a second factor.
    #[must_use]
    pub fn second_required(&self, role: Role) -> bool {
        match self.session.second_factor {
            SecondFactor::Off => false,
            SecondFactor::Administrators => {
                matches!(role, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
            }
            SecondFactor::Everyone => true,
        }
    }

    /// What is still to be done in a session.
    pub(crate) fn second_of(&self, role: Role, stored: Second) -> Second {
        match stored {
            Second::Missing if !self.second_required(role) => Second::Done,
            other => other,
        }
    }

    /// What is to be done in a session that was just made.
    pub(crate) async fn second_at_login(&self, tx: &mut Tx, actor: &Actor) -> Result<Second, StorageError> {
        let confirmed = store::get_in(tx, actor.account).await?.is_some_and(|kept| kept.confirmed_at.is_some());
        Ok(self.second_of(actor.role, if confirmed { Second::Awaited } else { Second::Missing }))
    }

    /// How one's own account stands to it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn second_state(&self, by: &Actor) -> Result<SecondState, Refusal> {
        self.second_state_of(by.account, by.role).await
    }

    /// How an account stands to it, for those who may look at accounts.
    ///
    /// # Errors
    /// When the actor may not, there is no such account in their reach, or the database refuses.
    pub async fn second_state_for(&self, by: &Actor, id: Uuid) -> Result<SecondState, Refusal> {
        let account = self.account(by, id).await?;
        self.second_state_of(id, account.role).await
    }

    async fn second_state_of(&self, id: Uuid, role: Role) -> Result<SecondState, Refusal> {
        let kept = store::get(&self.db, id).await?;
        Ok(SecondState {
            since: kept.as_ref().and_then(|kept| kept.confirmed_at),
            begun: kept.as_ref().is_some_and(|kept| kept.confirmed_at.is_none()),
            recovery_left: store::recovery_left(&self.db, id).await?,
            required: self.second_required(role),
        })
    }

    /// Begins to set up one's own second factor; whoever has one shows a code of it first.
    ///
    /// # Errors
    /// When the code is wrong, there is no randomness, or the database refuses.
    pub async fn begin_second(&self, by: &Actor, code: &str) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        accounts::lock_account(&mut tx, by.account).await?;
        let kept = store::get_in(&mut tx, by.account).await?;
        if kept.as_ref().is_some_and(|kept| kept.confirmed_at.is_some())
            && !self.takes(&mut tx, by.account, code, now).await?
        {
            return Err(wrong_code());
        }
        let secret: [u8; totp::SECRET_BYTES] = chance::bytes(&*self.chance)?;
        store::put(&mut tx, by.account, &secret, now).await?;
        self.note(&mut tx, by, &actions::SECOND_BEGIN, &format!("account:{}", by.account), json!({})).await?;
        tx.commit().await?;
        self.memory.forget_account(by.account);
        Ok(())
    }

    /// What to put into the telephone, while it is being set up.
    ///
    /// # Errors
    /// When nothing is being set up, or the database refuses.
    pub async fn enrolment(&self, by: &Actor) -> Result<Option<Enrolment>, Refusal> {
        let kept = store::get(&self.db, by.account).await?.filter(|kept| kept.confirmed_at.is_none());
        Ok(kept.map(|kept| {
            let secret = totp::base32(&kept.secret);
            Enrolment { address: Secret::new(totp::address(&by.login, &secret)), secret: Secret::new(secret) }
        }))
    }

    /// Ends setting up with a first code; gives the recovery codes, which are shown once. Other sessions end.
    ///
    /// # Errors
    /// When the code is wrong or nothing is being set up.
    pub async fn confirm_second(&self, by: &Actor, session: &SessionInfo, code: &str) -> Result<Vec<Secret>, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        accounts::lock_account(&mut tx, by.account).await?;
        let kept = store::get_in(&mut tx, by.account).await?.filter(|kept| kept.confirmed_at.is_none());
        let kept = kept.ok_or_else(|| Refusal::Conflict("没有正在设置的验证器；请从头开始".to_owned()))?;
        let step = totp::step_of_code(&kept.secret, code, self.code_clock.now()).ok_or_else(wrong_code)?;
        if !store::take_step(&mut tx, by.account, step).await? {
            return Err(wrong_code());
        }
        store::confirm(&mut tx, by.account, now).await?;
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            codes.push(chance::one_time_password(&*self.chance)?);
        }
        let hashes: Vec<String> = codes.iter().map(|code| recovery_hash(code.reveal())).collect();
        store::put_recovery(&mut tx, by.account, &hashes).await?;
        store::pass(&mut tx, session.id).await?;
        let ended = accounts::delete_sessions_of(&mut tx, by.account, Some(session.id)).await?;
        let detail = json!({"recovery_codes": codes.len(), "sessions": ended});
        self.note(&mut tx, by, &actions::SECOND_CONFIRM, &format!("account:{}", by.account), detail).await?;
        tx.commit().await?;
        self.memory.forget_account(by.account);
        Ok(codes)
    }

    /// Gives up one's own second factor, where the account may do without.
    ///
    /// # Errors
    /// When the account must have one, or the code is wrong.
    pub async fn drop_second(&self, by: &Actor, code: &str) -> Result<(), Refusal> {
        if self.second_required(by.role) {
            return Err(Refusal::Forbidden("按本系统的设置，这个岗位必须使用验证器".to_owned()));
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        accounts::lock_account(&mut tx, by.account).await?;
        if !self.takes(&mut tx, by.account, code, now).await? {
            return Err(wrong_code());
        }
        store::delete(&mut tx, by.account).await?;
        self.note(&mut tx, by, &actions::SECOND_DROP, &format!("account:{}", by.account), json!({})).await?;
        tx.commit().await?;
        self.memory.forget_account(by.account);
        Ok(())
    }

    /// Shows the second factor of a session that awaits it: a code, or a recovery code. Wrong ones count like wrong passwords
    /// and lock the account; then the session ends too.
    ///
    /// # Errors
    /// When it is wrong, the account is locked, or the database refuses.
    pub async fn pass_second(
        &self,
        by: &Actor,
        session: &SessionInfo,
        code: &str,
        caller: &Caller,
    ) -> Result<(), LoginRefusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let gone = || LoginRefusal::Fault(Refusal::NotFound("这个账号".to_owned()));
        let found = accounts::lock_account(&mut tx, by.account).await?.ok_or_else(gone)?;
        let locked = found.account.locked_until.filter(|until| *until > now);
        if locked.is_none() && self.takes(&mut tx, by.account, code, now).await? {
            accounts::unlock(&mut tx, by.account).await?;
            store::pass(&mut tx, session.id).await?;
            let detail = json!({"ip": caller.ip, "session": session.id});
            self.note(&mut tx, by, &actions::SECOND_PASS, &format!("account:{}", by.account), detail).await?;
            tx.commit().await?;
            self.memory.forget_account(by.account);
            return Ok(());
        }
        let refusal = self.count_failure(&mut tx, &found.account, caller, now).await?;
        if matches!(refusal, LoginRefusal::Locked { .. }) {
            accounts::delete_session(&mut tx, session.id).await?;
        }
        tx.commit().await?;
        self.memory.forget_account(by.account);
        Err(refusal)
    }

    /// Takes away an account's second factor, whose telephone is lost: a new one is set up at the next login. Ends its sessions.
    ///
    /// # Errors
    /// When the actor may not, there is no such account in their reach, or it is their own.
    pub async fn reset_second(&self, by: &Actor, id: Uuid) -> Result<(), Refusal> {
        may(by, &actions::SECOND_RESET)?;
        let mut tx = self.db.begin().await?;
        let account = self.someone_else(&mut tx, by, id).await?.account;
        let had = store::delete(&mut tx, id).await?;
        let ended = accounts::delete_sessions_of(&mut tx, id, None).await?;
        let detail = json!({"had": had == 1, "sessions": ended});
        self.note_account(&mut tx, by, &actions::SECOND_RESET, &account, detail).await?;
        tx.commit().await?;
        self.memory.forget_account(id);
        Ok(())
    }

    /// Seals every secret with the present key; gives how many were looked at and how many sealed anew.
    ///
    /// # Errors
    /// When the database refuses or a secret does not open.
    pub async fn reseal(&self) -> Result<(u64, u64), StorageError> {
        store::reseal(&self.db).await
    }

    /// Whether a code or recovery code is right; a right one is used up.
    async fn takes(&self, tx: &mut Tx, account: Uuid, typed: &str, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let Some(kept) = store::get_in(tx, account).await?.filter(|kept| kept.confirmed_at.is_some()) else {
            return Ok(false);
        };
        if let Some(step) = totp::step_of_code(&kept.secret, typed, self.code_clock.now()) {
            return store::take_step(tx, account, step).await;
        }
        store::take_recovery(tx, account, &recovery_hash(typed), now).await
    }
}
