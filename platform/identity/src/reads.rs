//! Questions about accounts. Everyone sees only accounts of their own region and what lies inside.

use crate::{Account, Actor, Identity, Refusal, Role, actions, store};
use storage::{Value, args};
use uuid::Uuid;
use vocabulary::RegionPath;

/// Accounts on one page of [`Identity::accounts`].
pub const ACCOUNTS_PAGE: u32 = 200;

/// Which accounts are wanted.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Of this region and what lies inside.
    pub within: Option<RegionPath>,
    /// With this role.
    pub role: Option<Role>,
    /// Login or name contains this.
    pub text: String,
    /// After this login: the last one of the page before.
    pub after: Option<String>,
}

impl Identity {
    /// An account in the actor's reach, or their own.
    ///
    /// # Errors
    /// When they may not look at it, there is none in their reach, or the database refuses.
    pub async fn account(&self, by: &Actor, id: Uuid) -> Result<Account, Refusal> {
        if by.account != id && !by.may(&actions::ACCOUNT_READ) {
            return Err(Refusal::forbidden(actions::ACCOUNT_READ.label));
        }
        let account = store::by_id(&self.db, id).await?;
        let seen = account.filter(|account| by.account == id || by.sees(&account.seat.region));
        seen.ok_or_else(|| Refusal::NotFound("这个账号".to_owned()))
    }

    /// The account of a login, in the actor's reach.
    ///
    /// # Errors
    /// As [`Identity::account`].
    pub async fn account_by_login(&self, by: &Actor, login: &str) -> Result<Account, Refusal> {
        let found = store::by_login(&self.db, &crate::policy::normalise_login(login)).await?;
        let id = found.map_or_else(Uuid::nil, |found| found.account.id);
        self.account(by, id).await
    }

    /// How many accounts in the actor's reach work in a department of a place: active ones, and all.
    ///
    /// # Errors
    /// As [`Identity::accounts`].
    pub async fn accounts_of(&self, by: &Actor, place: &str, department: &str) -> Result<(u64, u64), Refusal> {
        if !by.may(&actions::ACCOUNT_READ) {
            return Err(Refusal::forbidden(actions::ACCOUNT_READ.label));
        }
        let sql = "SELECT COUNT(CASE WHEN state = 'active' THEN 1 END) AS active, COUNT(*) AS every FROM identity_account \
                   WHERE place = $1 AND department = $2 AND region_path LIKE $3";
        let row = self.db.one(sql, args![place, department, format!("{}%", by.region)]).await?;
        let (active, every): (i64, i64) = (row.at(0)?, row.at(1)?);
        Ok((u64::try_from(active).unwrap_or(0), u64::try_from(every).unwrap_or(0)))
    }

    /// A page of accounts in the actor's reach, in order of their logins; at most 200.
    ///
    /// # Errors
    /// When they may not look at accounts, or the database refuses.
    pub async fn accounts(&self, by: &Actor, filter: &AccountFilter) -> Result<Vec<Account>, Refusal> {
        if !by.may(&actions::ACCOUNT_READ) {
            return Err(Refusal::forbidden(actions::ACCOUNT_READ.label));
        }
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        let mut add = |condition: &dyn Fn(&str) -> String, value: Vec<Value>| {
            values.extend(value);
            conditions.push(condition(&format!("${}", values.len())));
        };
        // Paths hold digits and slashes only, so LIKE needs no escaping, and it fits every collation.
        let inside = |mark: &str| format!("a.region_path LIKE {mark}");
        for path in [Some(&by.region), filter.within.as_ref()].into_iter().flatten() {
            add(&inside, args![format!("{path}%")]);
        }
        if let Some(role) = filter.role {
            add(&|mark| format!("a.role = {mark}"), args![role.key()]);
        }
        if !filter.text.trim().is_empty() {
            let dialect = self.db.dialect();
            let either =
                |mark: &str| format!("({} OR {})", dialect.like("a.login", mark), dialect.like("a.name", mark));
            add(&either, args![storage::Dialect::anywhere(filter.text.trim())]);
        }
        if let Some(after) = &filter.after {
            add(&|mark| format!("a.login > {mark}"), args![after]);
        }
        Ok(store::accounts(&self.db, &conditions.join(" AND "), values, ACCOUNTS_PAGE).await?)
    }
}
