//! Adopting a pack: stored whole, in one transaction, with its fact and audit entry.

use crate::shelf::Plans;
use chrono::{DateTime, Utc};
use facts::{Entry, Fact};
use identity::Refusal;
use pack_reader::{Files, Memory, Pack, Problem};
use serde_json::json;
use storage::{Tx, args};
use vocabulary::Violation;

/// The place under which the national base is adopted.
pub const NATIONAL: &str = "000000000000";

/// A pack that someone wants to adopt.
pub struct Adoption<'a> {
    /// Its files.
    pub files: &'a dyn Files,
    /// Login of who adopts it.
    pub by: &'a str,
}

/// Reads and checks a pack over the national base in use, or over the one given where there is none yet. Nothing is stored.
///
/// # Errors
/// All problems of the pack at once; for a national base also those that adopted plans have over it.
pub async fn examine(plans: &Plans, files: &dyn Files, base: Option<&Pack>) -> Result<(Pack, Memory), Refusal> {
    let memory = Memory::copy_of(files).map_err(|errors| {
        let problems = errors.into_iter();
        Refusal::Invalid(problems.map(|error| Violation::new("pack.unreadable", "", error, "检查路径和权限")).collect())
    })?;
    let national = plans.national();
    let (pack, problems) = plans.read(&memory, national.as_deref().or(base));
    let Some(pack) = pack.filter(|_| problems.is_empty()) else {
        return Err(Refusal::Invalid(problems.into_iter().map(|problem| told("", problem)).collect()));
    };
    if pack.manifest.region.is_none() {
        let found = plans.over(&pack).await?;
        let problems = found.into_iter().flat_map(|(key, problems)| {
            problems.into_iter().map(move |problem| told(&format!("（已采用的方案 {key}）/"), problem))
        });
        let problems: Vec<Violation> = problems.collect();
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
    }
    Ok((pack, memory))
}

fn told(before: &str, problem: Problem) -> Violation {
    let place = format!("{before}{}", problem.place());
    Violation::new(problem.code, place, problem.message, problem.remedy)
}

/// Reads, checks and stores a pack; gives it back with its hash. The same content twice is the same adoption.
///
/// # Errors
/// As [`examine`], or a fault of the database; nothing is stored then.
pub async fn adopt(plans: &Plans, adoption: &Adoption<'_>, now: DateTime<Utc>) -> Result<Pack, Refusal> {
    let (pack, memory) = examine(plans, adoption.files, None).await?;
    let national = plans.national();
    let mut tx = plans.db().begin().await?;
    store(&mut tx, &pack, &memory, national.as_deref(), adoption.by, now).await?;
    tx.commit().await?;
    plans.put(pack.clone(), now);
    Ok(pack)
}

fn place_of(pack: &Pack) -> &str {
    pack.manifest.region.as_deref().unwrap_or(NATIONAL)
}

async fn store(
    tx: &mut Tx,
    pack: &Pack,
    memory: &Memory,
    national: Option<&Pack>,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    for (path, bytes) in memory.iter() {
        tx.execute(
            "INSERT INTO plans_file (hash, path, content) VALUES ($1, $2, $3) ON CONFLICT (hash, path) DO NOTHING",
            args![pack.hash, path, bytes.to_vec()],
        )
        .await?;
    }
    let place = place_of(pack);
    let parent = pack.manifest.region.as_ref().and(national).map(|base| base.hash.clone());
    let written = tx
        .execute(
            "INSERT INTO plans_adoption (place, hash, pack_key, title, parent_hash, in_force_from, adopted_at, adopted_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (place, hash) DO NOTHING",
            args![
                place,
                pack.hash,
                pack.manifest.key,
                pack.manifest.title,
                parent,
                pack.manifest.in_force_from,
                now,
                by
            ],
        )
        .await?;
    if written == 0 {
        return Ok(());
    }
    let body =
        json!({"pack": pack.manifest.key, "hash": pack.hash, "in_force_from": pack.manifest.in_force_from.to_string()});
    let subject = format!("pack:{}", pack.manifest.key);
    let fact = Fact {
        district: place.to_owned(),
        kind: "PackAdopted",
        subject: subject.clone(),
        valid_on: pack.manifest.in_force_from,
        actor: by.to_owned(),
        body: body.clone(),
        because: Vec::new(),
    };
    facts::record(tx, now, &fact).await?;
    let entry = Entry {
        district: place.to_owned(),
        actor: by.to_owned(),
        action: "plans.adopt".to_owned(),
        subject,
        detail: body,
    };
    facts::audit(tx, now, &entry).await?;
    Ok(())
}
