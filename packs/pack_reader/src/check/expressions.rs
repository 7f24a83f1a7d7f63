//! Every expression of a pack, compiled against the terms of the register it speaks of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rules::{Parameters, Scalar, Term, Type, Vocabulary};
use vocabulary::{Choice, Field, FieldKind, Register};

use super::{Known, check_reference};
use crate::desk::{Desk, words};
use crate::model::{Dated, Measure, Parameter, Quantity, Value, on_day};
use crate::tree::Step;

/// Terms that every register has: the code of the row's own region and of its village, town and county.
pub(super) const IMPLICIT: [&str; 4] = ["所在区划", "所在村居", "所在街镇", "所在县区"];
/// Days that are given with every question: the day it is asked for, and the first day of that month, of that year and of the plan's period.
pub(super) const DAYS: [&str; 4] = ["基准日", "月初", "年初", "期初"];

/// What a rule over a register may speak of: its fields by label, the region terms, ages where there is a birth date,
/// the days (as-of, start of month, of year, of the plan's period), and parameters by label with a value that tells their kind. Choices are the stored values; money is in yuan.
pub fn vocabulary_of<'p>(
    register: &Register,
    parameters: impl IntoIterator<Item = (&'p str, &'p Value)>,
) -> Vocabulary {
    let fields = register.fields.iter().map(|field| term(field, register));
    let regions = IMPLICIT.iter().map(|name| Term::new(*name, Type::Text).from_source(&register.label));
    let mut vocabulary = Vocabulary::new(fields.chain(regions).collect());
    for day in DAYS {
        vocabulary = vocabulary.with_parameter(day, Type::Date);
    }
    for (label, value) in parameters {
        // Where a field has the name, the field is meant; the clash itself is reported with the parameter.
        if vocabulary.term(label).is_none() && vocabulary.parameter(label).is_none() {
            vocabulary = vocabulary.with_parameter(label, kind(value));
        }
    }
    vocabulary.with_ages()
}

fn term(field: &Field, register: &Register) -> Term {
    let label = field.label.as_str();
    let term = match field.kind {
        FieldKind::Choice => Term::choice(label, field.choices.iter().map(|one: &Choice| one.value.as_str())),
        FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => Term::new(label, Type::Number),
        FieldKind::Date => Term::new(label, Type::Date),
        FieldKind::Boolean => Term::new(label, Type::Boolean),
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Month
        | FieldKind::Reference
        | FieldKind::IdNumber
        | FieldKind::CreditCode
        | FieldKind::Phone => Term::new(label, Type::Text),
    };
    term.from_source(&register.label)
}

/// Registers whose rows a service circle speaks of.
const PEOPLE: &str = "person";
const FACILITIES: &str = "facility";

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let mut compiler = Compiler::new(known);
    compiler.check_parameter_names(desk);
    compiler.check_indicators(desk);
    compiler.check_standards(desk);
    compiler.check_circles(desk);
    super::entitlements::check(desk, known, &mut compiler);
}

pub(super) struct Compiler<'k> {
    known: &'k Known<'k>,
    registers: BTreeMap<&'k str, &'k Register>,
    register_keys: BTreeSet<String>,
    parameters: Vec<(&'k str, &'k Value)>,
    vocabularies: BTreeMap<&'k str, Vocabulary>,
}

impl<'k> Compiler<'k> {
    fn new(known: &'k Known<'k>) -> Self {
        let registers = known.registers();
        let mut register_keys: BTreeSet<String> = registers.keys().map(|key| (*key).to_owned()).collect();
        register_keys.extend(known.draft.broken_registers.iter().cloned());
        let parent = known.around.parent.iter().flat_map(|pack| &pack.parameters);
        let parameters = known.draft.parameters.values().chain(parent);
        let parameters =
            parameters.filter_map(|one| first_value(&one.values).map(|value| (one.label.as_str(), value))).collect();
        Self { known, registers, register_keys, parameters, vocabularies: BTreeMap::new() }
    }

    fn check_parameter_names(&self, desk: &mut Desk) {
        let rows = &self.known.draft.parameters;
        for (index, parameter) in &rows.items {
            let label = parameter.label.as_str();
            let field = self.registers.values().find(|register| register.field_by_label(label).is_some());
            let owner = field.map(|register| register.label.as_str());
            let owner = owner.or((IMPLICIT.contains(&label) || DAYS.contains(&label)).then_some("每个登记簿"));
            if let Some(owner) = owner {
                let message = format!("参数名“{label}”也是“{owner}”的字段名");
                let remedy = "规则按名称取值，换一个名称";
                desk.report(rows.file, &rows.key(*index, "label"), words("pack.ambiguous_name", message, remedy));
            }
        }
    }

    fn check_indicators(&mut self, desk: &mut Desk) {
        let rows = &self.known.draft.indicators;
        for (index, indicator) in &rows.items {
            let Measure::Computed { numerator, denominator, .. } = &indicator.measure else { continue };
            let parts = [("numerator", Some(numerator)), ("denominator", denominator.as_ref())];
            for (part, quantity) in parts {
                let Some(quantity) = quantity else { continue };
                let mut steps = rows.key(*index, "measure");
                steps.push(part.into());
                self.check_quantity(desk, (rows.file, &steps), quantity);
            }
        }
    }

