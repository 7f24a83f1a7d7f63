//! Scores and levels of assessments: an instrument is data, a form is answers, the outcome says the level and why. Pure.
//!
//! ```
//! let text = r#"
//! key = "two-items"
//! standard = "示例"
//! title = "示例量表"
//! in_force_from = 2024-01-01
//! mark = "verified"
//! source = { doc = "example" }
//! [[part]]
//! key = "A"
//! label = "行动"
//! max = 6
//! item = [{ key = "A.1", label = "行走", scores = [3, 2, 1, 0] }, { key = "A.2", label = "上下楼", scores = [3, 2, 1, 0] }]
//! [[level]]
//! level = 0
//! label = "完好"
//! from = 6
//! to = 6
//! [[level]]
//! level = 1
//! label = "受损"
//! from = 0
//! to = 5
//! "#;
//! let instrument = scoring::read(text).unwrap();
//! let mut form = scoring::Form::empty(&instrument);
//! form.set(&instrument, "A.1", 3).unwrap();
//! assert_eq!(scoring::solve(&instrument, &form).unwrap().level, None);
//! form.set(&instrument, "A.2", 2).unwrap();
//! let outcome = scoring::solve(&instrument, &form).unwrap();
//! assert_eq!((outcome.total, outcome.level), (Some(5), Some(1)));
//! ```
//!
//! What an instrument may say and how levels come about is in the README beside this file.

mod answer;
pub mod check;
mod diagnosis;
pub mod files;
pub mod instrument;
mod problem;
pub mod process;
mod read;
mod solve;
mod words;

pub use answer::{Outcome, PartOutcome, Reason, ReasonCode, State};
pub use diagnosis::Diagnosis;
pub use instrument::{Ground, Instrument, Mark};
pub use problem::{Form, problems};
pub use read::{faults, read};
pub use solve::solve;
