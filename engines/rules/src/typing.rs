//! Checks that a rule has sense in its vocabulary and turns it into a plan. All problems of a rule are reported at once.

mod together;

pub(crate) use together::{Together, outlined};

use crate::calendar::{Unit, number_of};
use crate::expression::{Comparison, Expression, Extreme, Node, Operation, Part, Test};
use crate::plan::{Compiled, Day, Logic, Number, Plan, Words};
use crate::problem::Problem;
use crate::vocabulary::{Derivation, Parameter, Term, Type, Vocabulary, nearest};

/// Checks a rule and makes its plan; `wanted` is the kind of result that the place of the rule asks for.
pub(crate) fn compile(
    text: &str,
    expression: Expression,
    vocabulary: &Vocabulary,
    wanted: Option<Type>,
) -> Result<Compiled, Vec<Problem>> {
    let mut checker = Checker::new(vocabulary);
    let typed = checker.plan(&expression);
    let kind = typed.as_ref().map(|typed| typed.plan.kind());
    match (kind, wanted) {
        (Some(Type::Null | Type::Months), _) => {
            checker.report(&expression, "rules.kind", "表达式没有可用的结果".into(), "请写成条件或取值");
        }
        (Some(kind), Some(wanted)) if kind != wanted => {
            let message = format!("结果是{}，这里需要{}", kind.label(), wanted.label());
            checker.report(&expression, "rules.kind", message, "请改成需要的结果");
        }
        _ => {}
    }
    match (typed, kind) {
        (Some(typed), Some(kind)) if checker.problems.is_empty() => {
            Ok(checker.finish(text, expression, typed.plan, kind))
        }
        _ => Err(checker.all_problems()),
    }
}

impl Plan {
    /// The kind of its value.
    pub(crate) fn kind(&self) -> Type {
        match self {
            Self::Logic(_) => Type::Boolean,
            Self::Number(_) => Type::Number,
            Self::Day(_) => Type::Date,
            Self::Words(_) => Type::Text,
            Self::Length(_) => Type::Days,
            Self::Months(_) => Type::Months,
            Self::Null => Type::Null,
        }
    }
}

/// A plan and, for a choice, what it may be.
struct Typed<'v> {
    plan: Plan,
    choices: Option<(&'v str, &'v [String])>,
}

/// Checks expressions of one vocabulary; its lists of columns and parameters grow with them.
pub(crate) struct Checker<'v> {
    vocabulary: &'v Vocabulary,
    problems: Vec<Problem>,
    columns: Vec<(String, Type)>,
    parameters: Vec<(String, Type)>,
    terms: Vec<&'v Term>,
    /// Whether texts of two rows' columns are compared with each other.
    compares_texts: bool,
}

