//! What a command answers: CSV rows, numbers, and the text with what must be said beside it.

/// What a command made of its files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Done {
    /// The text to write.
    pub output: String,
    /// What the user must be told on standard error.
    pub warnings: Vec<String>,
    /// Counts for `--summary`, in their order.
    pub counts: Vec<(&'static str, u64)>,
    /// What the answer is worth, where there is one number for it.
    pub objective: Option<f64>,
    /// What no answer can do better than, where it was proven.
    pub bound: Option<f64>,
    /// |objective − bound| / |objective|.
    pub gap: Option<f64>,
    /// Wall seconds spent on reading, where the command tells them apart from solving.
    pub seconds_read: f64,
}

/// Appends a row; cells that need quotes get them.
pub fn csv_row<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let edge = |letter: char| letter.is_whitespace();
        if cell.contains([',', '"', '\n', '\r']) || cell.starts_with(edge) || cell.ends_with(edge) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

/// A number with nine significant digits, which hides how machines differ in the last ones. Empty when it is not finite.
#[must_use]
pub fn float(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{value:.8e}").parse().unwrap_or(value);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_numbers() {
        let mut text = String::new();
        csv_row(&mut text, ["a", "", "b,c", "say \"d\"", " e"]);
        assert_eq!(text, "a,,\"b,c\",\"say \"\"d\"\"\",\" e\"\n");
        assert_eq!(float(-0.0), "0");
        assert_eq!(float(1.0 / 3.0), "0.333333333");
        assert_eq!(float(-2.5), "-2.5");
        assert_eq!(float(1e-9), "0.000000001");
        assert_eq!(float(f64::NAN), "");
    }
}
