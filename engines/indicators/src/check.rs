//! Verifies a standing by itself: restates the README's definitions from the other end and lists every statement that does not
//! hold. Shares nothing with `solve`; interpolates by weights, and allows for rounding at the 20th decimal place.

use crate::answer::{Point, Standing, Status};
use crate::problem::{Definition, Goal, Nature, Observation, Policy, Target};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

/// Everything in a standing that does not follow from the question.
pub fn broken(
    definition: &Definition,
    policy: &Policy,
    observation: &Observation,
    on: NaiveDate,
    standing: &Standing,
) -> Vec<String> {
    let mut check = Check { definition, policy, on, standing, broken: Vec::new() };
    check.value(observation);
    check.shares();
    check.status(observation);
    check.broken
}

struct Check<'a> {
    definition: &'a Definition,
    policy: &'a Policy,
    on: NaiveDate,
    standing: &'a Standing,
    broken: Vec<String>,
}

impl Check<'_> {
    fn hold(&mut self, holds: bool, what: &str) {
        if !holds {
            self.broken.push(what.to_owned());
        }
    }

    fn value(&mut self, observation: &Observation) {
        let value = self.standing.value;
        let right = match observation {
            Observation::Value(reported) => value == Some(*reported),
            Observation::Ratio { numerator: Some(numerator), denominator: Some(denominator), scale }
                if !denominator.is_zero() =>
            {
                value.is_some_and(|value| near(value * denominator, numerator * scale))
            }
            _ => value.is_none(),
        };
        self.hold(right, "value is not what was observed");
        self.hold(!self.standing.reasons.is_empty(), "no reasons");
        self.hold(self.standing.reasons.iter().all(|reason| !reason.text.is_empty()), "an empty reason");
    }

    fn shares(&mut self) {
        let standing = self.standing;
        let shares = [standing.progress, standing.attainment, standing.time_share];
        let inside = |share: &Decimal| *share >= Decimal::ZERO && *share <= Decimal::ONE;
        self.hold(shares.iter().flatten().all(inside), "a share is not between 0 and 1");
        let amounts = [standing.gap, standing.behind];
        self.hold(amounts.iter().flatten().all(|amount| *amount >= Decimal::ZERO), "a negative gap");
        if let (Some(start), Some(end), Some(expected)) = (standing.start, standing.end, standing.expected) {
            let (low, high) = (start.value.min(end.value), start.value.max(end.value));
            let between = (expected >= low || near(expected, low)) && (expected <= high || near(expected, high));
            self.hold(between, "the path leaves its ends");
            let straight = near(expected, self.on_path(start, end));
            self.hold(straight || expected == end.value, "the path is not straight");
        }
    }

    /// The weighted mean of the ends, by the days to each.
    fn on_path(&self, start: Point, end: Point) -> Decimal {
        let all = (end.date - start.date).num_days().max(1);
        let gone = (self.on - start.date).num_days().clamp(0, all);
        let (left, gone, all) = (Decimal::from(all - gone), Decimal::from(gone), Decimal::from(all));
        (start.value * left + end.value * gone) / all
    }

    fn status(&mut self, observation: &Observation) {
        let standing = self.standing;
        let wanted = self.wanted(observation);
        let near_border = wanted.len() > 1;
        if !wanted.contains(&standing.status) {
            let message = format!("status is {}, should be {wanted:?}", standing.status.code());
            self.broken.push(message);
        }
        if standing.status == Status::Met && !near_border {
            self.hold(standing.gap == Some(Decimal::ZERO), "met, and yet a gap");
        }
    }

    /// The right status; two where rounding may decide.
    fn wanted(&self, observation: &Observation) -> Vec<Status> {
        if matches!(self.definition.nature, Nature::Forecast | Nature::Need | Nature::Existing) {
            return vec![Status::NoPath];
        }
        if *observation == Observation::NotReported {
            return vec![Status::NotReported];
        }
        let Some(value) = self.standing.value else { return vec![Status::NotComputable] };
        let Some(target) = self.due() else { return vec![Status::NoPath] };
        let Some((met, goal, falling)) = against(&target.goal, value) else { return vec![Status::NotComputable] };
        let ends = self.ends(target, goal);
        let adds_up = matches!(self.definition.nature, Nature::FlowYear | Nature::FlowPeriod);
        if adds_up && falling {
            return match ends {
                None => vec![Status::NoPath],
                Some(_) if value > goal => vec![Status::Late],
                Some((_, end)) if self.on >= end.date => vec![Status::Met],
                Some((start, end)) => {
                    let most = self.on_path(start, end);
                    around(most - value, [Status::OnPath, Status::Slow])
                }
            };
        }
        if met {
            return vec![Status::Met];
        }
        match ends {
            None => vec![Status::NoPath],
            Some((_, end)) if self.on > end.date => vec![Status::Late],
            Some((start, end)) => self.on_the_way(start, end, value, falling),
        }
    }

    fn on_the_way(&self, start: Point, end: Point, value: Decimal, falling: bool) -> Vec<Status> {
        let floor = self.policy.slow_floor;
        let sign = if falling { -Decimal::ONE } else { Decimal::ONE };
        if (end.value - start.value) * sign <= Decimal::ZERO {
            let spare = if falling { end.value - value * floor } else { value - end.value * floor };
            return around(spare, [Status::Slow, Status::Late]);
        }
        let expected = self.on_path(start, end);
        let ahead = (value - expected) * sign;
        if ahead > Decimal::ZERO || near(ahead, Decimal::ZERO) {
            return around(ahead, [Status::OnPath, Status::Slow]);
        }
        let least = start.value + (expected - start.value) * floor;
        around((value - least) * sign, [Status::Slow, Status::Late])
    }

    fn due(&self) -> Option<&Target> {
        let open = |target: &&Target| target.date.is_none_or(|date| date >= self.on);
        let by_date = |target: &&Target| target.date.unwrap_or(NaiveDate::MAX);
        let targets = &self.definition.targets;
        targets.iter().filter(open).min_by_key(by_date).or(targets.iter().max_by_key(by_date))
    }

    fn ends(&self, target: &Target, goal: Decimal) -> Option<(Point, Point)> {
        let baseline = self.definition.baseline.map(|baseline| Point { date: baseline.date, value: baseline.value });
        let earlier = |other: &Target| {
            let date = other.date.filter(|date| target.date.is_some_and(|until| *date < until))?;
            Some(Point { date, value: against(&other.goal, Decimal::ZERO)?.1 })
        };
        let station = self.definition.targets.iter().filter_map(earlier).max_by_key(|point| point.date);
        let period = self.definition.period;
        let (start, end) = match self.definition.nature {
            Nature::FlowYear => {
                let year = target.date.map_or(self.on, |date| date.min(self.on)).year();
                let eve = NaiveDate::from_ymd_opt(year - 1, 12, 31)?;
                (Point { date: eve, value: Decimal::ZERO }, NaiveDate::from_ymd_opt(year, 12, 31)?)
            }
            Nature::FlowPeriod => {
                let eve = period.and_then(|period| period.from.pred_opt());
                let nothing = eve.map(|date| Point { date, value: Decimal::ZERO });
                (station.or(baseline).or(nothing)?, target.date.or(period.map(|period| period.to))?)
            }
            _ => (station.or(baseline)?, target.date?),
        };
        Some((start, Point { date: end, value: goal }))
    }
}

