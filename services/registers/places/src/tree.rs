//! All regions in memory, with all their versions: who lies in whom, on any day.

use crate::model::Region;
use crate::view::DayView;
use chrono::NaiveDate;
use pack_reader::model::RegionKind;
use records::{Located, Regions};
use std::collections::HashMap;
use vocabulary::RegionPath;

/// Endings that people leave out, longest first.
const ENDINGS: [&str; 12] =
    ["社区居委会", "村民委员会", "居民委员会", "居委会", "村委会", "街道", "社区", "镇", "乡", "区", "县", "市"];

/// Why a name does not lead to one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ambiguity {
    /// No region of the scope is called so.
    Unknown,
    /// Several are: their full names.
    Several(Vec<String>),
}

/// The regions of all places. Immutable: share it behind an `Arc`, replace it after a load.
#[derive(Debug, Default)]
pub struct RegionTree {
    regions: Vec<Region>,
    by_code: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_short: HashMap<String, Vec<usize>>,
    by_parent: HashMap<String, Vec<usize>>,
}

/// A name without the ending that people leave out; `None` when too little would remain.
fn short_form(name: &str) -> Option<&str> {
    let short = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
    (short.chars().count() >= 2).then_some(short)
}

impl RegionTree {
    /// A tree of versions in any order.
    #[must_use]
    pub fn new(regions: Vec<Region>) -> Self {
        let mut tree = Self { regions, ..Self::default() };
        for (index, region) in tree.regions.iter().enumerate() {
            tree.by_code.entry(region.code.as_str().to_owned()).or_default().push(index);
            let parent = region.parent.clone().unwrap_or_default();
            tree.by_parent.entry(parent).or_default().push(index);
            for name in std::iter::once(&region.name).chain(&region.aliases) {
                tree.by_name.entry(name.clone()).or_default().push(index);
                if let Some(short) = short_form(name) {
                    tree.by_short.entry(short.to_owned()).or_default().push(index);
                }
            }
        }
        tree
    }

    fn at(&self, indices: Option<&Vec<usize>>, on: NaiveDate) -> impl Iterator<Item = &Region> {
        let indices = indices.map_or(&[][..], Vec::as_slice);
        indices.iter().filter_map(|index| self.regions.get(*index)).filter(move |region| region.is_valid(on))
    }

    /// The region with a code on a day.
    #[must_use]
    pub fn region(&self, code: &str, on: NaiveDate) -> Option<&Region> {
        self.at(self.by_code.get(code), on).next()
    }

    /// Every version of a code, in the order of time.
    #[must_use]
    pub fn history(&self, code: &str) -> Vec<&Region> {
        let indices = self.by_code.get(code).map_or(&[][..], Vec::as_slice);
        let mut versions: Vec<&Region> = indices.iter().filter_map(|index| self.regions.get(*index)).collect();
        versions.sort_by_key(|region| region.valid_from);
        versions
    }

    /// The path of a code on a day.
    #[must_use]
    pub fn path(&self, code: &str, on: NaiveDate) -> Option<&RegionPath> {
        self.region(code, on).map(|region| &region.path)
    }

    /// The codes above a region, from the top down to the region itself.
    #[must_use]
    pub fn ancestors(&self, code: &str, on: NaiveDate) -> Vec<&str> {
        self.path(code, on).map_or_else(Vec::new, |path| path.codes().collect())
    }

    /// The regions directly below one, by code.
    #[must_use]
    pub fn below(&self, code: &str, on: NaiveDate) -> Vec<&Region> {
        let mut found: Vec<&Region> = self.at(self.by_parent.get(code), on).collect();
        found.sort_by(|a, b| a.code.cmp(&b.code));
        found.dedup_by(|a, b| a.code == b.code);
        found
    }

    /// Every region inside a path on a day, itself included, in the order of the tree.
    #[must_use]
    pub fn within(&self, scope: &RegionPath, on: NaiveDate) -> Vec<&Region> {
        let valid = self.regions.iter().filter(|region| region.is_valid(on));
        let mut found: Vec<&Region> = valid.filter(|region| region.path.is_within(scope)).collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found.dedup_by(|a, b| a.path == b.path);
        found
    }

