//! The self-check of the security administrator: every item with what was found just now.

use super::SELF_CHECK;
use crate::house::House;
use crate::self_check::{Finding, Verdict, check, counts, source};
use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use documents::fmt;
use std::sync::Arc;
use web::{Page, Route, Samples, Shell, Tag, Tone, WebError};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let show = get(show).with_state(Arc::clone(house));
    vec![Route::page(Method::GET, "/admin/self-check", SELF_CHECK.key, "等保自查", show)]
}

#[derive(Debug, Template)]
#[template(path = "self_check.html")]
struct SelfCheckPage {
    shell: Shell,
    findings: Vec<Finding>,
    source: String,
}

impl SelfCheckPage {
    fn counted(&self) -> Vec<(&'static str, usize)> {
        counts(&self.findings).map(|(verdict, count)| (verdict.label(), count)).into()
    }

    fn tag_of(&self, finding: &Finding) -> Tag {
        let tone = match finding.verdict {
            Verdict::Met => Tone::Ok,
            Verdict::Unmet => Tone::Late,
            Verdict::Operator => Tone::None,
        };
        Tag::new(tone, finding.verdict.label())
    }
}

impl Samples for SelfCheckPage {
    fn samples() -> Vec<Self> {
        let finding = |verdict| Finding {
            clause: "8.1.4.1 a".to_owned(),
            title: "口令复杂并定期更换".to_owned(),
            asks: "口令有复杂度要求并定期更换".to_owned(),
            verdict,
            said: "至少 10 个字符".to_owned(),
        };
        let findings = vec![finding(Verdict::Met), finding(Verdict::Unmet), finding(Verdict::Operator)];
        vec![Self { shell: Shell::default().titled("等保自查"), findings, source: source() }]
    }
}

async fn show(State(house): State<Arc<House>>, shell: Shell) -> Result<Page<SelfCheckPage>, WebError> {
    let findings = check(&house).await.map_err(WebError::fault)?;
    let shell = shell.titled("等保自查").as_of(fmt::day(house.clock.today()));
    Ok(Page(SelfCheckPage { shell, findings, source: source() }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::SelfCheckPage>(), Ok(1));
    }
}
