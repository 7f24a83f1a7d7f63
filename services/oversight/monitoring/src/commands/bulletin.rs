//! Publishing a bulletin: from then on its figures are those known at that moment, and later changes are corrections.

use super::Context;
use crate::actions::PUBLISH;
use chrono::{DateTime, Utc};
use identity::Refusal;
use serde_json::json;
use storage::{Db, Row, StorageError, args};
use uuid::Uuid;
use vocabulary::RegionPath;

/// A bulletin that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedBulletin {
    /// Id.
    pub id: Uuid,
    /// Region code it speaks of.
    pub region: String,
    /// Its period as in addresses: `2025-09`, `2025-Q3`, `2025`.
    pub period: String,
    /// The moment whose knowledge it holds.
    pub known_at: DateTime<Utc>,
    /// Key of the department that published it.
    pub department: Option<String>,
    /// Login of who published it.
    pub published_by: String,
    /// SHA-256 of every text in it.
    pub digest: String,
}

impl PublishedBulletin {
    fn read(row: &Row) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get("id")?,
            region: row.get("region")?,
            period: row.get("period")?,
            known_at: row.get("known_at")?,
            department: row.get("department")?,
            published_by: row.get("published_by")?,
            digest: row.get("digest")?,
        })
    }

    /// All that were published of a region, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(db: &Db, place: &str, region: &str) -> Result<Vec<Self>, StorageError> {
        let rows = db
            .all(
                "SELECT * FROM monitoring_bulletin WHERE place = $1 AND region = $2 ORDER BY known_at DESC, id DESC",
                args![place, region],
            )
            .await?;
        rows.iter().map(Self::read).collect()
    }
}

/// Publishes the bulletin of a period as it is known now. The same period again is a new edition.
///
/// # Errors
/// When the actor may not, or the region is not theirs.
pub async fn publish_bulletin(
    context: &Context<'_>,
    region: &str,
    path: &RegionPath,
    period: &str,
    digest: &str,
) -> Result<Uuid, Refusal> {
    context.allow(&PUBLISH)?;
    if !context.actor.sees(path) || path.codes().last() != Some(region) {
        return Err(Refusal::NotFound("这个区划".to_owned()));
    }
    let id = Uuid::now_v7();
    let mut tx = context.db.begin().await?;
    tx.execute(
        "INSERT INTO monitoring_bulletin (place, id, region, region_path, period, known_at, department, published_by, digest) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            context.actor.place,
            id,
            region,
            path,
            period,
            context.now(),
            context.actor.department,
            context.actor.login,
            digest
        ],
    )
    .await?;
    let body = json!({"region": region, "period": period, "digest": digest});
    context.leave_trace(&mut tx, &PUBLISH, "BulletinPublished", &format!("bulletin:{id}"), body, Vec::new()).await?;
    tx.commit().await?;
    Ok(id)
}
