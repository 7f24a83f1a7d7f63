//! One normal form for what packs and catalogue write differently: full and half width, numbers, numbers in words.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

/// Half-width punctuation, no spaces around.
pub fn plain(text: &str) -> String {
    let narrow = |letter| match letter {
        '（' => '(',
        '）' => ')',
        '；' => ';',
        '：' => ':',
        '，' => ',',
        '～' => '~',
        other => other,
    };
    text.trim().chars().map(narrow).collect()
}

/// What is missing is `-`, never an empty cell and never zero.
pub fn or_dash(text: Option<String>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned())
}

/// The exact digits, without trailing zeros.
pub fn digits(number: Decimal) -> String {
    number.normalize().to_string()
}

/// The number that a text is, digit by digit.
pub fn number(text: &str) -> Option<Decimal> {
    text.parse().ok().filter(|_| text.starts_with(|first: char| first.is_ascii_digit()))
}

/// The text before a closing bracket's opening one, and what stands within: `90(暂定)` is `90` and `暂定`.
pub fn bracket(text: &str) -> (&str, Option<&str>) {
    match text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        Some((before, within)) => (before, Some(within)),
        None => (text, None),
    }
}

/// The one number within a text, as in `6800余` or `≤8.5`.
pub fn number_within(text: &str) -> Option<Decimal> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
    let again = rest[end..].contains(|letter: char| letter.is_ascii_digit());
    number(&rest[..end]).filter(|_| !again)
}

/// A number, where words say more about it: `7000 7000余`.
pub fn number_and_words(number: Option<Decimal>, upper: Option<Decimal>, words: Option<String>) -> String {
    let range = match (number, upper) {
        (Some(low), Some(high)) => Some(format!("{}~{}", digits(low), digits(high))),
        (low, _) => low.map(digits),
    };
    let both: Vec<String> = range.into_iter().chain(words).collect();
    or_dash(Some(both.join(" ")))
}

fn joined(numbers: BTreeSet<Decimal>) -> String {
    or_dash(Some(numbers.into_iter().map(digits).collect::<Vec<_>>().join(" ")))
}

/// Words that are a number in the text of a standard.
const AS_NUMBER: [(&str, i64); 6] =
    [("全覆盖", 100), ("全部", 100), ("都", 100), ("全额", 100), ("减半", 50), ("免征", 0)];
const NUMERALS: [(char, i64); 10] =
    [('一', 1), ('两', 2), ('二', 2), ('三', 3), ('四', 4), ('五', 5), ('六', 6), ('七', 7), ('八', 8), ('九', 9)];

/// Every figure in a standard's Chinese text, smallest first: digits with 千 and 万, numerals before a measure word, and words such as
/// 全覆盖. The base of a rate (每百, 每千) is none; nor is the name of a project, nor 0—3岁, nor 一 in 同一 and 一次性.
pub fn figures_of_text(text: &str) -> String {
    let letters: Vec<char> = plain(text).replace("0—3岁", "").chars().collect();
    let mut found: BTreeSet<Decimal> =
        AS_NUMBER.iter().filter(|(word, _)| text.contains(word)).map(|(_, is)| Decimal::from(*is)).collect();
    let mut at = 0;
    while at < letters.len() {
        let before = at.checked_sub(1).map(|index| letters[index]);
        let run: String =
            letters[at..].iter().take_while(|letter| letter.is_ascii_digit() || **letter == '.').collect();
        if letters[at].is_ascii_digit() {
            at += run.len();
            let factor = match letters.get(at) {
                Some('千') => 1000,
                Some('万') => 10_000,
                _ => 1,
            };
            let is_name = before.is_some_and(|letter| letter == '-' || letter.is_ascii_alphabetic());
            found.extend(number(&run).filter(|_| !is_name).map(|number| number * Decimal::from(factor)));
            continue;
        }
        let numeral = NUMERALS.iter().find(|(numeral, _)| *numeral == letters[at]).map(|(_, is)| *is);
        let measured = letters.get(at + 1).is_some_and(|letter| "个所次家年级县月".contains(*letter));
        let idle = before == Some('同') || letters.get(at + 2) == Some(&'性');
        found.extend(numeral.filter(|_| measured && !idle).map(Decimal::from));
        at += 1;
    }
    joined(found)
}

/// Every figure in the catalogue's formula of a standard, smallest first. A share up to 1 is read in per cent; a number that only changes
/// the unit (`/ 1000`, `* 10000`), a part of a name (`A2-6`, `0-3`) and the number of a table (`表29`) are none.
pub fn figures_of_formula(formula: &str) -> String {
    let formula = formula.replace("0-3", "");
    let mut found = BTreeSet::new();
    let mut at = 0;
    while let Some(start) = formula[at..].find(|letter: char| letter.is_ascii_digit()).map(|offset| at + offset) {
        let length = formula[start..].find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        at = length.map_or(formula.len(), |length| start + length);
        let before = formula[..start].trim_end();
        let in_name =
            formula[..start].ends_with(|letter: char| "_-表".contains(letter) || letter.is_ascii_alphanumeric());
        let is_unit = before.ends_with(['/', '*']);
        if in_name || is_unit {
            continue;
        }
        let run = formula[start..at].trim_end_matches('.');
        let share = |number: Decimal| {
            if run.contains('.') && number <= Decimal::ONE { number * Decimal::ONE_HUNDRED } else { number }
        };
        found.extend(number(run).map(share));
    }
    joined(found)
}

#[test]
fn figures_are_found_in_words() {
    assert_eq!(
        figures_of_text("每百户不少于20平方米，单处300平方米，每两年一次，日客流1.5万人（A2-6除外）"),
        "1 2 20 300 15000"
    );
    assert_eq!(figures_of_text("同一县内一次性办理，母婴设施全覆盖，起付线减半"), "50 100");
    assert_eq!(figures_of_text("都没有"), "100");
    assert_eq!(figures_of_text("0—3岁儿童"), "-");
    assert_eq!(
        figures_of_formula("area_m2 >= 20 * households/100 AND share(age>=65) >= 0.725 (表12:50)"),
        "20 50 65 72.5"
    );
    assert_eq!(figures_of_formula("a(x) == 1.0; parents of 0-3 by 2025 (A2-6)"), "100 2025");
}

#[test]
fn one_number_is_found_within_words() {
    let found = |text| number_within(text).map(digits);
    assert_eq!(found("6800余"), Some("6800".to_owned()));
    assert_eq!(found("≤8.50"), Some("8.5".to_owned()));
    assert_eq!(found("5公建民营+2民营"), None);
    assert_eq!(found("全部"), None);
}
