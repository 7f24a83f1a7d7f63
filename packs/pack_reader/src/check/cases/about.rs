//! Kinds about something of the plan: they have the fields in which the plan's own pages and figures are told.

use super::Look;
use crate::desk::steps;
use crate::model::{CaseAbout, CaseWho};
use crate::tree::Step;
use vocabulary::FieldKind;

pub(super) fn check(look: &mut Look<'_>) {
    let kind = look.kind;
    let Some(about) = kind.about else { return };
    twice(look, about);
    if kind.party.is_some() {
        let message = format!("关于{}的办件不能又是关于机构的", about.label());
        look.report(&steps!["party"], "pack.conflict", message, "删去 party，或删去 about");
    }
    for (key, wanted, required) in about.fields() {
        let Some(index) = kind.fields.iter().position(|field| field.key == key) else {
            let message = format!("关于{}的办件缺少字段 {key}", about.label());
            let remedy = format!("加上 [[field]] key = \"{key}\"，kind = \"{}\"", wanted.key());
            look.report(&steps!["about"], "pack.case_about", message, &remedy);
            continue;
        };
        let Some(field) = kind.fields.get(index) else { continue };
        if field.kind != wanted {
            let message =
                format!("“{}”是 {}，关于{}的办件里它是 {}", field.label, field.kind.key(), about.label(), wanted.key());
            let remedy = format!("改为 kind = \"{}\"", wanted.key());
            look.report(&steps!["field", index, "kind"], "pack.case_about", message, &remedy);
        }
        if required && !field.required {
            let message = format!("“{}”没有写必填，没有它就不能计入{}", field.label, about.label());
            look.report(&steps!["field", index], "pack.case_about", message, "加上 required = true");
        }
        if field.kind == FieldKind::Choice {
            states(look, index);
        }
    }
    if kind.title != "name" {
        let message = format!("关于{}的办件以字段 name 为名称", about.label());
        look.report(&steps!["title"], "pack.case_about", message, "改为 title = \"name\"");
    }
}

fn states(look: &mut Look<'_>, index: usize) {
    let Some(field) = look.kind.fields.get(index) else { return };
    let values: Vec<&str> = field.choices.iter().map(|choice| choice.value.as_str()).collect();
    if values != CaseAbout::STATES {
        let message = format!("“{}”的值应依次是 {}", field.label, CaseAbout::STATES.join("、"));
        look.report(&steps!["field", index, "choices"], "pack.case_about", message, "值照写，label 可以用本地的说法");
    }
}

/// Units are those of what the case is about.
pub(super) fn who(look: &mut Look<'_>, at: &[Step], who: &CaseWho) {
    if who.unit.is_some() && look.kind.about.is_none() {
        let message = "这个办件不是关于方案里的事项的，没有牵头、参与单位".to_owned();
        look.report(at, "pack.conflict", message, "删去 unit，改用 departments，或加上 about");
    }
    if who.starter && who.other {
        let message = "既只限发起人，又不许发起人".to_owned();
        look.report(at, "pack.conflict", message, "starter 和 other 只留一个");
    }
}

/// A place has one kind about indicators, one about tasks, one about projects.
fn twice(look: &mut Look<'_>, about: CaseAbout) {
    let (key, known) = (look.kind.key.as_str(), look.known);
    let own = known.draft.cases.iter().map(|(_, kind)| kind);
    let inherited = known.around.parent.iter().flat_map(|pack| &pack.cases);
    let other = own.chain(inherited).find(|other| other.about == Some(about) && other.key != key);
    if let Some(other) = other {
        let message = format!("关于{}的办件有两种：{key} 和 {}", about.label(), other.key);
        let remedy = format!("只留一种；要换掉全国的，用同一个键 {}", other.key);
        look.report(&steps!["about"], "pack.case_about", message, &remedy);
    }
}
