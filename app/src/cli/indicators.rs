//! `zhaoxi indicators`: a pack's indicators from CSV files, without a database.

use super::{IndicatorsArgs, pack, tables};
use monitoring::board::{Frame, stand};
use monitoring::compute::{self, Preparation};
use monitoring::define::{final_target, target_text};
use monitoring::model::{Figure, Month};
use monitoring::regions::{REGION_KEY, RegionIndex};
use pack_reader::model::Measure;
use pack_reader::{Layers, Pack};
use plans::Adopted;
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;
use vocabulary::{Clock, Origin, Register, SystemClock};

/// Problems listed at most; the rest is counted.
const LISTED_MAX: usize = 100;

/// Runs the command; the exit code: 0 written, 2 bad input.
#[must_use]
pub fn run(args: &IndicatorsArgs) -> u8 {
    let begun = Instant::now();
    match computed(args) {
        Ok((text, mut summary)) => {
            let written = match &args.out {
                Some(file) => std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display())),
                None => {
                    print!("{text}");
                    Ok(())
                }
            };
            if let Err(error) = written {
                eprintln!("{error}; check the path and the rights");
                return 2;
            }
            if args.summary {
                summary["seconds"] = json!(begun.elapsed().as_secs_f64());
                eprintln!("{summary}");
            }
            0
        }
        Err(problems) => {
            for problem in problems.iter().take(LISTED_MAX) {
                eprintln!("{problem}");
            }
            if problems.len() > LISTED_MAX {
                eprintln!("… and {} more", problems.len() - LISTED_MAX);
            }
            2
        }
    }
}

fn computed(args: &IndicatorsArgs) -> Result<(String, serde_json::Value), Vec<String>> {
    let (city, problems) = pack::read_folder(&args.pack, None);
    let shown = |problem: &pack_reader::Problem| format!("{}/{problem}", args.pack.display());
    let Some(city) = city.filter(|_| problems.is_empty()) else {
        return Err(problems.iter().map(shown).collect());
    };
    let builtin = pack::builtin_registers();
    let around = pack_reader::Around { builtin: &builtin, parent: None };
    let (national, problems) = pack_reader::read(&crate::packs::national(), around);
    let national = national.ok_or_else(|| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let layers = Layers::new(&national, Some(&city));
    let registers: Vec<&Register> = builtin.iter().chain(layers.registers()).collect();
    let preparation = Preparation::of(layers, &registers, args.on).map_err(|found| {
        found.iter().map(|(key, problem)| format!("{key}: {}; {}", problem.message, problem.remedy)).collect::<Vec<_>>()
    })?;
    let regions = RegionIndex::of(&city);
    let mut problems = Vec::new();
    let mut sheets = HashMap::from([(REGION_KEY.to_owned(), regions.sheet(args.on))]);
    let mut rows = 0;
    for (key, needed) in preparation.columns.iter().filter(|(key, _)| *key != REGION_KEY) {
        let file =
            ["csv", "csv.gz"].iter().map(|ending| args.data.join(format!("{key}.{ending}"))).find(|file| file.exists());
        let Some(register) = registers.iter().find(|register| register.key == *key) else { continue };
        // A register without a file is an empty one: its indicators are not computable, and say so.
        let Some(file) = file else { continue };
        if let Some(sheet) = tables::sheet(&file, register, needed, &regions, &mut problems) {
            rows += sheet.table.rows();
            sheets.insert(key.clone(), sheet);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let parameters = compute::parameters_on(layers, args.on);
    let figures = compute::figures(&preparation, &sheets, &regions, &parameters, args.on).map_err(|found| {
        found.into_iter().map(|problem| format!("{}; {}", problem.message, problem.remedy)).collect::<Vec<_>>()
    })?;
    let counts = json!({"indicators": city.indicators.len(), "computed": preparation.indicators.len(), "rows": rows});
    let text = written(city, national, Arc::new(regions), figures, args.on);
    Ok((text, json!({"objective": null, "counts": counts})))
}

/// One line for every indicator and region; reported indicators only for the place itself.
fn written(
    city: Pack,
    national: Pack,
    regions: Arc<RegionIndex>,
    figures: Vec<compute::Computed>,
    on: chrono::NaiveDate,
) -> String {
    let now = SystemClock.now();
    let place = city.manifest.region.clone().unwrap_or_default();
    let (pack, national) = (Arc::new(city), Arc::new(national));
    let adopted = Arc::new(Adopted { pack, national, adopted_at: now, adopted_by: String::new() });
    let frame = Frame {
        adopted: Arc::clone(&adopted),
        regions: Arc::clone(&regions),
        region: place.clone(),
        month: Month::of(on),
        today: on,
        known_at: None,
    };
    let mut by_indicator: HashMap<String, Vec<compute::Computed>> = HashMap::new();
    for figure in figures {
        by_indicator.entry(figure.indicator.clone()).or_default().push(figure);
    }
    let mut text = String::from("indicator,region,numerator,denominator,value,unit,target,status\n");
    for indicator in &adopted.pack.indicators {
        let computed = by_indicator.remove(&indicator.key).unwrap_or_default();
        let mut line = |region: &str, figure: Option<&compute::Computed>| {
            let known = figure.map(|one| figure_of(one, &adopted.pack.hash, on, now));
            let part = (region != place).then(|| regions.get(region).map(|region| region.kind)).flatten();
            let standing = stand(&frame, indicator, part, known.as_ref(), on);
            let number =
                |value: Option<rust_decimal::Decimal>| value.map(|v| v.normalize().to_string()).unwrap_or_default();
            let target = final_target(indicator).map(target_text).unwrap_or_default();
            let _ = writeln!(
                text,
                "{},{region},{},{},{},{},{},{}",
                indicator.key,
                number(figure.and_then(|one| one.numerator)),
                number(figure.and_then(|one| one.denominator)),
                number(figure.and_then(|one| one.value)),
                quoted(indicator.unit.as_deref().unwrap_or_default()),
                quoted(&target),
                standing.status.code()
            );
        };
        if computed.is_empty() || !matches!(indicator.measure, Measure::Computed { .. }) {
            line(&place, None);
        }
        for one in &computed {
            line(&one.region, Some(one));
        }
    }
    text
}

fn figure_of(one: &compute::Computed, pack: &str, on: chrono::NaiveDate, now: chrono::DateTime<chrono::Utc>) -> Figure {
    Figure {
        indicator: one.indicator.clone(),
        region: one.region.clone(),
        month: Month::of(on),
        as_of: on,
        known_at: now,
        computed: true,
        numerator: one.numerator,
        denominator: one.denominator,
        value: one.value,
        origin: Origin::Measured,
        pack: pack.to_owned(),
        basis: None,
        note: one.note.clone(),
    }
}

/// A cell of RFC 4180.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