impl<'v> Checker<'v> {
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            problems: Vec::new(),
            columns: Vec::new(),
            parameters: Vec::new(),
            terms: Vec::new(),
            compares_texts: false,
        }
    }

    fn finish(self, text: &str, expression: Expression, plan: Plan, kind: Type) -> Compiled {
        let (columns, column_kinds) = self.columns.into_iter().unzip();
        let used = |(name, kind): &(String, Type)| Parameter { name: name.clone(), kind: *kind };
        let mut terms: Vec<Term> = self.terms.iter().map(|term| (*term).clone()).collect();
        let names = terms.iter().map(|term| term.name.clone()).collect();
        // What derived terms rest on belongs to the part of the vocabulary that an explanation needs.
        for term in self.terms {
            if let Derivation::CompletedYears { since, .. } | Derivation::CompletedMonths { since, .. } =
                &term.derivation
                && !terms.iter().any(|known| known.name == *since)
            {
                terms.extend(self.vocabulary.term(since).cloned());
            }
        }
        let vocabulary = Vocabulary { terms, parameters: self.parameters.iter().map(used).collect() };
        let (parameters, parameter_kinds) = self.parameters.into_iter().unzip();
        Compiled {
            text: text.to_owned(),
            expression,
            plan,
            kind,
            columns,
            column_kinds,
            parameters,
            parameter_kinds,
            terms: names,
            every_text: self.compares_texts || kind == Type::Text,
            vocabulary,
        }
    }

    /// What was found, each once: the value of an `in` is looked at again for every one of its tests.
    fn all_problems(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for problem in self.problems {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems
    }

    fn report(&mut self, at: &Expression, code: &'static str, message: String, remedy: &str) {
        self.problems.push(Problem::at(at.column, code, message, remedy));
    }

    fn plan(&mut self, expression: &Expression) -> Option<Typed<'v>> {
        let plan = match &expression.node {
            Node::Name(name) => return self.name(expression, name),
            Node::Number(value) => Plan::Number(Number::Known(Some(*value))),
            Node::Text(value) => Plan::Words(Words::Known(Some(value.clone()))),
            Node::Boolean(value) => Plan::Logic(Logic::Known(Some(*value))),
            Node::Null => Plan::Null,
            Node::Date(value) => Plan::Day(Day::Known(Some(number_of(*value)))),
            Node::Days(days) => Plan::Length(Number::Known(Some((*days).into()))),
            Node::Months(months) => Plan::Months(*months),
            Node::And(parts) => Plan::Logic(Logic::All(self.conditions(parts)?)),
            Node::Or(parts) => Plan::Logic(Logic::Any(self.conditions(parts)?)),
            Node::Not(inner) => Plan::Logic(Logic::Not(Box::new(self.condition(inner)?))),
            Node::Compare(comparison, left, right) => {
                let (typed_left, typed_right) = (self.plan(left), self.plan(right));
                let sides = (left.as_ref(), typed_left?, right.as_ref(), typed_right?);
                Plan::Logic(self.compare(*comparison, sides)?)
            }
            Node::In(value, tests) => Plan::Logic(self.membership(value, tests)?),
            Node::Arithmetic(operation, left, right) => self.arithmetic(expression, *operation, left, right)?,
            Node::Negate(inner) => match self.plan(inner)?.plan {
                Plan::Number(number) => Plan::Number(Number::Negate(Box::new(number))),
                Plan::Length(days) => Plan::Length(Number::Negate(Box::new(days))),
                Plan::Months(months) => Plan::Months(-months),
                other => return self.wrong(inner, &other, "数值"),
            },
            Node::Abs(inner) => Plan::Number(Number::Abs(Box::new(self.number(inner)?))),
            Node::Extreme(extreme, items) => self.extreme(*extreme, items)?,
            Node::Part(part, inner) => self.part(*part, inner)?,
            Node::If(condition, yes, no) => return self.choice(condition, yes, no),
        };
        Some(Typed { plan, choices: None })
    }

    fn wrong<T>(&mut self, at: &Expression, found: &Plan, wanted: &str) -> Option<T> {
        let message = format!("“{at}”是{}，这里需要{wanted}", found.kind().label());
        self.report(at, "rules.kind", message, "请检查字段的类型");
        None
    }

    fn name(&mut self, at: &Expression, name: &str) -> Option<Typed<'v>> {
        let vocabulary = self.vocabulary;
        if let Some(term) = vocabulary.term(name) {
            if !self.terms.iter().any(|known| known.name == term.name) {
                self.terms.push(term);
            }
            let plan = self.term(at, term)?;
            let choices = term.choices.as_deref().map(|choices| (term.name.as_str(), choices));
            return Some(Typed { plan, choices });
        }
        let kind = vocabulary.parameter(name)?.kind;
        let place = place_of(&mut self.parameters, name, kind);
        let plan = match kind {
            Type::Number => Plan::Number(Number::Parameter(place)),
            Type::Text => Plan::Words(Words::Parameter(place)),
            Type::Date => Plan::Day(Day::Parameter(place)),
            Type::Boolean => Plan::Logic(Logic::Parameter(place)),
            other => return self.unusable(at, name, other),
        };
        Some(Typed { plan, choices: None })
    }

    fn term(&mut self, at: &Expression, term: &Term) -> Option<Plan> {
        let (since, on, unit) = match &term.derivation {
            Derivation::Column => {
                let place = place_of(&mut self.columns, &term.name, term.kind);
                return match term.kind {
                    Type::Number => Some(Plan::Number(Number::Column(place))),
                    Type::Text => Some(Plan::Words(Words::Column(place))),
                    Type::Date => Some(Plan::Day(Day::Column(place))),
                    Type::Boolean => Some(Plan::Logic(Logic::Column(place))),
                    other => self.unusable(at, &term.name, other),
                };
            }
            Derivation::CompletedYears { since, on } => (since, on, Unit::Years),
            Derivation::CompletedMonths { since, on } => (since, on, Unit::Months),
        };
        let column = place_of(&mut self.columns, since, Type::Date);
        let parameter = place_of(&mut self.parameters, on, Type::Date);
        Some(Plan::Number(Number::Since { column, parameter, unit }))
    }

    fn unusable<T>(&mut self, at: &Expression, name: &str, kind: Type) -> Option<T> {
        let message = format!("“{name}”声明为{}，不能用在规则里", kind.label());
        self.report(at, "rules.vocabulary", message, "请把它声明为数值、文字、日期或是否");
        None
    }

    /// Every part of a chain, so that all of its problems are found.
    fn conditions(&mut self, parts: &[Expression]) -> Option<Vec<Logic>> {
        let checked: Vec<Option<Logic>> = parts.iter().map(|part| self.condition(part)).collect();
        checked.into_iter().collect()
    }

    fn condition(&mut self, at: &Expression) -> Option<Logic> {
        match self.plan(at)?.plan {
            Plan::Logic(logic) => Some(logic),
            other => self.wrong(at, &other, "条件"),
        }
    }

    fn number(&mut self, at: &Expression) -> Option<Number> {
        match self.plan(at)?.plan {
            Plan::Number(number) => Some(number),
            other => self.wrong(at, &other, "数值"),
        }
    }

    fn membership(&mut self, value: &Expression, tests: &[Test]) -> Option<Logic> {
        let mut checked = Vec::with_capacity(tests.len());
        for test in tests {
            checked.push(match test {
                Test::Compare(comparison, other) => self.side(*comparison, value, other),
                Test::Range { low, low_in, high, high_in } => {
                    let from = if *low_in { Comparison::AtLeast } else { Comparison::Greater };
                    let to = if *high_in { Comparison::AtMost } else { Comparison::Less };
                    let ends = (self.side(from, value, low), self.side(to, value, high));
                    ends.0.zip(ends.1).map(|(from, to)| Logic::All(vec![from, to]))
                }
            });
        }
        Some(Logic::Any(checked.into_iter().collect::<Option<Vec<_>>>()?))
    }

    fn side(&mut self, comparison: Comparison, value: &Expression, other: &Expression) -> Option<Logic> {
        let (typed, typed_other) = (self.plan(value), self.plan(other));
        self.compare(comparison, (value, typed?, other, typed_other?))
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        (left, typed_left, right, typed_right): (&Expression, Typed<'v>, &Expression, Typed<'v>),
    ) -> Option<Logic> {
        self.check_choice(&typed_left, right, &typed_right);
        self.check_choice(&typed_right, left, &typed_left);
        let equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
        let equal = comparison == Comparison::Equal;
        let negate = |logic| if equal { logic } else { Logic::Not(Box::new(logic)) };
        match (typed_left.plan, typed_right.plan) {
            (Plan::Null, Plan::Null) if equality => Some(Logic::Known(Some(equal))),
            (Plan::Null, plan) | (plan, Plan::Null) if equality && !matches!(plan, Plan::Months(_)) => {
                Some(negate(Logic::Missing(Box::new(plan))))
            }
            (Plan::Null, _) | (_, Plan::Null) => {
                let remedy = "是否缺失请写 字段 = null 或 字段 != null";
                self.report(left, "rules.null", "null 只能用 = 或 != 比较".into(), remedy);
                None
            }
            (Plan::Number(l), Plan::Number(r)) | (Plan::Length(l), Plan::Length(r)) => {
                Some(Logic::Numbers(comparison, Box::new(l), Box::new(r)))
            }
            (Plan::Day(l), Plan::Day(r)) => Some(Logic::Days(comparison, Box::new(l), Box::new(r))),
            (Plan::Words(left), Plan::Words(right)) if equality => {
                self.compares_texts |= !left.is_constant() && !right.is_constant();
                Some(Logic::Texts { equal, left, right })
            }
            (Plan::Logic(l), Plan::Logic(r)) if equality => {
                Some(Logic::Logics { equal, left: Box::new(l), right: Box::new(r) })
            }
            (l, r) => {
                let (kind, other) = (l.kind(), r.kind());
                let (message, remedy) = if kind == other {
                    (format!("{}不能比较大小", kind.label()), "只能用 =、!= 或 in")
                } else {
                    let message = format!("“{left}”是{}，“{right}”是{}，不能比较", kind.label(), other.label());
                    (message, "请让两边类型一致；日期写 date(\"2025-06-30\")，文字加引号")
                };
                self.report(left, "rules.kind", message, remedy);
                None
            }
        }
    }

    /// A text literal beside a choice must be one of its values: anything else is a slip that would never match.
    fn check_choice(&mut self, choice: &Typed<'v>, at: &Expression, other: &Typed<'v>) {
        let (Some((name, choices)), Plan::Words(Words::Known(Some(value)))) = (choice.choices, &other.plan) else {
            return;
        };
        if choices.contains(value) {
            return;
        }
        let remedy = match nearest(value, choices.iter().map(String::as_str)) {
            Some(meant) => format!("是不是“{meant}”？"),
            None => format!("可选：{}", choices.join("、")),
        };
        self.report(at, "rules.choice", format!("“{name}”没有“{value}”这个选项"), &remedy);
    }

    fn arithmetic(
        &mut self,
        at: &Expression,
        operation: Operation,
        left: &Expression,
        right: &Expression,
    ) -> Option<Plan> {
        let (l, r) = (self.plan(left), self.plan(right));
        let (l, r) = (l?.plan, r?.plan);
        let reckon = |l, r| Number::Arithmetic(operation, Box::new(l), Box::new(r));
        let negated = |number| match operation {
            Operation::Subtract => Number::Negate(Box::new(number)),
            _ => number,
        };
        let sum = matches!(operation, Operation::Add | Operation::Subtract);
        Some(match (l, r) {
            (Plan::Number(l), Plan::Number(r)) => Plan::Number(reckon(l, r)),
            (Plan::Length(l), Plan::Length(r)) if sum => Plan::Length(reckon(l, r)),
            (Plan::Day(l), Plan::Day(r)) if operation == Operation::Subtract => {
                Plan::Length(Number::Between(Box::new(l), Box::new(r)))
            }
            (Plan::Day(day), Plan::Months(months)) if sum => {
                let months = if operation == Operation::Add { months } else { -months };
                Plan::Day(Day::AddMonths(Box::new(day), months))
            }
            (Plan::Day(day), Plan::Length(days)) if sum => {
                Plan::Day(Day::AddDays(Box::new(day), Box::new(negated(days))))
            }
            (Plan::Months(months), Plan::Day(day)) if operation == Operation::Add => {
                Plan::Day(Day::AddMonths(Box::new(day), months))
            }
            (Plan::Length(days), Plan::Day(day)) if operation == Operation::Add => {
                Plan::Day(Day::AddDays(Box::new(day), Box::new(days)))
            }
            (l, r) => {
                let (kind, other) = (l.kind().label(), r.kind().label());
                let message = format!("{kind} {} {other} 没有意义", operation.sign());
                self.report(at, "rules.kind", message, "可以：数值运算、日期加减时长、日期减日期");
                return None;
            }
        })
    }

    fn extreme(&mut self, extreme: Extreme, items: &[Expression]) -> Option<Plan> {
        let checked: Vec<Option<Number>> = items.iter().map(|item| self.number(item)).collect();
        Some(Plan::Number(Number::Extreme(extreme, checked.into_iter().collect::<Option<Vec<_>>>()?)))
    }

    fn part(&mut self, part: Part, inner: &Expression) -> Option<Plan> {
        match (part, self.plan(inner)?.plan) {
            (Part::Days, Plan::Length(days)) => Some(Plan::Number(days)),
            (Part::Days, other) => self.wrong(inner, &other, "天数时长"),
            (part, Plan::Day(day)) => Some(Plan::Number(Number::Part(part, Box::new(day)))),
            (_, other) => self.wrong(inner, &other, "日期"),
        }
    }

    fn choice(&mut self, condition: &Expression, yes: &Expression, no: &Expression) -> Option<Typed<'v>> {
        let checked = (self.condition(condition), self.plan(yes), self.plan(no));
        let (condition, l, r) = (Box::new(checked.0?), checked.1?, checked.2?);
        let plan = match (l.plan, r.plan) {
            (Plan::Null, Plan::Null) => Plan::Null,
            (Plan::Null, other) => choose(condition, other.missing(), other)?,
            (other, Plan::Null) => {
                let missing = other.missing();
                choose(condition, other, missing)?
            }
            (l, r) => {
                let (kind, other) = (l.kind().label(), r.kind().label());
                match choose(condition, l, r) {
                    Some(plan) => plan,
                    None => {
                        let message = format!("then 是{kind},else 是{other}");
                        self.report(no, "rules.kind", message, "两边类型要一致");
                        return None;
                    }
                }
            }
        };
        // The other branch widens what the value may be, so it is no longer bound to one term's choices.
        Some(Typed { plan, choices: None })
    }
}

