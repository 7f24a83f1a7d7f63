//! Accounts: who works where, as what.

use crate::{Actor, Role, SYSTEM_CHAIN};
use chrono::{DateTime, Utc};
use std::fmt;
use uuid::Uuid;
use vocabulary::{RegionPath, Violation};

/// Where an account works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The region: the account sees it and what lies inside.
    pub region: RegionPath,
    /// Root code of the region tree; empty for the whole server.
    pub place: String,
    /// District code: the chain of the account's audit entries.
    pub district: String,
    /// Key of the department in the place's pack.
    pub department: Option<String>,
}

impl Seat {
    /// A seat in a region. `district` is the code of the district (county) the region lies in, or of the
    /// place itself above districts.
    #[must_use]
    pub fn new(region: RegionPath, district: &str, department: Option<&str>) -> Self {
        let place = region.codes().next().unwrap_or_default().to_owned();
        Self { region, place, district: district.to_owned(), department: department.map(str::to_owned) }
    }

    /// The seat of those who work for the whole server, above all places.
    #[must_use]
    pub fn server() -> Self {
        Self {
            region: RegionPath::stored("/"),
            place: String::new(),
            district: SYSTEM_CHAIN.to_owned(),
            department: None,
        }
    }

    /// Code of the region; none for the whole server.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.region.codes().last()
    }

    pub(crate) fn problems(&self) -> Vec<Violation> {
        let whole_server = *self == Self::server();
        let well_formed = self.region.as_str().starts_with('/') && self.region.as_str().ends_with('/');
        let inside = well_formed
            && self.region.codes().next() == Some(&self.place)
            && self.region.codes().any(|code| code == self.district);
        if whole_server || inside {
            return Vec::new();
        }
        vec![Violation::new("identity.seat", "region", "区划不完整，或所属区县不在它的上级里", "请从区划表里重新选择")]
    }
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It can.
    Active,
    /// Nobody can log in with it; it stays, since facts and audit entries name it.
    Disabled,
}

impl State {
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|state| state.key() == key)
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "启用",
            Self::Disabled => "停用",
        }
    }
}

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: Uuid,
    /// What its person types to log in.
    pub login: String,
    /// Name on screens.
    pub name: String,
    /// Kind of work.
    pub role: Role,
    /// Where it works.
    pub seat: Seat,
    /// Whether it can be used.
    pub state: State,
    /// Wrong passwords in a row.
    pub failed: u32,
    /// When the lock ends, if one was set; may be past.
    pub locked_until: Option<DateTime<Utc>>,
    /// Whether the password must be changed at the next login.
    pub must_change: bool,
    /// When the password was set.
    pub password_changed_at: DateTime<Utc>,
    /// Last login, if there was one.
    pub last_login_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Login of who made it.
    pub created_by: String,
}

impl Account {
    /// The account as the person behind a request.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.id,
            login: self.login.clone(),
            name: self.name.clone(),
            role: self.role,
            region: self.seat.region.clone(),
            place: self.seat.place.clone(),
            district: self.seat.district.clone(),
            department: self.seat.department.clone(),
        }
    }
}

/// The program itself as an actor: for the command line and for building the demo, never for a request.
#[must_use]
pub fn system() -> Actor {
    let seat = Seat::server();
    Actor {
        account: Uuid::nil(),
        login: "system".to_owned(),
        name: "系统".to_owned(),
        role: Role::SecurityAdmin,
        region: seat.region,
        place: seat.place,
        district: seat.district,
        department: None,
    }
}

/// The password a new account gets, or a reset one.
#[derive(Clone, PartialEq, Eq)]
pub enum NewPassword {
    /// A random one that must be changed at the first login.
    OneTime,
    /// A chosen one, checked against the policy.
    Given {
        /// The password.
        text: String,
        /// Whether it must be changed at the first login.
        must_change: bool,
    },
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneTime => f.write_str("OneTime"),
            Self::Given { must_change, .. } => {
                f.debug_struct("Given").field("must_change", must_change).finish_non_exhaustive()
            }
        }
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What its person types to log in; stored in lower case.
    pub login: String,
    /// Name on screens.
    pub name: String,
    /// Kind of work.
    pub role: Role,
    /// Where it works.
    pub seat: Seat,
    /// Its first password.
    pub password: NewPassword,
}
