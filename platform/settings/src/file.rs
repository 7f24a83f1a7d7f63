//! The settings file: TOML text to plain values, each with its line.

use toml::de::{DeTable, DeValue};
use vocabulary::Violation;

/// One `key = value` of the file.
pub(crate) struct Line {
    pub section: String,
    pub key: String,
    pub text: String,
    pub line: usize,
}

/// What a file holds, as far as it can be read.
#[derive(Default)]
pub(crate) struct Contents {
    pub lines: Vec<Line>,
    pub sections: Vec<(String, usize)>,
    pub mistakes: Vec<Violation>,
}

/// The text of a settings file.
pub(crate) fn text(path: &std::path::Path) -> Result<String, Violation> {
    std::fs::read_to_string(path).map_err(|error| {
        Violation::new(
            "settings.unreadable",
            path.display().to_string(),
            format!("读不了设置文件：{error}"),
            "检查文件名和权限，文件须是 UTF-8 文本",
        )
    })
}

/// Reads what can be read and lists every mistake of form.
pub(crate) fn parse(name: &str, text: &str) -> Contents {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut contents = Contents::default();
    let mut broken = Vec::new();
    for error in errors {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        broken.push(line);
        contents.mistakes.push(Violation::new(
            "settings.syntax",
            format!("{name}:{line}"),
            format!("不合 TOML 写法：{}", error.message()),
            "写成 [节名] 一行，其下每行 名 = 值，文字用英文双引号",
        ));
    }
    for (section, value) in table.get_ref() {
        let line = line_of(text, section.span().start);
        if broken.contains(&line) {
            continue;
        }
        let section = section.get_ref().to_string();
        let DeValue::Table(keys) = value.get_ref() else {
            contents.mistakes.push(Violation::new(
                "settings.unknown_key",
                format!("{name}:{line}"),
                format!("“{section}”不在任何一节里"),
                "把它移到一个节名（如 [server]）之下",
            ));
            continue;
        };
        for (key, value) in keys {
            let line = line_of(text, key.span().start);
            if broken.contains(&line) {
                continue;
            }
            let key = key.get_ref().to_string();
            match plain(value.get_ref()) {
                Some(text) => contents.lines.push(Line { section: section.clone(), key, text, line }),
                None => contents.mistakes.push(Violation::new(
                    "settings.value",
                    format!("{name}:{line}"),
                    format!("{section}.{key} 不能是一张表"),
                    "写一个值，或用方括号写几个值",
                )),
            }
        }
        contents.sections.push((section, line));
    }
    contents.lines.sort_by_key(|line| line.line);
    contents
}

/// A scalar as text; a list as its items joined by commas.
fn plain(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().replace('_', ""),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| plain(item.get_ref())).collect();
            items?.join(",")
        }
        DeValue::Table(_) => return None,
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
