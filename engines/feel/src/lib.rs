//! FEEL, the expression language of DMN, by a library that is kept for its meaning: expressions on files (`zhaoxi feel`), and
//! rules that lie outside the columnar subset of `rules`, row by row.
//!
//! ```
//! let outcome = feel::evaluate("年龄 + 0.2", Some("{\"年龄\": 0.1}")).unwrap();
//! assert_eq!(outcome.line(), "{\"value\":0.3}");
//! assert!(feel::evaluate("1 +", None).unwrap().line().starts_with("{\"error\":"));
//! ```
//!
//! What is taken from the library and what is not is in the README beside this file.

pub mod files;
mod guard;
mod json;
mod missing;
mod row;
mod tree;
mod write;

pub use guard::{DEEPEST, LONGEST, STACK};
pub use json::Fault;
pub use row::RowRule;

use dsntk_feel::context::FeelContext;
use dsntk_feel::{FeelScope, values::Value};

/// What an expression came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its value, as JSON.
    Value(String),
    /// Why the text is no expression, or why it was not evaluated.
    Error(String),
}

impl Outcome {
    /// The one line of JSON that stands for it, without the line break.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::Value(value) => format!("{{\"value\":{value}}}"),
            Self::Error(error) => format!("{{\"error\":{}}}", write::text(error)),
        }
    }
}

/// Evaluates an expression in a context, the text of a JSON object. Runs in the caller's thread, whose stack should hold
/// [`STACK`] bytes where the text comes from outside.
///
/// # Errors
/// When the context is not a JSON object.
pub fn evaluate(expression: &str, context: Option<&str>) -> Result<Outcome, Fault> {
    let context = match context {
        Some(text) => json::context(text)?,
        None => FeelContext::new(),
    };
    Ok(evaluate_in(expression, context))
}

/// The same in a context that was read.
fn evaluate_in(expression: &str, context: FeelContext) -> Outcome {
    if let Some(reason) = guard::too_much(expression) {
        return Outcome::Error(reason);
    }
    let found = guard::caught(|| {
        let scope: FeelScope = context.into();
        let node = dsntk_feel_parser::parse_expression(&scope, expression, false).map_err(|error| error.to_string())?;
        let node = guard::bounded(node);
        let value = dsntk_feel_evaluator::evaluate(&scope, &node);
        Ok(write::value(&unwrapped(value)))
    });
    match found {
        Ok(Ok(value)) => Outcome::Value(value),
        Ok(Err(reason)) => Outcome::Error(reason),
        // What the library does not survive has no value in FEEL: it is null there, with a reason that only people read.
        Err(()) => Outcome::Value("null".to_owned()),
    }
}

/// The value without the library's own wrappings.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Transparent(inner) => unwrapped(*inner),
        other => other,
    }
}
