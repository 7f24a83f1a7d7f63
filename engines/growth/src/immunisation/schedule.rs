//! The schedule as data, and the child it is asked for.

use chrono::NaiveDate;
use serde::Deserialize;
use sheets::Sex;

/// How sure a statement is that the schedule restates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Seen in sources that agree.
    Verified,
    /// Not seen in a source; known with high confidence.
    High,
    /// Not seen in a source; known with middling confidence. To be confirmed before real use.
    Medium,
    /// Seen in one weak source only. To be confirmed before real use.
    Weak,
    /// A guess from practice. For demonstrations only.
    Low,
}

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Key of a document in the pack's `sources.toml`.
    pub doc: String,
    /// Clause.
    pub clause: Option<String>,
}

/// Something that is not certain, or that the schedule leaves to a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caveat {
    /// How sure it is.
    pub mark: Mark,
    /// The sentence that screens show.
    pub note: String,
}

/// A schedule with its editions: every dose says from when to when it holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Unique key.
    pub key: String,
    /// Title.
    pub title: String,
    /// First day of the newest edition.
    #[serde(deserialize_with = "sheets::days::read")]
    pub in_force_from: NaiveDate,
    /// How sure doses and ages are.
    pub mark: Mark,
    /// Where it comes from.
    pub source: Source,
    /// Whose words these are.
    pub licence: Option<String>,
    /// Two injected live vaccines that are not given on the same day are so many days apart.
    pub live_gap_days: u16,
    /// Injected live vaccines wait so many months after a blood product.
    pub blood_product_months: u16,
    /// What readers must know.
    #[serde(default, rename = "caveat")]
    pub caveats: Vec<Caveat>,
    /// Series of doses.
    #[serde(rename = "series")]
    pub series: Vec<Series>,
}

/// Doses that belong together and are given in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Unique key, e.g. `DTaP`.
    pub key: String,
    /// Name of the vaccine.
    pub label: String,
    /// What it protects from.
    pub disease: String,
    /// Codes of vaccines whose doses count for it, in the order given.
    pub accepts: Vec<String>,
    /// Series of one choice exclude each other; the child's first dose, or a condition, or `default` picks.
    pub choice: Option<String>,
    /// Taken where nothing else picks.
    #[serde(default)]
    pub default: bool,
    /// Taken for a birth weight below so many grams when the mother is positive or unknown for HBsAg.
    pub low_weight_hbsag_below_g: Option<u16>,
    /// Only for one sex.
    pub only: Option<Only>,
    /// Only for children born on this day or later.
    #[serde(default, deserialize_with = "sheets::days::read_maybe")]
    pub born_from: Option<NaiveDate>,
    /// Part of the programme from this day on.
    #[serde(default, deserialize_with = "sheets::days::read_maybe")]
    pub from: Option<NaiveDate>,
    /// Doses.
    #[serde(rename = "dose")]
    pub doses: Vec<Dose>,
    /// What replaces the vaccine for children who catch up late.
    pub late: Option<Late>,
}

/// One sex only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// Boys.
    Male,
    /// Girls.
    Female,
}

/// Another vaccine within a range of ages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// Code of the vaccine.
    pub vaccine: String,
    /// Its name.
    pub label: String,
    /// From this age on.
    pub from_months: u16,
    /// Below this age. Beyond, the schedule says nothing.
    pub until_months: u16,
}

/// What kind of live vaccine it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// Injected under the skin: keeps its distance from others of its kind and from blood products.
    Injected,
    /// Into the skin (BCG): excepted from those distances.
    Intradermal,
    /// Swallowed.
    Oral,
}

/// One dose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Place in the series, from 1.
    pub number: u8,
    /// Code of the vaccine.
    pub vaccine: String,
    /// Earliest age in months.
    pub min_months: u16,
    /// To be done before this age in months: the last good day is the day before.
    pub before_months: Option<u16>,
    /// To be done within so many days of birth.
    pub within_days_of_birth: Option<u16>,
    /// Days to wait after the dose before.
    pub interval_days: Option<u16>,
    /// Months to wait after the dose before.
    pub interval_months: Option<u16>,
    /// At most so many days after the dose before.
    pub at_most_days: Option<u16>,
    /// At most so many months after the dose before.
    pub at_most_months: Option<u16>,
    /// From this age on only after a negative skin test.
    pub test_from_months: Option<u16>,
    /// From this age on never.
    pub never_from_months: Option<u16>,
    /// Kind of live vaccine; absent for those that are not.
    pub live: Option<Live>,
    /// How it is given.
    pub route: String,
    /// How much.
    pub amount: String,
    /// First day on which this row holds; absent: always before `until`.
    #[serde(default, deserialize_with = "sheets::days::read_maybe")]
    pub from: Option<NaiveDate>,
    /// Last day on which this row holds; absent: until further notice.
    #[serde(default, deserialize_with = "sheets::days::read_maybe")]
    pub until: Option<NaiveDate>,
    /// What the one who gives it must know.
    pub note: Option<String>,
}

impl Dose {
    /// Whether the row holds on a day.
    #[must_use]
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }

    /// Whether it says how long to wait after the dose before.
    #[must_use]
    pub fn states_interval(&self) -> bool {
        self.interval_days.is_some() || self.interval_months.is_some()
    }
}

impl Series {
    /// The row of a dose that holds on a day.
    #[must_use]
    pub fn dose(&self, number: u8, on: NaiveDate) -> Option<&Dose> {
        self.doses.iter().find(|dose| dose.number == number && dose.holds(on))
    }

    /// The rows that hold on a day, in order.
    #[must_use]
    pub fn doses_on(&self, on: NaiveDate) -> Vec<&Dose> {
        let mut doses: Vec<&Dose> = self.doses.iter().filter(|dose| dose.holds(on)).collect();
        doses.sort_by_key(|dose| dose.number);
        doses
    }
}

/// What is known of the mother's hepatitis B surface antigen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hbsag {
    /// Negative.
    Negative,
    /// Positive.
    Positive,
    /// Not known: treated as positive.
    Unknown,
}

/// Whether the child may carry HIV from its mother.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hiv {
    /// Not exposed, or infection is excluded.
    Clear,
    /// Exposed, and infection is not excluded yet.
    Exposed,
}

/// A dose that was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// The day.
    pub on: NaiveDate,
    /// Code of the vaccine.
    pub vaccine: String,
}

/// The child it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth: NaiveDate,
    /// Doses given so far, in any order.
    pub given: Vec<Given>,
    /// The mother's HBsAg.
    pub hbsag: Hbsag,
    /// Birth weight in grams, if known.
    pub birth_weight_g: Option<u16>,
    /// Exposure to HIV.
    pub hiv: Hiv,
    /// Days on which blood products were given.
    pub blood_products: Vec<NaiveDate>,
}

impl Child {
    /// A child of whom nothing particular is known and who got nothing yet.
    #[must_use]
    pub fn born(sex: Sex, birth: NaiveDate) -> Self {
        Self {
            sex,
            birth,
            given: Vec::new(),
            hbsag: Hbsag::Negative,
            birth_weight_g: None,
            hiv: Hiv::Clear,
            blood_products: Vec::new(),
        }
    }
}
