//! Making, changing, disabling accounts. Nobody changes their own, reaches beyond their region, takes away
//! the last administrator of a kind, or turns one kind of administrator into another.

use crate::store::{self, Found};
use crate::{Account, Action, Actor, Identity, NewAccount, NewPassword, Refusal, Role, Seat, Secret, State};
use crate::{actions, chance, policy};
use serde_json::json;
use storage::Tx;
use uuid::Uuid;
use vocabulary::Violation;

/// An account that was just made.
#[derive(Debug, Clone)]
pub struct Created {
    /// The account.
    pub account: Account,
    /// Its one-time password, if it got one: shown once, kept nowhere.
    pub one_time: Option<Secret>,
}

/// What to change; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Name on screens.
    pub name: Option<String>,
    /// Kind of work.
    pub role: Option<Role>,
    /// Where it works.
    pub seat: Option<Seat>,
}

pub(crate) fn may(by: &Actor, action: &Action) -> Result<(), Refusal> {
    if by.may(action) { Ok(()) } else { Err(Refusal::forbidden(action.label)) }
}

const fn is_administrator(role: Role) -> bool {
    matches!(role, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
}

fn beyond_reach() -> Refusal {
    Refusal::Forbidden("这个区划不在您的管理范围内".to_owned())
}

fn taken() -> Violation {
    Violation::new("identity.login.taken", "login", "这个用户名已有人用", "换一个用户名")
}

impl Identity {
    /// Makes an account.
    ///
    /// # Errors
    /// When the actor may not (there), or everything wrong with the account at once.
    pub async fn create_account(&self, by: &Actor, new: &NewAccount) -> Result<Created, Refusal> {
        may(by, &actions::ACCOUNT_CREATE)?;
        if !by.sees(&new.seat.region) {
            return Err(beyond_reach());
        }
        let login = policy::normalise_login(&new.login);
        let mut problems = policy::check_names(&login, &new.name);
        problems.extend(new.seat.problems());
        problems.extend(self.password_problems(&new.password, &login, &new.name));
        if store::by_login(&self.db, &login).await?.is_some() {
            problems.push(taken());
        }
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let (one_time, hash, must_change) = self.prepare(&new.password).await?;
        let now = self.clock.now();
        let account = Account {
            id: chance::id(now, &*self.chance)?,
            login,
            name: new.name.trim().to_owned(),
            role: new.role,
            seat: new.seat.clone(),
            state: State::Active,
            failed: 0,
            locked_until: None,
            must_change,
            password_changed_at: now,
            last_login_at: None,
            created_at: now,
            created_by: by.login.clone(),
        };
        let mut tx = self.db.begin().await?;
        if !store::insert_account(&mut tx, &account, &hash).await? {
            return Err(Refusal::Invalid(vec![taken()]));
        }
        self.note_account(&mut tx, by, &actions::ACCOUNT_CREATE, &account, json!({})).await?;
        tx.commit().await?;
        Ok(Created { account, one_time })
    }

    /// What is wrong with a password that is to be set.
    pub(crate) fn password_problems(&self, password: &NewPassword, login: &str, name: &str) -> Vec<Violation> {
        match password {
            NewPassword::OneTime => Vec::new(),
            NewPassword::Given { text, .. } => policy::check_password(text, login, name, self.password.min_length),
        }
    }

    /// The one-time password, if it is to be one; the hash; whether it must be changed.
    pub(crate) async fn prepare(&self, password: &NewPassword) -> Result<(Option<Secret>, String, bool), Refusal> {
        let (one_time, must_change) = match password {
            NewPassword::OneTime => (Some(chance::one_time_password(&*self.chance)?), true),
            NewPassword::Given { must_change, .. } => (None, *must_change),
        };
        let text = match (password, &one_time) {
            (NewPassword::Given { text, .. }, _) => text.as_str(),
            (NewPassword::OneTime, secret) => secret.as_ref().map_or("", Secret::reveal),
        };
        let hash = self.hasher.hash(text, chance::bytes(&*self.chance)?).await?;
        Ok((one_time, hash, must_change))
    }

    /// Changes name, role or seat. Sessions go on, with the new rights from the next request.
    ///
    /// # Errors
    /// When the actor may not, there is no such account in their reach, or what is wrong with the change.
    pub async fn change_account(&self, by: &Actor, id: Uuid, change: &Change) -> Result<Account, Refusal> {
        may(by, &actions::ACCOUNT_CHANGE)?;
        let mut tx = self.db.begin().await?;
        let before = self.someone_else(&mut tx, by, id).await?.account;
        let mut after = before.clone();
        if let Some(name) = &change.name {
            after.name = name.trim().to_owned();
        }
        after.role = change.role.unwrap_or(before.role);
        if let Some(seat) = &change.seat {
            after.seat = seat.clone();
        }
        if !by.sees(&after.seat.region) {
            return Err(beyond_reach());
        }
        let mut problems = policy::check_names(&after.login, &after.name);
        problems.extend(after.seat.problems());
        if before.role != after.role && is_administrator(before.role) && is_administrator(after.role) {
            problems.push(Violation::new(
                "identity.role.apart",
                "role",
                format!("{}不能改任{}：三员分设", before.role.label(), after.role.label()),
                "为新岗位另建账号",
            ));
        }
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        if before.role != after.role || before.seat.region != after.seat.region {
            self.keep_one(&mut tx, &before).await?;
        }
        store::update_account(&mut tx, &after).await?;
        self.note_account(&mut tx, by, &actions::ACCOUNT_CHANGE, &after, changes(&before, &after)).await?;
        tx.commit().await?;
        self.memory.forget_account(id);
        Ok(after)
    }

    /// Disables an account and ends all its sessions at once.
    ///
    /// # Errors
    /// When the actor may not, there is no such account in their reach, or it is the last administrator of its kind.
    pub async fn disable(&self, by: &Actor, id: Uuid, reason: &str) -> Result<(), Refusal> {
        may(by, &actions::ACCOUNT_DISABLE)?;
        let mut tx = self.db.begin().await?;
        let mut account = self.someone_else(&mut tx, by, id).await?.account;
        self.keep_one(&mut tx, &account).await?;
        account.state = State::Disabled;
        store::update_account(&mut tx, &account).await?;
        let ended = store::delete_sessions_of(&mut tx, id, None).await?;
        let detail = json!({"reason": reason, "sessions": ended});
        self.note_account(&mut tx, by, &actions::ACCOUNT_DISABLE, &account, detail).await?;
        tx.commit().await?;
        self.memory.forget_account(id);
        Ok(())
    }

    /// Enables an account again.
    ///
    /// # Errors
    /// When the actor may not, or there is no such account in their reach.
    pub async fn enable(&self, by: &Actor, id: Uuid) -> Result<(), Refusal> {
        may(by, &actions::ACCOUNT_ENABLE)?;
        let mut tx = self.db.begin().await?;
        let mut account = self.someone_else(&mut tx, by, id).await?.account;
        account.state = State::Active;
        store::update_account(&mut tx, &account).await?;
        self.note_account(&mut tx, by, &actions::ACCOUNT_ENABLE, &account, json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Lifts a lock before its time.
    ///
    /// # Errors
    /// When the actor may not, or there is no such account in their reach.
    pub async fn unlock(&self, by: &Actor, id: Uuid) -> Result<(), Refusal> {
        may(by, &actions::ACCOUNT_UNLOCK)?;
        let mut tx = self.db.begin().await?;
        let account = self.someone_else(&mut tx, by, id).await?.account;
        store::unlock(&mut tx, id).await?;
        self.note_account(&mut tx, by, &actions::ACCOUNT_UNLOCK, &account, json!({"failed": account.failed})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// An account in the actor's reach that is not their own, locked until the transaction ends. An
    /// administrator's row is locked together with its peers', in order: see [`store::lock_active_with`].
    pub(crate) async fn someone_else(&self, tx: &mut Tx, by: &Actor, id: Uuid) -> Result<Found, Refusal> {
        if by.account == id {
            return Err(Refusal::Forbidden("不能修改自己的账号；请由另一位安全管理员办理".to_owned()));
        }
        let role = store::role_of(tx, id).await?;
        if let Some(role) = role.filter(|role| is_administrator(*role)) {
            store::lock_active_with(tx, role).await?;
        }
        let found = store::lock_account(tx, id).await?.filter(|found| by.sees(&found.account.seat.region));
        found.ok_or_else(|| Refusal::NotFound("这个账号".to_owned()))
    }

    /// Refuses to take away the last active administrator of a kind.
    async fn keep_one(&self, tx: &mut Tx, account: &Account) -> Result<(), Refusal> {
        if !is_administrator(account.role) || account.state == State::Disabled {
            return Ok(());
        }
        let peers = store::lock_active_with(tx, account.role).await?;
        if peers.iter().any(|peer| *peer != account.id) {
            return Ok(());
        }
        Err(Refusal::Conflict(format!("这是最后一位{}；先建好接替的账号", account.role.label())))
    }

    pub(crate) async fn note_account(
        &self,
        tx: &mut Tx,
        by: &Actor,
        action: &Action,
        account: &Account,
        mut detail: serde_json::Value,
    ) -> Result<(), Refusal> {
        if let Some(fields) = detail.as_object_mut() {
            fields.insert("login".to_owned(), json!(account.login));
            fields.insert("role".to_owned(), json!(account.role.key()));
            fields.insert("region".to_owned(), json!(account.seat.region.as_str()));
        }
        Ok(self.note(tx, by, action, &format!("account:{}", account.id), detail).await?)
    }
}

/// What an account was before, field by field, as far as it differs.
fn changes(before: &Account, after: &Account) -> serde_json::Value {
    let mut was = serde_json::Map::new();
    let mut put = |field: &str, old: &str, new: &str| {
        if old != new {
            was.insert(field.to_owned(), json!(old));
        }
    };
    put("name", &before.name, &after.name);
    put("role", before.role.key(), after.role.key());
    put("region", before.seat.region.as_str(), after.seat.region.as_str());
    let department = |account: &Account| account.seat.department.clone().unwrap_or_default();
    put("department", &department(before), &department(after));
    json!({"was": was})
}
