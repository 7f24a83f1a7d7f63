//! SQL of this service, and nothing else.

use crate::model::{Figure, Month, Progress, Report, Supervision};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use std::collections::HashMap;
use storage::{BulkInsert, Db, Result, Row, StorageError, Tx, args};
use uuid::Uuid;

const FIGURE_COLUMNS: &str =
    "indicator, region, month, as_of, known_at, kind, numerator, denominator, value, origin, pack, basis, note";

fn figure(row: &Row) -> Result<Figure> {
    let month: String = row.at(2)?;
    let kind: String = row.at(5)?;
    Ok(Figure {
        indicator: row.at(0)?,
        region: row.at(1)?,
        month: month.parse().map_err(|message| StorageError::Column { column: "month".to_owned(), message })?,
        as_of: row.at(3)?,
        known_at: row.at(4)?,
        computed: kind == "computed",
        numerator: row.at(6)?,
        denominator: row.at(7)?,
        value: row.at(8)?,
        origin: row.at(9)?,
        pack: row.at(10)?,
        basis: row.at(11)?,
        note: row.at(12)?,
    })
}

/// Raises the place's stamp: whatever was assembled from its figures before is out of date.
pub async fn touch(tx: &mut Tx, place: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO monitoring_stamp (place, n) VALUES ($1, 1) ON CONFLICT (place) DO UPDATE SET n = monitoring_stamp.n + 1",
        args![place],
    )
    .await?;
    Ok(())
}

/// The place's stamp; 0 before anything was written.
pub async fn stamp(db: &Db, place: &str) -> Result<i64> {
    let row = db.optional("SELECT n FROM monitoring_stamp WHERE place = $1", args![place]).await?;
    row.map_or(Ok(0), |row| row.at(0))
}

/// Writes figures; each is a new version beside the ones known before.
pub async fn insert_figures(tx: &mut Tx, place: &str, figures: &[Figure]) -> Result<()> {
    let mut bulk = BulkInsert::new(
        "monitoring_result",
        &[
            "place",
            "region",
            "indicator",
            "month",
            "known_at",
            "as_of",
            "kind",
            "numerator",
            "denominator",
            "value",
            "origin",
            "pack",
            "basis",
            "note",
        ],
    );
    for figure in figures {
        let row = args![
            place,
            figure.region,
            figure.indicator,
            figure.month.to_string(),
            figure.known_at,
            figure.as_of,
            if figure.computed { "computed" } else { "reported" },
            figure.numerator,
            figure.denominator,
            figure.value,
            figure.origin,
            figure.pack,
            figure.basis,
            figure.note
        ];
        bulk.push(tx, row).await?;
    }
    bulk.finish(tx).await?;
    Ok(())
}

/// All figures of a region in a span of months, as known at a moment, each month's latest version last.
pub async fn figures_of_region(
    db: &Db,
    place: &str,
    region: &str,
    months: (Month, Month),
    known_at: DateTime<Utc>,
) -> Result<Vec<Figure>> {
    let sql = format!(
        "SELECT {FIGURE_COLUMNS} FROM monitoring_result \
         WHERE place = $1 AND region = $2 AND month >= $3 AND month <= $4 AND known_at <= $5 \
         ORDER BY indicator, month, known_at"
    );
    let rows = db.all(&sql, args![place, region, months.0.to_string(), months.1.to_string(), known_at]).await?;
    rows.iter().map(figure).collect()
}

/// All figures of an indicator in a span of months, in all regions, as known at a moment.
pub async fn figures_of_indicator(
    db: &Db,
    place: &str,
    indicator: &str,
    months: (Month, Month),
    known_at: DateTime<Utc>,
) -> Result<Vec<Figure>> {
    let sql = format!(
        "SELECT {FIGURE_COLUMNS} FROM monitoring_result WHERE place = $1 AND indicator = $2 \
         AND month >= $3 AND month <= $4 AND known_at <= $5 ORDER BY region, month, known_at"
    );
    let values = args![place, indicator, months.0.to_string(), months.1.to_string(), known_at];
    db.all(&sql, values).await?.iter().map(figure).collect()
}

/// Every version of one figure, oldest first.
pub async fn figure_versions(db: &Db, place: &str, region: &str, indicator: &str, month: Month) -> Result<Vec<Figure>> {
    let sql = format!(
        "SELECT {FIGURE_COLUMNS} FROM monitoring_result \
         WHERE place = $1 AND region = $2 AND indicator = $3 AND month = $4 ORDER BY known_at"
    );
    let rows = db.all(&sql, args![place, region, indicator, month.to_string()]).await?;
    rows.iter().map(figure).collect()
}

