//! Who is asking and what they may do: accounts, passwords, sessions, roles, actions.

pub mod account;
pub mod actions;
pub mod chance;
mod commands;
mod login;
mod matrix;
mod memory;
mod named;
mod password;
pub mod policy;
mod reads;
pub mod refusal;
mod represents;
pub mod role;
mod second;
mod secret;
mod service;
mod sessions;
mod store;

pub use account::{Account, NewAccount, NewPassword, Seat, State, system};
pub use actions::ACTIONS;
pub use chance::{Chance, SeededChance, SystemChance};
pub use commands::accounts::{Change, Created};
pub use commands::bootstrap::FirstAdmin;
pub use login::LoginRefusal;
pub use matrix::{check_actions, matrix};
pub use named::{Named, named};
pub use reads::{ACCOUNTS_PAGE, AccountFilter};
pub use refusal::Refusal;
pub use represents::{Person, Represents, people_of, represents};
pub use role::{Action, Actor, Role, Who};
pub use second::{Enrolment, Second, SecondState, code_at};
pub use secret::Secret;
pub use service::Identity;
pub use sessions::{Caller, Session, SessionInfo};

use storage::Migration;

/// The audit chain of what belongs to no district: the first administrators, unknown logins, the timetable.
pub const SYSTEM_CHAIN: &str = "system";

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "identity.001_accounts_and_sessions",
        sql: include_str!("../migrations/001_accounts_and_sessions.sql"),
    },
    Migration { name: "identity.002_represents", sql: include_str!("../migrations/002_represents.sql") },
    Migration { name: "identity.003_second_factor", sql: include_str!("../migrations/003_second_factor.sql") },
];
