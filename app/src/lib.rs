//! 朝夕 Zhaoxi: the one binary. Wires the services together, adds the pages that show several of them,
//! and the command line.

pub mod adoption;
pub mod backup;
pub mod chrome;
pub mod cli;
pub mod clock;
pub mod demo;
mod described;
pub mod desks;
pub mod geodata;
pub mod guard;
pub mod house;
pub mod keys;
pub mod packs;
pub mod preview;
pub mod self_check;
pub mod server;
pub mod state;
pub mod throttle;
pub mod wiring;
