//! Evaluates the nodes of a plan for one stretch of rows.

use super::data::{Data, OTHER};
use super::stretch::{Stretch, Truth, Values};
use crate::calendar::{self, Unit};
use crate::column::{Column, Scalar};
use crate::expression::{Comparison, Extreme, Part};
use crate::number::{Digits, Numbers, both, pack, pack_pairs, select, select_bits};
use crate::plan::{Day, Logic, Number, Plan, Words};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

impl<'a> Data<'a> {
    pub fn logic(&self, logic: &Logic, stretch: Stretch<'_>) -> Truth {
        match logic {
            Logic::Known(value) => Truth::same(*value, stretch),
            Logic::Column(place) => match self.column(*place) {
                Some(Column::Boolean { values, present }) => {
                    let known = stretch.bits(present).to_vec();
                    Truth { yes: both(stretch.bits(values), &known), known }
                }
                _ => Truth::same(None, stretch),
            },
            Logic::Parameter(place) => match self.parameter(*place) {
                Some(Scalar::Boolean(value)) => Truth::same(Some(*value), stretch),
                _ => Truth::same(None, stretch),
            },
            Logic::All(parts) => self.all(parts, stretch),
            Logic::Any(parts) => self.any(parts, stretch),
            Logic::Not(inner) => {
                let Truth { yes, known } = self.logic(inner, stretch);
                let yes = yes.iter().zip(&known).map(|(yes, known)| known & !yes).collect();
                Truth { yes, known }
            }
            Logic::Shared(step) => stretch.shared_truth(*step),
            Logic::Numbers(comparison, left, right) => {
                if let Some(truth) = self.compare_age(*comparison, left, right, stretch) {
                    return truth;
                }
                let (left, right) = (self.number(left, stretch), self.number(right, stretch));
                let known = both(&left.present, &right.present);
                Truth { yes: both(&left.compare(*comparison, &right, stretch.rows), &known), known }
            }
            Logic::Days(comparison, left, right) => self.compare_days(*comparison, left, right, stretch),
            Logic::Texts { equal, left, right } => self.compare_texts(*equal, left, right, stretch),
            Logic::Logics { equal, left, right } => {
                let (left, right) = (self.logic(left, stretch), self.logic(right, stretch));
                let known = both(&left.known, &right.known);
                let flip = if *equal { u64::MAX } else { 0 };
                let agree = left.yes.iter().zip(&right.yes).map(|(a, b)| a ^ b ^ flip);
                Truth { yes: agree.zip(&known).map(|(agree, known)| agree & known).collect(), known }
            }
            Logic::Missing(inner) => {
                let yes = self.present(inner, stretch).iter().map(|present| !present).collect();
                Truth { yes, known: stretch.all(true) }
            }
            Logic::Choose(condition, yes, no) => {
                let first = self.logic(condition, stretch).yes;
                let (left, right) = (self.logic(yes, stretch), self.logic(no, stretch));
                Truth {
                    yes: select_bits(&first, &left.yes, &right.yes),
                    known: select_bits(&first, &left.known, &right.known),
                }
            }
        }
    }

    /// Yes where all are, known also where one is known not to hold; stops when no row can hold any more.
    fn all(&self, parts: &[Logic], stretch: Stretch<'_>) -> Truth {
        let (mut yes, mut refuted) = (stretch.all(true), stretch.all(false));
        for part in parts {
            let truth = self.logic(part, stretch);
            for ((yes, refuted), (held, known)) in
                yes.iter_mut().zip(&mut refuted).zip(truth.yes.iter().zip(&truth.known))
            {
                *yes &= held;
                *refuted |= known & !held;
            }
            if refuted.iter().all(|word| *word == u64::MAX) {
                break;
            }
        }
        let known = yes.iter().zip(&refuted).map(|(yes, refuted)| yes | refuted).collect();
        Truth { yes, known }
    }

    /// Yes where one is, known not to hold only where all are.
    fn any(&self, parts: &[Logic], stretch: Stretch<'_>) -> Truth {
        let (mut yes, mut refuted) = (stretch.all(false), stretch.all(true));
        for part in parts {
            let truth = self.logic(part, stretch);
            for ((yes, refuted), (held, known)) in
                yes.iter_mut().zip(&mut refuted).zip(truth.yes.iter().zip(&truth.known))
            {
                *yes |= held;
                *refuted &= known & !held;
            }
        }
        let known = yes.iter().zip(&refuted).map(|(yes, refuted)| yes | refuted).collect();
        Truth { yes, known }
    }

