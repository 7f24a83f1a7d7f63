//! The access matrix: every action with the roles that may do it, as text that a stored file is compared with.

use crate::{Action, Role, Who};
use std::collections::BTreeMap;
use vocabulary::Violation;

/// Prints action × role in aligned columns, sorted by key; `x` where the role may. The last lines name what
/// [`check_actions`] finds wrong, so that a comparison with a stored matrix fails on it.
#[must_use]
pub fn matrix(actions: &[&Action]) -> String {
    let mut sorted = actions.to_vec();
    sorted.sort_by_key(|action| action.key);
    let width = sorted.iter().map(|action| action.key.len()).max().unwrap_or(0).max("action".len());
    let mut heads = vec!["anyone"];
    heads.extend(Role::ALL.iter().map(|role| role.key()));
    let mut text = line("action", width, &heads, &heads, "label");
    for action in sorted {
        let mut marks = vec![mark(action.who == Who::Public)];
        marks.extend(Role::ALL.iter().map(|role| mark(may(*role, action.who))));
        text.push_str(&line(action.key, width, &heads, &marks, action.label));
    }
    for violation in check_actions(actions) {
        text.push_str(&format!("! {violation}\n"));
    }
    text
}

/// Problems of a list of actions: keys that stand twice, keys that are not dotted lower-case words, empty labels.
#[must_use]
pub fn check_actions(actions: &[&Action]) -> Vec<Violation> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for action in actions {
        *times.entry(action.key).or_default() += 1;
    }
    let twice = times.iter().filter(|(_, times)| **times > 1).map(|(key, times)| {
        Violation::new("action.duplicate", *key, format!("declared {times} times"), "give each action a key of its own")
    });
    let malformed = times
        .keys()
        .filter(|key| !well_formed(key))
        .map(|key| Violation::new("action.key", *key, "not dotted lower-case words", "write room.thing.verb"));
    let unlabelled = actions.iter().filter(|action| action.label.trim().is_empty()).map(|action| {
        Violation::new("action.label", action.key, "has no label", "say what it is, to complete “您没有权限…”")
    });
    twice.chain(malformed).chain(unlabelled).collect()
}

fn well_formed(key: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    key.contains('.') && key.split('.').all(word)
}

fn may(role: Role, who: Who) -> bool {
    match who {
        Who::Public | Who::SignedIn => true,
        Who::Roles(roles) => roles.contains(&role),
    }
}

const fn mark(yes: bool) -> &'static str {
    if yes { "x" } else { "." }
}

fn line(key: &str, width: usize, heads: &[&str], cells: &[&str], label: &str) -> String {
    let mut text = format!("{key:width$}");
    for (head, cell) in heads.iter().zip(cells) {
        text.push_str(&format!("  {cell:width$}", width = head.len()));
    }
    text.push_str("  ");
    text.push_str(label);
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Action = Action { key: "b.read", label: "查看", who: Who::SignedIn };
    const WRITE: Action = Action { key: "a.write", label: "填写", who: Who::Roles(&[Role::Clerk]) };

    #[test]
    fn columns_line_up_and_rows_are_sorted() {
        let text = matrix(&[&READ, &WRITE]);
        let expected = "\
action   anyone  leader  officer  clerk  institution  field_worker  system_admin  security_admin  audit_admin  label
a.write  .       .       .        x      .            .             .             .               .            填写
b.read   .       x       x        x      x            x             x             x               x            查看
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_key_that_stands_twice_shows() {
        let other = Action { key: "b.read", label: "别的", who: Who::Public };
        let codes: Vec<String> = check_actions(&[&READ, &WRITE, &other]).into_iter().map(|v| v.code).collect();
        assert_eq!(codes, ["action.duplicate"]);
        assert!(matrix(&[&READ, &other]).contains("! b.read: declared 2 times"));
    }

    #[test]
    fn careless_actions_are_named() {
        let careless = Action { key: "Read it", label: " ", who: Who::Public };
        let codes: Vec<String> = check_actions(&[&careless]).into_iter().map(|v| v.code).collect();
        assert_eq!(codes, ["action.key", "action.label"]);
    }

    #[test]
    fn our_own_actions_are_in_order() {
        assert_eq!(check_actions(crate::ACTIONS), []);
    }
}
