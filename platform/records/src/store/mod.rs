//! SQL and nothing else: the same questions over a table of a heavy register and over the shared table.

pub(crate) mod bulk;
pub(crate) mod columns;
pub(crate) mod conditions;
pub(crate) mod keys;
pub(crate) mod merges;
pub(crate) mod named;
pub(crate) mod parse;
pub(crate) mod plan;
pub(crate) mod reseal;
pub(crate) mod sealed;
pub(crate) mod source;
pub(crate) mod touched;
pub(crate) mod versions;
pub(crate) mod write;
