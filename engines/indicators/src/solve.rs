//! Judges an observation. The steps are those of the README, in its order; comparisons are made by multiplying out, so that
//! a value that lies exactly on a border is judged exactly.

use crate::answer::{Point, Reason, ReasonCode, Standing, Status};
use crate::problem::{Definition, Goal, Nature, Observation, Policy, Target, year_end};
use crate::words;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

/// The largest number that is judged: 10^15. Products with days and shares then never leave the decimals' range.
const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// Says where an indicator stands on a day. `on` is the day the observation is true for.
pub fn assess(definition: &Definition, policy: &Policy, observation: &Observation, on: NaiveDate) -> Standing {
    let mut judge = Judge::new(definition, policy, on);
    judge.standing.status = judge.status(observation);
    judge.standing
}

/// On which side of its goal a value falls short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Floor,
    Ceiling,
}

/// The number that a value is held against, and from which side.
fn bound(goal: &Goal, value: Decimal) -> Option<(Decimal, Side)> {
    Some(match goal {
        Goal::AtLeast(bound) | Goal::MoreThan(bound) | Goal::StableAbove(bound) => (*bound, Side::Floor),
        Goal::AtMost(bound) => (*bound, Side::Ceiling),
        Goal::Equal { value: bound, floor: false } if value > *bound => (*bound, Side::Ceiling),
        Goal::Equal { value: bound, .. } => (*bound, Side::Floor),
        Goal::Between { high, floor: false, .. } if value > *high => (*high, Side::Ceiling),
        Goal::Between { low, .. } => (*low, Side::Floor),
        Goal::Text(_) => return None,
    })
}

struct Judge<'a> {
    definition: &'a Definition,
    policy: &'a Policy,
    on: NaiveDate,
    standing: Standing,
}

impl<'a> Judge<'a> {
    fn new(definition: &'a Definition, policy: &'a Policy, on: NaiveDate) -> Self {
        let standing = Standing {
            status: Status::NoPath,
            value: None,
            target: None,
            target_text: String::new(),
            start: None,
            end: None,
            expected: None,
            progress: None,
            attainment: None,
            time_share: None,
            gap: None,
            behind: None,
            reasons: Vec::new(),
        };
        Self { definition, policy, on, standing }
    }

    fn because(&mut self, code: ReasonCode, text: String) {
        self.standing.reasons.push(Reason { code, text });
    }

    fn status(&mut self, observation: &Observation) -> Status {
        let definition = self.definition;
        let target = self.target();
        if let Some(target) = target {
            self.standing.target_text = words::target(target, definition);
            self.standing.target = Some(target.clone());
        }
        let value = self.value(observation);
        if !definition.nature.is_target() {
            self.because(ReasonCode::NotATarget, words::not_a_target(definition.nature));
            return Status::NoPath;
        }
        let value = match value {
            Ok(value) => value,
            Err(status) => return status,
        };
        let Some(target) = target else {
            self.because(ReasonCode::NoTarget, "规划没有给出目标值，只展示现状".to_owned());
            return Status::NoPath;
        };
        let (Some(met), Some((goal, side))) = (target.goal.is_met(value), bound(&target.goal, value)) else {
            self.because(ReasonCode::TextTarget, "目标是文字表述，没有可比的数值".to_owned());
            return Status::NotComputable;
        };
        let path = self.path(target, goal);
        let start = path.as_ref().map_or(Decimal::ZERO, |(start, _)| start.value);
        if [value, goal, start].iter().any(|number| number.abs() > LARGEST) {
            self.because(ReasonCode::OutOfRange, "数值超过一千万亿，请检查单位".to_owned());
            return Status::NotComputable;
        }
        self.measure(value, goal, side, met);
        if definition.nature.is_flow() && side == Side::Ceiling {
            return self.ceiling(value, goal, path);
        }
        if let Ok((start, end)) = path {
            self.walk(start, end, value, side, is_reached(start.value, goal, side));
        }
        if met {
            let text = format!("当前值 {} 已达到目标（{}）", self.amount(value), self.standing.target_text);
            self.because(ReasonCode::GoalReached, text);
            return Status::Met;
        }
        self.say_gap(side);
        match path {
            Err((code, text)) => {
                self.because(code, text);
                if target.date.is_some_and(|date| self.on > date) {
                    self.because(ReasonCode::DateOver, "目标日期已过，尚未达到；因没有路径，只展示差距".to_owned());
                }
                Status::NoPath
            }
            Ok((start, end)) => self.judge(start, end, value, goal, side),
        }
    }

