//! What can be done to accounts: may they → load → decide → store → audit, in one transaction.

pub mod accounts;
pub mod bootstrap;
mod passwords;
