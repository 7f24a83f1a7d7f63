//! SQL and nothing else.

use crate::model::{Department, Region};
use pack_reader::model::RegionKind;
use serde_json::Value as Json;
use storage::{BulkInsert, Result, Row, StorageError, Tx, Value, args};
use vocabulary::RegionCode;

const REGION: [&str; 14] = [
    "place",
    "code",
    "valid_from",
    "valid_to",
    "name",
    "kind",
    "parent",
    "path",
    "district",
    "official",
    "aliases",
    "cell_x",
    "cell_y",
    "source",
];

/// The question for regions, without conditions.
pub(crate) fn select_regions() -> String {
    format!("SELECT {} FROM region", REGION.join(", "))
}

fn column<T>(column: &str, read: std::result::Result<T, String>) -> Result<T> {
    read.map_err(|message| StorageError::Column { column: column.to_owned(), message })
}

fn strings(column_name: &str, json: Json) -> Result<Vec<String>> {
    let Json::Array(items) = json else {
        return column(column_name, Err("not a list".to_owned()));
    };
    Ok(items.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
}

/// Reads a row of [`select_regions`].
pub(crate) fn region(row: &Row) -> Result<Region> {
    let code: String = row.at(1)?;
    let kind: String = row.at(5)?;
    let parent: String = row.at(6)?;
    let (x, y): (Option<i64>, Option<i64>) = (row.at(11)?, row.at(12)?);
    let cell = x.zip(y).and_then(|(x, y)| Some((i32::try_from(x).ok()?, i32::try_from(y).ok()?)));
    Ok(Region {
        place: row.at(0)?,
        code: column("code", RegionCode::parse(&code))?,
        valid_from: row.at(2)?,
        valid_to: row.at(3)?,
        name: row.at(4)?,
        kind: column("kind", RegionKind::parse(&kind).ok_or_else(|| format!("unknown kind “{kind}”")))?,
        parent: Some(parent).filter(|code| !code.is_empty()),
        path: row.at(7)?,
        district: row.at(8)?,
        official: row.at(9)?,
        aliases: strings("aliases", row.at(10)?)?,
        cell,
        source: row.at(13)?,
    })
}

fn region_values(region: &Region) -> Vec<Value> {
    args![
        region.place,
        region.code,
        region.valid_from,
        region.valid_to,
        region.name,
        region.kind.word(),
        region.parent.as_deref().unwrap_or(""),
        region.path,
        region.district,
        region.official,
        Json::from(region.aliases.clone()),
        region.cell.map(|(x, _)| x),
        region.cell.map(|(_, y)| y),
        region.source,
    ]
}

/// All versions of all regions of a place.
pub(crate) async fn regions_of(tx: &mut Tx, place: &str) -> Result<Vec<Region>> {
    let sql = format!("{} WHERE place = $1 ORDER BY code, valid_from", select_regions());
    tx.all(&sql, args![place]).await?.iter().map(region).collect()
}

/// Adds versions.
pub(crate) async fn insert_regions(tx: &mut Tx, regions: &[Region]) -> Result<()> {
    let mut bulk = BulkInsert::new("region", &REGION);
    for region in regions {
        bulk.push(tx, region_values(region)).await?;
    }
    bulk.finish(tx).await?;
    Ok(())
}

/// Writes a version anew under its key.
pub(crate) async fn update_region(tx: &mut Tx, region: &Region) -> Result<()> {
    tx.execute(
        "UPDATE region SET valid_to = $4, name = $5, kind = $6, parent = $7, path = $8, district = $9, official = $10, \
         aliases = $11, cell_x = $12, cell_y = $13, source = $14 WHERE place = $1 AND code = $2 AND valid_from = $3",
        region_values(region),
    )
    .await?;
    Ok(())
}

/// The question for departments, without conditions.
pub(crate) const SELECT_DEPARTMENTS: &str =
    "SELECT place, key, name, short, aliases, level, region, collective, notes, active FROM department";

/// Reads a row of [`SELECT_DEPARTMENTS`].
pub(crate) fn department(row: &Row) -> Result<Department> {
    Ok(Department {
        place: row.at(0)?,
        key: row.at(1)?,
        name: row.at(2)?,
        short: row.at(3)?,
        aliases: strings("aliases", row.at(4)?)?,
        level: row.at(5)?,
        region: row.at(6)?,
        collective: row.at(7)?,
        notes: row.at(8)?,
        active: row.at(9)?,
    })
}

/// All departments of a place, also those no longer named.
pub(crate) async fn departments_of(tx: &mut Tx, place: &str) -> Result<Vec<Department>> {
    let sql = format!("{SELECT_DEPARTMENTS} WHERE place = $1 ORDER BY key");
    tx.all(&sql, args![place]).await?.iter().map(department).collect()
}

/// Writes a department under its key.
pub(crate) async fn put_department(tx: &mut Tx, department: &Department) -> Result<()> {
    tx.execute(
        "INSERT INTO department (place, key, name, short, aliases, level, region, collective, notes, active) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (place, key) DO UPDATE SET \
         name = excluded.name, short = excluded.short, aliases = excluded.aliases, level = excluded.level, \
         region = excluded.region, collective = excluded.collective, notes = excluded.notes, active = excluded.active",
        args![
            department.place,
            department.key,
            department.name,
            department.short,
            Json::from(department.aliases.clone()),
            department.level,
            department.region,
            department.collective,
            department.notes,
            department.active
        ],
    )
    .await?;
    Ok(())
}
