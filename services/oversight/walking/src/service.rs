//! The service: circles reckoned when registers change, kept, and handed to the plan as modelled figures.

use crate::answer::{Answer, Area, Terms};
use crate::gather::{Homes, OF_FACILITIES, OF_PEOPLE, Rows};
use crate::reckon::{Home, reckon};
use crate::store::{self, Kept};
use crate::ways::Ways;
use chrono::{DateTime, NaiveDate, Utc};
use facts::Fact;
use identity::Refusal;
use monitoring::Monitoring;
use monitoring::compute::{parameter_terms, parameters_on};
use monitoring::model::{Figure, Month};
use monitoring::regions::{RegionIndex, Sheet};
use pack_reader::Layers;
use pack_reader::model::{Circle, Measure, Reached};
use plans::Adopted;
use records::{Columns, ColumnsQuery, Registry, Touched};
use rules::{Compiled, Parameters, Problem};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use storage::Db;
use vocabulary::{Clock, Origin, Register};

/// Keys of the parameters that hold for every circle.
const DETOUR: &str = "walking.detour";
const SNAP_METRES: &str = "walking.snap_metres";
const SHARE: &str = "walking.share";

/// What a reckoning did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Circles reckoned.
    pub circles: usize,
    /// Circles whose answer is new or changed, and was written.
    pub written: usize,
    /// Figures of indicators that are new or changed, and were published.
    pub figures: usize,
}

/// What an answer was reckoned from: the plan and its base, the day, and how often the registers had been written to.
type Seen = (String, NaiveDate, Touched);

/// Walks to facilities. Cheap to clone.
#[derive(Clone)]
pub struct Walking {
    pub(crate) db: Db,
    clock: Arc<dyn Clock>,
    pub(crate) monitoring: Monitoring,
    registry: Registry,
    ways: Arc<Ways>,
    /// From what each place was reckoned last.
    seen: Arc<Mutex<HashMap<String, Seen>>>,
}

/// A circle ready to be asked of the registers.
struct Prepared<'p> {
    circle: &'p Circle,
    people: Compiled,
    facilities: Compiled,
    terms: Terms,
}

/// The people of every rule by home, and of how many of them it is not known whether they are meant.
type People<'p> = BTreeMap<&'p str, (Vec<Home>, u64)>;

