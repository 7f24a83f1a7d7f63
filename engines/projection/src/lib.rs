//! People by age and sex in the years to come: cohort-component, with demand by a pack's norms.
