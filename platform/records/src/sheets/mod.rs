//! Registers as spreadsheets: the template to fill in, the export of a list.

pub(crate) mod export;
mod lines;
pub(crate) mod template;

pub use export::{Format, Made};
pub(crate) use template::{PROBLEM_KEY, head};
pub use template::{template_csv, template_xlsx};
