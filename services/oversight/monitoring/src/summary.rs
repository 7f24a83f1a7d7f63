//! Boards taken together: how each region stands, and what changed from one month to another. What the leader's page,
//! the wall and the bulletin say alike.

use crate::board::{Board, Line, judges_parts};
use crate::model::Month;
use crate::service::Monitoring;
use identity::Refusal;
use indicators::Status;
use pack_reader::model::{Indicator, Measure, Region};
use plans::Adopted;
use rust_decimal::Decimal;
use std::sync::Arc;

/// How one region stands over the indicators that judge parts of the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionStanding {
    /// Region code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The shortest of its names, for maps.
    pub short: String,
    /// Its place in the schematic map.
    pub cell: Option<(i32, i32)>,
    /// Met.
    pub met: usize,
    /// On the path.
    pub on_path: usize,
    /// Slow.
    pub slow: usize,
    /// Late.
    pub late: usize,
    /// Without a status that says how far it is: no path, not reported, not computable.
    pub unknown: usize,
    /// Whether so much less can be judged than elsewhere that a place in the order would mislead.
    pub too_few: bool,
}

impl RegionStanding {
    /// Counts the lines of a region's board.
    #[must_use]
    pub fn of(board: &Board, region: &Region) -> Self {
        let mut standing = Self {
            code: board.region.clone(),
            name: board.region_name.clone(),
            short: shortest_name(region),
            cell: region.cell,
            too_few: false,
            met: 0,
            on_path: 0,
            slow: 0,
            late: 0,
            unknown: 0,
        };
        for line in board.lines.iter().filter(|line| counts_for_parts(line)) {
            match line.standing.status {
                Status::Met => standing.met += 1,
                Status::OnPath => standing.on_path += 1,
                Status::Slow => standing.slow += 1,
                Status::Late => standing.late += 1,
                Status::NoPath | Status::NotReported | Status::NotComputable => standing.unknown += 1,
            }
        }
        standing
    }

    /// How many can be judged.
    #[must_use]
    pub const fn judged(&self) -> usize {
        self.met + self.on_path + self.slow + self.late
    }

    /// Share of the judged that is met or on the path, in per cent; `None` where nothing can be judged.
    #[must_use]
    pub fn good_share(&self) -> Option<Decimal> {
        let good = Decimal::from(self.met + self.on_path);
        documents::fmt::per_cent_of(good, Decimal::from(self.judged()))
    }
}

/// Names given before the list is cut.
const NAMED: usize = 3;

/// Who answers for an indicator, in words: its lead units. Where the plan names none, those that lead the tasks it is
/// served by, else those that report it, and it is said which.
#[must_use]
pub fn responsible(adopted: &Adopted, indicator: &Indicator) -> String {
    answering(adopted, indicator).unwrap_or_else(|| "方案没有写明".to_owned())
}

/// The same; `None` where the plan names nobody.
pub(crate) fn answering(adopted: &Adopted, indicator: &Indicator) -> Option<String> {
    let names = |keys: &[String]| {
        let shown = keys.iter().take(NAMED).map(|key| crate::pages::department_name(adopted, key));
        let more = if keys.len() > NAMED { "等" } else { "" };
        format!("{}{more}", crate::undertakings::listed(shown))
    };
    if !indicator.lead.is_empty() {
        let leads = indicator.lead.iter().map(|key| crate::pages::department_name(adopted, key));
        return Some(crate::undertakings::listed(leads));
    }
    let serving =
        adopted.pack.tasks.iter().filter(|task| task.indicators.contains(&indicator.key) && !task.lead.is_empty());
    if let Some(task) = serving.min_by_key(|task| task.lead.len()) {
        return Some(format!("{}（任务牵头）", names(&task.lead)));
    }
    match &indicator.measure {
        Measure::Reported { by, .. } if !by.is_empty() => Some(format!("{}（填报）", names(by))),
        _ => None,
    }
}

/// Whether a line is a target that holds for parts of the place.
#[must_use]
pub fn counts_for_parts(line: &Line) -> bool {
    line.is_target() && judges_parts(line.indicator())
}

/// The shortest of a region's names that is still a name.
fn shortest_name(region: &Region) -> String {
    let names = std::iter::once(&region.name).chain(&region.aliases).filter(|name| name.chars().count() >= 2);
    names.min_by_key(|name| name.chars().count()).unwrap_or(&region.name).clone()
}

/// A region takes part in the order when at least one part in so many of what the best known one has can be judged: a
/// share of one indicator says nothing beside shares of thirty.
const JUDGED_PART: usize = 3;

