//! Reads the source tree and says what breaks the rules of the house.

pub mod errors;
pub mod pages;
pub mod sizes;
pub mod stages;
pub mod tree;
pub mod words;