    fn check_quantity(&mut self, desk: &mut Desk, (file, steps): (&str, &[Step]), quantity: &Quantity) {
        let Some(vocabulary) = self.vocabulary(desk, (file, steps), &quantity.register) else { return };
        if let Some(filter) = &quantity.filter {
            let compiled = rules::compile_condition(filter, &vocabulary).map(|_| ());
            report(desk, (file, steps), "where", compiled);
        }
        let read = rules::parse_measure(&quantity.value, &vocabulary).map(|_| ());
        report(desk, (file, steps), "value", read);
    }

    fn check_standards(&mut self, desk: &mut Desk) {
        let rows = &self.known.draft.standards;
        for (index, standard) in &rows.items {
            let Some(register) = &standard.register else { continue };
            let steps = rows.steps(*index);
            let Some(mut vocabulary) = self.vocabulary(desk, (rows.file, &steps), register) else { continue };
            for (place, threshold) in standard.thresholds.iter().enumerate() {
                let label = threshold.label.as_str();
                if vocabulary.names().any(|name| name == label) {
                    let mut steps = steps.clone();
                    steps.extend([Step::from("threshold"), Step::from(place), Step::from("label")]);
                    let message = format!("门槛名“{label}”也是字段、参数或另一个门槛的名称");
                    let found = words("pack.ambiguous_name", message, "规则按名称取值，换一个名称");
                    desk.report(rows.file, &steps, found);
                } else if let Some(value) = first_value(&threshold.values) {
                    vocabulary = vocabulary.with_parameter(label, kind(value));
                }
            }
            let expressions = [("where", &standard.filter), ("rule", &standard.rule)];
            for (key, text) in expressions {
                let Some(text) = text else { continue };
                let compiled = rules::compile_condition(text, &vocabulary).map(|_| ());
                report(desk, (rows.file, &steps), key, compiled);
            }
        }
    }

    fn check_circles(&mut self, desk: &mut Desk) {
        let rows = &self.known.draft.circles;
        for (index, circle) in &rows.items {
            let steps = rows.steps(*index);
            let rules = [("people", PEOPLE, &circle.people), ("facilities", FACILITIES, &circle.facilities)];
            for (key, register, text) in rules {
                let Some(vocabulary) = self.vocabulary(desk, (rows.file, &steps), register) else { continue };
                let compiled = rules::compile_condition(text, &vocabulary).map(|_| ());
                report(desk, (rows.file, &steps), key, compiled);
            }
        }
    }

    /// The terms of a register; reports one that is not there, at the element's key `register`.
    pub(super) fn vocabulary(
        &mut self,
        desk: &mut Desk,
        (file, element): (&str, &[Step]),
        key: &str,
    ) -> Option<Vocabulary> {
        let Some((name, register)) = self.registers.get_key_value(key) else {
            let mut steps = element.to_vec();
            steps.push("register".into());
            check_reference(desk, (file, &steps), ("登记簿", "registers/"), key, &self.register_keys);
            return None;
        };
        let parameters = self.parameters.iter().copied();
        let vocabulary = self.vocabularies.entry(name).or_insert_with(|| vocabulary_of(register, parameters));
        Some(vocabulary.clone())
    }
}

/// The kind of a parameter, from its value.
fn kind(value: &Value) -> Type {
    match value {
        Value::Number(_) => Type::Number,
        Value::Text(_) => Type::Text,
        Value::Flag(_) => Type::Boolean,
        Value::Day(_) => Type::Date,
    }
}

impl Known<'_> {
    /// The parameters on every day on which one of those that a rule may name changes; once without any change.
    pub(super) fn parameter_days(&self, vocabulary: &Vocabulary) -> Vec<Parameters> {
        let parent = self.around.parent.iter().flat_map(|pack| &pack.parameters);
        let parameters: Vec<&Parameter> = self.draft.parameters.values().chain(parent).collect();
        let used = |one: &&&Parameter| vocabulary.parameter(&one.label).is_some();
        let dated = parameters.iter().filter(used).flat_map(|one| one.values.iter().filter_map(|value| value.from));
        let days: BTreeSet<NaiveDate> = dated.collect();
        let last = days.last().copied().unwrap_or(NaiveDate::MAX);
        let days = days.into_iter().chain([last]).take(MOST_DAYS);
        days.map(|day| {
            let mut found = DAYS.iter().fold(Parameters::new(), |found, name| found.with(*name, Scalar::Date(day)));
            for parameter in parameters.iter().rev() {
                let value = on_day(&parameter.values, day).map(|dated| &dated.value).or(first_value(&parameter.values));
                found = match value {
                    Some(Value::Number(number)) => found.with(&parameter.label, Scalar::Number(*number)),
                    Some(Value::Text(text)) => found.with(&parameter.label, Scalar::Text(text.clone())),
                    Some(Value::Flag(flag)) => found.with(&parameter.label, Scalar::Boolean(*flag)),
                    Some(Value::Day(day)) => found.with(&parameter.label, Scalar::Date(*day)),
                    None => found.without(&parameter.label),
                };
            }
            found
        })
        .collect()
    }
}

/// Days of change for which a table is looked at.
const MOST_DAYS: usize = 30;

fn first_value(values: &[Dated]) -> Option<&Value> {
    values.first().map(|dated| &dated.value)
}

/// Reports the problems of one expression, each at its own character.
fn report(desk: &mut Desk, (file, element): (&str, &[Step]), key: &str, compiled: Result<(), Vec<rules::Problem>>) {
    let mut steps = element.to_vec();
    steps.push(key.into());
    for problem in compiled.err().into_iter().flatten() {
        let found = words(problem.code, problem.message, problem.remedy);
        desk.report_inside(file, &steps, problem.column, found);
    }
}
