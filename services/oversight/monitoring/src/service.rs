//! The service: figures computed and kept, boards assembled and shared.

use crate::board::{Board, Frame, SERIES_MONTHS, assemble};
use crate::by_region::Part;
use crate::cache::Cache;
use crate::compute::{self, Computed, Preparation};
use crate::model::{Figure, Month};
use crate::regions::{RegionIndex, Sheet};
use crate::shapes::Shapes;
use crate::shared_read::SharedRead;
use crate::store;
use crate::work::Work;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use facts::{Entry, Fact};
use identity::Refusal;
use plans::{Adopted, Plans};
use records::{ColumnsQuery, Registry};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use storage::{Db, StorageError};
use vocabulary::clock::china_day;
use vocabulary::{Clock, Origin, RegionPath, Register};

/// Boards kept in memory.
const BOARDS_KEPT: usize = 256;
/// Values of one indicator by region, kept in memory.
const PARTS_KEPT: usize = 512;
/// Accounts whose work is kept in memory.
const WORK_KEPT: usize = 512;

/// What a board is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BoardKey {
    pack: String,
    region: String,
    month: Month,
    today: NaiveDate,
    known_at: Option<DateTime<Utc>>,
}

impl BoardKey {
    /// The key of a board that was assembled.
    pub(crate) fn of(board: &Board, today: NaiveDate) -> Self {
        Self {
            pack: board.adopted.pack.hash.clone(),
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
}

impl Kept {
    fn new() -> Self {
        Self {
            boards: Cache::new(BOARDS_KEPT),
            parts: Cache::new(PARTS_KEPT),
            work: Cache::new(WORK_KEPT),
            regions: Mutex::default(),
            stamps: Mutex::default(),
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
}

/// What a computation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComputeReport {
    /// Indicators computed.
    pub indicators: usize,
    /// Figures that are new or changed, and were written.
    pub written: usize,
    /// Rows read.
    pub rows: usize,
}

impl Monitoring {
    /// The service over a database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, plans: Plans, registry: Registry) -> Self {
        Self { db, clock, plans, registry, kept: Arc::new(Kept::new()), shapes: Arc::default() }
    }

    /// The same service with real boundaries for its maps.
    #[must_use]
    pub fn with_shapes(mut self, shapes: Shapes) -> Self {
        self.shapes = Arc::new(shapes);
        self
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
            pack: adopted.pack.hash.clone(),
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

    /// The columns of one register inside a region, with the terms every register has.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sheet(
        &self,
        adopted: &Adopted,
        register: &Register,
        fields: &[&str],
        scope: &RegionPath,
        with_ids: bool,
    ) -> Result<Sheet, Refusal> {
        let mut query = ColumnsQuery::now(scope, fields);
        query.with_ids = with_ids;
        let columns = records::columns(&self.db, register, &query).await?;
        let mut sheet = Sheet {
            table: columns.table,
            regions: columns.regions,
            row_region: columns.row_region,
            ids: columns.ids,
            origin: columns.origins.last().copied(),
        };
        sheet.add_ancestors(&self.regions(adopted));
        Ok(sheet)
    }

    /// Computes the place's indicators for some months from the registers as they are now, and writes the
    /// figures that are new or differ from those known.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses; nothing is written then.
    pub async fn compute(&self, place: &str, months: &[Month], by: &str) -> Result<ComputeReport, Refusal> {
        let adopted = self.adopted(place)?;
        let preparation = self.preparation(&adopted)?;
        let (sheets, origins) = self.sheets(&adopted, &preparation).await?;
        let mut report = ComputeReport {
            indicators: preparation.indicators.len(),
            rows: sheets.values().map(|sheet| sheet.table.rows()).sum(),
            written: 0,
        };
        let mut fresh = Vec::new();
        let regions = self.regions(&adopted);
        let mut sheets = sheets;
        for month in months {
            let on = month.as_of(self.clock.today());
            sheets.insert(crate::regions::REGION_KEY.to_owned(), regions.sheet(on));
            let parameters = compute::parameters_on(adopted.layers(), on);
            let computed = compute::figures(&preparation, &sheets, &regions, &parameters, on).map_err(|problems| {
                let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
                Refusal::Conflict(format!("指标不能计算：{}", messages.join("；")))
            })?;
            let known = self.known(place, *month).await?;
            for one in computed {
                let figure = self.figure(&adopted, &preparation, &origins, one, *month, on);
                if !known.get(&(figure.region.clone(), figure.indicator.clone())).is_some_and(|old| same(old, &figure))
                {
                    fresh.push(figure);
                }
            }
        }
        report.written = fresh.len();
        if !fresh.is_empty() {
            self.write(place, &adopted, &fresh, by).await?;
        }
        Ok(report)
    }

    async fn sheets(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
    ) -> Result<(HashMap<String, Sheet>, HashMap<String, Origin>), Refusal> {
        let scope = self
            .regions(adopted)
            .path(adopted.place())
            .ok_or_else(|| Refusal::NotFound("这个地方的区划".to_owned()))?;
        let (mut sheets, mut origins) = (HashMap::new(), HashMap::new());
        for (key, fields) in &preparation.columns {
            let Some(register) = self.registry.get(adopted.place(), key) else { continue };
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let sheet = self.sheet(adopted, &register, &fields, &scope, false).await?;
            if let Some(origin) = sheet.origin {
                origins.insert(key.clone(), origin);
            }
            sheets.insert(key.clone(), sheet);
        }
        Ok((sheets, origins))
    }

    /// What is known of a month, by region and indicator.
    async fn known(&self, place: &str, month: Month) -> Result<HashMap<(String, String), Figure>, StorageError> {
        let figures = store::figures_of_month(&self.db, place, month).await?;
        Ok(figures.into_iter().map(|figure| ((figure.region.clone(), figure.indicator.clone()), figure)).collect())
    }

    fn figure(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
        origins: &HashMap<String, Origin>,
        computed: Computed,
        month: Month,
        as_of: NaiveDate,
    ) -> Figure {
        let prepared = preparation.indicator(&computed.indicator);
        let sides = prepared.into_iter().flat_map(|one| std::iter::once(&one.numerator).chain(&one.denominator));
        // A figure is no firmer than the least real rows it rests on.
        let origin = sides.filter_map(|side| origins.get(&side.register)).max().copied().unwrap_or(Origin::Measured);
        Figure {
            indicator: computed.indicator,
            region: computed.region,
            month,
            as_of,
            known_at: self.clock.now(),
            computed: true,
            numerator: computed.numerator,
            denominator: computed.denominator,
            value: computed.value,
            origin,
            pack: adopted.pack.hash.clone(),
            basis: None,
            note: computed.note,
        }
    }

    /// Publishes figures that come from elsewhere (an old system, a demonstration), in bulk: one fact, one audit entry.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses.
    pub async fn publish(&self, place: &str, figures: &[Figure], by: &str) -> Result<(), Refusal> {
        if figures.is_empty() {
            return Ok(());
        }
        let adopted = self.adopted(place)?;
        self.write(place, &adopted, figures, by).await
    }

    async fn write(&self, place: &str, adopted: &Adopted, figures: &[Figure], by: &str) -> Result<(), Refusal> {
        let mut digest = Sha256::new();
        for figure in figures {
            digest.update(format!("{}|{}|{}|{:?}\n", figure.indicator, figure.region, figure.month, figure.value));
        }
        let body =
            json!({"figures": figures.len(), "digest": hex::encode(digest.finalize()), "pack": adopted.pack.hash});
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        store::insert_figures(&mut tx, place, figures).await?;
        let subject = format!("figures:{place}");
        let fact = Fact {
            district: place.to_owned(),
            kind: "IndicatorsMeasured",
            subject: subject.clone(),
            valid_on: self.clock.today(),
            actor: by.to_owned(),
            body: body.clone(),
            because: Vec::new(),
        };
        facts::record(&mut tx, now, &fact).await?;
        let entry = Entry {
            district: place.to_owned(),
            actor: by.to_owned(),
            action: crate::actions::COMPUTE.key.to_owned(),
            subject,
            detail: body,
        };
        facts::audit(&mut tx, now, &entry).await?;
        store::touch(&mut tx, place).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether a newly computed figure says the same as the one known.
fn same(old: &Figure, new: &Figure) -> bool {
    old.computed == new.computed
        && old.value == new.value
        && old.numerator == new.numerator
        && old.denominator == new.denominator
        && old.as_of == new.as_of
        && old.origin == new.origin
        && old.note == new.note
}