    /// The target that holds on the day: the first that is not over, else the last.
    fn target(&self) -> Option<&'a Target> {
        let mut dated: Vec<&Target> = self.definition.targets.iter().collect();
        dated.sort_by_key(|target| target.date.unwrap_or(NaiveDate::MAX));
        let open = dated.iter().find(|target| target.date.is_none_or(|date| date >= self.on));
        open.or(dated.last()).copied()
    }

    fn value(&mut self, observation: &Observation) -> Result<Decimal, Status> {
        let (code, text, outcome) = match observation {
            Observation::Value(value) => (ReasonCode::Value, format!("当前值 {}", self.amount(*value)), Ok(*value)),
            Observation::NotReported => {
                (ReasonCode::NotReported, "责任单位尚未填报".to_owned(), Err(Status::NotReported))
            }
            Observation::NotComputable { why } => {
                (ReasonCode::NotComputable, format!("暂不可算：{why}"), Err(Status::NotComputable))
            }
            Observation::Ratio { numerator: None, .. } => {
                (ReasonCode::NoNumerator, "分子缺少数据，不按零计".to_owned(), Err(Status::NotComputable))
            }
            Observation::Ratio { denominator: None, .. } => {
                (ReasonCode::NoDenominator, "分母缺少数据，不按零计".to_owned(), Err(Status::NotComputable))
            }
            Observation::Ratio { denominator: Some(denominator), .. } if denominator.is_zero() => {
                (ReasonCode::ZeroDenominator, "分母为零，没有比值".to_owned(), Err(Status::NotComputable))
            }
            Observation::Ratio { numerator: Some(numerator), denominator: Some(denominator), scale } => {
                // Multiplied first: the quotient is then rounded once, at 28 digits.
                match numerator.checked_mul(*scale).and_then(|product| product.checked_div(*denominator)) {
                    Some(value) => {
                        let text = words::ratio(*numerator, *denominator, *scale, &self.amount(value));
                        (ReasonCode::Value, text, Ok(value))
                    }
                    None => (ReasonCode::OutOfRange, "数值过大，无法精确计算".to_owned(), Err(Status::NotComputable)),
                }
            }
        };
        self.standing.value = outcome.ok();
        self.because(code, text);
        outcome
    }

    /// The gap and the attained share of the target.
    fn measure(&mut self, value: Decimal, goal: Decimal, side: Side, met: bool) {
        let missing = if side == Side::Floor { goal - value } else { value - goal };
        self.standing.gap = Some(if met { Decimal::ZERO } else { missing.max(Decimal::ZERO) });
        let share = if side == Side::Floor { value.checked_div(goal) } else { goal.checked_div(value) };
        let share = if met { Some(Decimal::ONE) } else { share.filter(|_| goal > Decimal::ZERO) };
        self.standing.attainment = share.map(|share| share.clamp(Decimal::ZERO, Decimal::ONE));
    }

    /// Where the way to a target starts and ends, or why there is none.
    fn path(&self, target: &Target, goal: Decimal) -> Result<(Point, Point), (ReasonCode, String)> {
        let no_date = (ReasonCode::NoDate, "规划没有给出达成日期，没有可比的路径".to_owned());
        let baseline = self.definition.baseline.map(|baseline| Point { date: baseline.date, value: baseline.value });
        let (start, end) = match self.definition.nature {
            Nature::FlowYear => {
                let day = target.date.map_or(self.on, |date| date.min(self.on));
                let (first, last) = (year_end(day.year() - 1), year_end(day.year()));
                let (Some(first), Some(last)) = (first, last) else { return Err(no_date) };
                (Point { date: first, value: Decimal::ZERO }, last)
            }
            Nature::FlowPeriod => {
                let period = self.definition.period;
                let from_nothing = period.and_then(|period| period.from.pred_opt());
                let nothing = from_nothing.map(|date| Point { date, value: Decimal::ZERO });
                let start = self.station_before(target).or(baseline).or(nothing);
                let end = target.date.or(period.map(|period| period.to));
                match (start, end) {
                    (Some(start), Some(end)) => (start, end),
                    _ => return Err(no_date),
                }
            }
            _ => {
                let Some(start) = self.station_before(target).or(baseline) else {
                    let text = "规划没有给出基期值，或没有说清，没有可比的路径，只展示差距".to_owned();
                    return Err((ReasonCode::NoBaseline, text));
                };
                (start, target.date.ok_or(no_date)?)
            }
        };
        Ok((start, Point { date: end, value: goal }))
    }

    /// An earlier target is a station: the way to the next one starts there.
    fn station_before(&self, target: &Target) -> Option<Point> {
        let until = target.date?;
        let earlier = self.definition.targets.iter().filter_map(|other| {
            let date = other.date.filter(|date| *date < until)?;
            let value = bound(&other.goal, Decimal::ZERO)?.0;
            Some(Point { date, value })
        });
        earlier.max_by_key(|point| point.date)
    }

    /// What the path asks for on the day, and how much of it is done. With `keeping`, the start already reaches the goal:
    /// then the goal itself is asked for on every day.
    fn walk(&mut self, start: Point, end: Point, value: Decimal, side: Side, keeping: bool) {
        let (over, all) = self.days(start, end);
        let time = (over / all).clamp(Decimal::ZERO, Decimal::ONE);
        let way = end.value - start.value;
        let expected = if keeping { end.value } else { start.value + way * over / all };
        let short = if side == Side::Floor { expected - value } else { value - expected };
        self.standing.start = Some(start);
        self.standing.end = Some(end);
        self.standing.time_share = Some(time);
        self.standing.expected = Some(expected);
        self.standing.behind = Some(short.max(Decimal::ZERO));
        let progress = if keeping { self.standing.attainment } else { (value - start.value).checked_div(way) };
        self.standing.progress = progress.map(|share| share.clamp(Decimal::ZERO, Decimal::ONE));
    }

    /// Days that are over and all days of a way, at least one.
    fn days(&self, start: Point, end: Point) -> (Decimal, Decimal) {
        let all = (end.date - start.date).num_days().max(1);
        let over = (self.on - start.date).num_days().clamp(0, all);
        (over.into(), all.into())
    }

    /// The status of a value that has not reached its goal but has a path.
    fn judge(&mut self, start: Point, end: Point, value: Decimal, goal: Decimal, side: Side) -> Status {
        if self.on > end.date {
            let text = format!("目标日期 {} 已过，尚未达到", words::date(end.date));
            self.because(ReasonCode::DateOver, text);
            return Status::Late;
        }
        let keeping = is_reached(start.value, goal, side);
        if keeping {
            return self.judge_keeping(value, goal, side);
        }
        self.because(ReasonCode::Path, words::path(start, end, &self.standing, self.on, &self.definition.unit));
        // done / way against over / all, multiplied out: both sides times the signless way and all days.
        let (over, all) = self.days(start, end);
        let sign = if end.value < start.value { -Decimal::ONE } else { Decimal::ONE };
        let done = (value - start.value) * sign * all;
        let asked = (end.value - start.value) * sign * over;
        let status = if done >= asked {
            Status::OnPath
        } else if done >= asked * self.policy.slow_floor {
            Status::Slow
        } else {
            Status::Late
        };
        let text = words::behind(status, &self.standing, self.policy, &self.definition.unit);
        self.because(if status == Status::OnPath { ReasonCode::Ahead } else { ReasonCode::Behind }, text);
        status
    }

    /// A value that was there at the start and has to be kept: the share that is there decides.
    fn judge_keeping(&mut self, value: Decimal, goal: Decimal, side: Side) -> Status {
        let enough = match side {
            Side::Floor => value >= goal * self.policy.slow_floor,
            Side::Ceiling => value * self.policy.slow_floor <= goal,
        };
        let text = words::keeping(enough, goal, &self.standing, self.policy, &self.definition.unit);
        self.because(ReasonCode::Keep, text);
        if enough { Status::Slow } else { Status::Late }
    }

    /// A ceiling of what adds up: it can only be reached at the end of its time, and is broken for good once it is passed.
    fn ceiling(&mut self, value: Decimal, goal: Decimal, path: Result<(Point, Point), (ReasonCode, String)>) -> Status {
        let (start, end) = match path {
            Ok(ends) => ends,
            Err((code, text)) => {
                self.because(code, text);
                return Status::NoPath;
            }
        };
        self.walk(start, end, value, Side::Ceiling, false);
        if value > goal {
            self.say_gap(Side::Ceiling);
            self.because(ReasonCode::Behind, "累计值已超过上限".to_owned());
            return Status::Late;
        }
        if self.on >= end.date {
            self.because(ReasonCode::GoalReached, "期末累计值未超过上限".to_owned());
            return Status::Met;
        }
        let (over, all) = self.days(start, end);
        let within = (value - start.value) * all <= (end.value - start.value) * over;
        let text = words::open_ceiling(within, &self.standing, &self.definition.unit);
        self.because(ReasonCode::CeilingOpen, text);
        if within { Status::OnPath } else { Status::Slow }
    }

    fn say_gap(&mut self, side: Side) {
        if let Some(gap) = self.standing.gap {
            let word = if side == Side::Floor { "还差" } else { "高出" };
            let text = format!("距目标（{}）{word} {}", self.standing.target_text, self.amount(gap));
            self.because(ReasonCode::Gap, text);
        }
    }

    fn amount(&self, value: Decimal) -> String {
        words::amount(value, &self.definition.unit)
    }
}

/// Whether a value lies on the right side of a bound, or on it.
fn is_reached(value: Decimal, goal: Decimal, side: Side) -> bool {
    match side {
        Side::Floor => value >= goal,
        Side::Ceiling => value <= goal,
    }
}
