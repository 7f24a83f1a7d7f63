//! What the engines' commands share on files: CSV rows with typed cells, problems that name their place, and days.
//!
//! ```
//! use sheets::{Problems, Sheet, number};
//!
//! let mut problems = Problems::default();
//! let text = "id,weight_kg\r\na,9.6\r\nb,heavy\r\n";
//! let mut sheet = Sheet::open("children.csv", text, &["id", "weight_kg"], &[], &mut problems).unwrap();
//! let mut weights = Vec::new();
//! while let Some(row) = sheet.next(&mut problems) {
//!     weights.push(row.get(1, number, &mut problems));
//! }
//! assert_eq!(weights, [Some(9.6), None]);
//! assert!(problems.to_string().starts_with("children.csv:3: weight_kg: `heavy` is not a number; "));
//! ```

mod cells;
pub mod days;
mod problems;
mod records;
mod sheet;
mod write;

pub use cells::{Sex, Wrong, day, flag, number, sex, whole};
pub use problems::{MOST_PROBLEMS, Problem, Problems};
pub use sheet::{Ids, Row, Sheet, decode, head};
pub use write::{Done, csv_row, float};
