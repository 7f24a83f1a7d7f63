//! Reads the files of a projection into a question; everything wrong with them at once.

use super::{File, Files};
use crate::check::Claim;
use crate::compare::Census;
use crate::question::{
    Band, Bands, Dated, FEMALE, Flaw, MALE, OLDEST, Question, Region, Sexed, Table, Timing, sex_word,
};
use crate::scenario::bounded;
use sheets::{Problems, Row, Sex, Sheet, Wrong, sex, whole};
use std::collections::{BTreeMap, HashMap};

/// Where a table of one sex is asked for: table, region (none is everybody), year, sex.
type Place = (Table, Option<usize>, i32, usize);

/// Lines of the ages of every table, youngest first.
type Lines = HashMap<Place, Vec<(u32, usize)>>;

/// A question with where its figures stand.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The question.
    pub question: Question,
    /// What the user must be told.
    pub warnings: Vec<String>,
    names: HashMap<Table, String>,
    lines: Lines,
}

impl Asked {
    /// File and line of a figure, or of the table it should be in.
    pub fn place(
        &self,
        table: Table,
        region: Option<usize>,
        year: Option<i32>,
        sex: Option<usize>,
        age: Option<u32>,
    ) -> (&str, usize) {
        let name = self.names.get(&table).map_or("-", String::as_str);
        let year = year.unwrap_or(self.question.start);
        let since = match table {
            Table::Migration => self.question.migration.at(region.unwrap_or(usize::MAX), year).map_or(year, |it| it.0),
            _ => year,
        };
        let sexes = sex.map_or(vec![MALE, FEMALE], |sex| vec![sex]);
        let known = sexes.into_iter().find_map(|sex| {
            let table = [region, None].into_iter().find_map(|whose| self.lines.get(&(table, whose, since, sex)))?;
            let upto = table.partition_point(|(known, _)| *known <= age.unwrap_or(0)).saturating_sub(1);
            table.get(upto).map(|(_, line)| *line)
        });
        (name, known.unwrap_or(1))
    }
}

/// Figures of both sexes with their lines.
type Lined = [Vec<(Band, usize)>; 2];

/// One figure of a file.
struct Figure {
    region: Option<usize>,
    year: i32,
    sex: usize,
    band: Band,
    line: usize,
}

/// What a file looks like.
#[derive(Clone, Copy)]
struct Form {
    table: Table,
    value: &'static str,
    sexes: bool,
    /// Whether the last age is open.
    open: bool,
}

/// Ids of the regions, in the order of the population file.
type Ids<'a> = HashMap<&'a str, usize>;

/// Reads a question.
///
/// # Errors
/// Everything that is wrong with the files.
pub(crate) fn question(files: &Files<'_>) -> Result<Asked, Problems> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    let mut lines = HashMap::new();
    let (regions, start) = population(files, &mut lines, &mut warnings, &mut problems);
    let ids: Ids<'_> = regions.iter().zip(0..).map(|(region, place)| (region.id.as_str(), place)).collect();
    let mut reader = Reader { ids: &ids, lines: &mut lines, warnings: &mut warnings, problems: &mut problems };
    let form = |table, value, sexes, open| Form { table, value, sexes, open };
    let fertility = reader.one(files.fertility, form(Table::Fertility, "rate", false, false));
    let (mut mortality, mut survival) = (Dated::default(), Dated::default());
    for file in [files.mortality, files.survival].into_iter().flatten() {
        let head = file.1.lines().next().unwrap_or_default();
        let has = |name: &str| head.split(',').any(|column| column.trim_matches(['\u{feff}', '"', ' ', '\r']) == name);
        if has("ratio") && !has("rate") || (files.survival == Some(file) && !has("rate")) {
            survival = reader.sexes(file, form(Table::Survival, "ratio", true, true));
        } else {
            mortality = reader.sexes(file, form(Table::Mortality, "rate", true, true));
        }
    }
    let migration = files.migration.map(|file| reader.sexes(file, form(Table::Migration, "net", true, false)));
    let sex_ratio = reader.plain(files.sex_ratio);
    if files.mortality.is_none() && files.survival.is_none() {
        problems.add(
            "--mortality",
            0,
            "-",
            "there are neither death rates nor survival ratios",
            "name a file of either",
        );
    }
    let question = Question {
        start: files.from.unwrap_or(start),
        until: files.until,
        timing: files.timing.unwrap_or_default(),
        five_year: files.five_year,
        regions,
        fertility,
        mortality,
        survival,
        migration: migration.unwrap_or_default(),
        sex_ratio,
    };
    let names = names(files);
    let mut asked = Asked { question, warnings, names, lines };
    if problems.is_empty() {
        for flaw in asked.question.flaws() {
            tell(&asked, &flaw, &mut problems);
        }
    }
    if files.timing == Some(Timing::Even) && asked.question.in_fives() && !asked.question.migration.is_empty() {
        asked.warnings.push(
            "five-year tables: migrants come at the end of the year, as the five-year engine has it; --migration-timing even has no effect"
                .to_owned(),
        );
    }
    if problems.is_empty() { Ok(asked) } else { Err(problems) }
}

