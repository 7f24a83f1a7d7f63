//! People, and the households they live in, as columns. Every problem is found in one reading.

use super::cells::Growing;
use crate::book::Book;
use crate::column::{Column, Scalar, Table};
use crate::vocabulary::{Derivation, Type, Vocabulary};
use sheets::{Problems, Sheet};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Names under which a file of people may name the column of their household.
const HOUSEHOLD: [&str; 3] = ["household", "household_no", "户号"];
/// Names of the column of ids.
const ID: &str = "id";
/// Derived terms that a file may hold itself instead of what they are derived from.
const GIVEN: [&str; 2] = ["年龄", "月龄"];

/// A file's name and text.
pub type File<'a> = (&'a str, &'a str);

/// What is asked of the files.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// One row a subject.
    pub people: File<'a>,
    /// One row a household, whose values hold for all of its members.
    pub households: Option<File<'a>>,
    /// What rules may speak of.
    pub vocabulary: &'a Vocabulary,
    /// Other names of terms in a header, such as the English keys of their fields.
    pub aliases: &'a HashMap<String, String>,
}

/// People as they were read.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Ids, in the order of the file.
    pub ids: Ids,
    /// The columns that the rules need; those that no file has are missing in every row.
    pub table: Table,
    /// Terms that no file has.
    pub absent: Vec<String>,
    /// What the user must be told.
    pub warnings: Vec<String>,
}

/// Ids one behind the other in one text.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    /// The id of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        let from = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|to| self.text.get(from..*to)).unwrap_or_default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The row of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        (0..self.len()).find(|row| self.get(*row) == id)
    }
}

/// The names in the header of a file.
#[must_use]
pub fn head(text: &str) -> Vec<String> {
    sheets::head(text)
}

/// The vocabulary for files with these columns: an age that a file gives itself needs no day of birth.
#[must_use]
fn fitted(vocabulary: &Vocabulary, header: &[String]) -> Vocabulary {
    let mut fitted = vocabulary.clone();
    for term in &mut fitted.terms {
        let (Derivation::CompletedYears { since, .. } | Derivation::CompletedMonths { since, .. }) = &term.derivation
        else {
            continue;
        };
        if GIVEN.contains(&term.name.as_str()) && header.contains(&term.name) && !header.contains(since) {
            term.derivation = Derivation::Column;
        }
    }
    fitted
}

impl Asking<'_> {
    /// The header of a file with every name as its term.
    fn terms_of(&self, text: &str) -> Vec<String> {
        let named = |name: String| self.aliases.get(&name).cloned().unwrap_or(name);
        head(text).into_iter().map(named).collect()
    }

    /// The vocabulary that rules over these files are to be read with.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary {
        let mut header = self.terms_of(self.people.1);
        header.extend(self.households.map(|(_, text)| self.terms_of(text)).unwrap_or_default());
        fitted(self.vocabulary, &header)
    }
}

/// A column that is being read.
struct Reading {
    term: String,
    column: Growing,
}

