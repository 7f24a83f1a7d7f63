//! Figures computed from the registers and written: from nothing, or from the regions that were written to since.

use crate::compute::{self, Computed, Preparation};
use crate::model::{Figure, Month};
use crate::regions::{REGION_KEY, Sheet};
use crate::service::Monitoring;
use crate::store;
use crate::totals::{Reckoning, Totals};
use chrono::NaiveDate;
use facts::{Entry, Fact};
use identity::Refusal;
use plans::Adopted;
use records::{Columns, ColumnsQuery, Touched, touched};
use rules::Problem;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};
use storage::StorageError;
use vocabulary::{Origin, RegionPath, Register};

/// How often a computation looks for what was written while it read. What comes later is seen the next time.
const LOOKS: usize = 3;

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

/// What the last computation of a place knew, kept so that the next one reads only what was written to since.
#[derive(Debug)]
pub(crate) struct Tally {
    /// The plan and the base beneath it.
    version: String,
    /// The day.
    pub(crate) on: NaiveDate,
    /// How often each region of each register had been written to before its rows were read.
    touched: Touched,
    pub(crate) totals: Totals,
    /// The least real origin met in each register since all of it was read.
    pub(crate) origins: HashMap<String, Origin>,
}

impl Monitoring {
    /// Computes the place's indicators for some months from the registers as they are now, and writes the figures that
    /// are new or differ from those known. The present month's totals are kept in memory: asked again on the same day
    /// with the same plan, only regions that were written to are read.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses; nothing is written then.
    pub async fn compute(&self, place: &str, months: &[Month], by: &str) -> Result<ComputeReport, Refusal> {
        let adopted = self.adopted(place)?;
        let preparation = self.preparation(&adopted)?;
        let mut report = ComputeReport { indicators: preparation.indicators.len(), ..ComputeReport::default() };
        let mut fresh = Vec::new();
        for (month, tally) in self.tallies(&adopted, &preparation, months, &mut report.rows).await? {
            let regions = self.regions(&adopted);
            let parameters = compute::parameters_on(adopted.layers(), tally.on);
            let computed = Reckoning::new(&preparation, &regions, &parameters, tally.on).figures(&tally.totals);
            let known = self.known(place, month).await?;
            for one in computed {
                let figure = self.figure(&adopted, &preparation, &tally.origins, one, month, tally.on);
                if !known.get(&(figure.region.clone(), figure.indicator.clone())).is_some_and(|old| same(old, &figure))
                {
                    fresh.push(figure);
                }
            }
            if tally.on == self.clock.today() {
                let mut kept = self.kept.tallies.lock().unwrap_or_else(PoisonError::into_inner);
                kept.insert(place.to_owned(), tally);
            }
        }
        report.written = fresh.len();
        if !fresh.is_empty() {
            self.write(place, &adopted, &fresh, by).await?;
        }
        Ok(report)
    }

    /// What the rows come to at the end of each month; adds the rows that were read.
    async fn tallies(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
        months: &[Month],
        read: &mut usize,
    ) -> Result<Vec<(Month, Tally)>, Refusal> {
        let today = self.clock.today();
        let kept = self.kept.tallies.lock().unwrap_or_else(PoisonError::into_inner).remove(adopted.place());
        let kept = kept.filter(|tally| tally.version == adopted.version() && tally.on == today);
        let mut tallies = match (kept, months) {
            (Some(tally), [month]) if month.as_of(today) == today => vec![(*month, tally)],
            _ => self.count_anew(adopted, preparation, months, read).await?,
        };
        for (_, tally) in tallies.iter_mut().filter(|(_, tally)| tally.on == today) {
            for _ in 0..LOOKS {
                if !self.look_again(adopted, preparation, tally, read).await? {
                    break;
                }
            }
        }
        Ok(tallies)
    }

    /// Reads every register once and works out each month from it.
    pub(crate) async fn count_anew(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
        months: &[Month],
        read: &mut usize,
    ) -> Result<Vec<(Month, Tally)>, Refusal> {
        // Counted before the rows are read: what is written meanwhile shows as written to since.
        let touched = touched(&self.db, adopted.place()).await?;
        let regions = self.regions(adopted);
        let scope = regions.path(adopted.place()).ok_or_else(|| Refusal::NotFound("这个地方的区划".to_owned()))?;
        let days: Vec<(Month, NaiveDate)> =
            months.iter().map(|month| (*month, month.as_of(self.clock.today()))).collect();
        let mut tallies: Vec<(Month, Tally)> = days
            .into_iter()
            .map(|(month, on)| {
                let (version, touched) = (adopted.version(), touched.clone());
                (month, Tally { version, on, touched, totals: Totals::default(), origins: HashMap::new() })
            })
            .collect();
        for key in preparation.columns.keys() {
            let Some((register, query)) = self.asked(adopted, preparation, key, &scope) else { continue };
            let mut each = |sheet: Sheet| {
                *read += sheet.table.rows();
                let mut tallies = tallies.iter_mut();
                tallies.try_for_each(|(_, tally)| self.learn(adopted, preparation, tally, key, &sheet))
            };
            if preparation.asks_for_different(key) {
                each(self.sheet(adopted, &register, &query).await?)?;
            } else {
                // In parts: a register of any size takes the memory of some ten thousand rows.
                records::columns_in_parts(&self.db, &register, &query, |part| each(self.sheet_of(adopted, part)))
                    .await?;
            }
        }
        for (_, tally) in &mut tallies {
            let sheet = regions.sheet(tally.on);
            self.learn(adopted, preparation, tally, REGION_KEY, &sheet)?;
        }
        Ok(tallies)
    }

