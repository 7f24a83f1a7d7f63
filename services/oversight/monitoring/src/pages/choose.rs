//! Choosing what is looked at: region and month as fields of a filter, and what pages say of days and moments.

use super::View;
use crate::model::Month;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use documents::fmt;
use identity::Actor;
use vocabulary::RegionPath;
use vocabulary::clock::{china_day, china_local};
use web::{Choice, Input, Link, Shell};

/// Months to choose from: a plan of five years.
const MONTHS: u32 = 60;

/// The regions an account may look at, parents before children, indented by depth.
#[must_use]
pub fn region_input(view: &View, actor: &Actor) -> Input {
    let base = actor.region.codes().count();
    let regions = view.regions.with_figures(view.as_of());
    let mut choices: Vec<(RegionPath, Choice)> = regions
        .filter_map(|region| {
            let path = view.regions.path(&region.code).filter(|path| actor.sees(path))?;
            let depth = path.codes().count().saturating_sub(base);
            let label = format!("{}{}", "　".repeat(depth), region.name);
            Some((path, Choice::new(region.code.as_str(), label)))
        })
        .collect();
    choices.sort_by(|(a, _), (b, _)| a.cmp(b));
    let choices = choices.into_iter().map(|(_, choice)| choice).collect();
    Input::select("region", "区划", choices).value(&view.region).width("m")
}

/// The month looked at. A list and not a field of months: half of the browsers know no such field.
pub(crate) fn month_input(view: &View) -> Input {
    let choices = recent(view.today, MONTHS, view.month).into_iter();
    let choices = choices.map(|month| Choice::new(month.to_string(), month.label())).collect();
    Input::select("month", "月份", choices).value(view.month.to_string())
}

/// The last months, the present one first; one that is asked for and older stands at the end.
pub(crate) fn recent(today: NaiveDate, count: u32, asked: Month) -> Vec<Month> {
    let mut months: Vec<Month> = (0..count).map(|back| Month::of(today).back(back)).collect();
    if !months.contains(&asked) {
        months.push(asked);
    }
    months
}

/// A page's shell with its title, the day of its figures and the way to it.
pub(crate) fn shell(shell: Shell, view: &View, title: impl Into<String>, way: Vec<Link>) -> Shell {
    shell.titled(title).under(way).as_of(fmt::day(view.as_of()))
}

/// A moment as people in China read it: `2025-09-30 10:32`.
pub(crate) fn moment(moment: DateTime<Utc>) -> String {
    china_local(moment).format("%Y-%m-%d %H:%M").to_string()
}

/// Choices of the different values of a list, in the order in which they first appear.
pub(crate) fn choices_of<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for (value, label) in values {
        if !choices.iter().any(|choice| choice.value == value) {
            choices.push(Choice::new(value, label));
        }
    }
    choices
}

impl View {
    /// The day that the figures looked at speak of.
    pub(crate) fn as_of(&self) -> NaiveDate {
        // Who looks as of an earlier day stands on that day.
        let today =
            self.known_at.map_or(self.today, |moment| china_day(moment - Duration::microseconds(1)).min(self.today));
        self.month.as_of(today)
    }
}
