//! `[demo]`: what the demo shows.

use crate::People;
use crate::kinds::Word;
use crate::reading::Reading;
use chrono::NaiveDate;

/// What the demo shows.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Whether this server is a demo: its accounts are shown on the login page. `ZHAOXI_DEMO_ENABLED`, default `false`.
    pub enabled: bool,
    /// Cities to build, by the names of their packs. `ZHAOXI_DEMO_CITIES`, default `yangzhou,yangpu`.
    pub cities: Vec<String>,
    /// Synthetic people of a city, or `full`. `ZHAOXI_DEMO_PEOPLE`, default `20000`.
    pub people: People,
    /// The day on which the demo stands. `ZHAOXI_DEMO_DAY`, default ``: today.
    pub day: Option<NaiveDate>,
}

impl Demo {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("demo");
        let cities = ["yangzhou", "yangpu"].map(|city| Word(city.to_owned())).to_vec();
        let enabled = section.value("enabled", false, "是否为演示：登录页会列出演示账号");
        let cities = section.value("cities", cities, "演示哪些地方（规划包的名称，逗号分隔）");
        Self {
            enabled,
            cities: cities.into_iter().map(|city| city.0).collect(),
            people: section.value("people", People::Number(20_000), "每地合成多少人；full 为与实际同数"),
            day: section.value("day", None, "演示停在哪一天；不设则为今天"),
        }
    }
}
