//! The types of every file of a pack, as read. `packs/FORMAT.md` shows each file by example.
//!
//! A key that is absent means "the plan does not say", so nearly everything is an `Option`; missing is never zero.

mod case;
mod circle;
mod indicator;
mod plan;
mod policy;
mod purpose;
mod region;
mod retention;
mod source;
mod value;

pub use case::*;
pub use circle::*;
pub use indicator::*;
pub use plan::*;
pub use policy::*;
pub use purpose::*;
pub use region::*;
pub use retention::*;
pub use source::*;
pub use value::*;