fn names(files: &Files<'_>) -> HashMap<Table, String> {
    let mortality = files.mortality.or(files.survival).map_or("--mortality", |file| file.0);
    let all = [
        (Table::Population, files.population.0),
        (Table::Fertility, files.fertility.0),
        (Table::Mortality, mortality),
        (Table::Survival, files.survival.map_or(mortality, |file| file.0)),
        (Table::Migration, files.migration.map_or("--migration", |file| file.0)),
        (Table::SexRatio, files.sex_ratio.0),
    ];
    all.into_iter().map(|(table, name)| (table, name.to_owned())).collect()
}

/// A flaw as a problem of a file.
fn tell(asked: &Asked, flaw: &Flaw, problems: &mut Problems) {
    let (file, line) = asked.place(flaw.table, flaw.region, flaw.year, flaw.sex, flaw.age);
    let region = flaw.region.and_then(|region| asked.question.regions.get(region));
    let mut of: Vec<String> = region.map(|region| region.id.clone()).into_iter().collect();
    of.extend(flaw.year.map(|year| year.to_string()));
    of.extend(flaw.sex.map(|sex| sex_word(sex).to_owned()));
    let of = if of.is_empty() { String::new() } else { format!("{}: ", of.join(" ")) };
    let column = match flaw.code {
        "ages" | "open_age" | "missing" | "bearing" => "age",
        "people" if flaw.table == Table::Population => "count",
        "people" => "net",
        "rate" | "open_rate" | "sex_ratio" if flaw.table == Table::Survival => "ratio",
        "rate" | "open_rate" | "sex_ratio" => "rate",
        "first_year" => "year",
        _ => "-",
    };
    problems.add(file, line, column, format!("{of}{}", flaw.wrong), flaw.remedy.clone());
}

/// The people of the year to start from, and that year.
fn population(
    files: &Files<'_>,
    lines: &mut Lines,
    warnings: &mut Vec<String>,
    problems: &mut Problems,
) -> (Vec<Region>, i32) {
    let name = files.population.0;
    let (order, mut figures) = people(files.population, &[], warnings, problems);
    let start = files.from.or_else(|| figures.iter().map(|figure| figure.year).max()).unwrap_or(0);
    let others = figures.len();
    figures.retain(|figure| figure.year == start);
    if figures.is_empty() && others > 0 {
        problems.add(name, 1, "year", format!("there are no people of {start}"), "name a year that the file has");
    }
    let form = Form { table: Table::Population, value: "count", sexes: true, open: true };
    let mut tables = gather(name, form, figures, lines, problems);
    let regions = order
        .into_iter()
        .enumerate()
        .map(|(place, id)| Region { id, people: tables.remove(&(Some(place), start)).unwrap_or_default() })
        .collect();
    (regions, start)
}

