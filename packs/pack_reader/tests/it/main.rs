//! Packs read whole: every kind of problem at its place, layers, the packs of this repository, and their figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod builtin;
mod cases;
mod catalogue;
mod changed;
mod described;
mod entitlements;
mod layers;
mod packs;
mod problems;
mod registers;
