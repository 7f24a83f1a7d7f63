//! The pages of this crate: login, errors, the accessibility statement.

use crate::{
    form::{FormState, Input},
    parts::Link,
    samples::Samples,
    shell::{Chrome, Shell},
};
use askama::Template;
use vocabulary::Violation;

/// The login page. Whoever owns accounts checks what is posted to `action` and shows the page again on a refusal.
#[derive(Debug, Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// The shell.
    pub shell: Shell,
    /// What was typed (`account`, `password`) and what is wrong.
    pub form: FormState,
    /// Where the form posts to.
    pub action: String,
    /// Where to go after signing in.
    pub back: String,
    /// Accounts of a demo: desk, account, password; empty in earnest.
    pub demo: Vec<DemoAccount>,
}

/// An account of a demo, printed on the login page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// Whose desk: 市民政局经办.
    pub desk: String,
    /// The account's name.
    pub account: String,
    /// Its password.
    pub password: String,
}

impl LoginPage {
    /// The password of all demo accounts, where they have the same.
    fn one_password(&self) -> Option<&str> {
        let first = self.demo.first()?.password.as_str();
        self.demo.iter().all(|one| one.password == first).then_some(first)
    }

    fn account(&self) -> Input {
        Input::line("account", "账号").autocomplete("username").filled(&self.form)
    }

    fn password(&self) -> Input {
        let empty = FormState::default().with_errors(self.form.error("password").cloned().into_iter().collect());
        Input::of("password", "password", "密码").autocomplete("current-password").filled(&empty)
    }
}

/// An error as a page.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The shell: the reader's wishes, no navigation, since what failed may be what knows it.
    pub shell: Shell,
    /// The status.
    pub status: u16,
    /// What happened.
    pub heading: String,
    /// What it means and what to do.
    pub sentences: Vec<String>,
    /// What is wrong with the input, where that is the matter.
    pub violations: Vec<Violation>,
    /// Ways on.
    pub ways: Vec<Link>,
    /// Whom to call.
    pub contact: String,
    /// The trace id.
    pub trace: String,
}

impl ErrorPage {
    fn summary(&self) -> Vec<(Link, String)> {
        FormState::default()
            .with_errors(self.violations.clone())
            .summary()
            .into_iter()
            .map(|(link, remedy)| (Link::words(link.label), remedy))
            .collect()
    }
}

/// The accessibility statement.
#[derive(Debug, Template)]
#[template(path = "accessibility.html")]
pub struct AccessibilityPage {
    /// The shell.
    pub shell: Shell,
}

fn sample_shell(title: &str) -> Shell {
    let chrome = Chrome {
        place: "示范市".into(),
        note: "演示合成数据".into(),
        contact: "市民政局养老服务科 0570-0000000".into(),
        ..Chrome::default()
    };
    Shell { csrf: "token".into(), here: "/".into(), ..Shell::default() }.with(chrome).titled(title)
}

impl Samples for LoginPage {
    fn samples() -> Vec<Self> {
        let refused =
            FormState::typed(vec![("account".into(), "yangzhou.minzheng".into())]).with_errors(vec![Violation::new(
                "login.refused",
                "account",
                "账号或密码不对",
                "请核对后再输一次；连续输错会暂时锁定",
            )]);
        let demo = vec![DemoAccount {
            desk: "市民政局经办".into(),
            account: "yz-minzheng".into(),
            password: "朝夕-演示".into(),
        }];
        let page =
            |form, demo| Self { shell: sample_shell("登录"), form, action: "/login".into(), back: "/".into(), demo };
        vec![page(FormState::default(), Vec::new()), page(FormState::default(), demo), page(refused, Vec::new())]
    }
}

impl Samples for ErrorPage {
    fn samples() -> Vec<Self> {
        use crate::errors::WebError;
        let wrong = vec![
            Violation::new("record.required", "联系电话", "请填写联系电话", "填 11 位手机号或带区号的座机"),
            Violation::new("record.date", "开业日期", "开业日期 2025-13-01 不是日期", "写成 2025-09-30 的样子"),
        ];
        [
            WebError::not_found("这家机构"),
            WebError::Forbidden("您的账号没有权限查看老年人名册；如工作需要，请联系本单位的安全管理员开通".into()),
            WebError::Invalid(wrong),
            WebError::StaleForm,
            WebError::TooMany(600),
            WebError::fault("a cause for the log"),
            WebError::Unavailable(storage::Outage::Away, String::new()),
            WebError::Unavailable(storage::Outage::Unwritable, String::new()),
        ]
        .iter()
        .map(|error| error.page(sample_shell(""), "0199f0c2a6b97c11", "市民政局养老服务科 0570-0000000"))
        .collect()
    }
}

impl Samples for AccessibilityPage {
    fn samples() -> Vec<Self> {
        vec![Self { shell: sample_shell("无障碍声明") }]
    }
}
