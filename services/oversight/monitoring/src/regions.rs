//! The plan's region tree as figures are rolled up: which regions get figures, which lies inside which.

use crate::shapes::{Ring, Shapes};
use chrono::NaiveDate;
use pack_reader::Pack;
use pack_reader::model::{Region, RegionKind};
use rules::{Bits, Column, Table};
use std::collections::HashMap;
use std::sync::Arc;
use vocabulary::{Field, FieldKind, Origin, RegionPath, Register};

/// Key under which expressions speak of regions as rows.
pub const REGION_KEY: &str = "region";

/// The description of regions as a source of terms: for denominators such as “all streets”. Read-only.
#[must_use]
pub fn register() -> Register {
    let kinds: Vec<&str> = RegionKind::ALL.iter().map(|(_, _, label)| *label).collect();
    Register {
        key: REGION_KEY.to_owned(),
        label: "区划".to_owned(),
        group: String::new(),
        note: "方案包里的区划；随方案包更新，不在登记簿里修改".to_owned(),
        source: String::new(),
        fields: vec![
            Field::new("name", "名称", FieldKind::Text),
            Field::new("kind", "级别", FieldKind::Choice).choices(&kinds),
            Field::new("official", "官方编码", FieldKind::Boolean),
        ],
        unique: Vec::new(),
        list: Vec::new(),
        search: Vec::new(),
        title: "name".to_owned(),
        table: None,
        point: false,
        related: Vec::new(),
        files: Vec::new(),
    }
}

/// The regions of a plan, by code.
#[derive(Debug, Clone)]
pub struct RegionIndex {
    all: Vec<Region>,
    by_code: HashMap<String, usize>,
    shapes: Arc<Shapes>,
}

/// Names of the terms that every register has: the ancestor of a row's region at a level.
const ANCESTOR_TERMS: [(&str, &[RegionKind]); 3] = [
    ("所在村居", &[RegionKind::Village, RegionKind::Community]),
    ("所在街镇", &[RegionKind::Street, RegionKind::Town, RegionKind::Township]),
    ("所在县区", &[RegionKind::District, RegionKind::County, RegionKind::Zone]),
];

impl RegionIndex {
    /// The regions of a pack.
    #[must_use]
    pub fn of(pack: &Pack) -> Self {
        let all = pack.regions.clone();
        let by_code = all.iter().enumerate().map(|(at, region)| (region.code.clone(), at)).collect();
        Self { all, by_code, shapes: Arc::default() }
    }

    /// The same regions with real boundaries, where they are at hand.
    #[must_use]
    pub fn with_shapes(mut self, shapes: &Arc<Shapes>) -> Self {
        self.shapes = Arc::clone(shapes);
        self
    }

    /// The boundary of a region; empty when it is not at hand.
    #[must_use]
    pub fn rings(&self, code: &str) -> &[Ring] {
        self.shapes.of(code).unwrap_or_default()
    }

    /// Whose data the boundaries are; "" where nothing must be said.
    #[must_use]
    pub fn credit(&self) -> &'static str {
        self.shapes.credit()
    }

    /// The region with a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.by_code.get(code).and_then(|at| self.all.get(*at))
    }

    /// The path of a region.
    #[must_use]
    pub fn path(&self, code: &str) -> Option<RegionPath> {
        self.get(code).map(|region| RegionPath::stored(&region.path))
    }

    /// The name of a region; its code when unknown.
    #[must_use]
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.get(code).map_or(code, |region| region.name.as_str())
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Option<&Region> {
        self.all.first()
    }

    fn valid(region: &Region, on: NaiveDate) -> bool {
        region.valid_from.is_none_or(|from| from <= on) && region.valid_to.is_none_or(|to| on <= to)
    }

    /// Whether regions of this kind get figures of their own: everything above villages and communities.
    #[must_use]
    pub fn gets_figures(kind: RegionKind) -> bool {
        !matches!(kind, RegionKind::Village | RegionKind::Community)
    }

    /// The regions that get figures, parents first.
    pub fn with_figures(&self, on: NaiveDate) -> impl Iterator<Item = &Region> {
        self.all.iter().filter(move |region| Self::gets_figures(region.kind) && Self::valid(region, on))
    }

    /// The regions right below one that get figures.
    #[must_use]
    pub fn children(&self, code: &str, on: NaiveDate) -> Vec<&Region> {
        self.with_figures(on).filter(|region| region.parent.as_deref() == Some(code)).collect()
    }

    /// From the root down to the region, itself included.
    #[must_use]
    pub fn ancestors(&self, code: &str) -> Vec<&Region> {
        let Some(region) = self.get(code) else { return Vec::new() };
        region.path.split('/').filter_map(|part| self.get(part)).collect()
    }

    /// How deep a region lies: 0 for the root of the tree.
    #[must_use]
    pub fn depth(&self, code: &str) -> usize {
        self.ancestors(code).len().saturating_sub(1)
    }

    /// The regions themselves as rows, for denominators such as "all streets": those valid on the day.
    #[must_use]
    pub fn sheet(&self, on: NaiveDate) -> Sheet {
        let rows: Vec<&Region> = self.all.iter().filter(|region| Self::valid(region, on)).collect();
        let table = Table::new(rows.len())
            .with("级别", Column::texts(rows.iter().map(|region| Some(region.kind.label()))))
            .with("名称", Column::texts(rows.iter().map(|region| Some(region.name.as_str()))))
            .with("官方编码", Column::booleans(rows.iter().map(|region| Some(region.official))));
        let mut sheet = Sheet {
            table,
            regions: rows.iter().map(|region| RegionPath::stored(&region.path)).collect(),
            row_region: (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect(),
            ids: None,
            origin: Some(Origin::Measured),
        };
        sheet.add_ancestors(self);
        sheet
    }
}

/// The rows of a register as columns, and where each row lies.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Columns by label.
    pub table: Table,
    /// The different regions of the rows.
    pub regions: Vec<RegionPath>,
    /// For each row, its place in `regions`.
    pub row_region: Vec<u32>,
    /// Ids of the rows, when asked for.
    pub ids: Option<Vec<String>>,
    /// The least real origin among the rows; `None` without rows.
    pub origin: Option<Origin>,
}

impl Sheet {
    /// Adds the terms every register has: codes of the village, town and county each row lies in.
    pub fn add_ancestors(&mut self, index: &RegionIndex) {
        for (name, kinds) in ANCESTOR_TERMS {
            let mut dictionary: Vec<String> = Vec::new();
            let mut number: HashMap<String, u32> = HashMap::new();
            let of_region: Vec<Option<u32>> = self
                .regions
                .iter()
                .map(|path| {
                    let code =
                        path.codes().find(|code| index.get(code).is_some_and(|region| kinds.contains(&region.kind)))?;
                    Some(*number.entry(code.to_owned()).or_insert_with(|| {
                        dictionary.push(code.to_owned());
                        u32::try_from(dictionary.len() - 1).unwrap_or(u32::MAX)
                    }))
                })
                .collect();
            let mut present = Bits::default();
            let codes: Vec<u32> = self
                .row_region
                .iter()
                .map(|region| {
                    let code = of_region.get(*region as usize).copied().flatten();
                    present.push(code.is_some());
                    code.unwrap_or_default()
                })
                .collect();
            self.table.insert(name, Column::Text { codes, dictionary, present });
        }
    }
}
