//! Who is asking and what they may do.

pub mod refusal;
pub mod role;

pub use refusal::Refusal;
pub use role::{Action, Actor, Role, Who};
