//! Which lines of the board are asked for, and in which order.

use super::super::show::{RowView, tag};
use super::super::{View, choose};
use crate::board::{Board, Line};
use identity::Actor;
use indicators::Status;
use pack_reader::model::{Attribute, Whom};
use web::{Choice, Input, Query};

/// The word under which late and slow lines are asked for together.
const ATTENTION: &str = "attention";

/// What the address asks for.
pub(crate) struct Filter<'a> {
    field: &'a str,
    attribute: &'a str,
    lead: &'a str,
    status: &'a str,
    form: &'a str,
    words: &'a str,
}

impl<'a> Filter<'a> {
    /// Names that the filter form itself sends.
    pub(crate) const NAMES: [&'static str; 8] = ["field", "attribute", "lead", "status", "form", "q", "region", "page"];

    /// Reads an address.
    pub(crate) fn of(query: &'a Query) -> Self {
        Self {
            field: query.text("field"),
            attribute: query.text("attribute"),
            lead: query.text("lead"),
            status: query.text("status"),
            form: query.text("form"),
            words: query.text("q"),
        }
    }

    /// Whether a line is asked for. A word that means nothing asks for nothing.
    pub(crate) fn passes(&self, line: &Line) -> bool {
        let indicator = line.indicator();
        let is = |asked: &str, own: &str| asked.is_empty() || asked == own;
        let status = match self.status {
            ATTENTION => line.needs_attention(),
            "" => true,
            other => line.is_target() && other == line.standing.status.code(),
        };
        let words =
            || self.words.split_whitespace().all(|word| indicator.name.contains(word) || indicator.key.contains(word));
        status
            && is(self.field, field_key(indicator.field))
            && is(self.attribute, attribute_key(indicator.attribute))
            && is(self.form, if indicator.table { "table" } else { "prose" })
            && (self.lead.is_empty() || indicator.lead.iter().any(|key| key == self.lead))
            && words()
    }

    /// The fields of the form.
    pub(crate) fn inputs(&self, view: &View, board: &Board, actor: &Actor) -> Vec<Input> {
        let fixed = |pairs: &[(&str, &str)]| pairs.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
        let select = |name: &str, label: &str, all: &str, choices: Vec<Choice>, value: &str| {
            Input::select(name, label, choices).unchosen(all).value(value)
        };
        let leads = board.lines.iter().flat_map(|line| &line.indicator().lead);
        let leads = choose::choices_of(leads.map(|key| (key.as_str(), view.department(key))));
        let mut states: Vec<Choice> = fixed(&[(ATTENTION, "滞后和偏慢")]);
        states.extend(Status::ALL.into_iter().map(|status| Choice::new(status.code(), tag(status).word)));
        vec![
            choose::region_input(view, actor),
            select(
                "field",
                "类别",
                "全部",
                fixed(&[("elder", "养老"), ("child", "托育"), ("both", "共同")]),
                self.field,
            ),
            select(
                "attribute",
                "属性",
                "全部",
                fixed(&[("binding", "约束性"), ("expected", "预期性")]),
                self.attribute,
            ),
            select("lead", "牵头单位", "全部单位", leads, self.lead),
            select("status", "状态", "全部", states, self.status),
            select("form", "出处", "全部", fixed(&[("table", "指标表"), ("prose", "正文")]), self.form),
            Input::of("search", "q", "指标名称").width("grow").value(self.words),
        ]
    }
}

const fn field_key(field: Whom) -> &'static str {
    match field {
        Whom::Elder => "elder",
        Whom::Child => "child",
        Whom::Both => "both",
    }
}

const fn attribute_key(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Binding => "binding",
        Attribute::Expected => "expected",
        Attribute::None => "none",
    }
}

/// Sorts rows as asked; without a word they stay in the order of the plan.
pub(super) fn sort(rows: &mut [RowView], asked: &str) {
    let (key, down) = asked.strip_prefix('-').map_or((asked, false), |key| (key, true));
    match key {
        "progress" => rows.sort_by(|a, b| {
            let (a, b) = (a.progress.percent, b.progress.percent);
            // What is not known comes last either way.
            match (a, b) {
                (Some(a), Some(b)) if down => b.total_cmp(&a),
                (Some(a), Some(b)) => a.total_cmp(&b),
                (None, None) => std::cmp::Ordering::Equal,
                (None, _) => std::cmp::Ordering::Greater,
                (_, None) => std::cmp::Ordering::Less,
            }
        }),
        "status" if down => rows.sort_by_key(|row| std::cmp::Reverse(urgency(row.status))),
        "status" => rows.sort_by_key(|row| urgency(row.status)),
        _ => {}
    }
}

/// The late first, then the slow, then those on their way, then those reached, then what is not known.
const fn urgency(status: Status) -> u8 {
    match status {
        Status::Late => 0,
        Status::Slow => 1,
        Status::OnPath => 2,
        Status::Met => 3,
        Status::NoPath => 4,
        Status::NotReported => 5,
        Status::NotComputable => 6,
    }
}
