//! A pack that was read.

use growth::immunisation::Schedule;
use scoring::Instrument;
use vocabulary::Register;

use crate::model::{
    Attribute, CalendarSpan, CaseKind, Circle, Department, Document, Entitlement, Facts, Indicator, Manifest,
    Parameter, Project, Purpose, Region, Retention, Standard, Task,
};

/// A pack: one plan, or the national base.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// SHA-256 in hex over all files; every decision and figure names it.
    pub hash: String,
    /// What the pack is.
    pub manifest: Manifest,
    /// Offices.
    pub departments: Vec<Department>,
    /// Regions, parents before children.
    pub regions: Vec<Region>,
    /// Indicators, in the order of the file.
    pub indicators: Vec<Indicator>,
    /// Commitments.
    pub tasks: Vec<Task>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Standards.
    pub standards: Vec<Standard>,
    /// Entitlements.
    pub entitlements: Vec<Entitlement>,
    /// Service circles.
    pub circles: Vec<Circle>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// For what hidden values may be looked at.
    pub purposes: Vec<Purpose>,
    /// How long records are kept.
    pub retention: Vec<Retention>,
    /// Documents that values rest on.
    pub sources: Vec<Document>,
    /// Registers that the pack declares.
    pub registers: Vec<Register>,
    /// Restated facts.
    pub facts: Vec<Facts>,
    /// Instruments of assessment.
    pub instruments: Vec<Instrument>,
    /// Schedules of immunisation.
    pub schedules: Vec<Schedule>,
    /// Kinds of cases.
    pub cases: Vec<CaseKind>,
}

/// How much a pack holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Offices.
    pub departments: usize,
    /// Regions.
    pub regions: usize,
    /// All indicators.
    pub indicators: usize,
    /// Rows of the plan's table.
    pub table_indicators: usize,
    /// Targets stated in the prose.
    pub prose_indicators: usize,
    /// Binding ones.
    pub binding: usize,
    /// Expected ones.
    pub expected: usize,
    /// With a baseline that is one number.
    pub with_baseline: usize,
    /// Computed from registers.
    pub computed: usize,
    /// Reported by departments.
    pub reported: usize,
    /// Modelled from walks.
    pub modelled: usize,
    /// Not computable yet.
    pub not_computable: usize,
    /// Commitments.
    pub tasks: usize,
    /// Projects.
    pub projects: usize,
    /// Standards.
    pub standards: usize,
    /// Entitlements.
    pub entitlements: usize,
    /// Service circles.
    pub circles: usize,
    /// Parameters.
    pub parameters: usize,
    /// Declared registers.
    pub registers: usize,
    /// Kinds of cases.
    pub cases: usize,
    /// Rows of restated facts.
    pub fact_rows: usize,
}

impl Pack {
    /// How much it holds, to compare with what the plan is known to hold.
    #[must_use]
    pub fn counts(&self) -> Counts {
        use crate::model::Measure;
        let count = |test: &dyn Fn(&Indicator) -> bool| self.indicators.iter().filter(|one| test(one)).count();
        Counts {
            departments: self.departments.len(),
            regions: self.regions.len(),
            indicators: self.indicators.len(),
            table_indicators: count(&|one| one.table),
            prose_indicators: count(&|one| !one.table),
            binding: count(&|one| one.attribute == Attribute::Binding),
            expected: count(&|one| one.attribute == Attribute::Expected),
            with_baseline: count(&|one| one.baseline.as_ref().is_some_and(|base| base.value.is_some())),
            computed: count(&|one| matches!(one.measure, Measure::Computed { .. })),
            reported: count(&|one| matches!(one.measure, Measure::Reported { .. })),
            modelled: count(&|one| matches!(one.measure, Measure::Modelled { .. })),
            not_computable: count(&|one| matches!(one.measure, Measure::NotComputable { .. })),
            tasks: self.tasks.len(),
            projects: self.projects.len(),
            standards: self.standards.len(),
            entitlements: self.entitlements.len(),
            circles: self.circles.len(),
            parameters: self.parameters.len(),
            registers: self.registers.len(),
            cases: self.cases.len(),
            fact_rows: self.facts.iter().map(|table| table.rows.len()).sum(),
        }
    }

    /// The prefix of the pack's own keys, e.g. `yangzhou`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.manifest.prefix()
    }

    /// The office with a key.
    #[must_use]
    pub fn department(&self, key: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.key == key)
    }

    /// The office that goes by a name: full, short or any alias.
    #[must_use]
    pub fn department_named(&self, name: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.names().any(|known| known == name))
    }

    /// The indicator with a key.
    #[must_use]
    pub fn indicator(&self, key: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.key == key)
    }

    /// The instrument with a key.
    #[must_use]
    pub fn instrument(&self, key: &str) -> Option<&Instrument> {
        self.instruments.iter().find(|instrument| instrument.key == key)
    }

    /// The region with a code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.code == code)
    }

    /// Days off and weekends worked, as the pack's calendar gives them; empty where it has none.
    #[must_use]
    pub fn calendar(&self) -> Vec<CalendarSpan> {
        self.facts("calendar").map(crate::check::calendar_spans).unwrap_or_default()
    }

    /// The table of restated facts with a name.
    #[must_use]
    pub fn facts(&self, name: &str) -> Option<&Facts> {
        self.facts.iter().find(|table| table.name == name)
    }
}

impl Manifest {
    /// The prefix of the pack's own keys: as written, or the part of the key before the first `-`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match &self.prefix {
            Some(prefix) => prefix,
            None => self.key.split('-').next().unwrap_or(&self.key),
        }
    }
}

impl Department {
    /// Every name it goes by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let first = std::iter::once(self.name.as_str()).chain(self.short.as_deref());
        first.chain(self.aliases.iter().map(String::as_str))
    }
}