/// One report.
pub async fn report(db: &Db, place: &str, id: Uuid) -> Result<Option<Report>> {
    let row = db.optional("SELECT * FROM monitoring_report WHERE place = $1 AND id = $2", args![place, id]).await?;
    row.as_ref().map(Report::read).transpose()
}

/// The report that counts for a period of an indicator in a region.
pub(crate) const SIGNED_OFF: &str = "SELECT id FROM monitoring_report WHERE place = $1 AND indicator = $2 AND region = $3 \
    AND month = $4 AND state = 'signed_off'";

/// The id of the report that counts for a period of an indicator in a region.
pub async fn signed_off(db: &Db, place: &str, (indicator, region): (&str, &str), month: Month) -> Result<Option<Uuid>> {
    let row = db.optional(SIGNED_OFF, args![place, indicator, region, month.to_string()]).await?;
    row.map(|row| row.at(0)).transpose()
}

/// The newest report of a period of an indicator in a region.
pub async fn last_report(
    db: &Db,
    place: &str,
    (indicator, region): (&str, &str),
    month: Month,
) -> Result<Option<Report>> {
    let sql = "SELECT * FROM monitoring_report WHERE place = $1 AND indicator = $2 AND region = $3 AND month = $4 \
               ORDER BY id DESC LIMIT 1";
    let row = db.optional(sql, args![place, indicator, region, month.to_string()]).await?;
    row.as_ref().map(Report::read).transpose()
}

pub(crate) async fn report_in(tx: &mut Tx, place: &str, id: Uuid) -> Result<Option<Report>> {
    let row = tx.optional("SELECT * FROM monitoring_report WHERE place = $1 AND id = $2", args![place, id]).await?;
    row.as_ref().map(Report::read).transpose()
}

/// Reports inside a region path, newest first; of one indicator or one state when given.
pub async fn reports(
    db: &Db,
    place: &str,
    (path, path_end): (&str, &str),
    indicator: Option<&str>,
    state: Option<&str>,
    limit: u32,
) -> Result<Vec<Report>> {
    let rows = db
        .all(
            "SELECT * FROM monitoring_report WHERE place = $1 AND region_path >= $2 AND region_path < $3 \
             AND ($4 = '' OR indicator = $4) AND ($5 = '' OR state = $5) ORDER BY proposed_at DESC, id LIMIT $6",
            args![place, path, path_end, indicator.unwrap_or_default(), state.unwrap_or_default(), limit],
        )
        .await?;
    rows.iter().map(Report::read).collect()
}

/// What one account proposed and somebody sent back, newest first, as long as nothing newer was proposed.
pub async fn returned_to(db: &Db, place: &str, login: &str) -> Result<Vec<Report>> {
    let rows = db
        .all(
            "SELECT * FROM monitoring_report r WHERE place = $1 AND proposed_by = $2 AND state = 'returned' \
             AND decided_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM monitoring_report n WHERE n.place = r.place \
             AND n.indicator = r.indicator AND n.region = r.region AND n.month = r.month AND n.id > r.id) \
             ORDER BY decided_at DESC, id LIMIT 200",
            args![place, login],
        )
        .await?;
    rows.iter().map(Report::read).collect()
}

/// Progress statements of one subject, newest first.
pub async fn progress_of(db: &Db, place: &str, subject: &str) -> Result<Vec<Progress>> {
    let rows = db
        .all(
            "SELECT * FROM monitoring_progress WHERE place = $1 AND subject = $2 ORDER BY known_at DESC, id DESC",
            args![place, subject],
        )
        .await?;
    rows.iter().map(Progress::read).collect()
}

/// The latest progress of every subject of a kind (`task:` or `project:`), as known at a moment.
pub async fn latest_progress(db: &Db, place: &str, kind: &str, known_at: DateTime<Utc>) -> Result<Vec<Progress>> {
    let rows = db
        .all(
            "SELECT * FROM monitoring_progress p WHERE place = $1 AND subject >= $2 AND subject < $3 AND known_at <= $4 \
             AND NOT EXISTS (SELECT 1 FROM monitoring_progress q WHERE q.place = p.place AND q.subject = p.subject \
             AND q.region = p.region AND q.known_at <= $4 \
             AND (q.known_at > p.known_at OR (q.known_at = p.known_at AND q.id > p.id))) ORDER BY subject",
            // ';' is the character after ':'.
            args![place, format!("{kind}:"), format!("{kind};"), known_at],
        )
        .await?;
    rows.iter().map(Progress::read).collect()
}

/// One supervision notice.
pub async fn supervision(db: &Db, place: &str, id: Uuid) -> Result<Option<Supervision>> {
    let row =
        db.optional("SELECT * FROM monitoring_supervision WHERE place = $1 AND id = $2", args![place, id]).await?;
    row.as_ref().map(Supervision::read).transpose()
}