/// Figures of people, and the ids of their regions: those given first, then in the order of the file.
fn people(
    (name, text): File<'_>,
    ids: &[&str],
    warnings: &mut Vec<String>,
    problems: &mut Problems,
) -> (Vec<String>, Vec<Figure>) {
    let mut order: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let mut known: HashMap<String, usize> = order.iter().cloned().zip(0..).collect();
    let mut figures: Vec<Figure> = Vec::new();
    let columns = ["region", "year", "sex", "age", "count"];
    if let Some(mut sheet) = Sheet::open(name, text, &columns, &["width"], problems) {
        warnings.extend(sheet.warning().map(str::to_owned));
        while let Some(row) = sheet.next(problems) {
            let id = row.must(0, region_id, problems);
            let (figure_year, figure_sex) = (row.must(1, year, problems), row.must(2, sex, problems));
            let band = band(&row, [3, 4, 5], Table::Population.bounds(), problems);
            let (Some(id), Some(year), Some(sex), Some(band)) = (id, figure_year, figure_sex, band) else { continue };
            let region = *known.entry(id).or_insert_with_key(|id| {
                order.push(id.clone());
                order.len() - 1
            });
            figures.push(Figure { region: Some(region), year, sex: place_of(sex), band, line: row.line() });
        }
        if figures.is_empty() && problems.is_empty() {
            problems.add(name, 1, "-", "there are no rows below the header", "write at least one row");
        }
    }
    (order, figures)
}

/// Counted people of later years, for the regions and years that are projected.
pub(crate) fn counted(file: File<'_>, question: &Question, problems: &mut Problems) -> Vec<Census> {
    let ids: Vec<&str> = question.regions.iter().map(|region| region.id.as_str()).collect();
    let (order, mut figures) = people(file, &ids, &mut Vec::new(), problems);
    let known = ids.len();
    figures.retain(|figure| figure.region.is_some_and(|region| region < known));
    figures.retain(|figure| (question.start..=question.until).contains(&figure.year));
    if figures.is_empty() && problems.is_empty() {
        let wrong = format!("nobody was counted from {} to {}", question.start, question.until);
        let regions = order.get(known..).unwrap_or_default().join(", ");
        let remedy = if regions.is_empty() {
            "name years that are projected".to_owned()
        } else {
            format!("give regions that are projected, not only {regions}")
        };
        problems.add(file.0, 1, "year", wrong, remedy);
    }
    let form = Form { table: Table::Population, value: "count", sexes: true, open: true };
    let tables = gather(file.0, form, figures, &mut HashMap::new(), problems);
    let open = question.open().unwrap_or(0);
    let mut found = Vec::new();
    for ((region, year), people) in tables {
        let oldest = people.iter().filter_map(|bands| bands.last()).map(|band| band.age).max().unwrap_or(0);
        if oldest > open {
            let wrong = format!("the last age of {year} is {oldest}, that of the projection {open}");
            problems.add(file.0, 1, "age", wrong, "put older ages into the projection's open age");
        }
        found.extend(region.map(|region| Census { region, year, people }));
    }
    found
}

/// Reads the tables of rates.
struct Reader<'r> {
    ids: &'r Ids<'r>,
    lines: &'r mut Lines,
    warnings: &'r mut Vec<String>,
    problems: &'r mut Problems,
}

