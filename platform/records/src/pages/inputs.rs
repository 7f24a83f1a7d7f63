//! Fields as inputs of a form and as filters of a list.

use super::choosing::Offered;
use super::section::{Section, sections};
use crate::asked::NOT_FILLED;
use crate::commands::Records;
use crate::decide::{REGION, VALID_FROM};
use crate::record::Located;
use crate::registry::REGION_LABEL;
use crate::sheets::template::hint;
use crate::store::sealed::is_sealed;
use identity::Actor;
use vocabulary::{Field, FieldKind, Register, Sensitivity};
use web::{Choice, FormState, Input};

/// Regions up to this many are offered as a list; more are typed.
const REGIONS_LISTED: usize = 400;
/// Levels of a region tree below a province.
const DEEPEST: usize = 8;
/// Filters that stand open above a list; the others are one click away.
const FILTERS_OPEN: usize = 3;

/// The regions of an actor with the names above them, down to a depth below their own; `None` when there are more
/// than a list can hold.
fn tree(records: &Records, actor: &Actor, depth: usize) -> Option<Vec<Choice>> {
    let today = records.today();
    let own = actor.region.codes().last().and_then(|code| records.regions.by_code(code, today));
    let mut choices: Vec<Choice> = own.iter().map(|own| Choice::new(own.code.as_str(), own.name.as_str())).collect();
    let top = actor.region.codes().count();
    let mut waiting: Vec<(Located, String)> = children(records, &actor.region, "");
    waiting.reverse();
    while let Some((region, name)) = waiting.pop() {
        if choices.len() >= REGIONS_LISTED {
            return None;
        }
        if region.path.codes().count() < top + depth {
            let mut below = children(records, &region.path, &format!("{name}/"));
            below.reverse();
            waiting.append(&mut below);
        }
        choices.push(Choice::new(region.code.as_str(), name));
    }
    Some(choices)
}

/// Every region of an actor, where a list can hold them.
pub(crate) fn regions(records: &Records, actor: &Actor) -> Option<Vec<Choice>> {
    tree(records, actor, DEEPEST)
}

fn children(records: &Records, of: &vocabulary::RegionPath, above: &str) -> Vec<(Located, String)> {
    let found = records.regions.children(of, records.today());
    found.into_iter().map(|region| (region.clone(), format!("{above}{}", region.name))).collect()
}

/// The input of a region.
#[must_use]
pub fn region_input(records: &Records, actor: &Actor, form: &FormState) -> Input {
    let region = match regions(records, actor) {
        Some(regions) => Input::select(REGION, REGION_LABEL, regions).unchosen("请选择").width("m"),
        None => Input::line(REGION, REGION_LABEL)
            .hint("写区划名称或 12 位代码，同名时写全，如“五角场街道/国定路社区”")
            .width("m"),
    };
    region.filled(form)
}

/// The input of a field by itself.
#[must_use]
pub(super) fn field_input(field: &Field, form: &FormState) -> Input {
    input(field).filled(form)
}

/// The input of a field; of a reference whose name is not enough, also the choice of what it leads to.
#[must_use]
pub fn field_inputs(field: &Field, form: &FormState, offered: &Offered) -> Vec<Input> {
    std::iter::once(field_input(field, form)).chain(offered.input(field, form)).collect()
}

/// The inputs of a form under their headings: region, the fields, the day from which it is true.
pub(super) fn inputs(
    records: &Records,
    actor: &Actor,
    register: &Register,
    (form, offered): (&FormState, &Offered),
) -> Vec<Section<Input>> {
    let inputs = |field| field_inputs(field, form, offered).into_iter().map(move |input| (field, input));
    let fields = register.fields.iter().flat_map(inputs);
    let mut sections = sections(region_input(records, actor, form), fields);
    let from =
        Input::of("date", VALID_FROM, "生效日期").hint("以上内容从哪一天起属实；不填就是今天").width("s").optional();
    match sections.last_mut() {
        Some(last) if last.title.is_empty() => last.items.push(from.filled(form)),
        _ => sections.push(Section::new("生效", vec![from.filled(form)])),
    }
    sections
}

fn input(field: &Field) -> Input {
    let (name, label) = (field.key.as_str(), field.label.as_str());
    let input = match field.kind {
        FieldKind::Text => Input::line(name, label).width("l"),
        FieldKind::LongText => Input::lines(name, label),
        FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => Input::number(name, label),
        FieldKind::Date => Input::of("date", name, label).width("s"),
        FieldKind::Month => Input::of("month", name, label).width("s"),
        FieldKind::Boolean => Input::select(name, label, yes_no()).unchosen("不清楚").width("xs"),
        FieldKind::Choice => Input::select(name, label, choices(field)).unchosen("请选择").width("m"),
        FieldKind::Reference => Input::line(name, label).width("l"),
        FieldKind::IdNumber | FieldKind::CreditCode => Input::line(name, label).width("m").autocomplete("off"),
        FieldKind::Phone => Input::of("tel", name, label).width("m").autocomplete("off"),
    };
    let note = match field.kind {
        // What the control itself shows needs no words.
        FieldKind::Date | FieldKind::Month | FieldKind::Boolean | FieldKind::Choice => field.note.clone(),
        _ => hint(field),
    };
    let input = input.hint(note).unit(field.unit.clone().unwrap_or_default());
    if field.required { input } else { input.optional() }
}