/// Supervision notices inside a region path, the most urgent first; of one subject when given.
pub async fn supervisions(
    db: &Db,
    place: &str,
    (path, path_end): (&str, &str),
    subject: Option<&str>,
    open_only: bool,
) -> Result<Vec<Supervision>> {
    let rows = db
        .all(
            "SELECT * FROM monitoring_supervision WHERE place = $1 AND region_path >= $2 AND region_path < $3 \
             AND ($4 = '' OR subject = $4) AND ($5 = 0 OR state <> 'closed') \
             ORDER BY CASE state WHEN 'sent' THEN 0 WHEN 'replied' THEN 1 ELSE 2 END, due, number LIMIT 500",
            args![place, path, path_end, subject.unwrap_or_default(), i64::from(open_only)],
        )
        .await?;
    rows.iter().map(Supervision::read).collect()
}

/// A remark.
#[derive(Debug, Clone)]
pub struct Comment {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose.
    pub author_name: String,
    /// Words.
    pub text: String,
}

/// Remarks on a subject, oldest first.
pub async fn comments(db: &Db, place: &str, subject: &str) -> Result<Vec<Comment>> {
    let rows = db
        .all(
            "SELECT at, author_name, text FROM monitoring_comment WHERE place = $1 AND subject = $2 ORDER BY at, id",
            args![place, subject],
        )
        .await?;
    rows.iter().map(|row| Ok(Comment { at: row.at(0)?, author_name: row.at(1)?, text: row.at(2)? })).collect()
}

/// A milestone of a task or project.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// Id.
    pub id: Uuid,
    /// Last day.
    pub due: NaiveDate,
    /// What must be true then.
    pub text: String,
    /// When it was reached.
    pub done_on: Option<NaiveDate>,
    /// What proves it.
    pub evidence: String,
    /// Reported, planned or synthetic.
    pub origin: vocabulary::Origin,
}

/// Milestones of a subject in the order of their days.
pub async fn milestones(db: &Db, place: &str, subject: &str) -> Result<Vec<Milestone>> {
    let rows = db
        .all(
            "SELECT id, due, text, done_on, evidence, origin FROM monitoring_milestone \
             WHERE place = $1 AND subject = $2 ORDER BY due, id",
            args![place, subject],
        )
        .await?;
    rows.iter().map(milestone).collect()
}

fn milestone(row: &Row) -> Result<Milestone> {
    Ok(Milestone {
        id: row.at(0)?,
        due: row.at(1)?,
        text: row.at(2)?,
        done_on: row.at(3)?,
        evidence: row.at(4)?,
        origin: row.at(5)?,
    })
}

/// The milestones of every subject of a kind (`task` or `project`), each subject's in the order of their days.
pub async fn milestones_of(db: &Db, place: &str, kind: &str) -> Result<HashMap<String, Vec<Milestone>>> {
    let rows = db
        .all(
            "SELECT id, due, text, done_on, evidence, origin, subject FROM monitoring_milestone \
             WHERE place = $1 AND subject >= $2 AND subject < $3 ORDER BY subject, due, id",
            // ';' is the character after ':'.
            args![place, format!("{kind}:"), format!("{kind};")],
        )
        .await?;
    let mut found: HashMap<String, Vec<Milestone>> = HashMap::new();
    for row in &rows {
        found.entry(row.at(6)?).or_default().push(milestone(row)?);
    }
    Ok(found)
}

/// A closed year.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Year.
    pub year: i32,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
    /// By whom.
    pub closed_by: String,
    /// SHA-256 of the figures.
    pub digest: String,
    /// The published figures, by indicator key.
    pub figures: Json,
}

/// Closed years of a place, newest first.
pub async fn closings(db: &Db, place: &str) -> Result<Vec<Closing>> {
    let rows = db
        .all(
            "SELECT year, closed_at, closed_by, digest, figures FROM monitoring_closing WHERE place = $1 ORDER BY year DESC",
            args![place],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Closing {
                year: i32::try_from(row.at::<i64>(0)?).unwrap_or_default(),
                closed_at: row.at(1)?,
                closed_by: row.at(2)?,
                digest: row.at(3)?,
                figures: row.at(4)?,
            })
        })
        .collect()
}

/// The latest figures of a month in all regions.
pub async fn figures_of_month(db: &Db, place: &str, month: Month) -> Result<Vec<Figure>> {
    let sql =
        format!("SELECT {FIGURE_COLUMNS} FROM monitoring_result WHERE place = $1 AND month = $2 ORDER BY known_at");
    db.all(&sql, args![place, month.to_string()]).await?.iter().map(figure).collect()
}
