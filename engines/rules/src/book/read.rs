//! Reads a book: every rule checked by itself, then all of them planned together.

use super::outcome::Places;
use super::program::Program;
use super::{Amount, AmountText, Asked, Book, Evaluate, Fault, Part, Ready, RuleText, SlowRule, Told};
use crate::expression::{Expression, Node};
use crate::outline;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::round::{MOST_PLACES, Rounding, Way};
use crate::table::{all_of, any_of};
use crate::typing::Checker;
use crate::vocabulary::{Type, Vocabulary};
use crate::{slow, table};
use std::collections::HashSet;

/// How amounts are kept where no rounding is stated: places enough for what is written.
const EXACT: Rounding = Rounding { places: 2, way: Way::HalfUp };

pub(super) fn book(
    rules: &[RuleText],
    vocabulary: &Vocabulary,
    slowly: Option<Evaluate<'_>>,
) -> Result<Book, Vec<Fault>> {
    let (mut ready, mut faults, mut keys) = (Vec::new(), Vec::new(), HashSet::new());
    for (place, text) in rules.iter().enumerate() {
        let mut fault = |part, problem| faults.push(Fault { rule: place, part, problem });
        if !keys.insert(text.key.as_str()) {
            let message = format!("规则“{}”写了两次", text.key);
            fault(Part::Key, Problem::at(0, "rules.duplicate", message, "每条规则用自己的键"));
        }
        match rule(text, vocabulary, slowly) {
            Ok(rule) => ready.push(rule),
            Err(found) => found.into_iter().for_each(|(part, problem)| fault(part, problem)),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    finish(ready, vocabulary)
        .map_err(|found| found.into_iter().map(|problem| Fault { rule: 0, part: Part::Condition, problem }).collect())
}

fn rule(text: &RuleText, vocabulary: &Vocabulary, slowly: Option<Evaluate<'_>>) -> Result<Ready, Vec<(Part, Problem)>> {
    let mut problems = Vec::new();
    let mut note = |part: Part, found: Vec<Problem>| problems.extend(found.into_iter().map(|one| (part, one)));
    if text.condition.is_none() && text.table.is_none() {
        note(Part::Condition, vec![Problem::at(0, "rules.empty", "规则既没有条件也没有决策表", "写上其中一个")]);
    }
    if text.amount.is_some() && text.table.is_some() {
        note(Part::Amount, vec![Problem::at(0, "rules.two_amounts", "既有数额又有决策表", "只保留一个")]);
    }
    let condition = match text.condition.as_ref().map(|text| asked(text, vocabulary, Type::Boolean, slowly)) {
        None => None,
        Some(Ok(condition)) => Some(condition),
        Some(Err(found)) => {
            note(Part::Condition, found);
            None
        }
    };
    let rounding = text.rounding.unwrap_or(EXACT);
    if rounding.places > MOST_PLACES {
        let message = format!("保留 {} 位小数太多", rounding.places);
        note(Part::Amount, vec![Problem::at(0, "rules.rounding", message, format!("最多 {MOST_PLACES} 位"))]);
    }
    let amount = match &text.amount {
        None => Amount::None,
        Some(AmountText::Same(value)) => match rounding.digits(*value) {
            Some(digits) => Amount::Same(digits),
            None => {
                note(Part::Amount, vec![Problem::at(0, "rules.number", format!("数额 {value} 太大"), "请检查")]);
                Amount::None
            }
        },
        Some(AmountText::Expression(written)) => match asked(written, vocabulary, Type::Number, slowly) {
            Ok(amount) => Amount::Each(amount),
            Err(found) => {
                note(Part::Amount, found);
                Amount::None
            }
        },
    };
    let table = match text.table.as_ref().map(|text| table::read(text, vocabulary)) {
        None => None,
        Some(Ok(table)) => Some(table),
        Some(Err(found)) => {
            problems.extend(found.into_iter().map(|(place, problem)| (Part::Table(place), problem)));
            None
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Ready { key: text.key.as_str().into(), condition, table, amount, rounding })
}

/// An expression for the columns, or else for the rows one by one.
fn asked(text: &str, vocabulary: &Vocabulary, kind: Type, slowly: Option<Evaluate<'_>>) -> Result<Asked, Vec<Problem>> {
    let compiled = match kind {
        Type::Boolean => crate::compile_condition(text, vocabulary),
        _ => crate::compile_number(text, vocabulary),
    };
    let why = match compiled {
        Ok(compiled) => return Ok(Asked::Fast(compiled)),
        Err(why) => why,
    };
    let Some(slowly) = slowly else { return Err(why) };
    let slow = slow::read(text, vocabulary, kind, why)?;
    let terms: Result<Vec<_>, _> = slow.terms.iter().map(|term| crate::compile(term, vocabulary)).collect();
    match slowly(&slow) {
        Ok(evaluator) => Ok(Asked::Slow(SlowRule { slow, evaluator, terms: terms? })),
        Err(reason) => Err(vec![Problem::at(1, "rules.slow", reason, "请改写这条规则")]),
    }
}

/// The place of an expression that the columnar evaluator knows, at the end of the list.
fn place<'e>(asked: Option<&'e Asked>, expressions: &mut Vec<&'e Expression>) -> Option<usize> {
    let Some(Asked::Fast(compiled)) = asked else { return None };
    expressions.push(&compiled.expression);
    Some(expressions.len() - 1)
}

fn finish(rules: Vec<Ready>, vocabulary: &Vocabulary) -> Result<Book, Vec<Problem>> {
    let (mut expressions, mut places): (Vec<&Expression>, Vec<Places>) = (Vec::new(), Vec::new());
    for rule in &rules {
        let condition = place(rule.condition.as_ref(), &mut expressions);
        let amount = place(rule.amount.expression(), &mut expressions);
        let from = expressions.len();
        let table = rule.table.as_ref().map(|table| {
            expressions.extend(table.rows.iter().map(|row| &row.expression));
            expressions.extend(table.values.iter().map(|value| &value.expression));
            from..from + table.rows.len()
        });
        places.push(Places { condition, amount, table });
    }
    let mut checker = Checker::new(vocabulary);
    let plans: Vec<Plan> = expressions.into_iter().map(|expression| checker.plan_of(expression)).collect();
    let program = Program::of(&plans);
    let told = rules.iter().map(|rule| told(rule, &mut checker)).collect();
    let together = checker.together()?;
    Ok(Book { rules, together, plans, program, places, told })
}

/// What explaining a rule needs.
fn told(rule: &Ready, checker: &mut Checker<'_>) -> Told {
    let inputs = |asked: Option<&Asked>| match asked {
        Some(Asked::Slow(SlowRule { slow, .. })) => slow.terms.iter().chain(&slow.parameters).map(named).collect(),
        _ => Vec::new(),
    };
    let (condition, amount) = (inputs(rule.condition.as_ref()), inputs(rule.amount.expression()));
    let mut plans = |names: Vec<Expression>| names.iter().map(|name| checker.plan_of(name)).collect();
    let (condition, amount) = (plans(condition), plans(amount));
    let outline = conditions(rule).map(|conditions| outline::of(&conditions, checker));
    Told { condition, amount, outline }
}

fn named(name: &String) -> Expression {
    Expression { column: 1, node: Node::Name(name.clone()) }
}

/// The conditions of a rule that the columnar evaluator knows, as one expression.
fn conditions(rule: &Ready) -> Option<Expression> {
    let mut parts: Vec<Expression> = Vec::new();
    if let Some(Asked::Fast(compiled)) = &rule.condition {
        match &compiled.expression.node {
            Node::And(own) => parts.extend(own.iter().cloned()),
            _ => parts.push(compiled.expression.clone()),
        }
    }
    if let Some(table) = &rule.table {
        parts.push(any_of(table.rows.iter().map(|row| row.expression.clone()).collect()));
    }
    (!parts.is_empty()).then(|| all_of(parts))
}
