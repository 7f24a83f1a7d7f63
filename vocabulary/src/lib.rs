//! The words everyone in the house shares: regions, days, origins of figures, violations,
//! and the description of a register. Nothing here knows a database, a page or a policy.

pub mod clock;
pub mod consent;
pub mod limit;
pub mod numbers;
pub mod origin;
pub mod region;
pub mod register;
pub mod violation;
pub mod workdays;

pub use clock::{Clock, FixedClock, SystemClock};
pub use limit::Limit;
pub use origin::Origin;
pub use region::{RegionCode, RegionPath};
pub use register::{Choice, Field, FieldKind, FileKind, Register, Relation, Sensitivity};
pub use violation::Violation;
pub use workdays::{DayKind, WorkDays};
