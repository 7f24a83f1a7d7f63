//! A city over the national base: what holds, key by key and day by day.

use chrono::NaiveDate;
use vocabulary::{Register, WorkDays};

use crate::model::{CaseKind, Circle, Dated, Entitlement, Module, Parameter, Purpose, Retention, Standard, on_day};
use crate::pack::Pack;

/// The national base with, usually, a city's plan over it. A city's element overrides the national one of the same key.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'p> {
    /// The base.
    pub national: &'p Pack,
    /// The plan over it.
    pub city: Option<&'p Pack>,
}

impl<'p> Layers<'p> {
    /// The base alone or with a city over it.
    #[must_use]
    pub fn new(national: &'p Pack, city: Option<&'p Pack>) -> Self {
        Self { national, city }
    }

    /// City first, then national.
    pub fn packs(self) -> impl Iterator<Item = &'p Pack> {
        self.city.into_iter().chain(std::iter::once(self.national))
    }

    /// The upmost element with a key.
    fn resolve<T>(self, list: impl Fn(&'p Pack) -> &'p [T], is: impl Fn(&T) -> bool) -> Option<&'p T> {
        self.packs().find_map(|pack| list(pack).iter().find(|one| is(one)))
    }

    /// Every element: the city's, then the national ones that it does not override.
    fn merged<T>(self, list: impl Fn(&'p Pack) -> &'p [T], key: impl Fn(&T) -> &str) -> Vec<&'p T> {
        let mut found: Vec<&'p T> = Vec::new();
        for one in self.packs().flat_map(|pack| list(pack).iter()) {
            if !found.iter().any(|other| key(other) == key(one)) {
                found.push(one);
            }
        }
        found
    }

    /// The value of a parameter on a day: the city's if the city has one in force then, else the national one.
    #[must_use]
    pub fn parameter(self, key: &str, on: NaiveDate) -> Option<&'p Dated> {
        self.packs().find_map(|pack| {
            let parameter = pack.parameters.iter().find(|parameter| parameter.key == key)?;
            on_day(&parameter.values, on)
        })
    }

    /// Every parameter.
    #[must_use]
    pub fn parameters(self) -> Vec<&'p Parameter> {
        self.merged(|pack| &pack.parameters, |parameter| &parameter.key)
    }

    /// The standard with a key.
    #[must_use]
    pub fn standard(self, key: &str) -> Option<&'p Standard> {
        self.resolve(|pack| &pack.standards, |standard| standard.key == key)
    }

    /// Every standard.
    #[must_use]
    pub fn standards(self) -> Vec<&'p Standard> {
        self.merged(|pack| &pack.standards, |standard| &standard.key)
    }

    /// The entitlement with a key.
    #[must_use]
    pub fn entitlement(self, key: &str) -> Option<&'p Entitlement> {
        self.resolve(|pack| &pack.entitlements, |entitlement| entitlement.key == key)
    }

    /// Every entitlement.
    #[must_use]
    pub fn entitlements(self) -> Vec<&'p Entitlement> {
        self.merged(|pack| &pack.entitlements, |entitlement| &entitlement.key)
    }

    /// The service circle with a key.
    #[must_use]
    pub fn circle(self, key: &str) -> Option<&'p Circle> {
        self.resolve(|pack| &pack.circles, |circle| circle.key == key)
    }

    /// Every service circle.
    #[must_use]
    pub fn circles(self) -> Vec<&'p Circle> {
        self.merged(|pack| &pack.circles, |circle| &circle.key)
    }

    /// For what hidden values may be looked at.
    #[must_use]
    pub fn purposes(self) -> Vec<&'p Purpose> {
        self.merged(|pack| &pack.purposes, |purpose| &purpose.key)
    }

    /// How long records are kept.
    #[must_use]
    pub fn retention(self) -> Vec<&'p Retention> {
        self.merged(|pack| &pack.retention, |retention| &retention.key)
    }

    /// The declared register with a key.
    #[must_use]
    pub fn register(self, key: &str) -> Option<&'p Register> {
        self.resolve(|pack| &pack.registers, |register| register.key == key)
    }

    /// Every declared register.
    #[must_use]
    pub fn registers(self) -> Vec<&'p Register> {
        self.merged(|pack| &pack.registers, |register| &register.key)
    }

    /// The kind of case with a key.
    #[must_use]
    pub fn case(self, key: &str) -> Option<&'p CaseKind> {
        self.resolve(|pack| &pack.cases, |kind| kind.key == key)
    }

    /// Every kind of case.
    #[must_use]
    pub fn cases(self) -> Vec<&'p CaseKind> {
        self.merged(|pack| &pack.cases, |kind| &kind.key)
    }

    /// Which days are worked: the national calendar, and a city's own over it.
    #[must_use]
    pub fn work_days(self) -> WorkDays {
        let mut days = WorkDays::default();
        for span in self.national.calendar().into_iter().chain(self.city.iter().flat_map(|pack| pack.calendar())) {
            days.add(span.from, span.to, span.kind);
        }
        days
    }

    /// Whether a module is switched on: by the city, or by the base where there is no city.
    #[must_use]
    pub fn has_module(self, module: Module) -> bool {
        self.city.unwrap_or(self.national).manifest.modules.contains(&module)
    }
}