impl Walking {
    /// The service over the registers and the plan watched, with the network at hand.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, monitoring: Monitoring, registry: Registry, ways: Ways) -> Self {
        Self { db, clock, monitoring, registry, ways: Arc::new(ways), seen: Arc::default() }
    }

    /// The latest answer of a circle, or the one known at an earlier moment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn answer(
        &self,
        place: &str,
        circle: &str,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Option<Kept>, Refusal> {
        Ok(store::latest(&self.db, place, circle, known_at.unwrap_or_else(|| self.clock.now())).await?)
    }

    /// Reckons a place anew if people, facilities, the plan or the day are others than the last time.
    ///
    /// # Errors
    /// As [`Self::compute`].
    pub async fn follow(&self, place: &str, by: &str) -> Result<Report, Refusal> {
        let adopted = self.monitoring.adopted(place)?;
        // Counted before the rows are read: what is written meanwhile is looked at the next time.
        let mut touched = records::touched(&self.db, place).await?;
        touched.retain(|(register, _), _| [people::KEY, facilities::KEY].contains(&register.as_str()));
        let now = (adopted.version(), self.clock.today(), touched);
        if self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(place) == Some(&now) {
            return Ok(Report::default());
        }
        let report = self.compute(place, by).await?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(place.to_owned(), now);
        Ok(report)
    }

    /// Reckons every circle of a place from the registers as they are now; writes what is new, and publishes the figures of
    /// the indicators that the plan lets be modelled so.
    ///
    /// # Errors
    /// When the place has no plan, a parameter cannot be walked with, or the database refuses.
    pub async fn compute(&self, place: &str, by: &str) -> Result<Report, Refusal> {
        let adopted = self.monitoring.adopted(place)?;
        let today = self.clock.today();
        let circles = self.prepare(&adopted, today)?;
        let mut report = Report { circles: circles.len(), ..Report::default() };
        if circles.is_empty() {
            return Ok(report);
        }
        let parameters = parameters_on(adopted.layers(), today);
        let (people, of_people) = self.people(&adopted, &circles, &parameters).await?;
        let facilities = self.facilities(&adopted, &circles).await?;
        let mut kept = Vec::new();
        for prepared in &circles {
            let Some((homes, unknown)) = people.get(prepared.circle.people.as_str()) else { continue };
            let mut answer = self.reckoned(&adopted, prepared, (homes, &facilities), &parameters, today)?;
            answer.unknown_people = *unknown;
            kept.push((prepared.circle.key.as_str(), answer));
        }
        // What is worked out is modelled at best, and made up where its rows are.
        let origin = [of_people, facilities.1.origin].into_iter().flatten().fold(Origin::Modelled, Origin::max);
        report.figures = self.feed(&adopted, &kept, origin, today, by).await?;
        report.written = self.keep(&adopted, kept, origin, today, by).await?;
        Ok(report)
    }

    fn prepare<'p>(&self, adopted: &'p Adopted, on: NaiveDate) -> Result<Vec<Prepared<'p>>, Refusal> {
        let layers = adopted.layers();
        let terms = parameter_terms(layers, on);
        let register = |key: &str| {
            let found = self.registry.get(adopted.place(), key);
            found.ok_or_else(|| Refusal::NotFound(format!("登记簿“{key}”")))
        };
        let mut prepared = Vec::new();
        for circle in layers.circles() {
            let (people, facilities) = (register(people::KEY)?, register(facilities::KEY)?);
            let compile = |text: &str, register: &Register| {
                let vocabulary = pack_reader::vocabulary_of(register, terms.iter().copied());
                rules::compile_condition(text, &vocabulary).map_err(told)
            };
            prepared.push(Prepared {
                circle,
                people: compile(&circle.people, &people)?,
                facilities: compile(&circle.facilities, &facilities)?,
                terms: self.terms(layers, circle, on)?,
            });
        }
        Ok(prepared)
    }

    /// The pack's numbers for a circle.
    fn terms(&self, layers: Layers<'_>, circle: &Circle, on: NaiveDate) -> Result<Terms, Refusal> {
        let number = |key: &str| {
            let value = layers.parameter(key, on).and_then(|dated| dated.value.number());
            value.ok_or_else(|| Refusal::Conflict(format!("方案包在 {on} 没有步行推算要用的参数 {key}")))
        };
        let kilometres = Decimal::from_f64(self.ways.kilometres()).map(|km| km.round_dp(1));
        Ok(Terms {
            minutes: number(&circle.minutes)?,
            speed: number(&circle.speed)?,
            detour: number(DETOUR)?,
            snap_metres: number(SNAP_METRES)?,
            share: number(SHARE)?,
            walker: circle.walker.key().to_owned(),
            network_km: kilometres.filter(|_| !self.ways.is_empty()),
            credit: self.ways.credit().to_owned(),
        })
    }

    /// People by home, read part by part: a city's register need not lie in memory for it. And the least real origin met.
    async fn people<'p>(
        &self,
        adopted: &Adopted,
        circles: &'p [Prepared<'_>],
        parameters: &Parameters,
    ) -> Result<(People<'p>, Option<Origin>), Refusal> {
        let fields = circles.iter().flat_map(|one| one.people.columns()).map(String::as_str).chain(OF_PEOPLE);
        let (register, query) = self.asked(adopted, people::KEY, fields.collect())?;
        let regions = self.monitoring.regions(adopted);
        // Circles of the same people share their homes.
        let rules: BTreeMap<&str, &Compiled> =
            circles.iter().map(|one| (one.circle.people.as_str(), &one.people)).collect();
        let mut homes: BTreeMap<&str, Homes> = rules.keys().map(|rule| (*rule, Homes::default())).collect();
        let mut origin = None;
        records::columns_in_parts(&self.db, &register, &query, |columns| -> Result<(), Refusal> {
            let sheet = sheet_of(columns, &regions);
            origin = origin.max(sheet.origin);
            let rows = Rows { register: &register, sheet: &sheet };
            for (rule, homes) in &mut homes {
                if let Some(rule) = rules.get(rule) {
                    homes.add(&rows, rule, parameters).map_err(told)?;
                }
            }
            Ok(())
        })
        .await?;
        Ok((homes.into_iter().map(|(rule, homes)| (rule, homes.finish())).collect(), origin))
    }

    async fn facilities(&self, adopted: &Adopted, circles: &[Prepared<'_>]) -> Result<(Arc<Register>, Sheet), Refusal> {
        let fields = circles.iter().flat_map(|one| one.facilities.columns()).map(String::as_str).chain(OF_FACILITIES);
        let (register, mut query) = self.asked(adopted, facilities::KEY, fields.collect())?;
        query.with_ids = true;
        let columns = records::columns(&self.db, &register, &query).await?;
        Ok((register, sheet_of(columns, &self.monitoring.regions(adopted))))
    }

    /// A register of the place, and what is asked of it.
    fn asked(
        &self,
        adopted: &Adopted,
        key: &str,
        fields: BTreeSet<&str>,
    ) -> Result<(Arc<Register>, ColumnsQuery), Refusal> {
        let missing = || Refusal::NotFound(format!("登记簿“{key}”"));
        let register = self.registry.get(adopted.place(), key).ok_or_else(missing)?;
        let scope = self.monitoring.regions(adopted).path(adopted.place()).ok_or_else(missing)?;
        let fields: Vec<&str> = fields.into_iter().collect();
        Ok((register, ColumnsQuery::now(&scope, &fields)))
    }

    fn reckoned(
        &self,
        adopted: &Adopted,
        prepared: &Prepared<'_>,
        (homes, (register, sheet)): (&[Home], &(Arc<Register>, Sheet)),
        parameters: &Parameters,
        on: NaiveDate,
    ) -> Result<Answer, Refusal> {
        let sites = Rows { register, sheet }.sites(&prepared.facilities, parameters).map_err(told)?;
        let regions = self.monitoring.regions(adopted);
        let codes: Vec<String> = regions.with_figures(on).map(|region| region.code.clone()).collect();
        reckon(prepared.terms.clone(), homes, &sites, &codes, &self.ways).map_err(Refusal::Conflict)
    }

    /// Writes the answers that say something new.
    async fn keep(
        &self,
        adopted: &Adopted,
        answers: Vec<(&str, Answer)>,
        origin: Origin,
        today: NaiveDate,
        by: &str,
    ) -> Result<usize, Refusal> {
        let place = adopted.place();
        let now = self.clock.now();
        let (mut fresh, mut standing) = (Vec::new(), Vec::new());
        for (circle, answer) in answers {
            match store::latest(&self.db, place, circle, now).await? {
                Some(old) if old.answer == answer && old.origin == origin => standing.push((circle, old)),
                _ => fresh.push((circle, Kept { known_at: now, as_of: today, origin, answer })),
            }
        }
        standing.retain(|(_, kept)| kept.as_of != today);
        if fresh.is_empty() && standing.is_empty() {
            return Ok(0);
        }
        let mut tx = self.db.begin().await?;
        for (circle, kept) in &standing {
            store::still_holds(&mut tx, place, circle, kept, today).await?;
        }
        for (circle, kept) in &fresh {
            store::insert(&mut tx, (place, circle), &adopted.pack.hash, kept).await?;
        }
        if !fresh.is_empty() {
            let circles: Vec<&str> = fresh.iter().map(|(circle, _)| *circle).collect();
            let body = json!({"circles": circles, "pack": adopted.pack.hash, "network": !self.ways.is_empty()});
            let subject = format!("walking:{place}");
            let fact = Fact {
                district: place.to_owned(),
                kind: "WalksReckoned",
                subject: subject.clone(),
                valid_on: today,
                actor: by.to_owned(),
                body: body.clone(),
                because: Vec::new(),
            };
            facts::record(&mut tx, now, &fact).await?;
            let entry = facts::Entry {
                district: place.to_owned(),
                actor: by.to_owned(),
                action: monitoring::actions::COMPUTE.key.to_owned(),
                subject,
                detail: body,
            };
            facts::audit(&mut tx, now, &entry).await?;
        }
        tx.commit().await?;
        Ok(fresh.len())
    }

    /// Publishes the figures of the indicators that are modelled from circles.
    async fn feed(
        &self,
        adopted: &Adopted,
        answers: &[(&str, Answer)],
        origin: Origin,
        today: NaiveDate,
        by: &str,
    ) -> Result<usize, Refusal> {
        let month = Month::of(today);
        let mut figures = Vec::new();
        for indicator in &adopted.pack.indicators {
            let Measure::Modelled { circle, value, .. } = &indicator.measure else { continue };
            let Some((_, answer)) = answers.iter().find(|(key, _)| key == circle) else { continue };
            for area in &answer.areas {
                let (numerator, denominator, value) = measured(area, *value);
                figures.push(Figure {
                    indicator: indicator.key.clone(),
                    region: area.code.clone(),
                    month,
                    as_of: today,
                    known_at: self.clock.now(),
                    computed: true,
                    numerator,
                    denominator,
                    value,
                    origin,
                    pack: adopted.pack.hash.clone(),
                    basis: None,
                    note: Some(note(area, &answer.terms)),
                });
            }
        }
        self.monitoring.renew(adopted.place(), month, figures, by).await
    }
}

