//! Five classes for values on a map, and their legend.

use crate::markup::{Markup, escape};

/// Where one class ends and the next begins: class 1 is below the first break, class 5 from the last one on.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    breaks: [f64; 4],
}

/// One line of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendItem {
    /// 1 to 5, or 0 for what is not known.
    pub class: u8,
    /// The words: 3.2–3.7.
    pub label: String,
}

impl Scale {
    /// A scale with given breaks, small to large.
    #[must_use]
    pub const fn new(breaks: [f64; 4]) -> Self {
        Self { breaks }
    }

    /// A scale that cuts the span of the values into five equal parts, at numbers people read easily (1, 2, 2.5 or 5
    /// times a power of ten apart). `None` without two different values.
    #[must_use]
    pub fn even(values: &[f64]) -> Option<Self> {
        let known = || values.iter().copied().filter(|value| value.is_finite());
        let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
        if low >= high || !low.is_finite() || !high.is_finite() {
            return None;
        }
        let rough = (high - low) / 5.0;
        let power = 10.0_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .map(|times| times * power)
            .into_iter()
            .min_by(|a, b| (a / rough).ln().abs().total_cmp(&(b / rough).ln().abs()))?;
        let first = (((low + high) / 2.0 - 1.5 * step) / step).round() * step;
        Some(Self::new([0.0, 1.0, 2.0, 3.0].map(|count| tidy(first + count * step, step))))
    }

    /// The class of a value, 1 to 5.
    #[must_use]
    pub fn class(&self, value: f64) -> u8 {
        self.breaks.iter().fold(1, |class, limit| if value >= *limit { class + 1 } else { class })
    }

    /// The legend's lines with a unit in the first and last, and one for what is not known if there is any.
    #[must_use]
    pub fn legend(&self, unit: &str, some_unknown: bool) -> Vec<LegendItem> {
        let [first, second, third, fourth] = self.breaks.map(number);
        let mut items = vec![
            LegendItem { class: 1, label: format!("不足{first}{unit}") },
            LegendItem { class: 2, label: format!("{first}至不足{second}") },
            LegendItem { class: 3, label: format!("{second}至不足{third}") },
            LegendItem { class: 4, label: format!("{third}至不足{fourth}") },
            LegendItem { class: 5, label: format!("{fourth}{unit}及以上") },
        ];
        if some_unknown {
            items.push(LegendItem { class: 0, label: "暂无数据".into() });
        }
        items
    }
}

impl LegendItem {
    /// The lines as a list with swatches.
    #[must_use]
    pub fn list(items: &[Self]) -> Markup {
        let lines: String = items
            .iter()
            .map(|item| format!("<li><span class=\"sw m{}\"></span>{}</li>", item.class.min(5), escape(&item.label)))
            .collect();
        Markup::trusted(format!("<ul>{lines}</ul>"))
    }
}

/// Takes away what binary fractions add: 0.30000000000000004 for a step of 0.1 is 0.3.
fn tidy(value: f64, step: f64) -> f64 {
    let digits = 10.0_f64.powf((2.0 - step.log10()).ceil().clamp(0.0, 12.0));
    (value * digits).round() / digits
}

fn number(value: f64) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_at_a_break_is_in_the_upper_class() {
        let scale = Scale::new([3.2, 3.8, 4.4, 5.0]);
        let classes = [2.9, 3.2, 3.79, 4.4, 4.99, 5.0, 9.0].map(|value| scale.class(value));
        assert_eq!(classes, [1, 2, 2, 4, 4, 5, 5]);
    }

    #[test]
    fn even_breaks_are_easy_numbers() {
        assert_eq!(Scale::even(&[2.9, 5.6]), Some(Scale::new([3.5, 4.0, 4.5, 5.0])));
        assert_eq!(Scale::even(&[0.0, 100.0]), Some(Scale::new([20.0, 40.0, 60.0, 80.0])));
        assert_eq!(Scale::even(&[7.0, 7.0]), None);
        assert_eq!(Scale::even(&[]), None);
        assert_eq!(Scale::even(&[f64::NAN, 1.0]), None);
    }

    #[test]
    fn breaks_carry_no_dust_of_binary_fractions() {
        let scale = Scale::even(&[0.1, 0.6]).unwrap();
        let text = LegendItem::list(&scale.legend("个", true)).to_string();
        assert!(!text.contains("00000") && !text.contains("99999"), "{text}");
        assert!(text.contains("<span class=\"sw m0\"></span>暂无数据"));
    }
}