/// Reads people, and their households, for a book that was read with [`Asking::vocabulary`].
///
/// # Errors
/// Everything that is wrong with the files.
pub fn read(asking: &Asking<'_>, book: &Book) -> Result<People, Problems> {
    let mut problems = Problems::default();
    let vocabulary = asking.vocabulary();
    let needed: Vec<&str> = book.columns().iter().map(String::as_str).collect();
    let people = sheet(asking, asking.people, (&vocabulary, &needed), asking.households.is_some(), &mut problems);
    let households =
        asking.households.map(|file| (file.0, sheet(asking, file, (&vocabulary, &needed), false, &mut problems)));
    let Some(people) = people else { return Err(problems) };
    let mut found = People { warnings: people.warning.into_iter().collect(), ..People::default() };
    let rows = people.ids.len();
    let mut table = Table::new(rows);
    if let Some((_, Some(households))) = households {
        found.warnings.extend(households.warning);
        let members = members(asking.people.0, &people.members, &households.ids, &mut problems);
        for one in households.columns {
            if people.columns.iter().any(|own| own.term == one.term) {
                found.warnings.push(format!(
                    "{}: `{}` stands in both files; the one of {} is used",
                    asking.households.map_or("", |(name, _)| name),
                    one.term,
                    asking.people.0
                ));
                continue;
            }
            table.insert(one.term, spread(&one.column.finish(), &members));
        }
    }
    for one in people.columns {
        table.insert(one.term, one.column.finish());
    }
    for name in book.columns() {
        if table.column(name).is_none() {
            let kind = vocabulary.term(name).map_or(Type::Text, |term| term.kind);
            table.insert(name, Column::missing(kind, rows));
            found.absent.push(name.clone());
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(People { ids: people.ids, table, ..found })
}

/// A file as it was read.
struct Read {
    ids: Ids,
    columns: Vec<Reading>,
    /// The household of every row and its line.
    members: Vec<(usize, Option<String>)>,
    warning: Option<String>,
}

fn sheet(
    asking: &Asking<'_>,
    (name, text): File<'_>,
    (vocabulary, needed): (&Vocabulary, &[&str]),
    with_households: bool,
    problems: &mut Problems,
) -> Option<Read> {
    let header = head(text);
    let terms = asking.terms_of(text);
    let wanted: Vec<(&String, &String)> =
        header.iter().zip(&terms).filter(|(_, term)| needed.contains(&term.as_str())).collect();
    let household = header.iter().find(|one| with_households && HOUSEHOLD.contains(&one.as_str()));
    // Columns that the vocabulary knows and no rule asks for are no surprise: only the others are worth a word.
    let silent = header.iter().zip(&terms).filter(|(one, term)| {
        !needed.contains(&term.as_str())
            && (vocabulary.term(term).is_some() || HOUSEHOLD.contains(&one.as_str()))
            && Some(*one) != household
    });
    let mut optional: Vec<&str> = wanted.iter().map(|(one, _)| one.as_str()).collect();
    let household_at = household.map(|one| {
        optional.push(one);
        optional.len()
    });
    optional.extend(silent.map(|(one, _)| one.as_str()));
    let before = problems.len();
    if with_households && household.is_none() {
        let remedy = "add a column `household` with the ids of the households";
        problems.add(name, 1, HOUSEHOLD[0], "this column is missing, and there is a file of households", remedy);
    }
    no_column_twice(name, &wanted, problems);
    let mut sheet = Sheet::open(name, text, &[ID], &optional, problems)?;
    if problems.len() > before {
        return None;
    }
    let mut columns: Vec<Reading> = wanted
        .iter()
        .filter_map(|(_, term)| {
            let known = vocabulary.term(term)?;
            Some(Reading { term: (*term).clone(), column: Growing::new(known.kind, known.choices.clone()) })
        })
        .collect();
    let (mut ids, mut members) = (Ids::default(), Vec::new());
    let mut seen: HashMap<u64, Vec<usize>, BuildHasherDefault<Plain>> = HashMap::default();
    while let Some(row) = sheet.next(problems) {
        match row.text(0) {
            None => row.report(ID, "the cell is empty", "give every row an id of its own", problems),
            Some(id) => {
                let same = seen.entry(hashed(id)).or_default();
                if same.iter().any(|other| ids.get(*other) == id) {
                    row.report(ID, format!("the id `{id}` stands twice"), "give every row an id of its own", problems);
                }
                same.push(ids.len());
                ids.push(id);
            }
        }
        for (place, reading) in columns.iter_mut().enumerate() {
            reading.column.push(row.text(place + 1), |wrong| {
                row.report(row.name(place + 1), wrong.what, wrong.remedy, problems);
            });
        }
        if let Some(at) = household_at {
            members.push((row.line(), row.text(at).map(str::to_owned)));
        }
    }
    if ids.is_empty() && problems.len() == before {
        problems.add(name, 1, "-", "there are no rows below the header", "write at least one row");
    }
    Some(Read { ids, columns, members, warning: sheet.warning().map(str::to_owned) })
}

/// One term under two heads would leave it to chance which is read.
fn no_column_twice(name: &str, wanted: &[(&String, &String)], problems: &mut Problems) {
    for (place, (one, term)) in wanted.iter().enumerate() {
        if wanted.iter().take(place).any(|(_, other)| other == term) {
            problems.add(name, 1, one, format!("this is the column `{term}` again"), "keep one of them");
        }
    }
}

/// The row of everyone's household.
fn members(
    name: &str,
    members: &[(usize, Option<String>)],
    households: &Ids,
    problems: &mut Problems,
) -> Vec<Option<usize>> {
    let rows: HashMap<&str, usize> = (0..households.len()).map(|row| (households.get(row), row)).collect();
    let find = |(line, household): &(usize, Option<String>)| {
        let household = household.as_deref()?;
        let row = rows.get(household).copied();
        if row.is_none() {
            let wrong = format!("`{household}` is not an id of the households");
            problems.add(name, *line, HOUSEHOLD[0], wrong, "add the household, or correct its id");
        }
        row
    };
    members.iter().map(find).collect()
}

/// A household's values for each of its members.
fn spread(column: &Column, members: &[Option<usize>]) -> Column {
    let rows = members.iter().map(|household| household.and_then(|household| column.get(household)));
    match column.kind() {
        Type::Date => Column::dates(rows.map(|value| match value {
            Some(Scalar::Date(day)) => Some(day),
            _ => None,
        })),
        Type::Text => Column::texts(rows.map(|value| match value {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        })),
        Type::Boolean => Column::booleans(rows.map(|value| match value {
            Some(Scalar::Boolean(flag)) => Some(flag),
            _ => None,
        })),
        _ => Column::decimals(rows.map(|value| match value {
            Some(Scalar::Number(number)) => Some(number),
            _ => None,
        })),
    }
}

/// Hashes are found by [`hashed`] already.
#[derive(Default)]
struct Plain(u64);

impl std::hash::Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

fn hashed(id: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