/// Columns with the terms every register has.
fn sheet_of(columns: Columns, regions: &RegionIndex) -> Sheet {
    let mut sheet = Sheet {
        table: columns.table,
        regions: columns.regions,
        row_region: columns.row_region,
        ids: columns.ids,
        origin: columns.origins.last().copied(),
    };
    sheet.add_ancestors(regions);
    sheet
}

/// Numerator, denominator and value of a figure.
fn measured(area: &Area, reached: Reached) -> (Option<Decimal>, Option<Decimal>, Option<Decimal>) {
    match reached {
        Reached::Share => {
            let share = area.share().map(|share| share.round_dp(4).normalize());
            (Some(Decimal::from(area.covered)), Some(Decimal::from(area.located)), share)
        }
        Reached::Minutes => (None, None, area.most),
        Reached::Median => (None, None, area.median),
    }
}

/// How a figure was reckoned, beside it wherever it is shown.
fn note(area: &Area, terms: &Terms) -> String {
    let Some(share) = area.network_share() else { return "没有可以推算的住处坐标".to_owned() };
    let detour = terms.detour.normalize();
    if share.is_zero() {
        return format!("推算：没有步行路网，路程按直线距离×{detour}");
    }
    format!("推算：{}的人按步行路网，其余按直线距离×{detour}", documents::fmt::percent(share, 0))
}

fn told(problems: Vec<Problem>) -> Refusal {
    let messages: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
    Refusal::Conflict(format!("服务圈不能推算：{}", messages.join("；")))
}
