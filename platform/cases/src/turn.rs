//! Whose turn it is, in words.

use pack_reader::model::{CaseKind, CaseRole, CaseUnit, CaseWho, MoveKind, SeatLevel};

/// Those who may bring a case on from a state, named once each; "" where nobody may.
#[must_use]
pub(crate) fn turn(kind: &CaseKind, state: &str) -> String {
    let on = kind.from(state).filter(|one| one.kind != MoveKind::Withdraw);
    let all: Vec<&CaseWho> = on.flat_map(|one| &one.by).collect();
    let mut words: Vec<String> = Vec::new();
    for who in &all {
        let word = word(who);
        if !words.contains(&word) && !all.iter().any(|other| wider(other, who)) {
            words.push(word);
        }
    }
    if words.is_empty() { String::new() } else { format!("轮到{}办理", words.join("、")) }
}

/// Whether the words for some people hold the words for others of the same role, and more.
fn wider(who: &CaseWho, other: &CaseWho) -> bool {
    let level = who.level.is_none() || who.level == other.level;
    let same = who.unit != other.unit || (who.level == other.level && who.starter == other.starter);
    who.role == other.role && level && (!who.starter || other.starter) && !same
}

fn word(who: &CaseWho) -> String {
    let level = match who.level {
        Some(SeatLevel::Place) => "本级",
        Some(SeatLevel::County) => "县区",
        Some(SeatLevel::Town) => "镇街",
        None => "",
    };
    let word = match (who.role, level) {
        (CaseRole::Officer, level) if who.unit == Some(CaseUnit::Lead) => format!("{level}牵头单位"),
        (CaseRole::Officer, level) if who.unit == Some(CaseUnit::Part) => format!("{level}牵头或参与单位"),
        // A clerk works in a town: the word says so already.
        (CaseRole::Clerk, "" | "镇街") => "镇街经办".to_owned(),
        (CaseRole::Clerk, level) => format!("{level}经办"),
        (CaseRole::Officer, level) => format!("{level}部门经办"),
        (CaseRole::Leader, level) => format!("{level}领导"),
        (CaseRole::Institution, _) => "机构".to_owned(),
    };
    if who.starter { format!("发起的{word}") } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(role: CaseRole, level: Option<SeatLevel>, starter: bool) -> CaseWho {
        CaseWho { role, departments: Vec::new(), level, starter, other: false, unit: None }
    }

    #[test]
    fn nobody_is_named_twice() {
        use CaseRole::{Clerk, Institution, Leader, Officer};
        for (all, words) in [
            (vec![who(Clerk, Some(SeatLevel::Town), false)], "镇街经办"),
            (vec![who(Officer, None, false), who(Officer, Some(SeatLevel::Place), false)], "部门经办"),
            (
                vec![who(Officer, Some(SeatLevel::County), false), who(Officer, Some(SeatLevel::Place), false)],
                "县区部门经办、本级部门经办",
            ),
            (vec![who(Clerk, None, true), who(Clerk, None, false)], "镇街经办"),
            (vec![who(Institution, None, false), who(Clerk, None, true)], "机构、发起的镇街经办"),
            (vec![who(Leader, Some(SeatLevel::Place), false)], "本级领导"),
        ] {
            let kept: Vec<String> =
                all.iter().filter(|one| !all.iter().any(|other| wider(other, one))).map(word).collect();
            assert_eq!(kept.join("、"), words);
        }
    }
}