/// Puts the regions in order: the greater share that is met or on the path first, then the fewer late ones; where too
/// little can be judged, last.
pub fn rank(standings: &mut [RegionStanding]) {
    let most = standings.iter().map(RegionStanding::judged).max().unwrap_or(0);
    for one in standings.iter_mut() {
        one.too_few = one.judged() == 0 || one.judged() * JUDGED_PART < most;
    }
    standings.sort_by(|a, b| {
        let key = |one: &RegionStanding| (one.too_few, std::cmp::Reverse(one.good_share()), one.late);
        key(a).cmp(&key(b)).then_with(|| a.code.cmp(&b.code))
    });
}

/// How a status moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Further behind than before.
    Worse,
    /// Nearer to its target than before.
    Better,
    /// Known now, and not before; or the other way round.
    Other,
}

impl Turn {
    /// The word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Worse => "变差",
            Self::Better => "好转",
            Self::Other => "其他变化",
        }
    }

    /// Which way it went from one status to another; `None` when it did not move.
    #[must_use]
    pub fn of(from: Status, to: Status) -> Option<Self> {
        let judged = |status| matches!(status, Status::Met | Status::OnPath | Status::Slow | Status::Late);
        match (judged(from), judged(to)) {
            _ if from == to => None,
            // From good to late is the order of the statuses.
            (true, true) if to > from => Some(Self::Worse),
            (true, true) => Some(Self::Better),
            _ => Some(Self::Other),
        }
    }
}

/// An indicator whose status is another than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Whether it binds.
    pub binding: bool,
    /// Where it stood.
    pub from: Status,
    /// Where it stands.
    pub to: Status,
    /// Which way.
    pub turn: Turn,
    /// The value then, with unit.
    pub value_before: String,
    /// The value now, with unit.
    pub value: String,
}

/// What changed between two boards of a region, the worse first, binding ones before others.
#[must_use]
pub fn changes(before: &Board, now: &Board) -> Vec<Change> {
    let mut found: Vec<Change> = now
        .lines
        .iter()
        .filter_map(|line| {
            let indicator = line.indicator();
            let old = before.line(&indicator.key)?;
            let (from, to) = (old.standing.status, line.standing.status);
            Some(Change {
                key: indicator.key.clone(),
                name: indicator.name.clone(),
                binding: line.is_binding(),
                from,
                to,
                turn: Turn::of(from, to)?,
                value_before: old.value().with_unit(),
                value: line.value().with_unit(),
            })
        })
        .collect();
    found.sort_by_key(|change| (change.turn, !change.binding));
    found
}

impl Monitoring {
    /// How every region right below a board's stands, best first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn region_standings(&self, board: &Board) -> Result<Vec<RegionStanding>, Refusal> {
        let regions = self.regions(&board.adopted);
        let mut standings = Vec::new();
        for region in regions.children(&board.region, board.as_of) {
            let part = self.board(board.adopted.place(), &region.code, board.month, board.known_at).await?;
            standings.push(RegionStanding::of(&part, region));
        }
        rank(&mut standings);
        Ok(standings)
    }

    /// The board of the same region in another month, as known at the same moment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn board_at(&self, board: &Board, month: Month) -> Result<Arc<Board>, Refusal> {
        self.board(board.adopted.place(), &board.region, month, board.known_at).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str, met: usize, late: usize) -> RegionStanding {
        RegionStanding {
            code: code.to_owned(),
            name: code.to_owned(),
            short: code.to_owned(),
            cell: None,
            too_few: false,
            met,
            on_path: 0,
            slow: 0,
            late,
            unknown: 3,
        }
    }

    #[test]
    fn a_region_that_cannot_be_judged_comes_last_and_has_no_share() {
        let mut all =
            vec![region("a", 0, 0), region("b", 1, 3), region("c", 3, 1), region("d", 6, 2), region("e", 2, 0)];
        rank(&mut all);
        assert_eq!(all.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["c", "d", "b", "e", "a"]);
        assert_eq!(all.last().unwrap().good_share(), None);
        assert_eq!(all.first().unwrap().good_share(), Some(Decimal::from(75)));
        let few: Vec<bool> = all.iter().map(|one| one.too_few).collect();
        assert_eq!(few, [false, false, false, true, true], "two of eight say too little, however good");
    }

    #[test]
    fn what_was_not_known_before_is_neither_better_nor_worse() {
        assert_eq!(Turn::of(Status::OnPath, Status::Late), Some(Turn::Worse));
        assert_eq!(Turn::of(Status::Slow, Status::Met), Some(Turn::Better));
        assert_eq!(Turn::of(Status::NotReported, Status::Met), Some(Turn::Other));
        assert_eq!(Turn::of(Status::Late, Status::NotReported), Some(Turn::Other));
        assert_eq!(Turn::of(Status::Late, Status::Late), None);
    }
}