    /// An age beside a constant, compared as a day: at least 80 is born on this day or before.
    fn compare_age(
        &self,
        comparison: Comparison,
        left: &Number,
        right: &Number,
        stretch: Stretch<'_>,
    ) -> Option<Truth> {
        let (comparison, age, bound) = match (left, right) {
            (Number::Since { .. }, bound) if bound.is_constant() => (comparison, left, bound),
            (bound, Number::Since { .. }) if bound.is_constant() => (comparison.mirrored(), right, bound),
            _ => return None,
        };
        let Number::Since { column, parameter, unit } = age else { return None };
        let bound = match bound {
            Number::Known(bound) => *bound,
            Number::Parameter(place) => match self.parameter(*place) {
                Some(Scalar::Number(bound)) => Some(*bound),
                _ => None,
            },
            _ => return None,
        };
        let (Some(Column::Date { values, present }), Some(Scalar::Date(on)), Some(bound)) =
            (self.column(*column), self.parameter(*parameter), bound)
        else {
            return Some(Truth::same(None, stretch));
        };
        let on = calendar::number_of(*on);
        let born = stretch.of(values);
        // Nobody has an age before birth.
        let known = both(stretch.bits(present), &pack(born, |day| *day <= on));
        let yes = age_within(comparison, bound).map(|(from, to)| {
            // Ages from..=to are births after the last day of `to + 1` and not after the last day of `from`.
            let latest = calendar::latest_with(from, on, *unit);
            let earliest = to.and_then(|to| calendar::latest_with(to.saturating_add(1), on, *unit));
            pack(born, |day| latest.is_some_and(|latest| *day <= latest) && earliest.is_none_or(|last| *day > last))
        });
        let yes = yes.unwrap_or_else(|| stretch.all(false));
        let yes = if comparison == Comparison::Unequal { yes.iter().map(|word| !word).collect() } else { yes };
        Some(Truth { yes: both(&yes, &known), known })
    }

    fn compare_days(&self, comparison: Comparison, left: &Day, right: &Day, stretch: Stretch<'_>) -> Truth {
        let (constant, left, comparison) = match (self.constant_day(left), self.constant_day(right)) {
            (_, Some(day)) => (Some(day), left, comparison),
            (Some(day), None) => (Some(day), right, comparison.mirrored()),
            (None, None) => (None, left, comparison),
        };
        let days = self.day(left, stretch);
        match constant {
            Some(None) => Truth { yes: stretch.all(false), known: stretch.all(false) },
            Some(Some(bound)) => {
                let yes = both(&pack(&days.values, |day| comparison.holds(day.cmp(&bound))), &days.present);
                Truth { yes, known: days.present.into_owned() }
            }
            None => {
                let others = self.day(right, stretch);
                let known = both(&days.present, &others.present);
                let yes = pack_pairs(&days.values, &others.values, |a, b| comparison.holds(a.cmp(b)));
                Truth { yes: both(&yes, &known), known }
            }
        }
    }

    fn compare_texts(&self, equal: bool, left: &Words, right: &Words, stretch: Stretch<'_>) -> Truth {
        let (left, right) = match (self.constant_text(left), self.constant_text(right)) {
            (Some(_), None) => (right, left),
            _ => (left, right),
        };
        let texts = self.words(left, stretch);
        match self.constant_text(right) {
            Some(None) => Truth { yes: stretch.all(false), known: stretch.all(false) },
            Some(Some(code)) => {
                let yes = pack(&texts.values, |text| (*text == code) == equal);
                Truth { yes: both(&yes, &texts.present), known: texts.present.into_owned() }
            }
            None => {
                let others = self.words(right, stretch);
                let known = both(&texts.present, &others.present);
                let yes = pack_pairs(&texts.values, &others.values, |a, b| (a == b) == equal);
                Truth { yes: both(&yes, &known), known }
            }
        }
    }

