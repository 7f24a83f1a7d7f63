//! `zhaoxi project` without its files: text in, text out.

pub(crate) mod read;
mod write;

use crate::check;
use crate::problem::Problem;
use crate::question::{FiveYear, Table, Timing, sex_word};
use crate::solve::{Negative, Run, solve};
use crate::{compare, demand, draws, layers, scenario};
use read::Asked;
use sheets::{Done, Problems};

/// A file: its name for messages, and its text.
pub type File<'a> = (&'a str, &'a str);

/// The files of a projection, and what is asked of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Files<'a> {
    /// `region,year,sex,age,count[,width]`
    pub population: File<'a>,
    /// `year,age,rate[,width][,region]`
    pub fertility: File<'a>,
    /// `year,sex,age,rate[,width][,region]`, or with `ratio`
    pub mortality: Option<File<'a>>,
    /// `year,sex,age,ratio[,region]`
    pub survival: Option<File<'a>>,
    /// `region,year,sex,age,net[,width]`
    pub migration: Option<File<'a>>,
    /// `year,rate[,region]`
    pub sex_ratio: File<'a>,
    /// First 1 January; the latest one of the population file when it is not given.
    pub from: Option<i32>,
    /// Last 1 January.
    pub until: i32,
    /// When migrants come and go; as a matter of course `even`.
    pub timing: Option<Timing>,
    /// What becomes of five-year tables.
    pub five_year: FiveYear,
    /// `scenario,component,year,factor[,children]`
    pub scenarios: Option<File<'a>>,
    /// `layer,level,sex,age,rate[,width][,region][,year]`
    pub rates: Option<File<'a>>,
    /// `item,unit,of,per,amount,…`
    pub norms: Option<File<'a>>,
    /// `component,sd,rho`
    pub uncertainty: Option<File<'a>>,
    /// How many paths are drawn.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Counted people of later years, to compare with.
    pub census: Option<File<'a>>,
    /// Threads.
    pub threads: usize,
    /// What is wanted beside the people.
    pub want: Want,
}

/// What is wanted beside the people.
#[derive(Debug, Clone, Copy, Default)]
pub struct Want {
    /// Births by sex and age of the mother.
    pub births: bool,
    /// Deaths by sex and age.
    pub deaths: bool,
}

/// Every text that was made.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// The people, with what must be said beside them.
    pub done: Done,
    /// `region,year,sex,age,count`, children by the mother's age.
    pub births: String,
    /// `region,year,sex,age,count`, by the age at death.
    pub deaths: String,
    /// `region,year,layer,level,count`
    pub layers: String,
    /// `region,year,item,unit,amount,formula`
    pub demand: String,
    /// `region,year,people,mean,p2_5,p10,p50,p90,p97_5`
    pub bands: String,
    /// `region,year,sex,age,width,projected,counted,error,percent`
    pub errors: String,
}

/// Reads and projects.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn run(files: &Files<'_>) -> Result<Made, Problems> {
    let asked = read::question(files)?;
    let mut problems = Problems::default();
    let variants = match files.scenarios {
        Some(file) => scenario::read(file, &asked.question, &mut problems),
        None => vec![scenario::Variant { name: String::new(), turns: Vec::new() }],
    };
    let shares = files.rates.map(|file| layers::read(file, &asked.question, &mut problems)).unwrap_or_default();
    let norms = files.norms.map(|file| demand::read(file, &shares, &mut problems)).unwrap_or_default();
    let census = files.census.map(|file| compare::read(file, &asked.question, &mut problems)).unwrap_or_default();
    let chance = files.uncertainty.map(|file| draws::read(file, &mut problems));
    let figures = draws::figures(&asked.question, files.draws);
    if chance.is_some() && (files.draws == 0 || files.draws > draws::MOST_DRAWS || figures > draws::MOST_FIGURES) {
        let wrong = format!("{} draws would hold {figures} figures", files.draws);
        let remedy = format!("ask for 1 to {} draws and at most {} figures", draws::MOST_DRAWS, draws::MOST_FIGURES);
        problems.add("--draws", 0, "-", wrong, remedy);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut made = Made::default();
    made.done.warnings.clone_from(&asked.warnings);
    let named = files.scenarios.is_some();
    write::heads(&mut made, named);
    for variant in &variants {
        let problem = Problem::sound(&asked.question, &variant.turns);
        let answer = solve(&problem, Run { every: 1, threads: files.threads.max(1) })
            .map_err(|negative| below(&asked, &negative, &variant.name))?;
        let scenario = named.then_some(variant.name.as_str());
        write::people(&mut made.done.output, &answer, scenario);
        write::vitals(&mut made, &answer, scenario, files.want);
        let layers = layers::apply(&shares, &answer);
        write::layers(&mut made.layers, &answer, (&shares, &layers), scenario);
        let needs = demand::apply(&norms, &shares, &answer, &layers);
        write::demand(&mut made.demand, &answer, (&norms, &needs), scenario);
        write::errors(&mut made, &answer, &census, scenario);
        if let Some(chance) = &chance {
            let bands = draws::draw(&asked.question, &variant.turns, chance, files.draws, files.seed, files.threads);
            write::bands(&mut made.bands, &answer, &bands, scenario);
            made.done.warnings.extend(bands.warning());
        }
        made.done.warnings.extend(moved(&answer, scenario));
        count(&mut made.done, &answer);
    }
    made.done.counts.push(("scenarios", variants.len() as u64));
    Ok(made)
}

