//! What a login name and a password must be. Pure: every problem at once.

use vocabulary::Violation;

/// Longest password, in characters: a longer one is refused before it costs a hash.
pub const MAX_LENGTH: usize = 128;
/// Of lower case, upper case, digits and other characters, how many a password must have.
const KINDS: usize = 3;
/// A character this often in a row is a run.
const RUN: usize = 4;
/// Parts by which guessing programs begin.
const COMMON: [&str; 12] = [
    "password", "passw0rd", "p@ssw0rd", "123456", "654321", "qwerty", "asdfgh", "1q2w3e", "abc123", "admin",
    "iloveyou", "woaini",
];

/// A login name as it is compared and stored: without blanks around it, full-width letters made plain, lower case.
#[must_use]
pub fn normalise_login(text: &str) -> String {
    let plain = |c: char| match u32::from(c) {
        // Full-width forms lie 0xFEE0 above the plain ones: input methods produce them unasked.
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.trim().chars().map(plain).collect::<String>().to_ascii_lowercase()
}

/// Problems of a login name (as [`normalise_login`] gives it) and of the name on screens.
#[must_use]
pub fn check_names(login: &str, name: &str) -> Vec<Violation> {
    let mut problems = Vec::new();
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    let begins = login.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if !begins || !(2..=40).contains(&login.len()) || !login.bytes().all(fits) {
        problems.push(Violation::new(
            "identity.login.form",
            "login",
            "用户名不合要求",
            "以英文字母开头，共 2 到 40 位，可用小写字母、数字、点、下划线、短横",
        ));
    }
    let length = name.trim().chars().count();
    if !(1..=50).contains(&length) || name.chars().any(char::is_control) {
        problems.push(Violation::new("identity.name.form", "name", "姓名不合要求", "填 1 到 50 个字"));
    }
    problems
}

/// Problems of a password for a person.
#[must_use]
pub fn check_password(password: &str, login: &str, name: &str, min_length: u32) -> Vec<Violation> {
    let mut problems = Vec::new();
    let mut problem = |code: &str, message: String, remedy: &str| {
        problems.push(Violation::new(format!("identity.password.{code}"), "password", message, remedy));
    };
    let length = password.chars().count();
    if length < min_length as usize {
        problem("short", format!("密码只有 {length} 个字符"), &format!("至少 {min_length} 个字符"));
    }
    if length > MAX_LENGTH {
        problem("long", format!("密码有 {length} 个字符"), &format!("最多 {MAX_LENGTH} 个字符"));
    }
    if kinds(password) < KINDS {
        problem("plain", "密码的字符种类太少".to_owned(), "大写字母、小写字母、数字、其他符号（或汉字）中至少用三种");
    }
    let folded = password.to_lowercase();
    if COMMON.iter().any(|common| folded.contains(common)) || has_run(password) {
        problem("common", "密码含有常见的组合或连续相同的字符".to_owned(), "不要用 123456、password、1111 一类");
    }
    let named = |part: &str| part.chars().count() >= 2 && folded.contains(&part.to_lowercase());
    if named(login) || named(name.trim()) {
        problem("name", "密码含有用户名或姓名".to_owned(), "不要把自己的名字写进密码");
    }
    if password.trim() != password || password.chars().any(char::is_control) {
        problem("blank", "密码首尾有空格，或含有看不见的字符".to_owned(), "去掉它们");
    }
    problems
}

fn kinds(password: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    tests.iter().filter(|test| password.chars().any(**test)).count()
}

fn has_run(password: &str) -> bool {
    let letters: Vec<char> = password.chars().collect();
    letters.windows(RUN).any(|window| window.iter().all(|c| Some(c) == window.first()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<String> {
        let problems = check_password(password, "zhou.min", "周敏", 10);
        problems.into_iter().map(|problem| problem.code.replace("identity.password.", "")).collect()
    }

    #[test]
    fn good_passwords_have_no_problem() {
        for good in ["Morning-tea-7", "春眠不觉晓-Spring-25", "x7!Kd_92mQ"] {
            assert!(codes(good).is_empty(), "{good}: {:?}", codes(good));
        }
    }

    #[test]
    fn every_problem_is_named_at_once() {
        for (password, expected) in [
            ("", vec!["short", "plain"]),
            ("admin", vec!["short", "plain", "common"]),
            ("ZHOU.MIN-2025", vec!["name"]),
            ("Tea周敏-2025-x", vec!["name"]),
            ("Teeeea-2025-x", vec!["common"]),
            (" Morning-tea-7", vec!["blank"]),
            ("Morning-tea\n-7", vec!["blank"]),
        ] {
            assert_eq!(codes(password), expected, "{password}");
        }
        assert_eq!(codes(&"Ab1-".repeat(33)), ["long"]);
    }

    #[test]
    fn logins_are_folded_and_checked() {
        assert_eq!(normalise_login("  Ｚhou.Min "), "zhou.min");
        assert!(check_names("zhou.min", "周敏").is_empty());
        for wrong in ["", "z", "9lives", "zhou min", "周敏", "ZHOU", &"z".repeat(41)] {
            assert_eq!(check_names(wrong, "周敏").len(), 1, "{wrong}");
        }
        assert_eq!(check_names("", "  ").len(), 2);
    }
}
