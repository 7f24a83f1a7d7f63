//! Boards taken together: how each region stands, and what changed from one month to another. What the leader's page,
//! the wall and the bulletin say alike.

use crate::board::{Board, Line, judges_parts};
use crate::model::Month;
use crate::service::Monitoring;
use identity::Refusal;
use indicators::Status;
use rust_decimal::Decimal;
use std::sync::Arc;

/// How one region stands over the indicators that judge parts of the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionStanding {
    /// Region code.
    pub code: String,
    /// Its name.
    pub name: String,
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
}

impl RegionStanding {
    /// Counts a board's lines.
    #[must_use]
    pub fn of(board: &Board, cell: Option<(i32, i32)>) -> Self {
        let mut standing = Self {
            code: board.region.clone(),
            name: board.region_name.clone(),
            cell,
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

/// Whether a line is a target that holds for parts of the place.
#[must_use]
pub fn counts_for_parts(line: &Line) -> bool {
    let indicator = line.indicator();
    indicator.nature.is_target() && judges_parts(indicator)
}

/// Puts the regions in order: the greater share that is met or on the path first, then the fewer late ones;
/// what cannot be judged last.
pub fn rank(standings: &mut [RegionStanding]) {
    standings.sort_by(|a, b| {
        let key = |one: &RegionStanding| (one.good_share().is_none(), std::cmp::Reverse(one.good_share()), one.late);
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
            standings.push(RegionStanding::of(&part, region.cell));
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
            cell: None,
            met,
            on_path: 0,
            slow: 0,
            late,
            unknown: 3,
        }
    }

    #[test]
    fn a_region_that_cannot_be_judged_comes_last_and_has_no_share() {
        let mut all = vec![region("a", 0, 0), region("b", 1, 3), region("c", 3, 1), region("d", 6, 2)];
        rank(&mut all);
        assert_eq!(all.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["c", "d", "b", "a"]);
        assert_eq!(all.last().unwrap().good_share(), None);
        assert_eq!(all.first().unwrap().good_share(), Some(Decimal::from(75)));
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