impl Reader<'_> {
    /// A table by sex.
    fn sexes(&mut self, file: File<'_>, form: Form) -> Dated<Sexed> {
        let figures = self.figures(file, form);
        dated(gather(file.0, form, figures, self.lines, self.problems))
    }

    /// A table without sexes.
    fn one(&mut self, file: File<'_>, form: Form) -> Dated<Bands> {
        let figures = self.figures(file, form);
        let tables = gather(file.0, form, figures, self.lines, self.problems);
        dated(tables.into_iter().map(|(key, [bands, _])| (key, bands)).collect())
    }

    /// Figures without ages: the sex ratio.
    fn plain(&mut self, file: File<'_>) -> Dated<f64> {
        let mut found: BTreeMap<(Option<usize>, i32), f64> = BTreeMap::new();
        let Some(mut sheet) = Sheet::open(file.0, file.1, &["year", "rate"], &["region"], self.problems) else {
            return Dated::default();
        };
        self.warnings.extend(sheet.warning().map(str::to_owned));
        while let Some(row) = sheet.next(self.problems) {
            let (year, value) = (row.must(0, year, self.problems), row.must(1, boys, self.problems));
            let region = whose(&row, 2, self.ids, self.problems);
            let (Some(year), Some(value), Some(region)) = (year, value, region) else { continue };
            self.lines.insert((Table::SexRatio, region, year, MALE), vec![(0, row.line())]);
            if found.insert((region, year), value).is_some() {
                row.report("year", format!("{year} stands twice"), "write every year once", self.problems);
            }
        }
        if found.is_empty() && self.problems.is_empty() {
            self.problems.add(file.0, 1, "-", "there are no rows below the header", "write at least one row");
        }
        dated(found)
    }

    fn figures(&mut self, file: File<'_>, form: Form) -> Vec<Figure> {
        let mut figures = Vec::new();
        let net = form.table == Table::Migration;
        let mut needed = vec!["year", "age", form.value];
        if form.sexes {
            needed.push("sex");
        }
        if net {
            needed.push("region");
        }
        let optional: &[&str] = if net { &["width"] } else { &["width", "region"] };
        let Some(mut sheet) = Sheet::open(file.0, file.1, &needed, optional, self.problems) else { return figures };
        self.warnings.extend(sheet.warning().map(str::to_owned));
        let place = |name: &str| needed.iter().chain(optional).position(|other| *other == name).unwrap_or(usize::MAX);
        let (sex_at, region_at, width_at) = (place("sex"), place("region"), place("width"));
        while let Some(row) = sheet.next(self.problems) {
            let figure_year = row.must(0, year, self.problems);
            let band = band(&row, [1, 2, width_at], form.table.bounds(), self.problems);
            let sex = if form.sexes { row.must(sex_at, sex, self.problems) } else { Some(Sex::Male) };
            let region = if net && row.text(region_at).is_none() {
                row.report("region", "the cell is empty", "name a region, or * for all", self.problems);
                None
            } else {
                whose(&row, region_at, self.ids, self.problems)
            };
            let (Some(year), Some(band), Some(sex), Some(region)) = (figure_year, band, sex, region) else { continue };
            figures.push(Figure { region, year, sex: place_of(sex), band, line: row.line() });
        }
        // A file of migrants may be empty: nobody moves.
        if figures.is_empty() && self.problems.is_empty() && !net {
            self.problems.add(file.0, 1, "-", "there are no rows below the header", "write at least one row");
        }
        figures
    }
}

fn place_of(sex: Sex) -> usize {
    if sex == Sex::Female { FEMALE } else { MALE }
}

/// A year of the calendar.
fn year(text: &str) -> Result<i32, Wrong> {
    let remedy = "write a year from 1 to 9999";
    let value = whole(text).map_err(|wrong| Wrong::new(wrong.what, remedy))?;
    if (1..=9999).contains(&value) {
        Ok(value as i32)
    } else {
        Err(Wrong::new(format!("{value} is not a year"), remedy))
    }
}

/// Boys a girl.
fn boys(text: &str) -> Result<f64, Wrong> {
    let (low, high) = Table::SexRatio.bounds();
    bounded(low, high)(text).map_err(|wrong| Wrong::new(wrong.what, "write boys per girl, from 0.5 to 2"))
}

fn region_id(text: &str) -> Result<String, Wrong> {
    if text == "*" { Err(Wrong::new("`*` has no people of its own", "name the region")) } else { Ok(text.to_owned()) }
}

/// An age with its value; `width` may be left out.
fn band(
    row: &Row<'_, '_>,
    [age, value, width]: [usize; 3],
    (low, high): (f64, f64),
    problems: &mut Problems,
) -> Option<Band> {
    let years = |text: &str| {
        whole(text).and_then(|age| {
            if age <= 1000 {
                Ok(age)
            } else {
                Err(Wrong::new(format!("{age} years are too many"), "write completed years of age"))
            }
        })
    };
    let (age, value) = (row.must(age, years, problems), row.must(value, bounded(low, high), problems));
    let width = match row.text(width) {
        Some(_) => Some(row.get(width, years, problems)?),
        None => None,
    };
    Some(Band { age: age?, width: width.unwrap_or(1).max(1), value: value? })
}