/// Whether a value reaches a goal, the number it is held against, and whether it has to come down to it.
fn against(goal: &Goal, value: Decimal) -> Option<(bool, Decimal, bool)> {
    Some(match goal {
        Goal::AtLeast(least) | Goal::StableAbove(least) => (*least <= value, *least, false),
        Goal::MoreThan(less) => (*less < value, *less, false),
        Goal::AtMost(most) => (*most >= value, *most, true),
        Goal::Equal { value: number, floor } => {
            (if *floor { *number <= value } else { *number == value }, *number, !floor && value > *number)
        }
        Goal::Between { low, high, floor } => {
            let over = !floor && value > *high;
            (*low <= value && !over, if over { *high } else { *low }, over)
        }
        Goal::Text(_) => return None,
    })
}

/// The first status when the difference is not negative, the second when it is, both when it is next to nothing.
fn around(difference: Decimal, [yes, no]: [Status; 2]) -> Vec<Status> {
    if near(difference, Decimal::ZERO) {
        vec![yes, no]
    } else if difference > Decimal::ZERO {
        vec![yes]
    } else {
        vec![no]
    }
}

/// Whether two numbers differ by no more than rounding.
fn near(a: Decimal, b: Decimal) -> bool {
    let size = a.abs().max(b.abs()).max(Decimal::ONE);
    (a - b).abs() <= size * Decimal::new(1, 20)
}
