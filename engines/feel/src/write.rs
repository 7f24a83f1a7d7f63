//! FEEL values as JSON: numbers with all their digits, days and lengths of time as ISO texts, ranges as FEEL writes them.

use dsntk_feel::values::Value;
use std::fmt::Write as _;

/// A value as JSON.
pub(crate) fn value(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// A text as a JSON string.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_text(text, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Boolean(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::List(items) | Value::ExpressionList(items) | Value::NegatedCommaList(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Context(context) => {
            out.push('{');
            for (place, (name, item)) in context.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_text(name.as_str(), out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
        Value::Transparent(inner) => write(inner, out),
        // A value that is no data (a function of the library, a bare type) has no form of its own in JSON: its name stands for it.
        Value::Null(_) | Value::Irrelevant => out.push_str("null"),
        Value::BuiltInFunction(_) | Value::FunctionDefinition(..) => out.push_str("\"function\""),
        other => write_text(&other.to_string(), out),
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
