//! Expressions that were checked by themselves, planned together: their places point into common lists.

use super::{Checker, place_of};
use crate::expression::Expression;
use crate::outline::{self, Outline, Place};
use crate::plan::{Needs, Plan};
use crate::problem::Problem;
use crate::vocabulary::{Derivation, Parameter, Term, Type, Vocabulary};

/// The outline of a rule, with what it must be given.
pub(crate) fn outlined(expression: &Expression, vocabulary: &Vocabulary) -> Result<(Outline, Together), Vec<Problem>> {
    let mut checker = Checker::new(vocabulary);
    let outline = outline::of(expression, &mut checker);
    checker.together().map(|together| (outline, together))
}

/// What rules that were planned together must be given: their places point into these lists.
#[derive(Debug, Clone)]
pub(crate) struct Together {
    pub columns: Vec<String>,
    pub column_kinds: Vec<Type>,
    pub parameters: Vec<String>,
    pub parameter_kinds: Vec<Type>,
    pub every_text: bool,
}

impl Together {
    /// As a table is asked for it.
    pub(crate) fn needs(&self) -> Needs<'_> {
        Needs {
            columns: &self.columns,
            column_kinds: &self.column_kinds,
            parameters: &self.parameters,
            parameter_kinds: &self.parameter_kinds,
            every_text: self.every_text,
        }
    }
}

impl<'v> Checker<'v> {
    pub(crate) fn vocabulary(&self) -> &'v Vocabulary {
        self.vocabulary
    }

    /// The plan of an expression that was checked before; nothing where it has no value of its own.
    pub(crate) fn plan_of(&mut self, expression: &Expression) -> Plan {
        self.plan(expression).map_or(Plan::Null, |typed| typed.plan)
    }

    /// Where the values behind a name stand: those that a derived term rests on.
    pub(crate) fn origins(&mut self, name: &str) -> Vec<(&'v str, Place)> {
        let vocabulary = self.vocabulary;
        match (vocabulary.term(name), vocabulary.parameter(name)) {
            (Some(Term { name, kind, derivation: Derivation::Column, .. }), _) => {
                vec![(name, Place::Column(place_of(&mut self.columns, name, *kind)))]
            }
            (Some(term), _) => match &term.derivation {
                Derivation::CompletedYears { since, on } | Derivation::CompletedMonths { since, on } => {
                    let column = place_of(&mut self.columns, since, Type::Date);
                    let parameter = place_of(&mut self.parameters, on, Type::Date);
                    vec![(since, Place::Column(column)), (on, Place::Parameter(parameter))]
                }
                Derivation::Column => Vec::new(),
            },
            (None, Some(Parameter { name, kind })) => {
                vec![(name, Place::Parameter(place_of(&mut self.parameters, name, *kind)))]
            }
            (None, None) => Vec::new(),
        }
    }

    /// What all that was planned must be given.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn together(self) -> Result<Together, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.all_problems());
        }
        let (columns, column_kinds) = self.columns.into_iter().unzip();
        let (parameters, parameter_kinds) = self.parameters.into_iter().unzip();
        Ok(Together { columns, column_kinds, parameters, parameter_kinds, every_text: self.compares_texts })
    }
}
