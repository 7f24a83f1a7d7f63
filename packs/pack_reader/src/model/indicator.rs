//! `indicators.toml`: what the plan promises to measure, from which value to which value, and how it is measured.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Every, Source};

/// Whom an indicator is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Older people.
    Elder,
    /// Children under three.
    Child,
    /// Both.
    Both,
}

/// Whether the plan binds the government to the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// 约束性.
    Binding,
    /// 预期性.
    Expected,
    /// The plan does not say.
    None,
}

/// What sort of quantity the figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A state at a date.
    Stock,
    /// Counted anew each year.
    FlowYear,
    /// Adds up over the plan's period.
    FlowPeriod,
    /// 预测值: a forecast, not a target.
    Forecast,
    /// 需求测算: a computed need, not a target.
    Need,
    /// 现状: what exists, not a target.
    Existing,
}

impl Nature {
    /// False for forecasts, computed needs and existing stock, which nobody can miss.
    #[must_use]
    pub fn is_target(self) -> bool {
        matches!(self, Self::Stock | Self::FlowYear | Self::FlowPeriod)
    }
}

/// One labelled part of a baseline or target that is not a single number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which part, e.g. `城镇社区`.
    pub label: String,
    /// Its value.
    pub value: Option<Decimal>,
}

/// Where the indicator stood. Absent in the pack: the plan gives none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Year; the value is that year's end. Absent: the plan gives the value without a year.
    pub year: Option<i32>,
    /// The value, in the indicator's unit.
    pub value: Option<Decimal>,
    /// What the plan writes, when it is not one number.
    pub text: Option<String>,
    /// The numbers in it.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// True where the plan leaves open whether the value is a baseline or an interim aim.
    #[serde(default)]
    pub unclear: bool,
    /// What a reader must know.
    pub note: Option<String>,
}

/// How a target compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// ≥ value.
    AtLeast,
    /// > value.
    MoreThan,
    /// A bare number in the plan; `reading` says what is meant.
    Equal,
    /// ≤ value.
    AtMost,
    /// < value.
    LessThan,
    /// value to upper.
    Between,
    /// 左右: near the value.
    About,
    /// 稳定在…以上.
    StableAbove,
    /// In words only.
    Text,
}

/// How a bare number is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// A floor: more is not a miss.
    Floor,
    /// A ceiling: less is not a miss.
    Ceiling,
    /// Exactly this.
    Exact,
}

/// One target value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Year at whose end it must hold; absent: the plan gives no date.
    pub year: Option<i32>,
    /// True where it must hold in each year: of the period, or up to `year` when that is given.
    #[serde(default)]
    pub each_year: bool,
    /// True where the plan does not date this row and `year` is the end of the plan's period.
    #[serde(default)]
    pub year_assumed: bool,
    /// Comparison.
    pub op: Op,
    /// Value, in the indicator's unit.
    pub value: Option<Decimal>,
    /// Upper end, for `between`.
    pub upper: Option<Decimal>,
    /// How a bare number is read.
    pub reading: Option<Reading>,
    /// What the plan writes, for `text`, or where words add something.
    pub text: Option<String>,
    /// Kind of region in each of which it must hold, e.g. `county` for "each county at least one".
    pub for_each: Option<super::RegionKind>,
    /// The part of the region it holds for, e.g. `主城区`.
    pub scope: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
}

/// Another statement in the plan that says something different about the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// Key of the other indicator, task or project; absent: the contradiction lies within the row or the facts.
    pub with: Option<String>,
    /// What differs.
    pub note: String,
}

/// A count, sum or number of different values over the rows of a register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Key of the register.
    pub register: String,
    /// Which rows, in the rules language; absent: all.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// `count`, `sum(EXPRESSION)` or `distinct(FIELD)`.
    pub value: String,
}

/// How the figure comes about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenMeasure")]
pub enum Measure {
    /// From the rows of registers.
    Computed {
        /// Above the line.
        numerator: Quantity,
        /// Below the line; absent: the numerator is the figure.
        denominator: Option<Quantity>,
        /// Factor: 100 for per cent, 1000 for per thousand, 0.0001 for 万.
        scale: Decimal,
        /// How often.
        period: Every,
        /// What is approximated.
        note: Option<String>,
    },
    /// Given by a department with evidence.
    Reported {
        /// Departments that report.
        by: Vec<String>,
        /// What proves it.
        evidence: String,
        /// How often.
        period: Every,
        /// What a reader must know.
        note: Option<String>,
    },
    /// From a model of the walks that people have: `circles.toml`.
    Modelled {
        /// Key of the circle.
        circle: String,
        /// Which of its figures.
        value: Reached,
        /// How often.
        period: Every,
        /// What is assumed.
        note: String,
    },
    /// None of these yet.
    NotComputable {
        /// Why not.
        why: String,
        /// What would be needed.
        needs: Vec<String>,
    },
}

