//! Counting words, for the numbers of headings.

const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// A number from 1 to 99 in Chinese counting words: `一`, `十`, `十二`, `二十一`.
/// Larger numbers, which no heading has, are written in digits.
#[must_use]
pub fn chinese_number(number: u32) -> String {
    let digit = |n: u32| DIGITS.get(n as usize).copied().unwrap_or_default();
    match number {
        1..=9 => digit(number).to_owned(),
        10..=19 => format!("十{}", digit(number % 10)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number % 10)),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        for (number, expected) in
            [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100"), (0, "0")]
        {
            assert_eq!(chinese_number(number), expected);
        }
    }
}