    pub fn number<'w>(&self, number: &Number, stretch: Stretch<'w>) -> Numbers<'w>
    where
        'a: 'w,
    {
        match number {
            Number::Known(value) => Numbers::same(*value, stretch.rows),
            Number::Column(place) => match self.column(*place) {
                Some(Column::Number { values, scale, present }) => Numbers {
                    digits: Digits::Fixed { values: stretch.of(values).into(), scale: *scale },
                    present: stretch.bits(present).into(),
                },
                Some(Column::Wide { values, present }) => {
                    Numbers { digits: Digits::Wide(stretch.of(values).into()), present: stretch.bits(present).into() }
                }
                _ => Numbers::same(None, stretch.rows),
            },
            Number::Parameter(place) => match self.parameter(*place) {
                Some(Scalar::Number(value)) => Numbers::same(Some(*value), stretch.rows),
                _ => Numbers::same(None, stretch.rows),
            },
            Number::Shared(step) => stretch.shared_numbers(*step),
            Number::Since { column, parameter, unit } => self.since(*column, *parameter, *unit, stretch),
            Number::Arithmetic(operation, left, right) => {
                self.number(left, stretch).reckon(*operation, &self.number(right, stretch), stretch.rows)
            }
            Number::Negate(inner) => self.number(inner, stretch).map(i64::checked_neg, |value| -value),
            Number::Abs(inner) => self.number(inner, stretch).map(i64::checked_abs, |value| value.abs()),
            Number::Extreme(extreme, items) => self.extreme(*extreme, items, stretch),
            Number::Part(part, day) => {
                let days = self.day(day, stretch);
                let values = days.values.iter().map(|day| part_of(*part, *day)).collect();
                Numbers::whole(values, days.present)
            }
            Number::Between(to, from) => {
                let (to, from) = (self.day(to, stretch), self.day(from, stretch));
                let pairs = to.values.iter().zip(from.values.iter());
                let values = pairs.map(|(to, from)| i64::from(*to) - i64::from(*from)).collect();
                Numbers::whole(values, both(&to.present, &from.present).into())
            }
            Number::Choose(condition, yes, no) => {
                let first = self.logic(condition, stretch).yes;
                self.number(yes, stretch).choose(&first, &self.number(no, stretch), stretch.rows)
            }
        }
    }

    fn since(&self, column: usize, parameter: usize, unit: Unit, stretch: Stretch<'_>) -> Numbers<'static> {
        let table = self.ages.iter().find(|(place, of, _)| (*place, *of) == (parameter, unit));
        let (Some(Column::Date { values, present }), Some((_, _, ages))) = (self.column(column), table) else {
            return Numbers::same(None, stretch.rows);
        };
        let mut present = stretch.bits(present).to_vec();
        let mut units = Vec::with_capacity(stretch.rows);
        for (row, day) in stretch.of(values).iter().enumerate() {
            let age = ages.since(*day);
            if let (None, Some(word)) = (age, present.get_mut(row / 64)) {
                *word &= !(1 << (row % 64));
            }
            units.push(age.unwrap_or(0));
        }
        Numbers::whole(units, present.into())
    }

    fn extreme<'w>(&self, extreme: Extreme, items: &[Number], stretch: Stretch<'w>) -> Numbers<'w>
    where
        'a: 'w,
    {
        let mut items = items.iter().map(|item| self.number(item, stretch));
        let Some(first) = items.next() else { return Numbers::same(None, stretch.rows) };
        items.fold(first, |found, next| found.extreme(extreme, &next, stretch.rows))
    }

    fn constant_day(&self, day: &Day) -> Option<Option<i32>> {
        match day {
            Day::Known(day) => Some(*day),
            Day::Parameter(place) => Some(match self.parameter(*place) {
                Some(Scalar::Date(date)) => Some(calendar::number_of(*date)),
                _ => None,
            }),
            Day::AddMonths(day, months) => {
                let day = self.constant_day(day)?;
                Some(day.map(|day| calendar::add_months(day, *months)))
            }
            _ => None,
        }
    }

    pub fn day<'w>(&self, day: &Day, stretch: Stretch<'w>) -> Values<'w, i32>
    where
        'a: 'w,
    {
        if let Some(constant) = self.constant_day(day) {
            return Values::same(constant, 0, stretch);
        }
        match day {
            Day::Column(place) => match self.column(*place) {
                Some(Column::Date { values, present }) => {
                    Values { values: stretch.of(values).into(), present: stretch.bits(present).into() }
                }
                _ => Values::same(None, 0, stretch),
            },
            Day::AddMonths(inner, months) => {
                let days = self.day(inner, stretch);
                let later = days.values.iter().map(|day| calendar::add_months(*day, *months));
                Values { values: later.collect(), present: days.present }
            }
            Day::AddDays(inner, count) => {
                let (days, counts) = (self.day(inner, stretch), self.number(count, stretch));
                let counts_of_rows = counts.decimals(stretch.rows);
                let pairs = days.values.iter().zip(counts_of_rows.iter());
                let later = pairs.map(|(day, count)| calendar::add_days(*day, whole(*count)));
                Values { values: later.collect(), present: both(&days.present, &counts.present).into() }
            }
            Day::Choose(condition, yes, no) => {
                let first = self.logic(condition, stretch).yes;
                let (left, right) = (self.day(yes, stretch), self.day(no, stretch));
                Values {
                    values: select(&first, &left.values, &right.values).into(),
                    present: select_bits(&first, &left.present, &right.present).into(),
                }
            }
            Day::Known(_) | Day::Parameter(_) => Values::same(None, 0, stretch),
        }
    }

    fn constant_text(&self, words: &Words) -> Option<Option<u32>> {
        let code = |text: &String| self.codes.get(text).copied().unwrap_or(OTHER);
        match words {
            Words::Known(text) => Some(text.as_ref().map(code)),
            Words::Parameter(place) => Some(match self.parameter(*place) {
                Some(Scalar::Text(text)) => Some(code(text)),
                _ => None,
            }),
            _ => None,
        }
    }

    pub fn words<'w>(&self, words: &Words, stretch: Stretch<'w>) -> Values<'w, u32>
    where
        'a: 'w,
    {
        match words {
            Words::Column(place) => match (self.column(*place), self.common.get(*place)) {
                (Some(Column::Text { codes, present, .. }), Some(common)) => {
                    let own = stretch.of(codes).iter();
                    let codes = own.map(|code| common.get(*code as usize).copied().unwrap_or(OTHER));
                    Values { values: codes.collect(), present: stretch.bits(present).into() }
                }
                _ => Values::same(None, OTHER, stretch),
            },
            Words::Choose(condition, yes, no) => {
                let first = self.logic(condition, stretch).yes;
                let (left, right) = (self.words(yes, stretch), self.words(no, stretch));
                Values {
                    values: select(&first, &left.values, &right.values).into(),
                    present: select_bits(&first, &left.present, &right.present).into(),
                }
            }
            Words::Known(_) | Words::Parameter(_) => Values::same(self.constant_text(words).flatten(), OTHER, stretch),
        }
    }

    /// Which rows of a stretch have a value, whatever its kind.
    fn present(&self, plan: &Plan, stretch: Stretch<'_>) -> Vec<u64> {
        match plan {
            Plan::Logic(logic) => self.logic(logic, stretch).known,
            Plan::Number(number) | Plan::Length(number) => self.number(number, stretch).present.into_owned(),
            Plan::Day(day) => self.day(day, stretch).present.into_owned(),
            Plan::Words(words) => self.words(words, stretch).present.into_owned(),
            Plan::Months(_) => stretch.all(true),
            Plan::Null => stretch.all(false),
        }
    }
}

