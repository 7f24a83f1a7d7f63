//! The answer as JSON: writing ours, reading anyone's.

use crate::answer::Answer;
use crate::check::Claim;
use crate::explain::{Reasons, Rejected};
use crate::problem::Problem;
use serde_json::Value;
use sheets::Problems;
use std::fmt::Write as _;

/// A text as JSON.
fn text(text: &str) -> String {
    Value::from(text).to_string()
}

/// A number as JSON: as many digits as tell it apart.
fn number(value: f64) -> String {
    if value.is_finite() { (value + 0.0).to_string() } else { "null".to_owned() }
}

/// Writes an answer, one site, demand or candidate a line.
pub(super) fn write(problem: &Problem, answer: &Answer, reasons: &Reasons, seconds: f64) -> String {
    let id = |one: u32| text(problem.candidates.get(one as usize).map_or("", |one| &one.id));
    let mut out = String::with_capacity(64 * problem.demand.len());
    let chosen: Vec<String> = answer.chosen.iter().map(|one| id(*one)).collect();
    let _ = writeln!(out, "{{\"model\":{},", text(problem.ask.model.key()));
    let _ = writeln!(out, "\"chosen\":[{}],", chosen.join(","));
    let served = problem
        .demand
        .iter()
        .zip(&answer.server)
        .filter_map(|(demand, server)| Some(format!("{}:{}", text(&demand.id), id((*server)?))));
    list(&mut out, "\"assignment\":{", served, "},\n");
    let _ = writeln!(out, "\"objective\":{},", number(answer.objective));
    let _ = writeln!(out, "\"bound\":{},", number(answer.bound));
    let _ = writeln!(out, "\"gap\":{},", number(answer.gap()));
    let _ = writeln!(out, "\"seconds\":{},", number(seconds));
    let _ = writeln!(out, "\"status\":{},", text(if answer.proven { "optimal" } else { "best_found" }));
    let sites = reasons.chosen.iter().map(|one| {
        let fixed = problem.candidates.get(one.candidate as usize).is_some_and(|one| one.fixed);
        format!(
            "{{\"id\":{},\"fixed\":{fixed},\"serves\":{},\"weight\":{},\"loss_without\":{},\"only_it_serves\":{}}}",
            id(one.candidate),
            one.serves,
            number(one.weight),
            one.loss.map_or("null".to_owned(), number),
            one.only
        )
    });
    list(&mut out, "\"sites\":[", sites, "],\n");
    let rejected = reasons.rejected.iter().map(|one| refused(one, &id));
    list(&mut out, "\"rejected\":[", rejected, "],\n");
    let streets = reasons.streets.iter().map(|street| {
        format!(
            "{{\"street\":{},\"weight\":{},\"served\":{},\"share\":{}}}",
            text(&street.name),
            number(street.weight),
            number(street.served),
            number(street.share())
        )
    });
    list(&mut out, "\"streets\":[", streets, "],\n");
    let unserved = problem.demand.iter().zip(&answer.server).filter(|(_, server)| server.is_none());
    list(&mut out, "\"unserved\":[", unserved.map(|(demand, _)| text(&demand.id)), "]}\n");
    out
}

fn refused(one: &Rejected, id: &dyn Fn(u32) -> String) -> String {
    let (instead, change) = match one.instead {
        Some((leave, profit)) => (id(leave), number(profit)),
        None => ("null".to_owned(), "null".to_owned()),
    };
    format!(
        "{{\"id\":{},\"adds\":{},\"instead_of\":{instead},\"gain_instead\":{change},\"code\":{},\"why\":{}}}",
        id(one.candidate),
        number(one.adds),
        text(one.code),
        text(&one.text)
    )
}

fn list(out: &mut String, open: &str, items: impl Iterator<Item = String>, close: &str) {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&item);
    }
    out.push_str(close);
}

/// Reads an answer; what is wrong with it as a file goes to `problems`.
pub(super) fn read(file: &str, text: &str, problems: &mut Problems) -> Option<Claim> {
    let value: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(value) => value,
        Err(error) => {
            problems.add(
                file,
                error.line().max(1),
                "-",
                format!("it is not JSON ({error})"),
                "give an answer as this command writes it",
            );
            return None;
        }
    };
    let mut claim = Claim::default();
    let mut wrong =
        |key: &str, what: &str| problems.add(file, 1, key, what, "give an answer as this command writes it");
    let id = |value: &Value| value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string));
    match value.get("chosen").and_then(Value::as_array) {
        Some(chosen) => {
            for one in chosen {
                match id(one) {
                    Some(one) => claim.chosen.push(one),
                    None => wrong("chosen", "an id is not a text"),
                }
            }
        }
        None => wrong("chosen", "there is no list of chosen candidates"),
    }
    match value.get("assignment").and_then(Value::as_object) {
        Some(assignment) => {
            for (demand, candidate) in assignment.iter().filter(|(_, candidate)| !candidate.is_null()) {
                match id(candidate) {
                    Some(candidate) => claim.assignment.push((demand.clone(), candidate)),
                    None => wrong("assignment", "an id is not a text"),
                }
            }
        }
        None => wrong("assignment", "there is no assignment of demand to candidates"),
    }
    let mut amount = |key: &'static str, needed: bool| match value.get(key) {
        Some(Value::Number(number)) => number.as_f64(),
        None | Some(Value::Null) if !needed => None,
        _ => {
            wrong(key, "there is no number");
            None
        }
    };
    claim.objective = amount("objective", true).unwrap_or_default();
    claim.bound = amount("bound", false);
    claim.gap = amount("gap", false);
    claim.model = value.get("model").and_then(Value::as_str).map(str::to_owned);
    problems.is_empty().then_some(claim)
}
