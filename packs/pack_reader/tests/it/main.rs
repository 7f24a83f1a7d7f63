//! Packs read whole: every kind of problem at its place, layers, and the packs of this repository.

mod builtin;
mod layers;
mod packs;
mod problems;
