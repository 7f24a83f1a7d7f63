//! Days and times of day in files.

use super::fields::Source;
use super::json::Value;
use crate::problem::Ticks;
use std::collections::BTreeMap;

/// Minutes a day.
const DAY: i64 = 1_440;

/// The days of a file, with their distance in days from the first.
#[derive(Debug, Default)]
pub struct Days {
    /// Name and distance, ascending.
    pub list: Vec<(String, i64)>,
    places: BTreeMap<String, u32>,
}

impl Days {
    /// Of days as they are written; what is none is left to [`Days::place`].
    pub fn of(names: &[&str]) -> Self {
        let mut days: Vec<(i64, String)> = Vec::new();
        for name in names {
            if let Ok(day) = sheets::day(name) {
                days.push((i64::from(chrono::Datelike::num_days_from_ce(&day)), (*name).to_owned()));
            }
        }
        days.sort();
        days.dedup();
        let first = days.first().map_or(0, |(day, _)| *day);
        let list: Vec<(String, i64)> = days.into_iter().map(|(day, name)| (name, day - first)).collect();
        let places = list.iter().zip(0..).map(|((name, _), place)| (name.clone(), place)).collect();
        Self { list, places }
    }

    /// The place of a day.
    pub fn place(&self, source: &mut Source<'_>, value: &Value, path: &str) -> Option<u32> {
        let name = source.text(value, path)?;
        if let Err(wrong) = sheets::day(name) {
            source.tell(value.line, path, wrong.what, &wrong.remedy);
            return None;
        }
        self.places.get(name).copied()
    }

    /// When a day begins.
    pub fn begin(&self, place: u32, scale: i64) -> Ticks {
        self.list.get(place as usize).map_or(0, |(_, distance)| distance.saturating_mul(DAY).saturating_mul(scale))
    }
}

/// A time of day, `00:00` to `48:00`; beyond 24:00 it is the next day's.
pub fn time(source: &mut Source<'_>, value: &Value, path: &str, scale: i64) -> Option<Ticks> {
    let text = source.text(value, path)?;
    let parts = text.split_once(':').filter(|(hours, minutes)| {
        let digits =
            |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits(hours, 2) && digits(minutes, 2) && minutes.len() == 2
    });
    let read = parts.and_then(|(hours, minutes)| Some((hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?)));
    match read {
        Some((hours, minutes)) if minutes < 60 && hours * 60 + minutes <= 2 * DAY => {
            Some((hours * 60 + minutes) * scale)
        }
        _ => {
            source.tell(value.line, path, format!("`{text}` is no time of day"), "write HH:MM, up to 48:00");
            None
        }
    }
}

/// A time of day as files write it, with seconds where it has any.
pub fn written(ticks: Ticks, scale: i64) -> String {
    let seconds = (ticks.max(0) * 60 + scale / 2) / scale;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{rest:02}") }
}
