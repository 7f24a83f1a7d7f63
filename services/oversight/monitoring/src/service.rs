//! The service: what it stands on, boards assembled and shared.

use crate::board::{Board, Frame, SERIES_MONTHS, assemble};
use crate::by_region::Part;
use crate::cache::Cache;
use crate::compute::Preparation;
use crate::computing::Tally;
use crate::model::Month;
use crate::regions::RegionIndex;
use crate::shapes::Shapes;
use crate::shared_read::SharedRead;
use crate::store;
use crate::work::Work;
use cases::Cases;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use identity::Refusal;
use plans::{Adopted, Plans};
use records::Registry;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use storage::{Db, StorageError};
use vocabulary::clock::china_day;
use vocabulary::{Clock, Register};

/// Boards kept in memory.
const BOARDS_KEPT: usize = 256;
/// Values of one indicator by region, kept in memory.
const PARTS_KEPT: usize = 512;
/// Accounts whose work is kept in memory.
const WORK_KEPT: usize = 512;

/// What a board is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BoardKey {
    /// The plan and the base beneath it.
    version: String,
    region: String,
    month: Month,
    today: NaiveDate,
    known_at: Option<DateTime<Utc>>,
}

impl BoardKey {
    /// The key of a board that was assembled.
    pub(crate) fn of(board: &Board, today: NaiveDate) -> Self {
        Self {
            version: board.adopted.version(),
            region: board.region.clone(),
            month: board.month,
            today,
            known_at: board.known_at,
        }
    }
}

pub(crate) struct Kept {
    boards: Cache<BoardKey, Board>,
    pub(crate) parts: Cache<(BoardKey, String), Vec<Part>>,
    pub(crate) work: Cache<(String, NaiveDate), Work>,
    regions: Mutex<HashMap<String, Arc<RegionIndex>>>,
    stamps: Mutex<HashMap<String, Arc<SharedRead<i64>>>>,
    pub(crate) tallies: Mutex<HashMap<String, Tally>>,
}

impl Kept {
    fn new() -> Self {
        Self {
            boards: Cache::new(BOARDS_KEPT),
            parts: Cache::new(PARTS_KEPT),
            work: Cache::new(WORK_KEPT),
            regions: Mutex::default(),
            stamps: Mutex::default(),
            tallies: Mutex::default(),
        }
    }
}

/// Figures, boards and what users do with them. Cheap to clone.
#[derive(Clone)]
pub struct Monitoring {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) plans: Plans,
    pub(crate) registry: Registry,
    pub(crate) kept: Arc<Kept>,
    shapes: Arc<Shapes>,
    cases: Option<Cases>,
}

impl Monitoring {
    /// The service over a database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, plans: Plans, registry: Registry) -> Self {
        Self { db, clock, plans, registry, kept: Arc::new(Kept::new()), shapes: Arc::default(), cases: None }
    }

    /// The same service with real boundaries for its maps.
    #[must_use]
    pub fn with_shapes(mut self, shapes: Shapes) -> Self {
        self.shapes = Arc::new(shapes);
        self
    }

    /// The same service with the cases by which is reported; they must watch the plan through [`crate::reporting::Reporting`].
    #[must_use]
    pub fn with_cases(mut self, cases: Cases) -> Self {
        self.cases = Some(cases);
        self
    }

    /// The cases by which is reported.
    ///
    /// # Errors
    /// A fault where the service was put together without them.
    pub(crate) fn cases(&self) -> Result<&Cases, Refusal> {
        self.cases.as_ref().ok_or_else(|| Refusal::Fault("monitoring was put together without cases".to_owned()))
    }

    /// The same service over other registers, with a memory of its own: for what is tried and not kept.
    pub(crate) fn over(&self, registry: Registry) -> Self {
        Self { registry, kept: Arc::new(Kept::new()), ..self.clone() }
    }

    /// The stamp of a place, as it was after this was asked: whoever has just written sees what they wrote.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn stamp(&self, place: &str) -> Result<i64, StorageError> {
        let shared = {
            let mut stamps = self.kept.stamps.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(stamps.entry(place.to_owned()).or_default())
        };
        shared.read(|| store::stamp(&self.db, place)).await
    }

    /// The plan of a place that is in force today.
    ///
    /// # Errors
    /// When the place has adopted none.
    pub fn adopted(&self, place: &str) -> Result<Arc<Adopted>, Refusal> {
        self.plans.in_force(place, self.clock.today()).ok_or_else(|| Refusal::NotFound("这个地方的方案".to_owned()))
    }

    /// The regions of a plan, prepared once.
    #[must_use]
    pub fn regions(&self, adopted: &Adopted) -> Arc<RegionIndex> {
        let mut kept = self.kept.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.entry(adopted.pack.hash.clone());
        Arc::clone(index.or_insert_with(|| Arc::new(RegionIndex::of(&adopted.pack).with_shapes(&self.shapes))))
    }

    /// The board of a region in a month. Shared until a figure of the place changes.
    ///
    /// # Errors
    /// When the place has no plan, the plan no such region, or the database refuses.
    pub async fn board(
        &self,
        place: &str,
        region: &str,
        month: Month,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Arc<Board>, Refusal> {
        let adopted = self.adopted(place)?;
        let key = BoardKey {
            version: adopted.version(),
            region: region.to_owned(),
            month,
            today: self.clock.today(),
            known_at,
        };
        let stamp = self.stamp(place).await?;
        if let Some(board) = self.kept.boards.get(&key, stamp) {
            return Ok(board);
        }
        let frame = self.frame(adopted, region, month, known_at);
        let until = known_at.unwrap_or_else(|| self.clock.now());
        let months = (month.back(SERIES_MONTHS - 1), month);
        let figures = store::figures_of_region(&self.db, place, region, months, until).await?;
        let board = assemble(&frame, figures).ok_or_else(|| Refusal::NotFound("这个区划".to_owned()))?;
        Ok(self.kept.boards.put(key, stamp, board))
    }

    /// What a board of a region and month is made for.
    #[must_use]
    pub fn frame(&self, adopted: Arc<Adopted>, region: &str, month: Month, known_at: Option<DateTime<Utc>>) -> Frame {
        let regions = self.regions(&adopted);
        let today = self.clock.today();
        // Who looks as of an earlier day stands on that day: its month was not over yet.
        let today = known_at.map_or(today, |moment| china_day(moment - Duration::microseconds(1)).min(today));
        Frame { adopted, regions, region: region.to_owned(), month, today, known_at }
    }

    /// The registers that the place's expressions may speak of: its own and the regions.
    #[must_use]
    pub fn registers(&self, place: &str) -> Vec<Arc<Register>> {
        let mut all = self.registry.all(place);
        all.push(Arc::new(crate::regions::register()));
        all
    }

    /// The place's computed indicators, compiled.
    ///
    /// # Errors
    /// What does not compile; never for a pack that passed its check with the same registers.
    pub fn preparation(&self, adopted: &Adopted) -> Result<Preparation, Refusal> {
        let registers = self.registers(adopted.place());
        let registers: Vec<&Register> = registers.iter().map(AsRef::as_ref).collect();
        Preparation::of(adopted.layers(), &registers, self.clock.today()).map_err(|problems| {
            let lines: Vec<String> = problems
                .iter()
                .map(|(key, problem)| format!("{key}: {} ({})", problem.message, problem.remedy))
                .collect();
            Refusal::Conflict(format!("指标公式不能编译：{}", lines.join("；")))
        })
    }
}
