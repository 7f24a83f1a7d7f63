//! Adopting a pack: stored whole, in one transaction, with its fact and audit entry.

use crate::shelf::Plans;
use chrono::{DateTime, Utc};
use facts::{Entry, Fact};
use identity::Refusal;
use pack_reader::{Files, Memory, Pack, Problem};
use serde_json::json;
use storage::{Tx, args};
use vocabulary::Violation;

/// Said when another pack was adopted between looking and adopting.
const MEANWHILE: &str = "刚才有别的方案包被采用，这次没有采用";

/// The place under which the national base is adopted.
pub const NATIONAL: &str = "000000000000";

/// A checked pack that someone adopts.
pub struct Adoption<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Its files.
    pub files: &'a Memory,
    /// Login of who adopts it.
    pub by: &'a str,
}

/// Reads and checks a pack over the national base in use, or over the one given where there is none yet. Nothing is stored.
///
/// # Errors
/// All problems of the pack at once; for a national base also those that adopted plans have over it.
pub async fn examine(
    plans: &Plans,
    files: &(dyn Files + Sync),
    base: Option<&Pack>,
) -> Result<(Pack, Memory), Refusal> {
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

fn place_of(pack: &Pack) -> &str {
    pack.manifest.region.as_deref().unwrap_or(NATIONAL)
}

/// Reads, checks and stores a pack in a transaction of its own; gives it back with its hash.
///
/// # Errors
/// As [`examine`] and [`store`]; nothing is stored then.
pub async fn adopt(plans: &Plans, files: &(dyn Files + Sync), by: &str, now: DateTime<Utc>) -> Result<Pack, Refusal> {
    let (pack, files) = examine(plans, files, None).await?;
    let mut tx = plans.db().begin().await?;
    store(&mut tx, plans, &Adoption { pack: &pack, files: &files, by }, now).await?;
    tx.commit().await?;
    plans.refresh().await?;
    Ok(pack)
}

/// Stores a pack that [`examine`] found right, in the caller's transaction, with its fact and audit entry; gives whether it is
/// new. The same content twice is the same adoption. One adoption waits for the other, and one that was examined before another
/// came between is refused.
///
/// # Errors
/// When another pack was adopted since `plans` was read last, or the database refuses; the caller drops the transaction then.
pub async fn store(tx: &mut Tx, plans: &Plans, adoption: &Adoption<'_>, now: DateTime<Utc>) -> Result<bool, Refusal> {
    // Raising the stamp first locks out every other adoption until this transaction ends.
    let stamp: i64 = tx.one("UPDATE plans_stamp SET n = n + 1 WHERE id = 1 RETURNING n", args![]).await?.at(0)?;
    if stamp != plans.stamp() + 1 {
        return Err(Refusal::Conflict(MEANWHILE.to_owned()));
    }
    let Adoption { pack, files, by } = adoption;
    for (path, bytes) in files.iter() {
        tx.execute(
            "INSERT INTO plans_file (hash, path, content) VALUES ($1, $2, $3) ON CONFLICT (hash, path) DO NOTHING",
            args![pack.hash, path, bytes.to_vec()],
        )
        .await?;
    }
    let place = place_of(pack);
    let parent = pack.manifest.region.as_ref().and_then(|_| plans.national()).map(|base| base.hash.clone());
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
                *by
            ],
        )
        .await?;
    if written == 0 {
        return Ok(false);
    }
    leave_trace(tx, adoption, now).await?;
    Ok(true)
}

async fn leave_trace(tx: &mut Tx, adoption: &Adoption<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Adoption { pack, by, .. } = adoption;
    let place = place_of(pack);
    let body =
        json!({"pack": pack.manifest.key, "hash": pack.hash, "in_force_from": pack.manifest.in_force_from.to_string()});
    let subject = format!("pack:{}", pack.manifest.key);
    let fact = Fact {
        district: place.to_owned(),
        kind: "PackAdopted",
        subject: subject.clone(),
        valid_on: pack.manifest.in_force_from,
        actor: (*by).to_owned(),
        body: body.clone(),
        because: Vec::new(),
    };
    facts::record(tx, now, &fact).await?;
    let entry = Entry {
        district: place.to_owned(),
        actor: (*by).to_owned(),
        action: "plans.adopt".to_owned(),
        subject,
        detail: body,
    };
    facts::audit(tx, now, &entry).await?;
    Ok(())
}