/// The completed units for which a comparison with a bound holds, from and to; `None` for none. For `!=`: those that are equal.
fn age_within(comparison: Comparison, bound: Decimal) -> Option<(i64, Option<i64>)> {
    let far = Decimal::from(1_000_000);
    let bound = bound.clamp(-far, far);
    let floor = bound.floor().to_i64()?;
    let exact = bound == bound.floor();
    let up_to = |last: i64| (last >= 0).then_some((0, Some(last)));
    match comparison {
        Comparison::AtLeast => Some((if exact { floor } else { floor + 1 }, None)),
        Comparison::Greater => Some((floor + 1, None)),
        Comparison::AtMost => up_to(floor),
        Comparison::Less => up_to(if exact { floor - 1 } else { floor }),
        Comparison::Equal | Comparison::Unequal => (exact && floor >= 0).then_some((floor, Some(floor))),
    }
}

pub(crate) fn part_of(part: Part, day: i32) -> i64 {
    let (year, month, day_of_month) = calendar::civil(day);
    match part {
        Part::Year => year,
        Part::Month => i64::from(month),
        Part::Day => i64::from(day_of_month),
        Part::Weekday => calendar::weekday(day),
        // Lengths of time are numbers of days already and never come here.
        Part::Days => i64::from(day),
    }
}

/// A number of days: always whole, since lengths of time are only added and subtracted.
pub(crate) fn whole(days: Decimal) -> i64 {
    days.to_i64().unwrap_or(0)
}
