//! The catalogue's rows in the same form as the packs' figures. What its columns mean, and the traps in them, its `SUMMARY.md` tells.

use std::collections::{BTreeMap, BTreeSet};

use pack_reader::Pack;

use super::Row;
use super::words::{bracket, digits, figures_of_formula, number, number_and_words, number_within, or_dash, plain};

/// The cells of one row by column.
type Cells<'a> = BTreeMap<&'a str, &'a str>;

/// The rows of a table. Rows of a plan that has no pack come with the unknown plan's name and nothing else.
pub fn rows(table: &'static str, text: &str, packs: &BTreeMap<String, Pack>) -> Vec<Row> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        let cells: Cells<'_> = header.iter().copied().zip(line.split('\t')).collect();
        assert_eq!(line.split('\t').count(), header.len(), "{table}: {line}");
        let no = cells.get("no").or_else(|| cells.get("id")).unwrap().to_string();
        let plan = cells["plan"].to_owned();
        let cells = packs.get(&plan).map(|pack| columns(table, &cells, pack)).unwrap_or_default();
        Row { table, plan, no, cells }
    };
    lines.map(row).collect()
}

fn columns(table: &str, cells: &Cells<'_>, pack: &Pack) -> Vec<(&'static str, String)> {
    match table {
        "indicators" => indicator(cells, pack),
        "tasks" => task(cells, pack),
        "projects" => project(cells, pack),
        "standards" => standard(cells),
        _ => entitlement(cells),
    }
}

/// Full names of the offices that a cell names; `?` before one that the pack does not know by that name.
fn offices<'a>(names: impl Iterator<Item = &'a str>, pack: &Pack) -> String {
    let known = |name: &str| {
        let by_name = pack.departments.iter().find(|office| office.names().any(|known| plain(known) == name));
        by_name.map(|office| plain(&office.name))
    };
    let mut found = Vec::new();
    for name in names.filter(|name| *name != "-") {
        let name = plain(name);
        match known(&name) {
            Some(office) => found.push(office),
            // Two offices in one place, `各县(市、区)、功能区`: the comma within the brackets parts nothing.
            None => match name.split_once(")、") {
                Some((first, second)) => found.extend(
                    [format!("{first})"), second.to_owned()].map(|one| known(&one).unwrap_or(format!("?{one}"))),
                ),
                None => found.push(format!("?{name}")),
            },
        }
    }
    or_dash(Some(found.join(";")))
}

/// Remarks that the catalogue puts in brackets after a name.
const REMARKS: [&str; 5] = ["预测值", "需求测算", "无目标值", "争取", "已具备"];

/// Words that mean all of them: 100 of a share.
const ALL: [&str; 4] = ["全覆盖", "全部", "所有", "应配尽配"];

fn indicator(cells: &Cells<'_>, pack: &Pack) -> Vec<(&'static str, String)> {
    let raw = plain(cells["name_zh"]);
    let named = raw.split_once(" [").map_or(raw.as_str(), |(name, _)| name);
    let name = match bracket(named) {
        (name, Some(within)) if REMARKS.iter().any(|remark| within.contains(remark)) => name,
        _ => named,
    };
    let kinds = [("预测值", "forecast"), ("需新增", "need"), ("无目标值", "existing")];
    let kind = kinds.iter().find(|(mark, _)| raw.contains(mark)).map_or("target", |(_, kind)| kind);
    let unit = plain(cells["unit"]);
    let (unit, scope) = bracket(&unit);
    let each = match unit.split_once('/').map(|(_, each)| each) {
        Some("县区") => "county",
        Some("街道") => "street",
        Some("街镇" | "镇街") => "town",
        _ => "-",
    };
    // The head of the column says 2023, the plan is of April 2023: whether a baseline or an interim aim, it does not say.
    let doubt = if cells["plan"] == "yinzhou" && cells["baseline_year"] == "2023" { "unclear" } else { "-" };
    let target = value(cells["target"], unit == "%");
    let comparison = match cells["comparator"] {
        "=" if raw.contains("“左右”") => "about",
        "=" if !target.starts_with(|first: char| first.is_ascii_digit()) => "words",
        sign => sign,
    };
    let binding = match cells["binding"] {
        "约束性" => "binding",
        "预期性" => "expected",
        other => other,
    };
    let (lead, participate) = leads(cells["lead_departments"]);
    vec![
        ("name", name.to_owned()),
        ("kind", kind.to_owned()),
        ("unit", unit.to_owned()),
        ("scope", or_dash(scope.map(str::to_owned))),
        ("each", each.to_owned()),
        ("baseline_year", cells["baseline_year"].to_owned()),
        // A baseline in words was counted by nobody: it stays words.
        ("baseline", value(cells["baseline"], false)),
        ("baseline_doubt", doubt.to_owned()),
        ("target_year", target_year(cells["target_year"])),
        ("target", target),
        ("comparison", comparison.to_owned()),
        ("binding", binding.to_owned()),
        ("lead", offices(lead.into_iter(), pack)),
        ("participate", offices(participate.into_iter(), pack)),
    ]
}

/// Where an office is marked 牵头 the others take part; else all lead.
fn leads(cell: &str) -> (Vec<&str>, Vec<&str>) {
    let (marked, others): (Vec<&str>, Vec<&str>) = cell.split(';').partition(|name| name.ends_with("(牵头)"));
    if marked.is_empty() {
        return (others, marked);
    }
    (marked.into_iter().filter_map(|name| name.strip_suffix("(牵头)")).collect(), others)
}

