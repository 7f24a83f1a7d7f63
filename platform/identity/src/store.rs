//! SQL, nothing else. Rows are locked in one order everywhere: account, then sessions by token, then the audit chain.

use crate::sessions::{SessionInfo, TokenHash};
use crate::{Account, Role, Seat, Second, Secret, State};
use chrono::{DateTime, TimeDelta, Utc};
use storage::{Db, Engine, Result, Row, StorageError, Tx, Value, args};
use uuid::Uuid;

const ACCOUNT: &str = "a.id AS account_id, a.login, a.name, a.role, a.region_path, a.place, a.district, a.department, \
    a.password_hash, a.password_changed_at, a.must_change, a.state, a.failed, a.locked_until, a.last_login_at, \
    a.created_at AS account_created_at, a.created_by";
const SESSION: &str = "s.id AS session_id, s.csrf, s.created_at AS session_created_at, s.last_seen_at, s.expires_at, s.ip, s.agent_digest, \
    s.second_passed, (SELECT f.confirmed_at FROM identity_second_factor f WHERE f.account = s.account) AS second_confirmed_at";

/// An account with its password hash, which goes no further than this crate.
pub(crate) struct Found {
    pub account: Account,
    pub hash: String,
}

fn unreadable(column: &str, value: &str) -> StorageError {
    StorageError::Column { column: column.to_owned(), message: format!("unreadable value “{value}”") }
}

fn account_of(row: &Row) -> Result<Account> {
    let (role, state): (String, String) = (row.get("role")?, row.get("state")?);
    let failed: i64 = row.get("failed")?;
    Ok(Account {
        id: row.get("account_id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        role: Role::from_key(&role).ok_or_else(|| unreadable("role", &role))?,
        seat: Seat {
            region: row.get("region_path")?,
            place: row.get("place")?,
            district: row.get("district")?,
            department: row.get("department")?,
        },
        state: State::from_key(&state).ok_or_else(|| unreadable("state", &state))?,
        failed: u32::try_from(failed).unwrap_or(u32::MAX),
        locked_until: row.get("locked_until")?,
        must_change: row.get("must_change")?,
        password_changed_at: row.get("password_changed_at")?,
        last_login_at: row.get("last_login_at")?,
        created_at: row.get("account_created_at")?,
        created_by: row.get("created_by")?,
    })
}

fn found(row: &Row) -> Result<Found> {
    Ok(Found { account: account_of(row)?, hash: row.get("password_hash")? })
}

/// A session as it is stored; what is to be done about its second factor is worked out from the rest.
fn session_of(row: &Row) -> Result<(Account, SessionInfo)> {
    let account = account_of(row)?;
    let confirmed: Option<DateTime<Utc>> = row.get("second_confirmed_at")?;
    let second = match (confirmed, row.get("second_passed")?) {
        (Some(_), false) => Second::Awaited,
        (Some(_), true) => Second::Done,
        (None, _) => Second::Missing,
    };
    let info = SessionInfo {
        id: row.get("session_id")?,
        csrf: Secret::new(row.get("csrf")?),
        created_at: row.get("session_created_at")?,
        last_seen_at: row.get("last_seen_at")?,
        expires_at: row.get("expires_at")?,
        ip: row.get("ip")?,
        agent_digest: row.get("agent_digest")?,
        must_change: account.must_change,
        second,
    };
    Ok((account, info))
}

/// Keeps rows of `a` from others until the transaction ends. SQLite has one writer: nobody else writes anyway.
fn locked(tx: &Tx) -> &'static str {
    match tx.dialect().0 {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE OF a",
    }
}

pub(crate) async fn by_login(db: &Db, login: &str) -> Result<Option<Found>> {
    let sql = format!("SELECT {ACCOUNT} FROM identity_account a WHERE a.login = $1");
    db.optional(&sql, args![login]).await?.as_ref().map(found).transpose()
}

pub(crate) async fn by_id(db: &Db, id: Uuid) -> Result<Option<Account>> {
    let sql = format!("SELECT {ACCOUNT} FROM identity_account a WHERE a.id = $1");
    db.optional(&sql, args![id]).await?.as_ref().map(account_of).transpose()
}

/// The role of an account.
pub(crate) async fn role_of(tx: &mut Tx, id: Uuid) -> Result<Option<Role>> {
    let row = tx.optional("SELECT role FROM identity_account WHERE id = $1", args![id]).await?;
    let key: Option<String> = row.map(|row| row.at(0)).transpose()?;
    Ok(key.and_then(|key| Role::from_key(&key)))
}

/// An account, locked until the transaction ends.
pub(crate) async fn lock_account(tx: &mut Tx, id: Uuid) -> Result<Option<Found>> {
    let sql = format!("SELECT {ACCOUNT} FROM identity_account a WHERE a.id = $1{}", locked(tx));
    tx.optional(&sql, args![id]).await?.as_ref().map(found).transpose()
}

