//! FEEL from outside: forms of values, cases on files, and generated rules for which the columnar evaluator and the library must
//! give the same answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod differential;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