/// A figure of a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// Per cent of the people who have a facility within the minutes.
    Share,
    /// Minutes within which as many as `walking.share` asks have one.
    Minutes,
    /// Minutes of the one in the middle.
    Median,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MeasureKind {
    Computed,
    Reported,
    Modelled,
    NotComputable,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMeasure {
    kind: MeasureKind,
    scale: Option<Decimal>,
    numerator: Option<Quantity>,
    denominator: Option<Quantity>,
    period: Option<Every>,
    #[serde(default)]
    by: Vec<String>,
    evidence: Option<String>,
    why: Option<String>,
    #[serde(default)]
    needs: Vec<String>,
    circle: Option<String>,
    value: Option<Reached>,
    note: Option<String>,
}

impl TryFrom<WrittenMeasure> for Measure {
    type Error = String;

    fn try_from(written: WrittenMeasure) -> Result<Self, String> {
        let period = written.period.unwrap_or(Every::Month);
        match written.kind {
            MeasureKind::Computed => Ok(Self::Computed {
                numerator: written.numerator.ok_or("kind = \"computed\" 缺 numerator = { register, where, value }")?,
                denominator: written.denominator,
                scale: written.scale.unwrap_or(Decimal::ONE),
                period,
                note: written.note,
            }),
            MeasureKind::Reported if written.by.is_empty() => Err("kind = \"reported\" 缺 by = [填报部门]".to_owned()),
            MeasureKind::Reported => Ok(Self::Reported {
                by: written.by,
                evidence: written.evidence.ok_or("kind = \"reported\" 缺 evidence = \"以什么为证\"")?,
                period,
                note: written.note,
            }),
            MeasureKind::Modelled => Ok(Self::Modelled {
                circle: written.circle.ok_or("kind = \"modelled\" 缺 circle = \"circles.toml 中的键\"")?,
                value: written.value.ok_or("kind = \"modelled\" 缺 value = \"share\"、\"minutes\" 或 \"median\"")?,
                period,
                note: written.note.ok_or("kind = \"modelled\" 缺 note = \"按什么假定推算\"")?,
            }),
            MeasureKind::NotComputable => Ok(Self::NotComputable {
                why: written.why.ok_or("kind = \"not_computable\" 缺 why = \"为什么暂不可算\"")?,
                needs: written.needs,
            }),
        }
    }
}

/// One indicator: a table row or a target in the prose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Key, e.g. `yangzhou.09`, `yangzhou.p04`.
    pub key: String,
    /// Number in the plan's table, or `P01` … for prose.
    pub no: String,
    /// True for a row of the plan's table.
    pub table: bool,
    /// Heading in the table.
    pub group: Option<String>,
    /// Whom it is about.
    pub field: Whom,
    /// Name as the plan writes it.
    pub name: String,
    /// Unit; absent where the target is in words.
    pub unit: Option<String>,
    /// Binding or expected.
    pub attribute: Attribute,
    /// Sort of quantity.
    pub nature: Nature,
    /// Where it stood.
    pub baseline: Option<Baseline>,
    /// Where it must go; several where the plan gives several years.
    #[serde(default, rename = "target")]
    pub targets: Vec<Target>,
    /// Lead departments.
    #[serde(default)]
    pub lead: Vec<String>,
    /// Participating departments.
    #[serde(default)]
    pub participate: Vec<String>,
    /// Clause.
    pub source: Source,
    /// Indicators that say the same.
    #[serde(default)]
    pub repeats: Vec<String>,
    /// Statements that say something else. Kept and shown, never resolved.
    #[serde(default)]
    pub contradicts: Vec<Contradiction>,
    /// Words in the name that need a local definition before it can be computed.
    #[serde(default)]
    pub undefined_words: Vec<String>,
    /// What a reader must know.
    pub notes: Option<String>,
    /// How the figure comes about.
    pub measure: Measure,
}
