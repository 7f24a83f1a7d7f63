//! The plan itself: `pack.toml`, `departments.toml`, `tasks.toml`, `projects.toml`.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::Source;

/// Whether a pack is the shared base or a city's plan over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackKind {
    /// Instruments, registers and standards that every city shares.
    National,
    /// One government's plan.
    City,
}

/// A closed range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// How often something is reported or measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each calendar month.
    Month,
    /// Each calendar quarter.
    Quarter,
    /// Each half year.
    HalfYear,
    /// Each calendar year.
    Year,
}

/// One line of the reporting calendar.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporting {
    /// Period that is reported.
    pub every: Every,
    /// Days after the end of the period by which the report is due.
    pub due_day: u16,
    /// Departments that report; empty: every lead unit.
    #[serde(default)]
    pub by: Vec<String>,
    /// What is reported, and to whom.
    pub note: Option<String>,
    /// The clause that asks for it; absent: our own default.
    pub source: Option<Source>,
}

/// `pack.toml`: what this pack is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Unique key, e.g. `yangzhou-2022`; the base is `national`.
    pub key: String,
    /// Base or city.
    pub kind: PackKind,
    /// Key of the pack beneath (`national`).
    pub parent: Option<String>,
    /// The plan's title.
    pub title: String,
    /// The plan's document number.
    pub document_no: Option<String>,
    /// Day of issue.
    pub issued: Option<NaiveDate>,
    /// Period of the plan.
    pub period: Option<Period>,
    /// Day from which this pack's values hold.
    pub in_force_from: NaiveDate,
    /// Code of the region the plan is for.
    pub region: Option<String>,
    /// Short name of the place, e.g. `扬州`.
    pub short_name: String,
    /// Name shown at the head of the pages.
    pub display_name: String,
    /// Prefix of this pack's keys; absent: the part of `key` before the first `-`.
    pub prefix: Option<String>,
    /// Modules that are switched on.
    #[serde(default)]
    pub modules: Vec<Module>,
    /// Reporting calendar.
    #[serde(default)]
    pub reporting: Vec<Reporting>,
    /// Public address of the plan.
    pub url: Option<String>,
    /// What a reader must know (parts missing, copies, doubts).
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A part of the product that a city may switch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Module {
    Planning,
    ElderCare,
    Childcare,
    ChildHealth,
    ElderHealth,
    LongTermCareInsurance,
    HomeCare,
    Meals,
    Emergency,
    Learning,
    Volunteering,
    Supervision,
    Workforce,
    Construction,
    ChildProtection,
    Funding,
}

/// Level of government a department or a duty belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The city (or the district, where the plan is a district's) itself.
    City,
    /// Counties and districts below it, functional zones too.
    County,
    /// Towns and subdistricts.
    Town,
    /// Villages and communities.
    Village,
    /// Not a government office: a company, an institution, the court.
    Other,
}

/// `departments.toml`: one office.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Key by which duties name it.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Name for tables.
    pub short: Option<String>,
    /// Other names the plan uses for the same office.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Level of government.
    pub level: Level,
    /// Region code, where the office is of one region below the plan's.
    pub region: Option<String>,
    /// True for a name that stands for several, such as `各县（市、区）人民政府`.
    #[serde(default)]
    pub collective: bool,
    /// What a reader must know.
    pub notes: Option<String>,
}

/// What kind of commitment a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the plans' own headings")]
pub enum TaskKind {
    Task,
    Safeguard,
    Platform,
    Industry,
    Reform,
    Policy,
    Element,
    Pilot,
    Annex,
}

/// A step that the plan dates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// Last day.
    pub by: NaiveDate,
    /// What must be true then.
    pub text: String,
    /// Clause.
    pub source: Option<Source>,
}

/// `tasks.toml`: one commitment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Key, e.g. `yangzhou.t.12`.
    pub key: String,
    /// Number in the plan.
    pub no: String,
    /// Heading under which it stands.
    pub section: Option<String>,
    /// Short title.
    pub title: String,
    /// What kind of commitment.
    pub kind: TaskKind,
    /// Lead departments.
    #[serde(default)]
    pub lead: Vec<String>,
    /// Participating departments.
    #[serde(default)]
    pub participate: Vec<String>,
    /// Levels on which it is carried out, as the plan words them.
    #[serde(default)]
    pub levels: Vec<String>,
    /// Clause.
    pub source: Source,
    /// Indicators it serves.
    #[serde(default)]
    pub indicators: Vec<String>,
    /// Projects it is carried out by.
    #[serde(default)]
    pub projects: Vec<String>,
    /// Steps the plan dates.
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    /// What a reader must know.
    pub notes: Option<String>,
}

/// `projects.toml`: one building project, platform or listed undertaking. Absent: the plan gives none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Key, e.g. `yangzhou.a2-1`.
    pub key: String,
    /// Number in the plan.
    pub no: String,
    /// Name.
    pub name: String,
    /// Type as the plan words it.
    #[serde(rename = "type")]
    pub sort: String,
    /// First year.
    pub start: Option<i32>,
    /// Last year.
    pub end: Option<i32>,
    /// What the plan says about time when it is not two years.
    pub time_text: Option<String>,
    /// Place as the plan words it.
    pub place: Option<String>,
    /// Region code of the place.
    pub region: Option<String>,
    /// Beds (张).
    pub beds: Option<u32>,
    /// Childcare places (个).
    pub places: Option<u32>,
    /// Floor area (m²).
    pub floor_area_m2: Option<Decimal>,
    /// Whole investment (万元).
    pub investment_wan: Option<Decimal>,
    /// Of which central budget (万元).
    pub central_budget_wan: Option<Decimal>,
    /// Lead departments.
    #[serde(default)]
    pub lead: Vec<String>,
    /// Indicators it adds to.
    #[serde(default)]
    pub indicators: Vec<String>,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
}