impl Plan {
    /// A missing value of the same kind.
    fn missing(&self) -> Self {
        match self {
            Self::Logic(_) => Self::Logic(Logic::Known(None)),
            Self::Number(_) => Self::Number(Number::Known(None)),
            Self::Day(_) => Self::Day(Day::Known(None)),
            Self::Words(_) => Self::Words(Words::Known(None)),
            Self::Length(_) => Self::Length(Number::Known(None)),
            Self::Months(_) | Self::Null => Self::Null,
        }
    }
}

impl Words {
    fn is_constant(&self) -> bool {
        matches!(self, Self::Known(_) | Self::Parameter(_))
    }
}

fn choose(condition: Box<Logic>, yes: Plan, no: Plan) -> Option<Plan> {
    Some(match (yes, no) {
        (Plan::Logic(l), Plan::Logic(r)) => Plan::Logic(Logic::Choose(condition, Box::new(l), Box::new(r))),
        (Plan::Number(l), Plan::Number(r)) => Plan::Number(Number::Choose(condition, Box::new(l), Box::new(r))),
        (Plan::Day(l), Plan::Day(r)) => Plan::Day(Day::Choose(condition, Box::new(l), Box::new(r))),
        (Plan::Words(l), Plan::Words(r)) => Plan::Words(Words::Choose(condition, Box::new(l), Box::new(r))),
        (Plan::Length(l), Plan::Length(r)) => Plan::Length(Number::Choose(condition, Box::new(l), Box::new(r))),
        _ => return None,
    })
}

/// The place of a name in a list, made when it is new.
fn place_of(list: &mut Vec<(String, Type)>, name: &str, kind: Type) -> usize {
    list.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        list.push((name.to_owned(), kind));
        list.len() - 1
    })
}
