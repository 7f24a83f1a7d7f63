//! Numbers that look right and can belong to nobody: ID numbers in the area 99xxxx (never issued: GB/T 2260 has
//! no such province), credit codes of registration areas in 99xxxx, telephone numbers beginning with 154 (a
//! mobile prefix that has not been put into use).

use crate::rng::Rng;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;
use uuid::Uuid;
use vocabulary::numbers::{credit_check, id_check};

/// Blocks of area numbers: a city takes one block, a town one number in it.
const BLOCKS: u64 = 41;
/// Numbers in a block: 41 × 240 fits below 10,000.
const BLOCK: u64 = 240;
/// Sequence numbers of one sex, area and day of birth: the odd or the even ones from 001 to 999.
const SEQUENCES: u32 = 499;

/// Hands out ID numbers of one area; never the same twice.
#[derive(Debug)]
pub(crate) struct IdNumbers {
    area: u64,
    used: HashMap<(NaiveDate, bool), u32>,
}

impl IdNumbers {
    /// The numbers of the `town`-th town of a city. Only the city's county digits matter, so that cities differ.
    pub fn new(city: &str, town: usize) -> Self {
        let digits: u64 = city.get(..6).and_then(|six| six.parse().ok()).unwrap_or(0);
        Self { area: (digits % BLOCKS) * BLOCK + town as u64 % BLOCK, used: HashMap::new() }
    }

    /// The next number of a sex and a day of birth; `None` when the day is used up.
    pub fn next(&mut self, birth: NaiveDate, male: bool) -> Option<String> {
        let count = self.used.entry((birth, male)).or_insert(0);
        if *count >= SEQUENCES {
            return None;
        }
        // 7 and 499 share no divisor: every sequence number comes up once before one comes up twice.
        let slot = (*count * 7 + birth.ordinal()) % SEQUENCES;
        *count += 1;
        let sequence = slot * 2 + if male { 1 } else { 2 };
        let mut text = format!("99{:04}{}{sequence:03}", self.area, birth.format("%Y%m%d"));
        text.push(id_check(&text)?);
        Some(text)
    }
}

/// A telephone number that nobody has.
pub(crate) fn phone(rng: &mut Rng) -> String {
    format!("154{:08}", rng.below(100_000_000))
}

/// A unified social credit code that nobody has: a private non-enterprise unit (52) of area 99xxxx.
pub(crate) fn credit_code(rng: &mut Rng) -> Option<String> {
    let mut text = format!("5299{:04}{:09}", rng.below(10_000), rng.below(1_000_000_000));
    text.push(credit_check(&text)?);
    Some(text)
}

/// Ids in the order in which they are given, so that indexes grow at their end. Version 7 (RFC 9562) with a fixed
/// moment; after it come the stream, the city, a counter and chance.
#[derive(Debug)]
pub(crate) struct Ids {
    millis: u64,
    stream: u16,
    city: u8,
    count: u32,
    rng: Rng,
}

impl Ids {
    /// Ids of a stream, which no other stream of the same city shares. The chance is the city's own.
    pub fn new(mut rng: Rng, day: NaiveDate, stream: u16) -> Self {
        let days = day.signed_duration_since(NaiveDate::default()).num_days();
        let millis = u64::try_from(days).unwrap_or(0) * 86_400_000;
        let [city, ..] = rng.next().to_be_bytes();
        Self { millis, stream, city, count: 0, rng }
    }

    /// The next id.
    pub fn next(&mut self) -> Uuid {
        self.count += 1;
        let [stream_high, stream_low] = self.stream.to_be_bytes();
        let [_, high, middle, low] = self.count.to_be_bytes();
        let [a, b, c, d, ..] = self.rng.next().to_be_bytes();
        let bytes = [stream_high, stream_low, self.city, high, middle, low, a, b, c, d];
        uuid::Builder::from_unix_timestamp_millis(self.millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use vocabulary::numbers::{parse_credit_code, parse_id_number};

    #[test]
    fn id_numbers_are_right_and_unique() {
        let day = NaiveDate::from_ymd_opt(1950, 3, 8).unwrap();
        let mut numbers = IdNumbers::new("310110000000", 3);
        let mut seen = HashSet::new();
        for male in [true, false] {
            for _ in 0..SEQUENCES {
                let text = numbers.next(day, male).unwrap();
                let read = parse_id_number(&text).unwrap();
                assert!(read.birth == day && read.male == male && text.starts_with("99"));
                assert!(seen.insert(text));
            }
            assert_eq!(numbers.next(day, male), None);
        }
    }

    #[test]
    fn cities_and_towns_have_areas_of_their_own() {
        let day = NaiveDate::from_ymd_opt(1950, 3, 8).unwrap();
        let places = ["310110000000", "321000000000", "330212000000", "361000000000", "530900000000"];
        let areas: HashSet<String> = places
            .iter()
            .flat_map(|place| (0..200).map(move |town| (place, town)))
            .filter_map(|(place, town)| IdNumbers::new(place, town).next(day, true))
            .filter_map(|text| text.get(..6).map(str::to_owned))
            .collect();
        assert_eq!(areas.len(), 1000);
    }

    #[test]
    fn credit_codes_are_right_and_ids_are_ordered() {
        let mut rng = Rng::of(1, &["codes"]);
        for _ in 0..100 {
            assert!(parse_credit_code(&credit_code(&mut rng).unwrap()).is_ok());
        }
        let day = NaiveDate::from_ymd_opt(2025, 9, 30).unwrap();
        let mut ids = Ids::new(Rng::of(1, &["ids"]), day, 3);
        let made: Vec<Uuid> = (0..1000).map(|_| ids.next()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0].get_version_num(), 7);
        let other = Ids::new(Rng::of(1, &["ids"]), day, 4).next();
        assert_ne!(made[0], other);
    }
}
