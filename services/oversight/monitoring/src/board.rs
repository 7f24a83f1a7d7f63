//! The board: every indicator of a place in a region and month, where it stands and why. Assembled once for
//! each state of the figures, then shared by every page, document and download, so that they agree.

use crate::commands::{due_day, every};
use crate::define::{self, decimals, definition, policy};
use crate::model::{Figure, Month};
use crate::regions::RegionIndex;
use chrono::{DateTime, NaiveDate, Utc};
use documents::fmt::Figure as Shown;
use indicators::{Observation, Policy, Standing, Status, assess};
use pack_reader::model::{Attribute, Every, Indicator, Measure, RegionKind};
use plans::Adopted;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;
use vocabulary::{Origin, RegionPath};

/// Months in a series, the present one included.
pub const SERIES_MONTHS: u32 = 24;

/// One indicator on the board.
#[derive(Debug, Clone)]
pub struct Line {
    /// Place of the indicator in the pack.
    at: usize,
    adopted: Arc<Adopted>,
    /// The latest figure that is not older than its period allows.
    pub figure: Option<Figure>,
    /// Where it stands.
    pub standing: Standing,
    /// One value a month, oldest first; `None` where none is known.
    pub series: Vec<(Month, Option<Decimal>)>,
    /// Decimals shown.
    pub decimals: u32,
    /// The last day for the period that is asked for now, when the plan's calendar says so.
    pub due: Option<NaiveDate>,
}

impl Line {
    /// The indicator as the pack has it.
    #[must_use]
    pub fn indicator(&self) -> &Indicator {
        // The index was made from this very pack and packs never change.
        &self.adopted.pack.indicators[self.at]
    }

    /// A value of this indicator as it is shown everywhere.
    #[must_use]
    pub fn shown(&self, value: Option<Decimal>) -> Shown {
        Shown::new(value, self.decimals, self.indicator().unit.clone().unwrap_or_default())
    }

    /// The present value.
    #[must_use]
    pub fn value(&self) -> Shown {
        self.shown(self.figure.as_ref().and_then(|figure| figure.value))
    }

    /// Where the present value comes from.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.figure.as_ref().filter(|figure| figure.value.is_some()).map(|figure| figure.origin)
    }

    /// Whether the plan binds the government to it.
    #[must_use]
    pub fn is_binding(&self) -> bool {
        self.indicator().attribute == Attribute::Binding
    }

    /// Whether it is a target, and not a forecast, a need or what exists already.
    #[must_use]
    pub fn is_target(&self) -> bool {
        self.indicator().nature.is_target()
    }

    /// Whether someone should look at it: late or slow.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        matches!(self.standing.status, Status::Late | Status::Slow)
    }
}

/// All indicators of a place in one region and month.
#[derive(Debug, Clone)]
pub struct Board {
    /// The plan.
    pub adopted: Arc<Adopted>,
    /// Region code.
    pub region: String,
    /// Region name.
    pub region_name: String,
    /// Kind of the region; `None` for the place as a whole.
    pub part: Option<RegionKind>,
    /// Path of the region.
    pub path: RegionPath,
    /// The month shown.
    pub month: Month,
    /// The day its figures speak of.
    pub as_of: NaiveDate,
    /// The moment whose knowledge counts; `None`: now.
    pub known_at: Option<DateTime<Utc>>,
    /// The lines, in the order of the plan.
    pub lines: Vec<Line>,
}

impl Board {
    /// The line of an indicator.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.indicator().key == key)
    }

    /// The targets, in the order of the plan. Forecasts, needs and what exists already stand nowhere on a path: they are nobody's to reach.
    pub fn targets(&self) -> impl Iterator<Item = &Line> + Clone {
        self.lines.iter().filter(|line| line.is_target())
    }

    /// How many targets have each status.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Status, usize> {
        let mut counts = BTreeMap::new();
        for line in self.targets() {
            *counts.entry(line.standing.status).or_insert(0) += 1;
        }
        counts
    }

    /// Targets with a status.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.targets().filter(|line| line.standing.status == status).count()
    }

    /// Late and slow lines, binding ones first, the furthest behind first.
    #[must_use]
    pub fn attention(&self) -> Vec<&Line> {
        let mut lines: Vec<&Line> = self.lines.iter().filter(|line| line.needs_attention()).collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.standing.status), !line.is_binding(), line.standing.progress));
        lines
    }

    /// Share of the plan's period that is over, 0 to 1.
    #[must_use]
    pub fn time_share(&self) -> Option<Decimal> {
        let period = self.adopted.pack.manifest.period?;
        let days = (period.to - period.from).num_days() + 1;
        let over = ((self.as_of - period.from).num_days() + 1).clamp(0, days);
        Decimal::from(over).checked_div(Decimal::from(days))
    }
}

