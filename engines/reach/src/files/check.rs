//! Anyone's answer as a file, against the question.

use super::{File, Files, read};
use crate::check::{Asked, Claim, broken};
use sheets::{Problems, Sheet, number, whole};
use std::collections::HashMap;

/// Checks anyone's answer: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with the files as files.
pub fn check(files: &Files<'_>, (name, text): File<'_>) -> Result<Vec<String>, Problems> {
    let asked = read(files)?;
    let mut problems = Problems::default();
    let needed = ["origin", "nearest", "walk_seconds", "facilities_within", "score"];
    let Some(mut sheet) = Sheet::open(name, text, &needed, &["by"], &mut problems) else {
        return Err(problems);
    };
    let index = |spots: &[crate::Spot]| -> HashMap<String, usize> {
        spots.iter().enumerate().map(|(index, one)| (one.id.clone(), index)).collect()
    };
    let (origins, facilities) = (index(&asked.origins), index(&asked.facilities));
    let (mut claims, mut lines) = (Vec::new(), vec![0; asked.origins.len()]);
    let mut found = Vec::new();
    while let Some(row) = sheet.next(&mut problems) {
        let line = row.line();
        let id = row.text(0).unwrap_or_default();
        let Some(origin) = origins.get(id).copied() else {
            found.push(format!("{name}:{line}: unknown_origin: there is no origin `{id}`"));
            continue;
        };
        let Some(seen) = lines.get_mut(origin).filter(|seen| **seen == 0) else {
            found.push(format!("{name}:{line}: repeated_origin: `{id}` has a row already"));
            continue;
        };
        *seen = line;
        let nearest = row.text(1).map(|id| (id, facilities.get(id).copied()));
        if let Some((id, None)) = nearest {
            found.push(format!("{name}:{line}: unknown_facility: there is no facility `{id}`"));
        }
        claims.push(Claim {
            origin,
            nearest: nearest.and_then(|(_, facility)| facility),
            seconds: row.get(2, number, &mut problems),
            within: row.get(3, whole, &mut problems),
            score: row.get(4, number, &mut problems),
        });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for (spot, _) in asked.origins.iter().zip(&lines).filter(|(_, line)| **line == 0) {
        found.push(format!("{name}: missing_origin: `{}` has no row", spot.id));
    }
    let question = Asked {
        network: &asked.network,
        pace: asked.pace,
        settings: asked.settings,
        origins: &asked.origins,
        facilities: &asked.facilities,
    };
    for one in broken(&question, &claims) {
        let line = lines.get(one.origin).copied().unwrap_or(0);
        found.push(format!("{name}:{line}: {}: {}", one.code, one.text));
    }
    Ok(found
        .into_iter()
        .map(|line| line.chars().map(|one| if one.is_control() { ' ' } else { one }).collect())
        .collect())
}
