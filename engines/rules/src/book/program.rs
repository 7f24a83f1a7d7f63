//! Many rules as one program: every column found once, and what several rules ask worked out once for all of them.

use crate::plan::{Day, Logic, Number, Plan, Words};
use std::collections::HashMap;

/// A step that several rules need, in an order in which each rests on earlier ones only.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Logic(Logic),
    Number(Number),
}

/// Plans that point to common steps.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub steps: Vec<Step>,
    pub plans: Vec<Plan>,
}

impl Program {
    /// Finds what the plans have in common.
    pub fn of(plans: &[Plan]) -> Self {
        let mut counted = Counted::default();
        plans.iter().for_each(|plan| counted.plan(plan));
        let mut sharing =
            Sharing { counted: &counted, steps: Vec::new(), logic: HashMap::new(), number: HashMap::new() };
        let plans = plans.iter().map(|plan| sharing.plan(plan)).collect();
        Self { steps: sharing.steps, plans }
    }
}

/// How often each part stands in the plans; parts of a repeated part are counted with its first place only.
#[derive(Default)]
struct Counted<'p> {
    logic: HashMap<&'p Logic, u32>,
    number: HashMap<&'p Number, u32>,
}

impl<'p> Counted<'p> {
    fn plan(&mut self, plan: &'p Plan) {
        match plan {
            Plan::Logic(logic) => self.logic(logic),
            Plan::Number(number) | Plan::Length(number) => self.number(number),
            Plan::Day(day) => self.day(day),
            Plan::Words(words) => self.words(words),
            Plan::Months(_) | Plan::Null => {}
        }
    }

    fn logic(&mut self, logic: &'p Logic) {
        let count = self.logic.entry(logic).or_insert(0);
        *count += 1;
        if *count > 1 {
            return;
        }
        match logic {
            Logic::Known(_) | Logic::Column(_) | Logic::Parameter(_) | Logic::Shared(_) => {}
            Logic::All(parts) | Logic::Any(parts) => parts.iter().for_each(|part| self.logic(part)),
            Logic::Not(inner) => self.logic(inner),
            Logic::Numbers(_, left, right) => [left, right].into_iter().for_each(|side| self.number(side)),
            Logic::Days(_, left, right) => [left, right].into_iter().for_each(|side| self.day(side)),
            Logic::Texts { left, right, .. } => [left, right].into_iter().for_each(|side| self.words(side)),
            Logic::Logics { left, right, .. } => [left, right].into_iter().for_each(|side| self.logic(side)),
            Logic::Missing(inner) => self.plan(inner),
            Logic::Choose(condition, yes, no) => [condition, yes, no].into_iter().for_each(|part| self.logic(part)),
        }
    }

    fn number(&mut self, number: &'p Number) {
        let count = self.number.entry(number).or_insert(0);
        *count += 1;
        if *count > 1 {
            return;
        }
        match number {
            Number::Known(_) | Number::Column(_) | Number::Parameter(_) | Number::Shared(_) | Number::Since { .. } => {}
            Number::Arithmetic(_, left, right) => [left, right].into_iter().for_each(|side| self.number(side)),
            Number::Negate(inner) | Number::Abs(inner) => self.number(inner),
            Number::Extreme(_, items) => items.iter().for_each(|item| self.number(item)),
            Number::Part(_, day) => self.day(day),
            Number::Between(to, from) => [to, from].into_iter().for_each(|day| self.day(day)),
            Number::Choose(condition, yes, no) => {
                self.logic(condition);
                [yes, no].into_iter().for_each(|part| self.number(part));
            }
        }
    }

    fn day(&mut self, day: &'p Day) {
        match day {
            Day::Known(_) | Day::Column(_) | Day::Parameter(_) => {}
            Day::AddMonths(inner, _) => self.day(inner),
            Day::AddDays(inner, count) => {
                self.day(inner);
                self.number(count);
            }
            Day::Choose(condition, yes, no) => {
                self.logic(condition);
                [yes, no].into_iter().for_each(|part| self.day(part));
            }
        }
    }

    fn words(&mut self, words: &'p Words) {
        if let Words::Choose(condition, yes, no) = words {
            self.logic(condition);
            [yes, no].into_iter().for_each(|part| self.words(part));
        }
    }
}

/// Puts common parts into steps.
struct Sharing<'c, 'p> {
    counted: &'c Counted<'p>,
    steps: Vec<Step>,
    logic: HashMap<Logic, usize>,
    number: HashMap<Number, usize>,
}

