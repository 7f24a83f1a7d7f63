//! Who did something, as pages say it: the name with its department or region, not a login.

use super::View;
use crate::service::Monitoring;
use identity::{Named, Refusal, named};
use std::collections::{BTreeSet, HashMap};

/// Names behind logins.
#[derive(Debug, Clone, Default)]
pub struct People(HashMap<String, Named>);

impl People {
    /// The names behind these logins of a place.
    pub(crate) async fn of(service: &Monitoring, place: &str, logins: Vec<String>) -> Result<Self, Refusal> {
        let logins: BTreeSet<String> = logins.into_iter().collect();
        Ok(Self(named(&service.db, place, &logins).await?))
    }

    /// `王芳（民政局）`; other words for a login that no account has.
    pub(crate) fn name(&self, view: &View, login: &str, otherwise: &str) -> String {
        let Some(named) = self.0.get(login) else {
            return otherwise.to_owned();
        };
        let unit = match &named.department {
            Some(department) => view.department(department),
            None => named.region.codes().last().map_or("", |code| view.regions.name(code)),
        };
        if unit.is_empty() { named.name.clone() } else { format!("{}（{unit}）", named.name) }
    }
}

impl View {
    /// The same view, knowing the names behind these logins.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn knowing(mut self, service: &Monitoring, logins: Vec<String>) -> Result<Self, Refusal> {
        self.people = People::of(service, self.adopted.place(), logins).await?;
        Ok(self)
    }

    /// Name and unit behind a login; the login itself where no account has it.
    pub(crate) fn person(&self, login: &str) -> String {
        self.people.name(self, login, login)
    }

    /// The same, with other words for a login that no account has.
    pub(crate) fn person_or(&self, login: &str, otherwise: &str) -> String {
        self.people.name(self, login, otherwise)
    }
}
