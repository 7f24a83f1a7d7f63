//! Roles, actions and the person behind a request. Each action names, beside its key, who may do it;
//! where they may do it follows the region path of their account.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vocabulary::RegionPath;

/// What kind of work an account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything of the place in summary.
    Leader,
    /// Works in a bureau: leads or takes part in indicators, tasks, projects.
    Officer,
    /// Works in a street or town: keeps registers and reports.
    Clerk,
    /// Runs an institution.
    Institution,
    /// Visits people: carers, assessors, community workers.
    FieldWorker,
    /// Keeps the system running; sees no residents.
    SystemAdmin,
    /// Makes accounts and gives roles; sees no residents.
    SecurityAdmin,
    /// Reads the audit trail; changes nothing.
    AuditAdmin,
}

impl Role {
    /// All roles, in the order of the access matrix.
    pub const ALL: [Self; 8] = [
        Self::Leader,
        Self::Officer,
        Self::Clerk,
        Self::Institution,
        Self::FieldWorker,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Officer => "officer",
            Self::Clerk => "clerk",
            Self::Institution => "institution",
            Self::FieldWorker => "field_worker",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Leader => "领导",
            Self::Officer => "部门经办",
            Self::Clerk => "镇街经办",
            Self::Institution => "机构管理",
            Self::FieldWorker => "一线人员",
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全管理员",
            Self::AuditAdmin => "审计管理员",
        }
    }

    /// Reads a key; `None` for any other text.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Who may do an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anyone, signed in or not.
    Public,
    /// Anyone signed in.
    SignedIn,
    /// Accounts with one of these roles.
    Roles(&'static [Role]),
}

/// Something that can be done, declared beside the code that does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// Unique key, `monitoring.report.propose`.
    pub key: &'static str,
    /// What it is, on screens: completes “您没有权限…”.
    pub label: &'static str,
    /// Who may do it.
    pub who: Who,
}

/// The person behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Account id.
    pub account: Uuid,
    /// Login name: stands in facts and audit entries.
    pub login: String,
    /// Name on screens.
    pub name: String,
    /// Kind of work.
    pub role: Role,
    /// The region they work for: they see it and what lies inside.
    pub region: RegionPath,
    /// Code of the place (root of the region tree) they belong to.
    pub place: String,
    /// District code of their region (the place's own code above districts): chain of their audit entries.
    pub district: String,
    /// Key of their department in the place's pack, if they work in one.
    pub department: Option<String>,
}

impl Actor {
    /// Whether the role allows an action (the region is asked separately, by [`Actor::sees`]).
    #[must_use]
    pub fn may(&self, action: &Action) -> bool {
        match action.who {
            Who::Public | Who::SignedIn => true,
            Who::Roles(roles) => roles.contains(&self.role),
        }
    }

    /// Whether a region is theirs or lies inside it.
    #[must_use]
    pub fn sees(&self, region: &RegionPath) -> bool {
        region.is_within(&self.region)
    }
}
