//! For whom an account speaks: the institution that its person runs. And who works in a place, for those who must
//! tell them something.

use crate::commands::accounts::may;
use crate::{Account, Actor, Identity, Refusal, Role, actions, store};
use serde_json::json;
use std::collections::HashMap;
use storage::{Db, Result, args};
use uuid::Uuid;
use vocabulary::RegionPath;

/// The record that an account speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Represents {
    /// Key of the register: `facility`.
    pub register: String,
    /// The record's id.
    pub record: Uuid,
}

/// Somebody with an account in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As they act.
    pub actor: Actor,
    /// For whom they speak, if for somebody.
    pub represents: Option<Represents>,
}

/// The record that an account speaks for, if any.
///
/// # Errors
/// When the database refuses.
pub async fn represents(db: &Db, account: Uuid) -> Result<Option<Represents>> {
    let row =
        db.optional("SELECT register, record FROM identity_represents WHERE account = $1", args![account]).await?;
    row.map(|row| Ok(Represents { register: row.at(0)?, record: row.at(1)? })).transpose()
}

/// Everyone with an account in use at a place, in the order of their logins.
///
/// # Errors
/// When the database refuses.
pub async fn people_of(db: &Db, place: &str) -> Result<Vec<Person>> {
    let accounts = store::accounts(db, "a.place = $1 AND a.state = 'active'", args![place], u32::MAX).await?;
    let sql = "SELECT r.account, r.register, r.record FROM identity_represents r \
               JOIN identity_account a ON a.id = r.account WHERE a.place = $1";
    let mut spoken: HashMap<Uuid, Represents> = HashMap::new();
    for row in db.all(sql, args![place]).await? {
        spoken.insert(row.at(0)?, Represents { register: row.at(1)?, record: row.at(2)? });
    }
    let person = |account: Account| Person { represents: spoken.get(&account.id).cloned(), actor: account.actor() };
    Ok(accounts.into_iter().map(person).collect())
}

impl Identity {
    /// Says for which institution an account speaks; `region` is where that record lies.
    ///
    /// # Errors
    /// When the actor may not, the account is none of an institution, or the record lies outside the account's region.
    pub async fn represent(
        &self,
        by: &Actor,
        account: Uuid,
        represents: &Represents,
        region: &RegionPath,
    ) -> std::result::Result<(), Refusal> {
        may(by, &actions::ACCOUNT_REPRESENT)?;
        let account = self.account(by, account).await?;
        if account.role != Role::Institution || !region.is_within(&account.seat.region) {
            let message = "只有“机构管理”账号能代表机构，且机构要在账号的区划内";
            return Err(Refusal::invalid("identity.represents", "record", message, "核对账号的角色和区划"));
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        tx.execute(
            "INSERT INTO identity_represents (account, register, record) VALUES ($1, $2, $3) \
             ON CONFLICT (account) DO UPDATE SET register = excluded.register, record = excluded.record",
            args![account.id, represents.register, represents.record],
        )
        .await?;
        let entry = facts::Entry {
            district: account.seat.district.clone(),
            actor: by.login.clone(),
            action: actions::ACCOUNT_REPRESENT.key.to_owned(),
            subject: format!("account:{}", account.id),
            detail: json!({ "register": represents.register, "record": represents.record }),
        };
        facts::audit(&mut tx, now, &entry).await?;
        tx.commit().await?;
        Ok(())
    }
}