/// `2025年底` is 2025, `每年` each year, `十四五` the end of that period though the row itself is not dated.
fn target_year(cell: &str) -> String {
    let year = number_within(cell).map(digits);
    match (cell.contains("每年"), year) {
        (true, Some(year)) => format!("each year to {year}"),
        (true, None) => "each year".to_owned(),
        (false, None) if cell == "十四五" => "2025 assumed".to_owned(),
        (false, year) => or_dash(year),
    }
}

/// A number, a range, labelled parts, a number with words, or words; with `shares`, words that mean all are 100.
fn value(cell: &str, shares: bool) -> String {
    let text = plain(cell);
    let range = text.split_once('~').and_then(|(low, high)| Some((number(low)?, number(high)?)));
    if let Some((low, high)) = range {
        return number_and_words(Some(low), Some(high), None);
    }
    if let Some(number) = number(&text) {
        return digits(number);
    }
    let pieces: Vec<&str> = text.split([';', '+']).collect();
    let part = |piece: &&str| {
        let label = piece.trim_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        number_within(piece).map(|number| format!("{label}={}", digits(number)))
    };
    let parts: Vec<String> = pieces.iter().filter_map(part).collect();
    if parts.len() > 1 && parts.len() == pieces.len() {
        return parts.join(";");
    }
    let is_all = shares && ALL.contains(&bracket(&text).0);
    let number = if is_all { Some(100.into()) } else { number_within(&text) };
    number_and_words(number, None, Some(text))
}

fn task(cells: &Cells<'_>, pack: &Pack) -> Vec<(&'static str, String)> {
    vec![
        ("title", plain(cells["short_title_zh"])),
        ("section", plain(cells["section"])),
        ("lead", offices(cells["departments_lead"].split(';'), pack)),
        ("participate", offices(cells["departments_participate"].split(';'), pack)),
        ("levels", plain(cells["levels"])),
    ]
}

/// The catalogue's own words for Yangzhou's lists, and the headings of those lists.
const TYPES: [(&str, &str); 6] = [
    ("platform", "重大平台"),
    ("industry", "重大产业"),
    ("reform", "重大改革"),
    ("policy", "重大政策"),
    ("element", "重大要素"),
    ("pilot", "重大试点"),
];

fn project(cells: &Cells<'_>, pack: &Pack) -> Vec<(&'static str, String)> {
    let mut words = BTreeSet::new();
    let mut figure = |label: &str, column: &str| {
        let cell = plain(cells[column]);
        let (said, figure) = words_and_figure(&cell);
        words.extend(said.map(|said| format!("{label}:{said}")));
        figure
    };
    let (start, end) = (figure("开工", "start"), figure("完成", "end"));
    let (beds, places) = (figure("床位", "beds"), figure("托位", "places"));
    let (area, investment) = (figure("面积", "floor_area_m2"), figure("总投资", "total_investment_wan"));
    let central = figure("中央预算", "central_budget_wan");
    let sort = TYPES.iter().find(|(word, _)| *word == cells["type"]).map(|(_, heading)| *heading);
    let lead: Vec<&str> =
        cells["lead"].split(';').map(|name| name.strip_suffix("(合并单元格)").unwrap_or(name)).collect();
    words.extend(cells["lead"].contains("(合并单元格)").then(|| "牵头:合并单元格".to_owned()));
    vec![
        ("name", plain(cells["name_zh"])),
        ("type", sort.unwrap_or_else(|| bracket(cells["type"]).0).to_owned()),
        ("start", start),
        ("end", end),
        ("place", plain(cells["place"])),
        ("beds", beds),
        ("places", places),
        ("floor_area_m2", area),
        ("investment_wan", investment),
        ("central_budget_wan", central),
        ("lead", offices(lead.into_iter(), pack)),
        ("words", or_dash(Some(words.into_iter().collect::<Vec<_>>().join(";")))),
    ]
}

/// What stands in a cell beside a bare figure, and the figure: `约150` is 150, `2024~2025` ends 2025, `-(总占地87亩)` and `在建` are none.
fn words_and_figure(cell: &str) -> (Option<String>, String) {
    if cell == "-" || number(cell).is_some() {
        return (None, or_dash(number(cell).map(digits)));
    }
    if let ("-", Some(said)) = bracket(cell) {
        return (Some(said.to_owned()), "-".to_owned());
    }
    let bare = bracket(cell).0.trim_start_matches('约');
    let figure = number(bare.rsplit('~').next().unwrap_or(bare));
    (Some(cell.to_owned()), or_dash(figure.map(digits)))
}

fn standard(cells: &Cells<'_>) -> Vec<(&'static str, String)> {
    // Yes or no, and how things are connected, are no units.
    let without = ["布尔", "结构"];
    let unit = plain(cells["unit"]);
    let unit = if without.contains(&bracket(&unit).0) { "-".to_owned() } else { unit.replace("比例", "%") };
    vec![("applies_to", plain(cells["applies_to"])), ("unit", unit), ("figures", figures_of_formula(cells["rule"]))]
}

fn entitlement(cells: &Cells<'_>) -> Vec<(&'static str, String)> {
    ["who", "conditions", "what", "amount"].map(|column| (column, plain(cells[column]))).into()
}