/// The account of a session, locked until the transaction ends.
pub(crate) async fn account_of_session(tx: &mut Tx, session: Uuid) -> Result<Option<Found>> {
    let sql = format!(
        "SELECT {ACCOUNT} FROM identity_session s JOIN identity_account a ON a.id = s.account WHERE s.id = $1{}",
        locked(tx)
    );
    tx.optional(&sql, args![session]).await?.as_ref().map(found).transpose()
}

/// Ids of the active accounts with a role, locked in order, so that two cannot remove the last two at once.
pub(crate) async fn lock_active_with(tx: &mut Tx, role: Role) -> Result<Vec<Uuid>> {
    let sql = format!(
        "SELECT a.id FROM identity_account a WHERE a.role = $1 AND a.state = 'active' ORDER BY a.id{}",
        locked(tx)
    );
    tx.all(&sql, args![role.key()]).await?.iter().map(|row| row.at(0)).collect()
}

/// Adds an account; `false` when the login is taken.
pub(crate) async fn insert_account(tx: &mut Tx, account: &Account, hash: &str) -> Result<bool> {
    let seat = &account.seat;
    let added = tx
        .execute(
            "INSERT INTO identity_account (id, login, name, role, region, region_path, place, district, department, \
             password_hash, password_changed_at, must_change, state, failed, created_at, created_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15) ON CONFLICT (login) DO NOTHING",
            args![
                account.id,
                account.login,
                account.name,
                account.role.key(),
                seat.code(),
                seat.region,
                seat.place,
                seat.district,
                seat.department,
                hash,
                account.password_changed_at,
                account.must_change,
                account.state.key(),
                account.created_at,
                account.created_by
            ],
        )
        .await?;
    Ok(added == 1)
}