    /// Reads again what was written to since the tally was made. Gives whether there was anything.
    async fn look_again(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
        tally: &mut Tally,
        read: &mut usize,
    ) -> Result<bool, Refusal> {
        let now = touched(&self.db, adopted.place()).await?;
        let mut written: BTreeMap<String, Vec<RegionPath>> = BTreeMap::new();
        for ((register, path), times) in &now {
            let key = (register.clone(), path.clone());
            if preparation.columns.contains_key(register) && tally.touched.get(&key) != Some(times) {
                written.entry(register.clone()).or_default().push(path.clone());
            }
        }
        let regions = self.regions(adopted);
        let scope = regions.path(adopted.place()).ok_or_else(|| Refusal::NotFound("这个地方的区划".to_owned()))?;
        for (key, paths) in &written {
            let Some((register, mut query)) = self.asked(adopted, preparation, key, &scope) else { continue };
            let only = (!preparation.asks_for_different(key)).then(|| paths.clone());
            query.only.clone_from(&only);
            let sheet = self.sheet(adopted, &register, &query).await?;
            *read += sheet.table.rows();
            let parameters = compute::parameters_on(adopted.layers(), tally.on);
            let reckoning = Reckoning::new(preparation, &regions, &parameters, tally.on);
            reckoning.forget(&mut tally.totals, key, only.as_deref());
            if only.is_none() {
                tally.origins.remove(key);
            }
            self.learn(adopted, preparation, tally, key, &sheet)?;
        }
        tally.touched = now;
        Ok(!written.is_empty())
    }

    /// What is asked of a register for the indicators; `None` when the place has no such register.
    fn asked(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
        register: &str,
        scope: &RegionPath,
    ) -> Option<(Arc<Register>, ColumnsQuery)> {
        let described = self.registry.get(adopted.place(), register)?;
        let fields: Vec<&str> = preparation.columns.get(register).into_iter().flatten().map(String::as_str).collect();
        Some((described, ColumnsQuery::now(scope, &fields)))
    }

    fn learn(
        &self,
        adopted: &Adopted,
        preparation: &Preparation,
        tally: &mut Tally,
        register: &str,
        sheet: &Sheet,
    ) -> Result<(), Refusal> {
        let regions = self.regions(adopted);
        let parameters = compute::parameters_on(adopted.layers(), tally.on);
        let reckoning = Reckoning::new(preparation, &regions, &parameters, tally.on);
        reckoning.learn(&mut tally.totals, register, sheet).map_err(not_computable)?;
        // Rows that are left may be more real than one that went; a figure is called no firmer than it is.
        if let Some(origin) = tally.origins.get(register).copied().max(sheet.origin) {
            tally.origins.insert(register.to_owned(), origin);
        }
        Ok(())
    }

    /// The columns of one register, with the terms every register has.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn sheet(
        &self,
        adopted: &Adopted,
        register: &Register,
        query: &ColumnsQuery,
    ) -> Result<Sheet, Refusal> {
        Ok(self.sheet_of(adopted, records::columns(&self.db, register, query).await?))
    }

    fn sheet_of(&self, adopted: &Adopted, columns: Columns) -> Sheet {
        let mut sheet = Sheet {
            table: columns.table,
            regions: columns.regions,
            row_region: columns.row_region,
            ids: columns.ids,
            origin: columns.origins.last().copied(),
        };
        sheet.add_ancestors(&self.regions(adopted));
        sheet
    }

    /// What is known of a month, by region and indicator.
    async fn known(&self, place: &str, month: Month) -> Result<HashMap<(String, String), Figure>, StorageError> {
        let figures = store::figures_of_month(&self.db, place, month).await?;
        Ok(figures.into_iter().map(|figure| ((figure.region.clone(), figure.indicator.clone()), figure)).collect())
    }

    pub(crate) fn figure(
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

    /// Publishes those of some figures of one month that say something else than what is known; how many they were.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses.
    pub async fn renew(&self, place: &str, month: Month, figures: Vec<Figure>, by: &str) -> Result<usize, Refusal> {
        let known = self.known(place, month).await?;
        let is_known = |figure: &Figure| {
            known.get(&(figure.region.clone(), figure.indicator.clone())).is_some_and(|old| same(old, figure))
        };
        let fresh: Vec<Figure> = figures.into_iter().filter(|figure| !is_known(figure)).collect();
        self.publish(place, &fresh, by).await?;
        Ok(fresh.len())
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

fn not_computable(problems: Vec<Problem>) -> Refusal {
    let messages: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
    Refusal::Conflict(format!("指标不能计算：{}", messages.join("；")))
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