impl Sharing<'_, '_> {
    fn plan(&mut self, plan: &Plan) -> Plan {
        match plan {
            Plan::Logic(logic) => Plan::Logic(self.logic(logic)),
            Plan::Number(number) => Plan::Number(self.number(number)),
            Plan::Length(number) => Plan::Length(self.number(number)),
            Plan::Day(day) => Plan::Day(self.day(day)),
            Plan::Words(words) => Plan::Words(self.words(words)),
            Plan::Months(_) | Plan::Null => plan.clone(),
        }
    }

    fn logic(&mut self, logic: &Logic) -> Logic {
        if let Some(step) = self.logic.get(logic) {
            return Logic::Shared(*step);
        }
        let boxed = |this: &mut Self, inner: &Logic| Box::new(this.logic(inner));
        let made = match logic {
            Logic::Known(_) | Logic::Column(_) | Logic::Parameter(_) | Logic::Shared(_) => return logic.clone(),
            Logic::All(parts) => Logic::All(parts.iter().map(|part| self.logic(part)).collect()),
            Logic::Any(parts) => Logic::Any(parts.iter().map(|part| self.logic(part)).collect()),
            Logic::Not(inner) => Logic::Not(boxed(self, inner)),
            Logic::Numbers(comparison, left, right) => {
                Logic::Numbers(*comparison, Box::new(self.number(left)), Box::new(self.number(right)))
            }
            Logic::Days(comparison, left, right) => {
                Logic::Days(*comparison, Box::new(self.day(left)), Box::new(self.day(right)))
            }
            Logic::Texts { equal, left, right } => {
                Logic::Texts { equal: *equal, left: self.words(left), right: self.words(right) }
            }
            Logic::Logics { equal, left, right } => {
                Logic::Logics { equal: *equal, left: boxed(self, left), right: boxed(self, right) }
            }
            Logic::Missing(inner) => Logic::Missing(Box::new(self.plan(inner))),
            Logic::Choose(condition, yes, no) => {
                Logic::Choose(boxed(self, condition), boxed(self, yes), boxed(self, no))
            }
        };
        if self.counted.logic.get(logic).is_none_or(|count| *count < 2) {
            return made;
        }
        self.steps.push(Step::Logic(made));
        self.logic.insert(logic.clone(), self.steps.len() - 1);
        Logic::Shared(self.steps.len() - 1)
    }

    fn number(&mut self, number: &Number) -> Number {
        if let Some(step) = self.number.get(number) {
            return Number::Shared(*step);
        }
        let made = match number {
            // Ages are cheaper compared as days than kept as numbers.
            Number::Known(_) | Number::Column(_) | Number::Parameter(_) | Number::Shared(_) | Number::Since { .. } => {
                return number.clone();
            }
            Number::Arithmetic(operation, left, right) => {
                Number::Arithmetic(*operation, Box::new(self.number(left)), Box::new(self.number(right)))
            }
            Number::Negate(inner) => Number::Negate(Box::new(self.number(inner))),
            Number::Abs(inner) => Number::Abs(Box::new(self.number(inner))),
            Number::Extreme(extreme, items) => {
                Number::Extreme(*extreme, items.iter().map(|item| self.number(item)).collect())
            }
            Number::Part(part, day) => Number::Part(*part, Box::new(self.day(day))),
            Number::Between(to, from) => Number::Between(Box::new(self.day(to)), Box::new(self.day(from))),
            Number::Choose(condition, yes, no) => {
                Number::Choose(Box::new(self.logic(condition)), Box::new(self.number(yes)), Box::new(self.number(no)))
            }
        };
        if self.counted.number.get(number).is_none_or(|count| *count < 2) {
            return made;
        }
        self.steps.push(Step::Number(made));
        self.number.insert(number.clone(), self.steps.len() - 1);
        Number::Shared(self.steps.len() - 1)
    }

    fn day(&mut self, day: &Day) -> Day {
        match day {
            Day::Known(_) | Day::Column(_) | Day::Parameter(_) => day.clone(),
            Day::AddMonths(inner, months) => Day::AddMonths(Box::new(self.day(inner)), *months),
            Day::AddDays(inner, count) => Day::AddDays(Box::new(self.day(inner)), Box::new(self.number(count))),
            Day::Choose(condition, yes, no) => {
                Day::Choose(Box::new(self.logic(condition)), Box::new(self.day(yes)), Box::new(self.day(no)))
            }
        }
    }

    fn words(&mut self, words: &Words) -> Words {
        match words {
            Words::Choose(condition, yes, no) => {
                Words::Choose(Box::new(self.logic(condition)), Box::new(self.words(yes)), Box::new(self.words(no)))
            }
            plain => plain.clone(),
        }
    }
}
