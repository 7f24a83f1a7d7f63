//! Solomon's text form of the vehicle routing problem with time windows: distances truncated to one decimal, as many routes as the file
//! has vehicles, total distance as the only aim.

use super::Asked;
use super::fields::Source;
use crate::problem::{Carer, Need, Problem, Question, Shift, Ticks, Visit, Weights, Window};
use sheets::Problems;
use std::sync::Arc;

/// Ticks a unit: the one decimal.
pub const SCALE: i64 = 10;
/// What an unvisited customer costs.
const WORTH: Ticks = 1 << 40;

/// Reads a problem.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read(file: &str, text: &str) -> Result<Asked, Problems> {
    let mut source = Source::new(file);
    let question = question(&mut source, text);
    let Some(question) = question.filter(|_| source.problems.is_empty()) else { return Err(source.problems) };
    Problem::new(question).map(|problem| Asked { problem, warnings: Vec::new() }).map_err(|flaws| {
        for flaw in flaws {
            source.tell(1, &flaw.place, flaw.wrong, flaw.remedy);
        }
        source.problems
    })
}

/// The numbers of a line, or nothing when a word of it is none.
fn numbers(line: &str) -> Option<Vec<f64>> {
    let number = |word: &str| word.parse::<f64>().ok().filter(|number| (0.0..=1e7).contains(number));
    line.split_whitespace().map(number).collect()
}

fn question(source: &mut Source<'_>, text: &str) -> Option<Question> {
    let mut fleet = None;
    let mut customers: Vec<[f64; 6]> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let found = match numbers(line) {
            Some(found) if !found.is_empty() => found,
            // Headings are words alone; the name of the instance and blank lines are passed over.
            None if line.trim_start().starts_with(|letter: char| letter.is_ascii_digit()) => {
                source.tell(index + 1, "-", "a number is missing or wrong", "write digits with `.`, from 0 up");
                continue;
            }
            _ => continue,
        };
        match (found.as_slice(), fleet) {
            ([vehicles, capacity], None) => fleet = Some((*vehicles, *capacity, index + 1)),
            ([id, x, y, demand, ready, due, service], Some(_)) => {
                names.push(format!("{id}"));
                if ready > due {
                    source.tell(index + 1, "DUE DATE", "it is before READY TIME", "put it after");
                }
                customers.push([*x, *y, *demand, *ready, *due, *service]);
            }
            _ => source.tell(
                index + 1,
                "-",
                "the line has not the numbers it should have",
                "write 2 for the vehicles, 7 for a customer",
            ),
        }
    }
    let Some((vehicles, capacity, line)) = fleet else {
        source.tell(
            1,
            "VEHICLE",
            "the number of vehicles and their capacity are missing",
            "add them above the customers",
        );
        return None;
    };
    if customers.len() < 2 {
        source.tell(
            1,
            "CUSTOMER",
            "there is no depot with a customer",
            "add the depot as number 0 and at least one customer",
        );
        return None;
    }
    if vehicles < 1.0 || vehicles.fract() != 0.0 || vehicles > crate::problem::MOST_SHIFTS as f64 {
        source.tell(line, "NUMBER", "it is no number of vehicles", "give a whole number from 1");
        return None;
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    if let Some(pair) = sorted.windows(2).find(|pair| pair.first() == pair.last()) {
        let name = pair.first().map_or("", String::as_str);
        source.tell(1, "CUST NO.", format!("customer {name} is there twice"), "give each its own number");
    }
    if customers.len() > crate::problem::MOST_PLACES {
        source.tell(1, "CUSTOMER", "there are too many", "split the problem");
        return None;
    }
    // More vehicles than customers are of no use.
    let vehicles = (vehicles as usize).min(customers.len() - 1) as u32;
    Some(build(&customers, names, vehicles, capacity))
}

fn build(customers: &[[f64; 6]], names: Vec<String>, vehicles: u32, capacity: f64) -> Question {
    let ticks = |value: f64| (value * SCALE as f64).round() as Ticks;
    let mut travel = Vec::with_capacity(customers.len() * customers.len());
    for [x, y, ..] in customers {
        for [to_x, to_y, ..] in customers {
            let square = (x - to_x) * (x - to_x) + (y - to_y) * (y - to_y);
            travel.push((square.sqrt() * SCALE as f64 + 1e-9).floor() as i32);
        }
    }
    let [_, _, _, open, close, _] = customers.first().copied().unwrap_or_default();
    let visit = |(index, [_, _, demand, ready, due, service]): (usize, &[f64; 6])| Visit {
        id: names.get(index).cloned().unwrap_or_default(),
        place: index as u32,
        windows: vec![Window { from: ticks(*ready), due: ticks(*due), latest: ticks(*due) }],
        needs: vec![Need { skills: Vec::new(), length: ticks(*service) }],
        worth: WORTH,
        priority: 1,
        load: ticks(*demand),
        ..Visit::default()
    };
    let shift =
        |carer| Shift { carer, from: ticks(open), to: ticks(close), most_load: ticks(capacity), ..Shift::default() };
    Question {
        scale: SCALE,
        days: vec![String::new()],
        visits: customers.iter().enumerate().skip(1).map(visit).collect(),
        carers: (0..vehicles).map(|index| Carer { id: (index + 1).to_string(), skills: Vec::new() }).collect(),
        shifts: (0..vehicles).map(shift).collect(),
        places: names,
        travel: Arc::new(travel),
        weights: Weights::default(),
        ..Question::default()
    }
}
