//! What a tile shows: a figure, parts of a whole, a map, some lines. The page, the picture and the workbook are all
//! made from it, so they agree.

use vocabulary::Origin;
use web::svg::{HexCell, LegendItem, Scale, hex_map};
use web::{Link, Markup, SegPart, Tag, Tone};

/// Which tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileKey {
    /// All indicators by status.
    Overall,
    /// Binding ones, and those behind.
    Binding,
    /// The regions on a map.
    Regions,
    /// Indicators about elders.
    Elders,
    /// Indicators about children.
    Children,
    /// Tasks.
    Tasks,
    /// Projects.
    Projects,
    /// What needs someone now.
    Alerts,
}

impl TileKey {
    /// All, in the order of the wall.
    pub const ALL: [Self; 8] = [
        Self::Overall,
        Self::Binding,
        Self::Regions,
        Self::Elders,
        Self::Children,
        Self::Tasks,
        Self::Projects,
        Self::Alerts,
    ];

    /// The key in addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Binding => "binding",
            Self::Regions => "regions",
            Self::Elders => "elders",
            Self::Children => "children",
            Self::Tasks => "tasks",
            Self::Projects => "projects",
            Self::Alerts => "alerts",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overall => "全部指标",
            Self::Binding => "约束性指标",
            Self::Regions => "各地达标和正常占比",
            Self::Elders => "养老服务",
            Self::Children => "托育服务",
            Self::Tasks => "任务",
            Self::Projects => "项目",
            Self::Alerts => "需要处理",
        }
    }

    /// How much room it takes on the wall.
    #[must_use]
    pub const fn room(self) -> &'static str {
        match self {
            Self::Regions => "w4 h2",
            Self::Overall | Self::Binding | Self::Elders | Self::Children => "w4",
            Self::Alerts => "w6",
            Self::Tasks | Self::Projects => "",
        }
    }
}

/// One line of a tile.
#[derive(Debug, Clone)]
pub struct TileRow {
    /// What, and its page.
    pub what: Link,
    /// Its value with unit; may be empty.
    pub value: String,
    /// More about it; may be empty.
    pub more: String,
    /// Where it stands.
    pub tag: Option<Tag>,
}

impl TileRow {
    /// A line.
    pub fn new(what: Link, value: impl Into<String>) -> Self {
        Self { what, value: value.into(), more: String::new(), tag: None }
    }

    /// With where it stands.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    /// With more about it.
    #[must_use]
    pub fn more(mut self, more: impl Into<String>) -> Self {
        self.more = more.into();
        self
    }
}

/// What a tile shows.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Which.
    pub key: TileKey,
    /// The page it stands for.
    pub href: String,
    /// The big figure and its unit.
    pub figure: Option<(String, String)>,
    /// A sentence under it.
    pub sub: String,
    /// Parts of a whole.
    pub parts: Vec<SegPart>,
    /// Lines.
    pub rows: Vec<TileRow>,
    /// What to say when there are none.
    pub none: &'static str,
    /// Regions of the map.
    pub cells: Vec<HexCell>,
    /// The classes of the map.
    pub legend: Vec<LegendItem>,
    /// The least real of what it rests on.
    pub origin: Option<Origin>,
    /// The day of its figures.
    pub as_of: String,
}

impl Tile {
    /// An empty tile.
    pub fn new(key: TileKey, href: impl Into<String>, as_of: impl Into<String>) -> Self {
        Self {
            key,
            href: href.into(),
            figure: None,
            sub: String::new(),
            parts: Vec::new(),
            rows: Vec::new(),
            none: "",
            cells: Vec::new(),
            legend: Vec::new(),
            origin: None,
            as_of: as_of.into(),
        }
    }

    /// With a big figure.
    #[must_use]
    pub fn figure(mut self, value: impl Into<String>, unit: impl Into<String>) -> Self {
        self.figure = Some((value.into(), unit.into()));
        self
    }

    /// The map; `None` where no region has a place on it.
    #[must_use]
    pub fn map(&self) -> Option<Markup> {
        let title = format!("{}，{}，示意图", self.key.title(), self.as_of);
        (!self.cells.is_empty()).then(|| hex_map("wall-map", &title, &self.cells))
    }

    /// A tile as samples show it.
    pub(super) fn sample(key: TileKey) -> Self {
        let mut tile = Self::new(key, "/indicators", "2025年9月30日").figure("20", "项");
        tile.sub = "共 72 项，方案期已过 95.0%".to_owned();
        tile.parts = vec![
            SegPart::new(Tone::Ok, "已达标", 20, "/indicators?status=met"),
            SegPart::new(Tone::Late, "滞后", 4, ""),
        ];
        tile.rows = vec![
            TileRow::new(Link::new("/indicators/a", "每千人口托位数"), "4.21个/千人")
                .tag(Tag::status("late"))
                .more("还差 0.34个/千人"),
            TileRow::new(Link::words("生态科技新城"), "—"),
        ];
        tile.origin = Some(Origin::Synthetic);
        if key == TileKey::Regions {
            let scale = Scale::even(&[60.0, 90.0]);
            let cell = |x, name: &str, class| HexCell {
                x,
                y: 0,
                name: name.to_owned(),
                value: "85.7%".to_owned(),
                class,
                href: "/leader?region=1".to_owned(),
            };
            tile.cells = vec![cell(0, "广陵", Some(4)), cell(1, "景区", None)];
            tile.legend = scale.map(|scale| scale.legend("%", true)).unwrap_or_default();
        }
        if key == TileKey::Alerts {
            tile.rows.clear();
            tile.none = "没有需要处理的事项";
        }
        tile
    }
}
