//! One file per section.

pub(crate) mod data;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod log;
pub(crate) mod password;
pub(crate) mod server;
pub(crate) mod session;