/// What a board is made for.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The plan.
    pub adopted: Arc<Adopted>,
    /// Its regions.
    pub regions: Arc<RegionIndex>,
    /// Region code.
    pub region: String,
    /// Month.
    pub month: Month,
    /// Today, for the month that is not over.
    pub today: NaiveDate,
    /// The moment whose knowledge counts; `None`: now.
    pub known_at: Option<DateTime<Utc>>,
}

/// Assembles a board from the figures of its region. `None` for a region the plan does not know.
#[must_use]
pub fn assemble(frame: &Frame, figures: Vec<Figure>) -> Option<Board> {
    let region = frame.regions.get(&frame.region)?;
    let root = frame.regions.root()?;
    let part = (region.code != root.code).then_some(region.kind);
    let as_of = frame.month.as_of(frame.today);
    let mut by_indicator: BTreeMap<String, BTreeMap<Month, Figure>> = BTreeMap::new();
    for figure in figures {
        // Later knowledge of the same month comes later and takes its place.
        by_indicator.entry(figure.indicator.clone()).or_default().insert(figure.month, figure);
    }
    let empty = BTreeMap::new();
    let lines = frame
        .adopted
        .pack
        .indicators
        .iter()
        .enumerate()
        .map(|(at, indicator)| {
            let known = by_indicator.get(&indicator.key).unwrap_or(&empty);
            line(frame, at, indicator, part, known, as_of)
        })
        .collect();
    Some(Board {
        adopted: Arc::clone(&frame.adopted),
        region: region.code.clone(),
        region_name: region.name.clone(),
        part,
        path: RegionPath::stored(&region.path),
        month: frame.month,
        as_of,
        known_at: frame.known_at,
        lines,
    })
}

/// Months a value may be old before the indicator counts as not reported: its period and the one before.
pub(crate) const fn months_allowed(every: Every) -> u32 {
    match every {
        Every::Month => 2,
        Every::Quarter => 6,
        Every::HalfYear => 12,
        Every::Year => 24,
    }
}

fn line(
    frame: &Frame,
    at: usize,
    indicator: &Indicator,
    part: Option<RegionKind>,
    known: &BTreeMap<Month, Figure>,
    as_of: NaiveDate,
) -> Line {
    let every = every(indicator);
    let oldest = frame.month.back(months_allowed(every) - 1);
    let figure = known.range(oldest..=frame.month).next_back().map(|(_, figure)| figure.clone());
    let standing = stand(frame, indicator, part, figure.as_ref(), as_of);
    let series = (0..SERIES_MONTHS)
        .rev()
        .map(|back| frame.month.back(back))
        .map(|month| (month, known.get(&month).and_then(|figure| figure.value)))
        .collect();
    Line {
        at,
        adopted: Arc::clone(&frame.adopted),
        figure,
        standing,
        series,
        decimals: decimals(indicator),
        due: due_day(frame.adopted.layers(), every, frame.month),
    }
}

/// Where one figure stands.
#[must_use]
pub fn stand(
    frame: &Frame,
    indicator: &Indicator,
    part: Option<RegionKind>,
    figure: Option<&Figure>,
    as_of: NaiveDate,
) -> Standing {
    let layers = frame.adopted.layers();
    let observation = match (figure, &indicator.measure) {
        (_, Measure::NotComputable { why, .. }) => Observation::NotComputable { why: why.clone() },
        (Some(Figure { value: Some(value), .. }), _) => Observation::Value(*value),
        (Some(Figure { value: None, note, .. }), _) => {
            Observation::NotComputable { why: note.clone().unwrap_or_else(|| "没有算出数值".to_owned()) }
        }
        (None, Measure::Modelled { .. }) => Observation::NotComputable { why: "还没有推算".to_owned() },
        (None, _) => Observation::NotReported,
    };
    let observation = match policy(layers, as_of) {
        Some(_) => observation,
        None => Observation::NotComputable {
            why: "全国基础包缺少判断快慢的参数 standing.slow_floor".to_owned()
        },
    };
    let policy = policy(layers, as_of).unwrap_or(Policy { slow_floor: Decimal::ONE });
    assess(&definition(indicator, layers, part, as_of), &policy, &observation, as_of)
}

/// Whether the plan gives this indicator a target for a part of the place.
#[must_use]
pub fn judges_parts(indicator: &Indicator) -> bool {
    define::is_rate(indicator) || indicator.targets.iter().any(|target| target.for_each.is_some())
}
