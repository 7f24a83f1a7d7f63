//! The whole house through its front door: a small demonstration city on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod archive;
mod backup;
mod city;
mod contracts;
mod divisions;
mod doors;
mod engines;
mod generated;
mod keys;
mod killed;
mod outage;
mod packs;
mod preview;
mod strangers;
mod uploads;
mod wire;
