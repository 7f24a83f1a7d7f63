//! Stories of accounts, logins and sessions, on both databases. Each ends with a look at the audit chain.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod first;
mod logins;
mod passwords;
mod second;
mod sessions;
mod world;
