//! What this process remembers between requests: sessions for a few seconds, and failed logins under names
//! that no account has.

use crate::Actor;
use crate::sessions::{SessionInfo, TokenHash};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// How long a session is believed without asking the database. Changes made in this process show at once;
/// those made in another one after this time.
const BELIEVED: TimeDelta = TimeDelta::seconds(5);
/// How often “last seen” is written, at most.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Sessions not seen for this long are forgotten; the database still knows them.
const FORGOTTEN: TimeDelta = TimeDelta::minutes(10);
/// Entries kept at most.
const ROOM: usize = 50_000;

struct Remembered {
    actor: Actor,
    info: SessionInfo,
    read_at: DateTime<Utc>,
    seen: DateTime<Utc>,
    written: DateTime<Utc>,
}

#[derive(Default)]
struct Sessions {
    /// Counts what was forgotten on purpose: an answer read before that is not remembered after it.
    generation: u64,
    by_token: HashMap<TokenHash, Remembered>,
}

/// Sessions this process has seen lately.
#[derive(Default)]
pub(crate) struct Memory {
    sessions: Mutex<Sessions>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session that was read a moment ago and is still alive.
    pub(crate) fn recall(
        &self,
        token: &TokenHash,
        now: DateTime<Utc>,
        idle: TimeDelta,
    ) -> Option<(Actor, SessionInfo)> {
        let mut sessions = self.lock();
        let known = sessions.by_token.get_mut(token)?;
        let fresh = known.read_at <= now && now - known.read_at < BELIEVED;
        if !fresh || !known.info.is_alive(known.seen, now, idle) {
            return None;
        }
        known.seen = known.seen.max(now);
        Some((known.actor.clone(), known.info.clone()))
    }

    /// When a session was last seen by this process.
    pub(crate) fn seen(&self, token: &TokenHash) -> Option<DateTime<Utc>> {
        self.lock().by_token.get(token).map(|known| known.seen)
    }

    /// To be asked before reading a session, and handed to [`Memory::remember`].
    pub(crate) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Keeps a session that was just read.
    pub(crate) fn remember(
        &self,
        generation: u64,
        token: TokenHash,
        now: DateTime<Utc>,
        actor: &Actor,
        info: &SessionInfo,
    ) {
        let mut sessions = self.lock();
        if sessions.generation != generation {
            return;
        }
        if sessions.by_token.len() >= ROOM {
            sessions.by_token.clear();
        }
        let written =
            sessions.by_token.get(&token).map_or(info.last_seen_at, |known| known.written.max(info.last_seen_at));
        let (actor, info) = (actor.clone(), info.clone());
        sessions.by_token.insert(token, Remembered { actor, info, read_at: now, seen: now, written });
    }

    /// Forgets a session that was ended.
    pub(crate) fn forget(&self, token: &TokenHash) {
        let mut sessions = self.lock();
        sessions.generation += 1;
        sessions.by_token.remove(token);
    }

    /// Forgets everything about an account that was changed.
    pub(crate) fn forget_account(&self, account: Uuid) {
        let mut sessions = self.lock();
        sessions.generation += 1;
        sessions.by_token.retain(|_, known| known.actor.account != account);
    }

    /// Whether a session's “last seen” is due to be written.
    pub(crate) fn is_due(&self, token: &TokenHash) -> bool {
        self.lock().by_token.get(token).is_some_and(|known| known.seen - known.written >= SEEN_EVERY)
    }

    /// Takes what is to be written, in token order; `all` takes also what was written less than a minute ago.
    pub(crate) fn take_seen(&self, now: DateTime<Utc>, all: bool) -> Vec<(TokenHash, DateTime<Utc>)> {
        let mut sessions = self.lock();
        let least = if all { TimeDelta::microseconds(1) } else { SEEN_EVERY };
        let mut taken = Vec::new();
        for (token, known) in &mut sessions.by_token {
            if known.seen - known.written >= least {
                known.written = known.seen;
                taken.push((*token, known.seen));
            }
        }
        sessions.by_token.retain(|_, known| now - known.seen < FORGOTTEN);
        taken.sort_unstable();
        taken
    }
}

struct Failures {
    failed: u32,
    locked_until: Option<DateTime<Utc>>,
}

/// Failed logins under names that no account has: they lock like real ones, so that a lock betrays nothing.
#[derive(Default)]
pub(crate) struct Strangers {
    by_login: Mutex<HashMap<TokenHash, Failures>>,
}

impl Strangers {
    /// Counts a failure; gives the failures in a row and the end of the lock, if locked.
    pub(crate) fn fail(
        &self,
        login: TokenHash,
        now: DateTime<Utc>,
        lock_after: u32,
        lock: TimeDelta,
    ) -> (u32, Option<DateTime<Utc>>) {
        let mut by_login = self.by_login.lock().unwrap_or_else(PoisonError::into_inner);
        if by_login.len() >= ROOM {
            by_login.clear();
        }
        let known = by_login.entry(login).or_insert(Failures { failed: 0, locked_until: None });
        if known.locked_until.is_some_and(|until| until > now) {
            return (known.failed, known.locked_until);
        }
        known.failed = if known.locked_until.is_some() { 1 } else { known.failed + 1 };
        known.locked_until = (known.failed >= lock_after).then(|| now + lock);
        (known.failed, known.locked_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Secret, system};

    fn info(now: DateTime<Utc>) -> SessionInfo {
        SessionInfo {
            id: Uuid::nil(),
            csrf: Secret::new(String::new()),
            created_at: now,
            last_seen_at: now,
            expires_at: now + TimeDelta::hours(1),
            ip: String::new(),
            agent_digest: String::new(),
            must_change: false,
            second: crate::Second::Done,
        }
    }

    #[test]
    fn an_answer_read_before_a_change_is_not_remembered_after_it() {
        let (memory, now, idle) = (Memory::default(), DateTime::UNIX_EPOCH, TimeDelta::minutes(30));
        let before = memory.generation();
        memory.forget_account(Uuid::nil());
        memory.remember(before, [1; 32], now, &system(), &info(now));
        assert!(memory.recall(&[1; 32], now, idle).is_none());
        memory.remember(memory.generation(), [1; 32], now, &system(), &info(now));
        assert!(memory.recall(&[1; 32], now, idle).is_some());
    }

    #[test]
    fn sessions_long_unseen_are_forgotten_once_they_are_written() {
        let (memory, now, idle) = (Memory::default(), DateTime::UNIX_EPOCH, TimeDelta::minutes(30));
        memory.remember(0, [1; 32], now, &system(), &info(now));
        let later = now + TimeDelta::seconds(4);
        assert!(memory.recall(&[1; 32], later, idle).is_some());
        assert!(memory.take_seen(later, false).is_empty());
        assert_eq!(memory.take_seen(later + FORGOTTEN, true), [([1; 32], later)]);
        assert_eq!(memory.seen(&[1; 32]), None);
    }
}
