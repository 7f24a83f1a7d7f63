//! `zhaoxi feel` on files: a line of JSON for one expression, or for every line of a file of cases.

use crate::{Fault, Outcome, evaluate_in, json};
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use sheets::Problems;

/// One case of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    expression: String,
    context: FeelContext,
}

impl Case {
    /// Evaluates it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        evaluate_in(&self.expression, self.context.clone())
    }
}

/// One expression with the text of its context file, checked.
///
/// # Errors
/// A context that is not a JSON object.
pub fn single(expression: &str, context: Option<(&str, &str)>) -> Result<Case, Problems> {
    let read = context.map_or_else(|| Ok(FeelContext::new()), |(_, text)| json::context(text));
    let read = read.map(|context| Case { expression: expression.to_owned(), context });
    read.map_err(|fault| {
        let (name, text) = context.unwrap_or_default();
        let mut problems = Problems::default();
        report(name, line_of(text, fault.at), "-", &fault, &mut problems);
        problems
    })
}

/// The cases of a file, one JSON object a line with `expr` and, where there is one, `context`; blank lines are passed over.
///
/// # Errors
/// Every line that is no such object.
pub fn cases(name: &str, text: &str) -> Result<Vec<Case>, Problems> {
    let mut problems = Problems::default();
    let mut cases = Vec::new();
    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match case(line) {
            Ok(case) => cases.push(case),
            Err((column, fault)) => report(name, index + 1, column, &fault, &mut problems),
        }
    }
    if cases.is_empty() && problems.is_empty() {
        problems.add(
            name,
            1,
            "-",
            "there are no cases",
            "write one JSON object a line: {\"expr\": \"1 + 1\", \"context\": {}}",
        );
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

fn case(line: &str) -> Result<Case, (&'static str, Fault)> {
    let object = json::context(line).map_err(|mut fault| {
        if fault.at == 0 {
            fault.what = "the line is not a JSON object".to_owned();
        }
        ("-", fault)
    })?;
    let wrong = |column, what: &str| Err((column, Fault { at: 0, what: what.to_owned() }));
    let Some(Value::String(expression)) = object.get_entry(&"expr".into()) else {
        return wrong("expr", "the case has no text `expr`");
    };
    let context = match object.get_entry(&"context".into()) {
        Some(Value::Context(context)) => context.clone(),
        None | Some(Value::Null(_)) => FeelContext::new(),
        Some(_) => return wrong("context", "the context is not a JSON object"),
    };
    Ok(Case { expression: expression.clone(), context })
}

fn report(name: &str, line: usize, column: &str, fault: &Fault, problems: &mut Problems) {
    let what = if fault.at > 0 { format!("{} (at byte {})", fault.what, fault.at + 1) } else { fault.what.clone() };
    problems.add(name, line, column, what, "write it as JSON: {\"expr\": \"a + 1\", \"context\": {\"a\": 1}}");
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