/// Writes what an administrator may change.
pub(crate) async fn update_account(tx: &mut Tx, account: &Account) -> Result<()> {
    let seat = &account.seat;
    tx.execute(
        "UPDATE identity_account SET name = $2, role = $3, region = $4, region_path = $5, place = $6, district = $7, \
         department = $8, state = $9 WHERE id = $1",
        args![
            account.id,
            account.name,
            account.role.key(),
            seat.code(),
            seat.region,
            seat.place,
            seat.district,
            seat.department,
            account.state.key()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn update_password(
    tx: &mut Tx,
    id: Uuid,
    hash: &str,
    now: DateTime<Utc>,
    must_change: bool,
) -> Result<()> {
    tx.execute(
        "UPDATE identity_account SET password_hash = $2, password_changed_at = $3, must_change = $4, failed = 0, \
         locked_until = NULL WHERE id = $1",
        args![id, hash, now, must_change],
    )
    .await?;
    Ok(())
}

pub(crate) async fn unlock(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute("UPDATE identity_account SET failed = 0, locked_until = NULL WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Lets an account in if it is still as it was read and not locked: clears failures, keeps a hash of the set cost. Where a
/// second factor is still to be shown, failures go on counting: a known password shall not give new guesses at the code.
pub(crate) async fn admit(tx: &mut Tx, read: &Found, now: DateTime<Utc>, hash: &str) -> Result<bool> {
    let admitted = tx
        .execute(
            "UPDATE identity_account SET last_login_at = $3, password_hash = $4, \
             failed = CASE WHEN EXISTS (SELECT 1 FROM identity_second_factor f \
                 WHERE f.account = $1 AND f.confirmed_at IS NOT NULL) THEN failed ELSE 0 END, \
             locked_until = CASE WHEN EXISTS (SELECT 1 FROM identity_second_factor f \
                 WHERE f.account = $1 AND f.confirmed_at IS NOT NULL) THEN locked_until ELSE NULL END \
             WHERE id = $1 AND password_hash = $2 AND state = 'active' AND (locked_until IS NULL OR locked_until <= $3)",
            args![read.account.id, read.hash, now, hash],
        )
        .await?;
    Ok(admitted == 1)
}

/// Counts a failure and locks at the last one allowed, in one statement: parallel guesses cannot overtake it.
/// While locked nothing is counted; the first failure after a lock counts as one.
pub(crate) async fn fail(
    tx: &mut Tx,
    id: Uuid,
    now: DateTime<Utc>,
    lock_after: u32,
    lock: TimeDelta,
) -> Result<(u32, Option<DateTime<Utc>>)> {
    let row = tx
        .one(
            "UPDATE identity_account SET \
             failed = CASE WHEN locked_until IS NULL THEN failed + 1 WHEN locked_until <= $2 THEN 1 ELSE failed END, \
             locked_until = CASE WHEN locked_until > $2 THEN locked_until \
                 WHEN (CASE WHEN locked_until IS NULL THEN failed + 1 ELSE 1 END) >= $3 THEN $4 ELSE NULL END \
             WHERE id = $1 RETURNING failed, locked_until",
            args![id, now, lock_after, now + lock],
        )
        .await?;
    let failed: i64 = row.get("failed")?;
    Ok((u32::try_from(failed).unwrap_or(u32::MAX), row.get("locked_until")?))
}

pub(crate) async fn insert_session(tx: &mut Tx, token: &TokenHash, account: Uuid, info: &SessionInfo) -> Result<()> {
    tx.execute(
        "INSERT INTO identity_session (token_hash, id, account, csrf, created_at, last_seen_at, expires_at, ip, agent_digest) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            hex::encode(token),
            info.id,
            account,
            info.csrf.reveal(),
            info.created_at,
            info.last_seen_at,
            info.expires_at,
            info.ip,
            info.agent_digest
        ],
    )
    .await?;
    Ok(())
}

fn session_sql(condition: &str) -> String {
    format!(
        "SELECT {ACCOUNT}, {SESSION} FROM identity_session s JOIN identity_account a ON a.id = s.account WHERE {condition}"
    )
}

/// The session of a token, if its account can be used.
pub(crate) async fn session(db: &Db, token: &TokenHash) -> Result<Option<(Account, SessionInfo)>> {
    let sql = session_sql("s.token_hash = $1 AND a.state = 'active'");
    db.optional(&sql, args![hex::encode(token)]).await?.as_ref().map(session_of).transpose()
}

pub(crate) async fn session_in(tx: &mut Tx, token: &TokenHash) -> Result<Option<(Account, SessionInfo)>> {
    let sql = session_sql("s.token_hash = $1");
    tx.optional(&sql, args![hex::encode(token)]).await?.as_ref().map(session_of).transpose()
}

pub(crate) async fn sessions_of(db: &Db, account: Uuid) -> Result<Vec<SessionInfo>> {
    let sql = session_sql("s.account = $1 ORDER BY s.created_at DESC, s.id DESC");
    let rows = db.all(&sql, args![account]).await?;
    rows.iter().map(|row| session_of(row).map(|(_, info)| info)).collect()
}

/// Tokens of an account's sessions, newest first.
pub(crate) async fn tokens_of(tx: &mut Tx, account: Uuid) -> Result<Vec<String>> {
    let sql = "SELECT token_hash FROM identity_session WHERE account = $1 ORDER BY created_at DESC, id DESC";
    tx.all(sql, args![account]).await?.iter().map(|row| row.at(0)).collect()
}

/// Ends sessions by token.
pub(crate) async fn delete_sessions(tx: &mut Tx, tokens: &[String]) -> Result<()> {
    let mut tokens = tokens.to_vec();
    tokens.sort_unstable();
    for token in tokens {
        tx.execute("DELETE FROM identity_session WHERE token_hash = $1", args![token]).await?;
    }
    Ok(())
}

pub(crate) async fn delete_session(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute("DELETE FROM identity_session WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Ends all sessions of an account but one; gives how many.
pub(crate) async fn delete_sessions_of(tx: &mut Tx, account: Uuid, but: Option<Uuid>) -> Result<usize> {
    let but = but.unwrap_or_else(Uuid::nil);
    let sql = "SELECT token_hash FROM identity_session WHERE account = $1 AND id <> $2";
    let tokens: Result<Vec<String>> = tx.all(sql, args![account, but]).await?.iter().map(|row| row.at(0)).collect();
    let tokens = tokens?;
    delete_sessions(tx, &tokens).await?;
    Ok(tokens.len())
}

/// Ends sessions that are over: past their end, or not seen since a moment. Gives how many.
pub(crate) async fn delete_over(tx: &mut Tx, now: DateTime<Utc>, seen_since: DateTime<Utc>) -> Result<u64> {
    let over = "(expires_at <= $1 OR last_seen_at <= $2)";
    let sql = format!("SELECT token_hash FROM identity_session WHERE {over} ORDER BY token_hash");
    let mut ended = 0;
    for row in tx.all(&sql, args![now, seen_since]).await? {
        let token: String = row.at(0)?;
        // Asked again: another process may have seen it since.
        let sql = format!("DELETE FROM identity_session WHERE {over} AND token_hash = $3");
        ended += tx.execute(&sql, args![now, seen_since, token]).await?;
    }
    Ok(ended)
}

/// Whether there is an administrator, active or not.
pub(crate) async fn has_administrator(db: &Db) -> Result<bool> {
    let sql = "SELECT id FROM identity_account WHERE role IN ($1, $2, $3) LIMIT 1";
    let roles = args![Role::SystemAdmin.key(), Role::SecurityAdmin.key(), Role::AuditAdmin.key()];
    Ok(db.optional(sql, roles).await?.is_some())
}

/// Accounts by conditions over `a`, in order of their logins.
pub(crate) async fn accounts(db: &Db, conditions: &str, values: Vec<Value>, limit: u32) -> Result<Vec<Account>> {
    let sql = format!("SELECT {ACCOUNT} FROM identity_account a WHERE {conditions} ORDER BY a.login LIMIT {limit}");
    db.all(&sql, values).await?.iter().map(account_of).collect()
}
