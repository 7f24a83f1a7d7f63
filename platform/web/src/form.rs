//! Forms: what was typed and what is wrong with it ([`FormState`]), and one field as a page shows it ([`Input`]).

use crate::{markup::id_part, parts::Link};
use vocabulary::Violation;

/// What was typed and what is wrong. An empty one is a fresh form; one filled from a record is an edit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    values: Vec<(String, String)>,
    errors: Vec<Violation>,
}

impl FormState {
    /// A form with values and no errors: `[("name", "王秀兰")]` from a record, or what was posted.
    #[must_use]
    pub const fn typed(values: Vec<(String, String)>) -> Self {
        Self { values, errors: Vec::new() }
    }

    /// The same form with what is wrong; [`Violation::place`] is the field's name, or "" for the form as a whole.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<Violation>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// Adds one error.
    pub fn refuse(&mut self, error: Violation) {
        self.errors.push(error);
    }

    /// Sets a value, in place of what was there.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(key, _)| key != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// The first value of a field, or "".
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field (ticks).
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The first thing wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&Violation> {
        self.errors.iter().find(|error| error.place == name)
    }

    /// All that is wrong.
    #[must_use]
    pub fn errors(&self) -> &[Violation] {
        &self.errors
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The lines of the summary at the top: each leads to its field.
    #[must_use]
    pub fn summary(&self) -> Vec<(Link, String)> {
        self.errors
            .iter()
            .map(|error| {
                let href = if error.place.is_empty() { String::new() } else { format!("#{}", field_id(&error.place)) };
                (Link::new(href, error.message.clone()), error.remedy.clone())
            })
            .collect()
    }
}

/// The id of a field's control.
#[must_use]
pub fn field_id(name: &str) -> String {
    format!("f-{}", id_part(name))
}

/// How a field is typed or chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// One line. `kind` of HTML: `text`, `search`, `tel`, `email`, `password`, `date`, `month`.
    Line(&'static str),
    /// Several lines.
    Lines,
    /// Number; whole or with decimals. A text field with a number keyboard: spinners and scroll wheels change figures.
    Number,
    /// One of a list.
    Select,
    /// One of a few, all seen.
    Radios,
    /// Any of a few.
    Ticks,
    /// Yes by ticking.
    Tick,
    /// A file; the text lists what is accepted (`.xlsx,.csv`).
    File(&'static str),
}

/// One choice of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One field as a page shows it. Made by a constructor and finished by the steps after it:
/// `Input::line("name", "姓名").hint("与身份证一致").filled(&form)`; printed by the macro `ui::input`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name it is sent under.
    pub name: String,
    /// The label above it.
    pub label: String,
    /// How it is filled in.
    pub kind: InputKind,
    /// What is in it (the first value for [`InputKind::Ticks`] is not enough: see `chosen`).
    pub value: String,
    /// All values, for ticks.
    pub chosen: Vec<String>,
    /// A sentence under the label.
    pub hint: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Shown as 选填.
    pub optional: bool,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// The text of a list's empty first choice; `None` for no such choice.
    pub unchosen: Option<String>,
    /// The unit after the field.
    pub unit: String,
    /// Width by expected length: `xs` 6, `s` 10, `m` 18, `l` 28 rem, "" whole line.
    pub width: &'static str,
    /// The browser's `autocomplete` word.
    pub autocomplete: &'static str,
    /// Shown, not to be changed.
    pub readonly: bool,
    /// A prefix of the id where two forms of a page have fields of the same name.
    pub scope: String,
}

impl Input {
    fn new(name: impl Into<String>, label: impl Into<String>, kind: InputKind) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            kind,
            value: String::new(),
            chosen: Vec::new(),
            hint: String::new(),
            error: None,
            optional: false,
            choices: Vec::new(),
            unchosen: None,
            unit: String::new(),
            width: "",
            autocomplete: "",
            readonly: false,
            scope: String::new(),
        }
    }

    /// One line of text.
    pub fn line(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, InputKind::Line("text"))
    }

    /// One line of a kind that browsers know: `search`, `tel`, `email`, `password`, `date`, `month`.
    pub fn of(kind: &'static str, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, InputKind::Line(kind))
    }

    /// Several lines of text.
    pub fn lines(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, InputKind::Lines)
    }

    /// A number.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { width: "s", ..Self::new(name, label, InputKind::Number) }
    }

    /// A list to choose one of.
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(name, label, InputKind::Select) }
    }

    /// A few choices, one of which is taken.
    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(name, label, InputKind::Radios) }
    }

    /// A few choices, any of which are taken.
    pub fn ticks(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(name, label, InputKind::Ticks) }
    }

    /// One tick; sent as `yes`.
    pub fn tick(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, InputKind::Tick)
    }

    /// A file.
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: &'static str) -> Self {
        Self::new(name, label, InputKind::File(accept))
    }

    /// Takes its values and its error from a form.
    #[must_use]
    pub fn filled(mut self, form: &FormState) -> Self {
        form.value(&self.name).clone_into(&mut self.value);
        self.chosen = form.values(&self.name).into_iter().map(str::to_owned).collect();
        self.error = form.error(&self.name).map(|error| error.message.clone());
        self
    }

    /// Sets the value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self.chosen = vec![self.value.clone()];
        self
    }

    /// A sentence under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// An empty first choice with this text (`全部`, `请选择`).
    #[must_use]
    pub fn unchosen(mut self, text: impl Into<String>) -> Self {
        self.unchosen = Some(text.into());
        self
    }

    /// The unit after the field.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// The width: `xs`, `s`, `m`, `l`.
    #[must_use]
    pub const fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }

    /// The browser's `autocomplete` word.
    #[must_use]
    pub const fn autocomplete(mut self, word: &'static str) -> Self {
        self.autocomplete = word;
        self
    }

    /// Shown, not to be changed.
    #[must_use]
    pub const fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// A prefix of the id, where two forms of a page have fields of the same name.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// The id of the control (of the first one, where there are several).
    #[must_use]
    pub fn id(&self) -> String {
        if self.scope.is_empty() { field_id(&self.name) } else { field_id(&format!("{}-{}", self.scope, self.name)) }
    }

    /// The id of the control of a choice.
    #[must_use]
    pub fn choice_id(&self, index: usize) -> String {
        if index == 0 { self.id() } else { format!("{}-{}", self.id(), index + 1) }
    }

    /// Whether a choice is taken.
    #[must_use]
    pub fn has(&self, value: &str) -> bool {
        match self.kind {
            InputKind::Ticks => self.chosen.iter().any(|chosen| chosen == value),
            _ => self.value == value,
        }
    }

    /// What `aria-describedby` names; "" for nothing.
    #[must_use]
    pub fn described_by(&self) -> String {
        let id = self.id();
        let hint = (!self.hint.is_empty()).then(|| format!("{id}-hint"));
        let error = self.error.as_ref().map(|_| format!("{id}-err"));
        [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(place: &str) -> Violation {
        Violation::new("form.required", place, "请填写联系电话", "填 11 位手机号")
    }

    #[test]
    fn what_was_typed_stays_beside_what_is_wrong() {
        let form = FormState::typed(vec![("phone".into(), "139".into())]).with_errors(vec![wrong("phone")]);
        let input = Input::of("tel", "phone", "联系电话").hint("手机或座机").filled(&form);
        assert_eq!(input.value, "139");
        assert_eq!(input.error.as_deref(), Some("请填写联系电话"));
        assert_eq!(input.described_by(), "f-phone-hint f-phone-err");
        assert_eq!(form.summary().first().unwrap().0.href, "#f-phone");
        assert!(!form.is_valid());
    }

    #[test]
    fn the_summary_leads_to_the_first_of_several_controls() {
        let input = Input::radios("sex", "性别", vec![Choice::new("f", "女"), Choice::new("m", "男")]);
        assert_eq!(input.choice_id(0), field_id("sex"));
        assert_ne!(input.choice_id(1), input.choice_id(0));
    }

    #[test]
    fn ticks_keep_all_that_were_ticked() {
        let form = FormState::typed(vec![("day".into(), "mon".into()), ("day".into(), "tue".into())]);
        let input = Input::ticks("day", "日子", vec![]).filled(&form);
        assert!(input.has("mon") && input.has("tue") && !input.has("wed"));
    }

    #[test]
    fn an_error_of_the_whole_form_leads_nowhere() {
        let form = FormState::default().with_errors(vec![wrong("")]);
        assert_eq!(form.summary().first().unwrap().0.href, "");
        assert!(form.error("phone").is_none());
    }
}