/// Counts for the summary.
fn count(done: &mut Done, answer: &crate::solve::Answer<'_>) {
    let problem = &answer.problem;
    if done.counts.is_empty() {
        let cells = problem.ids.len() * (problem.years() + 1) * 2 * (problem.open + 1);
        done.counts = vec![
            ("regions", problem.ids.len() as u64),
            ("years", problem.years() as u64),
            ("open_age", problem.open as u64),
            ("cells", cells as u64),
        ];
    }
}

/// What must be said where five-year tables were met.
fn moved(answer: &crate::solve::Answer<'_>, scenario: Option<&str>) -> Option<String> {
    let moved = answer.moved?;
    let of = scenario.map_or(String::new(), |name| format!("{name}: "));
    let percent = |(low, high): (f64, f64)| format!("{:+.2} to {:+.2} %", (low - 1.0) * 100.0, (high - 1.0) * 100.0);
    Some(format!(
        "{of}five-year tables: every fifth 1 January is the five-year engine's; for it the births of single years were moved by {}, \
         the hazards of dying under 80 by {} (--five-year split leaves them alone)",
        percent(moved.births),
        percent(moved.deaths)
    ))
}

/// Places where migration takes more people than there are, or there are more than can be counted.
fn below(asked: &Asked, negative: &[Negative], scenario: &str) -> Problems {
    let mut problems = Problems::default();
    for one in negative {
        let year = asked.question.start + one.year as i32;
        let region = asked.question.regions.get(one.region).map_or("", |region| &region.id);
        let (file, line) =
            asked.place(Table::Migration, Some(one.region), Some(year), Some(one.sex), Some(one.age as u32));
        let scenario = if scenario.is_empty() { String::new() } else { format!(" in scenario {scenario}") };
        if one.people.is_infinite() {
            let (file, line) = asked.place(Table::Fertility, None, Some(year), None, Some(20));
            let wrong = format!("the people of {region} become more than can be counted in {year}");
            problems.add(file, line, "rate", wrong, "project fewer years, or give fewer births");
            continue;
        }
        let wrong = format!(
            "{} {} of {region} would be {} people in {year}{scenario}: more leave than there are",
            sex_word(one.sex),
            one.age,
            one.people
        );
        problems.add(file, line, "net", wrong, "let fewer people leave this age, or give more people at the start");
    }
    problems
}

/// Checks anyone's answer: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with the files as files.
pub fn check(files: &Files<'_>, answer: File<'_>) -> Result<Vec<String>, Problems> {
    let asked = read::question(files)?;
    let question = &asked.question;
    if files.scenarios.is_some() {
        let mut problems = Problems::default();
        problems.add(answer.0, 1, "-", "answers with scenarios are not checked", "leave --scenarios out");
        return Err(problems);
    }
    let claim = read::claim(question, answer)?;
    let line = |broken: &check::Broken| {
        let region = question.regions.get(broken.region).map_or("", |region| &region.id);
        format!("{}: {}: {region}, {}: {}", answer.0, broken.code, broken.year, broken.text)
    };
    Ok(check::broken(question, &claim).iter().map(line).collect())
}
