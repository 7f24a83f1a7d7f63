//! The services of one installation, put together once.

use crate::adoption::Followed;
use crate::described::FromPacks;
use crate::keys;
use crate::throttle::Throttle;
use crate::wiring;
use anyhow::Context as _;
use cases::Cases;
use chrono::NaiveDate;
use identity::{Chance, Identity};
use monitoring::Monitoring;
use monitoring::reporting::Reporting;
use monitoring::shapes::Shapes;
use notices::Notices;
use places::RegionTree;
use plans::Plans;
use records::{Located, Records, Regions, Registry};
use settings::Settings;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use storage::{Db, migrate};
use tokio::sync::Notify;
use vocabulary::{Clock, Origin, RegionPath, Register};
use walking::Walking;

/// The regions as they are now: handed to those who keep them, replaced under them when a plan is adopted. With the boundaries that the
/// operator gave, if any.
struct LiveRegions(RwLock<Arc<RegionTree>>, Shapes);

impl LiveRegions {
    fn now(&self) -> Arc<RegionTree> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Regions for LiveRegions {
    fn by_code(&self, code: &str, on: NaiveDate) -> Option<Located> {
        self.now().by_code(code, on)
    }

    fn by_name(&self, scope: &RegionPath, name: &str, on: NaiveDate) -> Vec<Located> {
        self.now().by_name(scope, name, on)
    }

    fn children(&self, of: &RegionPath, on: NaiveDate) -> Vec<Located> {
        Regions::children(&*self.now(), of, on)
    }

    fn holds(&self, path: &RegionPath, point: (f64, f64)) -> Option<(String, bool)> {
        let codes: Vec<&str> = path.codes().collect();
        codes.into_iter().rev().find_map(|code| Some((code.to_owned(), self.1.contains(code, point)?)))
    }

    fn outlines(&self, of: &RegionPath, on: NaiveDate) -> Vec<Vec<Vec<(f64, f64)>>> {
        let below = self.children(of, on);
        let inside = below.iter().filter_map(|region| self.1.of(region.code.as_str()));
        let inside: Vec<_> = inside.map(<[_]>::to_vec).collect();
        let own = of.codes().last().and_then(|code| self.1.of(code)).map(<[_]>::to_vec);
        if inside.is_empty() { own.into_iter().collect() } else { inside }
    }
}

/// Everything a handler may need.
pub struct House {
    /// What is set.
    pub settings: Settings,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Accounts and sessions.
    pub identity: Identity,
    /// Adopted plans.
    pub plans: Plans,
    /// Registers.
    pub registry: Registry,
    /// The plan watched.
    pub monitoring: Monitoring,
    /// Walks to facilities.
    pub walking: Walking,
    /// Records of all registers.
    pub records: Records,
    /// What is being done.
    pub cases: Cases,
    /// Regions of all places; replaced when a plan is adopted.
    regions: Arc<LiveRegions>,
    /// What of the adopted packs has been taken over.
    pub(crate) followed: Mutex<Followed>,
    /// Wrong sign-ins by address.
    pub throttle: Throttle,
    /// Requests by account.
    pub requests: Throttle,
    /// Rung when a request may have written something: what follows the registers need not wait for its turn.
    pub written: Notify,
    /// Signs forms.
    pub secret: Vec<u8>,
    /// Accounts printed on the login page of a demonstration.
    pub demo_accounts: Vec<crate::demo::DemoAccount>,
}

impl House {
    /// Opens the database, brings its tables up to date, and puts the services together.
    ///
    /// # Errors
    /// When the database cannot be opened or was written by another version of the program.
    pub async fn open(
        settings: Settings,
        address: &str,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> anyhow::Result<Self> {
        let db =
            Db::open(address).await.with_context(|| format!("the database {} cannot be opened", shown(address)))?;
        let db = keys::unlock(db, &settings, address, &*clock).await?;
        let requests = Throttle::of_requests(settings.server.requests_a_minute);
        migrate(&db, &wiring::migrations(), clock.now()).await?;
        let secret = crate::state::secret(&db, &*chance).await?;
        let builtin = wiring::registers();
        let registry =
            Registry::new(builtin.clone()).map_err(|found| anyhow::anyhow!("register descriptions: {found:?}"))?;
        let mut known: Vec<Register> = builtin;
        known.push(monitoring::regions::register());
        let plans = Plans::open(db.clone(), known).await?;
        let identity =
            Identity::new(db.clone(), Arc::clone(&clock), chance, settings.session.clone(), settings.password.clone())?;
        let geodata = crate::geodata::read(settings.data.geodata.as_deref())?;
        let followed = Mutex::new(Followed { regions: plans.stamp(), ..Followed::default() });
        let (shapes, ways) = (geodata.shapes.clone(), geodata.ways);
        let regions = Arc::new(LiveRegions(RwLock::new(places::snapshot(&db).await?), geodata.shapes));
        let records = Records {
            db: db.clone(),
            registry: registry.clone(),
            regions: Arc::clone(&regions) as Arc<dyn Regions>,
            clock: Arc::clone(&clock),
            origin: if settings.demo.enabled { Origin::Synthetic } else { Origin::Measured },
            looks: facts::Together::default(),
        };
        let notices = Notices::new(db.clone(), Arc::clone(&clock));
        let cases = Cases::new(records.clone(), notices, Arc::new(FromPacks::new(plans.clone())))
            .watching(Arc::new(Reporting::new(db.clone(), Arc::clone(&clock), plans.clone())));
        let monitoring = Monitoring::new(db.clone(), Arc::clone(&clock), plans.clone(), registry.clone())
            .with_shapes(shapes)
            .with_cases(cases.clone());
        let walking = Walking::new(db.clone(), Arc::clone(&clock), monitoring.clone(), registry.clone(), ways);
        registry.ask_also(cases.about_records());
        registry.link(facilities::KEY, "一机构一档", "/facilities/{id}/archive");
        let house = Self {
            records,
            cases,
            regions,
            followed,
            settings,
            db,
            clock,
            identity,
            plans,
            registry,
            monitoring,
            throttle: Throttle::of_failures(),
            requests,
            written: Notify::new(),
            walking,
            secret,
            demo_accounts: Vec::new(),
        };
        house.follow_plans().await?;
        keys::settle(&house).await?;
        Ok(house)
    }

    /// Puts the regions as they are now in the place of those known.
    pub(crate) fn put_regions(&self, tree: Arc<RegionTree>) {
        *self.regions.0.write().unwrap_or_else(PoisonError::into_inner) = tree;
    }

    /// The regions of all places.
    #[must_use]
    pub fn regions(&self) -> Arc<RegionTree> {
        self.regions.now()
    }
}

/// An address without its password, for messages.
#[must_use]
pub fn shown(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => address.to_owned(),
    }
}
