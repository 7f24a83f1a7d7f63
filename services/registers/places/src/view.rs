//! The tree of one day as arrays: a region is a number, its inside is a range of numbers.

use crate::model::Region;
use std::collections::HashMap;
use std::ops::Range;

/// Regions in the order of their paths, so that everything inside a region follows it directly.
#[derive(Debug, Default)]
pub struct DayView {
    regions: Vec<Region>,
    parents: Vec<Option<usize>>,
    ends: Vec<usize>,
    numbers: HashMap<String, usize>,
}

impl DayView {
    /// A view of regions sorted by path, each path once.
    pub(crate) fn new(regions: Vec<Region>) -> Self {
        let mut numbers = HashMap::with_capacity(regions.len());
        let mut parents = Vec::with_capacity(regions.len());
        for (number, region) in regions.iter().enumerate() {
            numbers.insert(region.code.as_str().to_owned(), number);
            parents.push(region.parent.as_ref().and_then(|code| numbers.get(code)).copied());
        }
        let mut ends: Vec<usize> = (1..=regions.len()).collect();
        for number in (0..regions.len()).rev() {
            let end = ends.get(number).copied().unwrap_or(number);
            if let Some(above) = parents.get(number).copied().flatten()
                && let Some(slot) = ends.get_mut(above)
            {
                *slot = (*slot).max(end);
            }
        }
        Self { regions, parents, ends, numbers }
    }

    /// The regions by number.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The number of a code.
    #[must_use]
    pub fn number(&self, code: &str) -> Option<usize> {
        self.numbers.get(code).copied()
    }

    /// The number of the region above.
    #[must_use]
    pub fn parent(&self, number: usize) -> Option<usize> {
        self.parents.get(number).copied().flatten()
    }

    /// The numbers of everything inside a region, itself first.
    #[must_use]
    pub fn inside(&self, number: usize) -> Range<usize> {
        number..self.ends.get(number).copied().unwrap_or(number)
    }

    /// Adds each region's own amount to all above it: `amounts` by number, own amounts in, totals out.
    pub fn roll_up<T>(&self, amounts: &mut [T])
    where
        T: Copy + std::ops::AddAssign,
    {
        for number in (0..amounts.len()).rev() {
            if let Some(above) = self.parent(number)
                && let Some(amount) = amounts.get(number).copied()
                && let Some(total) = amounts.get_mut(above)
            {
                *total += amount;
            }
        }
    }
}
