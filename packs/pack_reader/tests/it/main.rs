//! Packs read whole: every kind of problem at its place, layers, the packs of this repository, and their figures.

mod builtin;
mod cases;
mod catalogue;
mod described;
mod entitlements;
mod layers;
mod packs;
mod problems;
