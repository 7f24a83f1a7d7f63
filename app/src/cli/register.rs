//! `zhaoxi register`: importing and exporting registers from the command line.

use super::run::house;
use super::{DatabaseArgs, RegisterCommand};
use crate::house::House;
use anyhow::{Context as _, bail};
use identity::{Actor, Role};
use records::{Failure, Format, Query};
use std::path::Path;
use uuid::Uuid;
use vocabulary::RegionPath;

/// Runs the command; the exit code.
///
/// # Errors
/// When the place or register is unknown, or the database refuses.
pub async fn run(command: RegisterCommand) -> anyhow::Result<u8> {
    match command {
        RegisterCommand::List { place, database } => list(&place, &database).await,
        RegisterCommand::Import { register, file, place, bad_rows, dry_run, database } => {
            import(&register, &file, &place, bad_rows.as_deref(), dry_run, &database).await
        }
        RegisterCommand::Export { register, place, out, database } => export(&register, &place, &out, &database).await,
    }
}

/// The operator at the command line acts for the whole place, and the audit trail says so.
fn operator(house: &House, place: &str) -> anyhow::Result<Actor> {
    if !house.plans.places().iter().any(|(code, _)| code == place) {
        let known: Vec<String> = house.plans.places().into_iter().map(|(code, _)| code).collect();
        bail!("--place {place}: no such place has adopted a plan; there are: {}", known.join(", "));
    }
    Ok(Actor {
        account: Uuid::nil(),
        login: "command-line".to_owned(),
        name: "命令行".to_owned(),
        role: Role::Officer,
        region: RegionPath::stored(&format!("/{place}/")),
        place: place.to_owned(),
        district: place.to_owned(),
        department: None,
    })
}

fn told(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(identity::Refusal::Invalid(found)) => {
            let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{}", lines.join("\n"))
        }
        Failure::Refused(other) => other.into(),
        Failure::Stale(_) => anyhow::anyhow!("a record was changed by someone else meanwhile; run it again"),
    }
}

async fn list(place: &str, database: &DatabaseArgs) -> anyhow::Result<u8> {
    let house = house(database).await?;
    operator(&house, place)?;
    for register in house.registry.all(place) {
        let kind = if register.table.is_some() { "built in" } else { "declared" };
        println!("{:<28} {:<9} {} fields  {}", register.key, kind, register.fields.len(), register.label);
    }
    Ok(0)
}

async fn import(
    register: &str,
    file: &Path,
    place: &str,
    bad_rows: Option<&Path>,
    dry_run: bool,
    database: &DatabaseArgs,
) -> anyhow::Result<u8> {
    let house = house(database).await?;
    let actor = operator(&house, place)?;
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let import = house.records.upload(&actor, register, &name, bytes, None).await.map_err(told)?;
    println!(
        "read: {} new, {} changed, {} unchanged, {} bad",
        import.found.new, import.found.changed, import.found.unchanged, import.found.bad
    );
    if import.found.bad > 0
        && let Some(out) = bad_rows
    {
        let returned = house.records.returned_rows(&actor, register, import.id).await.map_err(told)?;
        std::fs::write(out, returned).with_context(|| format!("{} cannot be written", out.display()))?;
        println!("the bad rows with their reasons are in {}; correct them there and import that file", out.display());
    }
    let code = u8::from(import.found.bad > 0);
    if dry_run {
        house.records.drop_import(&actor, register, import.id).await.map_err(told)?;
        println!("dry run: nothing was changed");
        return Ok(code);
    }
    let done = house.records.apply_import(&actor, register, import.id).await.map_err(told)?.done;
    println!("done: {} new, {} changed, {} unchanged", done.new, done.changed, done.unchanged);
    Ok(code)
}

async fn export(register: &str, place: &str, out: &Path, database: &DatabaseArgs) -> anyhow::Result<u8> {
    let format = match out.extension().and_then(|ending| ending.to_str()) {
        Some("xlsx") => Format::Xlsx,
        Some("csv") => Format::Csv,
        _ => bail!("--out {}: the file must end in .csv or .xlsx", out.display()),
    };
    let house = house(database).await?;
    let actor = operator(&house, place)?;
    let query = Query::within(&actor.region);
    let mut made = house.records.export(&actor, register, &query, &[], format).await.map_err(told)?;
    let mut target = std::fs::File::create(out).with_context(|| format!("{} cannot be written", out.display()))?;
    std::io::copy(&mut made.file, &mut target)?;
    println!("{} rows written to {}", made.rows, out.display());
    Ok(0)
}
