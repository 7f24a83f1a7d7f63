//! The regions of a scope that fit what is asked, as a register's list would give its rows.

use crate::model::Region;
use crate::tree::RegionTree;
use chrono::NaiveDate;
use pack_reader::model::RegionKind;
use vocabulary::RegionPath;

/// Which regions are wanted.
#[derive(Debug, Clone)]
pub struct WantedRegions {
    /// Nothing outside it is given.
    pub scope: RegionPath,
    /// As the tree stood on this day.
    pub on: NaiveDate,
    /// Of this kind.
    pub kind: Option<RegionKind>,
    /// Name or another name contains this, or the code begins with it; "" for any.
    pub text: String,
}

impl WantedRegions {
    /// Every region of a scope on a day.
    #[must_use]
    pub fn within(scope: &RegionPath, on: NaiveDate) -> Self {
        Self { scope: scope.clone(), on, kind: None, text: String::new() }
    }

    fn fits(&self, region: &Region) -> bool {
        let text = self.text.trim();
        self.kind.is_none_or(|kind| kind == region.kind)
            && (text.is_empty()
                || region.name.contains(text)
                || region.aliases.iter().any(|alias| alias.contains(text))
                || region.code.as_str().starts_with(text))
    }
}

impl RegionTree {
    /// The regions that fit, in the order of the tree.
    #[must_use]
    pub fn select(&self, wanted: &WantedRegions) -> Vec<&Region> {
        let mut found = self.within(&wanted.scope, wanted.on);
        found.retain(|region| wanted.fits(region));
        found
    }

    /// What is known of a code on a day to somebody of a scope: the version of that day, or the last one before it, or the first
    /// there ever was. `None` where none of its versions lies in the scope.
    #[must_use]
    pub fn seen(&self, scope: &RegionPath, code: &str, on: NaiveDate) -> Option<&Region> {
        let all = self.history(code);
        let seen = || all.iter().copied().filter(|region| region.path.is_within(scope));
        let held = seen().find(|region| region.is_valid(on));
        held.or_else(|| seen().filter(|region| region.valid_from <= on).last()).or_else(|| seen().next())
    }
}