    /// How many regions of each kind lie inside a path on a day.
    #[must_use]
    pub fn counts(&self, scope: &RegionPath, on: NaiveDate) -> Vec<(RegionKind, usize)> {
        let inside = self.within(scope, on);
        let count = |kind| inside.iter().filter(|region| region.kind == kind).count();
        RegionKind::ALL.iter().map(|(kind, _, _)| (*kind, count(*kind))).filter(|(_, count)| *count > 0).collect()
    }

    /// The name with those above it, without the province: `扬州市江都区仙女镇`.
    #[must_use]
    pub fn full_name(&self, code: &str, on: NaiveDate) -> String {
        let chain = self.ancestors(code, on);
        let regions = chain.iter().filter_map(|code| self.region(code, on));
        regions.filter(|region| region.kind != RegionKind::Province).map(|region| region.name.as_str()).collect()
    }

    /// The regions inside a scope that bear a name or alias. Exact names first; only when there is none,
    /// names whose ending was left out (五角场 for 五角场街道).
    #[must_use]
    pub fn named(&self, scope: &RegionPath, name: &str, on: NaiveDate) -> Vec<&Region> {
        let name = name.trim();
        for index in [&self.by_name, &self.by_short] {
            let mut found: Vec<&Region> =
                self.at(index.get(name), on).filter(|region| region.path.is_within(scope)).collect();
            found.sort_by(|a, b| a.path.cmp(&b.path));
            found.dedup_by(|a, b| a.path == b.path);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// The one region a text means inside a scope: a code, a name, an alias, or names from above joined (江都区仙女镇).
    ///
    /// # Errors
    /// When there is none or more than one.
    pub fn resolve(&self, scope: &RegionPath, text: &str, on: NaiveDate) -> Result<&Region, Ambiguity> {
        let text = text.trim();
        if let Some(region) = self.region(text, on).filter(|region| region.path.is_within(scope)) {
            return Ok(region);
        }
        let found = self.named(scope, text, on);
        match found.as_slice() {
            [one] => Ok(one),
            [] => self.resolve_joined(scope, text, on),
            several => {
                let names = several.iter().map(|region| self.full_name(region.code.as_str(), on));
                Err(Ambiguity::Several(names.collect()))
            }
        }
    }

    fn resolve_joined(&self, scope: &RegionPath, text: &str, on: NaiveDate) -> Result<&Region, Ambiguity> {
        for (at, _) in text.char_indices().skip(1) {
            let (head, tail) = text.split_at(at);
            let heads = self.at(self.by_name.get(head), on).filter(|region| region.path.is_within(scope));
            for above in heads {
                if let Ok(region) = self.resolve(&above.path, tail, on) {
                    return Ok(region);
                }
            }
        }
        Err(Ambiguity::Unknown)
    }

    /// The tree as it stood on a day, laid out for roll-ups over many rows.
    #[must_use]
    pub fn on(&self, scope: &RegionPath, day: NaiveDate) -> DayView {
        DayView::new(self.within(scope, day).into_iter().cloned().collect())
    }
}

fn located(region: &Region) -> Located {
    Located {
        code: region.code.clone(),
        path: region.path.clone(),
        district: region.district.clone(),
        name: region.name.clone(),
    }
}

impl Regions for RegionTree {
    fn by_code(&self, code: &str, on: NaiveDate) -> Option<Located> {
        self.region(code, on).map(located)
    }

    fn by_name(&self, scope: &RegionPath, name: &str, on: NaiveDate) -> Vec<Located> {
        match self.resolve(scope, name, on) {
            Ok(region) => vec![located(region)],
            Err(_) => self.named(scope, name, on).into_iter().map(located).collect(),
        }
    }

    fn children(&self, of: &RegionPath, on: NaiveDate) -> Vec<Located> {
        let code = of.codes().last().unwrap_or_default();
        self.below(code, on).into_iter().map(located).collect()
    }
}
