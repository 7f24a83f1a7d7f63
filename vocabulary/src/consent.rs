//! The register of consents that a pack may declare: its key, and the fields that are read when somebody looks at a hidden value.

/// Key of the register.
pub const REGISTER: &str = "consent";
/// The person it is about: a reference.
pub const PERSON: &str = "person";
/// What for: a choice, by the name of a purpose.
pub const PURPOSE: &str = "purpose";
/// The first day: a date.
pub const GIVEN_ON: &str = "given_on";
/// The last day: a date; none for no end.
pub const UNTIL: &str = "until";
/// The day from which it holds no longer: a date.
pub const WITHDRAWN_ON: &str = "withdrawn_on";
