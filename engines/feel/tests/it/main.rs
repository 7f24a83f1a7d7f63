//! FEEL from outside: forms of values, cases on files, and generated rules for which the columnar evaluator and the library must
//! give the same answer.

mod cases;
mod differential;