/// The region of a row: none is everybody.
fn whose(row: &Row<'_, '_>, column: usize, ids: &Ids<'_>, problems: &mut Problems) -> Option<Option<usize>> {
    match row.text(column) {
        None | Some("*") => Some(None),
        Some(id) => match ids.get(id) {
            Some(region) => Some(Some(*region)),
            None => {
                let wrong = format!("the population has no region `{id}`");
                row.report("region", wrong, "name one of its regions, or * for all", problems);
                None
            }
        },
    }
}

/// Figures as tables, youngest first; a figure given twice is a problem.
fn gather(
    file: &str,
    form: Form,
    figures: Vec<Figure>,
    lines: &mut Lines,
    problems: &mut Problems,
) -> BTreeMap<(Option<usize>, i32), Sexed> {
    let mut tables: BTreeMap<(Option<usize>, i32), Lined> = BTreeMap::new();
    for Figure { region, year, sex, band, line } in figures {
        let table = tables.entry((region, year)).or_default();
        table.get_mut(sex).into_iter().for_each(|bands| bands.push((band, line)));
    }
    let mut clean = BTreeMap::new();
    for ((region, year), mut sexes) in tables {
        for (sex, bands) in sexes.iter_mut().enumerate() {
            bands.sort_by_key(|(band, line)| (band.age, *line));
            for pair in bands.windows(2) {
                let [(first, _), (second, line)] = pair else { continue };
                if first.age == second.age {
                    let wrong = format!("{} of {year} stands twice for age {}", form.value, second.age);
                    problems.add(file, *line, "age", wrong, "write every age once");
                }
            }
            bands.dedup_by_key(|(band, _)| band.age);
            if let Some((last, _)) = bands.last_mut().filter(|_| form.open) {
                last.width = 0;
            }
            // Ages that nobody could be of are told with the open age.
            bands.iter_mut().for_each(|(band, _)| band.width = band.width.min(OLDEST));
            lines.insert((form.table, region, year, sex), bands.iter().map(|(band, line)| (band.age, *line)).collect());
        }
        clean.insert((region, year), sexes.map(|bands| bands.into_iter().map(|(band, _)| band).collect()));
    }
    clean
}

fn dated<T>(tables: BTreeMap<(Option<usize>, i32), T>) -> Dated<T> {
    let mut dated = Dated { common: BTreeMap::new(), own: BTreeMap::new() };
    for ((region, year), table) in tables {
        match region {
            None => dated.common.insert(year, table),
            Some(region) => dated.own.entry(region).or_default().insert(year, table),
        };
    }
    dated
}

/// Reads an answer.
///
/// # Errors
/// Everything that is wrong with it as a file.
pub(crate) fn claim(question: &Question, (name, text): File<'_>) -> Result<Claim, Problems> {
    let mut problems = Problems::default();
    let mut claim = Claim::new();
    let ids: Ids<'_> = question.regions.iter().zip(0..).map(|(region, place)| (region.id.as_str(), place)).collect();
    let ages = question.open().unwrap_or(0) as usize + 1;
    if let Some(mut sheet) = Sheet::open(name, text, &["region", "year", "sex", "age", "count"], &[], &mut problems) {
        while let Some(row) = sheet.next(&mut problems) {
            let region = match row.text(0) {
                Some("*") | None => {
                    row.report("region", "the cell names no region", "name the region", &mut problems);
                    None
                }
                Some(_) => whose(&row, 0, &ids, &mut problems).flatten(),
            };
            let (year, sex) = (row.must(1, year, &mut problems), row.must(2, sex, &mut problems));
            let band = band(&row, [3, 4, usize::MAX], (f64::NEG_INFINITY, f64::INFINITY), &mut problems);
            let (Some(region), Some(year), Some(sex), Some(band)) = (region, year, sex, band) else { continue };
            let cells = claim.entry((region, year)).or_insert_with(|| [vec![f64::NAN; ages], vec![f64::NAN; ages]]);
            match cells.get_mut(place_of(sex)).and_then(|row| row.get_mut(band.age as usize)) {
                Some(cell) if cell.is_nan() => *cell = band.value,
                Some(_) => row.report("age", "this cell stands twice", "write every cell once", &mut problems),
                None => row.report("age", "nobody is of this age", "end at the people's open age", &mut problems),
            }
        }
    }
    if problems.is_empty() { Ok(claim) } else { Err(problems) }
}
