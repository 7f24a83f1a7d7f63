//! One form on a page of its own: used wherever something is stated, set, closed or published.

use askama::Template;
use axum::response::Response;
use identity::Refusal;
use vocabulary::Violation;
use web::samples::Samples;
use web::{FormState, Input, Link, Page, Shell, WebError};

/// A page with one form.
#[derive(Debug, Clone, Template)]
#[template(path = "one_form.html")]
pub struct FormPage {
    /// The shell.
    pub shell: Shell,
    /// A sentence under the title.
    pub lead: String,
    /// What will happen, or what to know, in sentences.
    pub says: Vec<String>,
    /// What was typed and what is wrong.
    pub form: FormState,
    /// The fields.
    pub fields: Vec<Input>,
    /// Hidden pairs.
    pub hidden: Vec<(String, String)>,
    /// Where it posts to.
    pub action: String,
    /// The word on its button.
    pub submit: String,
    /// The way back.
    pub back: Link,
    /// Whether what it does cannot be undone.
    pub final_step: bool,
}

impl FormPage {
    /// The page again with what a command refused, or the refusal itself where it is not about the input.
    pub(crate) fn refused(mut self, refusal: Refusal) -> Result<Response, WebError> {
        let Refusal::Invalid(found) = refusal else { return Err(refusal.into()) };
        self.form = self.form.with_errors(found);
        self.fields = self.fields.into_iter().map(|field| field.filled(&self.form)).collect();
        Ok(Page(self).invalid())
    }
}

impl Samples for FormPage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState, final_step| Self {
            shell: super::samples::shell("填报进展"),
            lead: "空间布局与配建标准 · 扬州市".to_owned(),
            says: vec!["填报后不能删改；有变化时再填报一条。".to_owned()],
            fields: vec![
                Input::lines("note", "进展说明").hint("做了什么，卡在哪里").filled(&form),
                Input::number("percent", "完成比例").unit("%").optional().filled(&form),
            ],
            form,
            hidden: vec![("region".to_owned(), "321000000000".to_owned())],
            action: "/tasks/yangzhou.t01/progress".to_owned(),
            submit: "填报".to_owned(),
            back: Link::new("/tasks/yangzhou.t01", "不填了，返回"),
            final_step,
        };
        let wrong = Violation::new("monitoring.required", "note", "没有填写进展说明", "请填写进展说明");
        vec![page(FormState::default(), false), page(FormState::default().with_errors(vec![wrong]), true)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_renders_fresh_and_refused() {
        assert_eq!(web::samples::render_all::<FormPage>(), Ok(2));
    }
}