fn yes_no() -> Vec<Choice> {
    vec![Choice::new("是", "是"), Choice::new("否", "否")]
}

fn choices(field: &Field) -> Vec<Choice> {
    field.choices.iter().map(|choice| Choice::new(choice.word(), choice.word())).collect()
}

/// Filters of a list: those that stand open, and the others.
pub(crate) fn filters(
    records: &Records,
    actor: &Actor,
    register: &Register,
    asked: &web::Query,
) -> (Vec<Input>, Vec<Input>) {
    let regions = (1..=DEEPEST).rev().find_map(|depth| tree(records, actor, depth)).unwrap_or_default();
    let mut open = Vec::new();
    if !register.search.is_empty() {
        let labels: Vec<&str> =
            register.search.iter().filter_map(|key| register.field(key)).map(|field| field.label.as_str()).collect();
        let indexed = register.search.iter().any(|key| register.field(key).is_some_and(|field| field.indexed));
        let whole = register.search.iter().filter_map(|key| register.field(key)).filter(|field| is_sealed(field));
        let whole: Vec<&str> = whole.map(|field| field.label.as_str()).collect();
        let mut hint =
            if indexed { "从开头找；找中间的字，在前面加 *".to_owned() } else { String::new() };
        if !whole.is_empty() {
            // What is sealed has no beginning to look for.
            let sign = if hint.is_empty() { "" } else { "；" };
            hint = format!("{hint}{sign}{}要写完整", whole.join("、"));
        }
        let label = format!("搜索{}", labels.join("、"));
        open.push(Input::of("search", "q", label).width("grow").hint(hint).value(asked.text("q")));
    }
    if regions.len() > 1 {
        let all = Input::select(REGION, REGION_LABEL, regions).unchosen("全部").width("m");
        open.push(all.value(asked.text(REGION)));
    }
    let mut more = Vec::new();
    let listed = register.list_fields();
    let fits = |field: &Field| matches!(field.kind, FieldKind::Choice | FieldKind::Boolean);
    let first: Vec<&Field> = listed.into_iter().filter(|field| fits(field)).take(FILTERS_OPEN).collect();
    for field in &first {
        open.extend(filter(register, field, asked));
    }
    for field in register.fields.iter().filter(|field| !first.iter().any(|known| known.key == field.key)) {
        more.extend(filter(register, field, asked));
    }
    (open, more)
}

fn filter(register: &Register, field: &Field, asked: &web::Query) -> Vec<Input> {
    let name = format!("f.{}", field.key);
    let select = |mut choices: Vec<Choice>| {
        choices.push(Choice::new(NOT_FILLED, NOT_FILLED));
        let input = Input::select(name.as_str(), field.label.as_str(), choices).unchosen("全部").width("s");
        vec![input.value(asked.text(&name))]
    };
    let ends = |kind: Option<&'static str>| {
        [("from", "从"), ("to", "到")]
            .map(|(end, word)| {
                let (name, label) = (format!("{name}.{end}"), format!("{}{word}", field.label));
                let value = asked.text(&name).to_owned();
                let input = match kind {
                    Some(kind) => Input::of(kind, name, label).width("s"),
                    None => Input::number(name, label),
                };
                input.value(value)
            })
            .to_vec()
    };
    match field.kind {
        FieldKind::Choice => select(choices(field)),
        FieldKind::Boolean => select(yes_no()),
        _ if field.sensitive == Sensitivity::Secret || is_sealed(field) || is_point(register, field) => Vec::new(),
        FieldKind::Date => ends(Some("date")),
        FieldKind::Month => ends(Some("month")),
        FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => ends(None),
        // Asked for by a link from the record itself; nobody types a number.
        FieldKind::Reference if !asked.text(&name).is_empty() => {
            let one = Choice::new(asked.text(&name), "所指的这一条");
            let input = Input::select(name.as_str(), field.label.as_str(), vec![one]).unchosen("全部").width("m");
            vec![input.value(asked.text(&name))]
        }
        FieldKind::Text => {
            vec![Input::line(name.as_str(), format!("{}包含", field.label)).width("s").value(asked.text(&name))]
        }
        _ => Vec::new(),
    }
}

/// Whether a field is half of a point: nobody filters by degrees.
fn is_point(register: &Register, field: &Field) -> bool {
    register.point && matches!(field.key.as_str(), "longitude" | "latitude")
}
