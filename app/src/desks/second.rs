//! The second factor at sign-in: setting it up with a telephone, showing a code, recovery codes.

use super::caller;
use crate::guard::{CODE_PAGE, SECOND_PAGE};
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use identity::{Actor, Enrolment, LoginRefusal, Refusal, SecondState, SessionInfo, actions};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use std::sync::Arc;
use vocabulary::Violation;
use vocabulary::clock::china_local;
use web::markup::Markup;
use web::{Flash, FormState, Input, Page, Posted, Route, Samples, Shell, WebError, see_other};

/// Empty squares around the code, as readers need them.
const QUIET: usize = 4;

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let (show, own) = (actions::SECOND_PASS.key, actions::SECOND_BEGIN.key);
    vec![
        Route::page(Method::GET, CODE_PAGE, show, "输入验证码", get(ask)),
        Route::page(Method::POST, CODE_PAGE, show, "核对验证码", post(answer).with_state(state())),
        Route::page(Method::GET, SECOND_PAGE, own, "两步登录", get(own_page).with_state(state())),
        Route::page(Method::POST, "/account/second/begin", own, "开始设置两步登录", post(begin).with_state(state())),
        Route::page(
            Method::POST,
            "/account/second/confirm",
            actions::SECOND_CONFIRM.key,
            "确认两步登录",
            post(confirm).with_state(state()),
        ),
        Route::page(
            Method::POST,
            "/account/second/drop",
            actions::SECOND_DROP.key,
            "停用两步登录",
            post(drop).with_state(state()),
        ),
    ]
}

/// The box for a code. What was typed is never sent back.
fn code_input(label: &str, hint: &str, form: &FormState) -> Input {
    let errors = form.error("code").cloned().into_iter().collect();
    Input::line("code", label)
        .hint(hint)
        .width("s")
        .autocomplete("one-time-code")
        .filled(&FormState::default().with_errors(errors))
}

/// An address as a square code, black on white whatever the page's colours: readers need it so.
fn square(address: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else { return Markup::default() };
    let (width, mut path) = (code.width(), String::new());
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", place % width + QUIET, place / width + QUIET);
        }
    }
    let side = width + 2 * QUIET;
    Markup::trusted(format!(
        "<svg class=\"qr\" width=\"220\" height=\"220\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"验证器用的二维码；不能扫描时请输入下面的密钥\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[derive(Debug, Template)]
#[template(path = "second_code.html")]
struct CodePage {
    shell: Shell,
    form: FormState,
}

impl CodePage {
    fn code(&self) -> Input {
        code_input("验证码", "打开手机上的验证器，输入 6 位数字；手机不在身边，可以输入一个恢复码", &self.form)
    }
}

impl Samples for CodePage {
    fn samples() -> Vec<Self> {
        let page = |form| Self { shell: Shell::default().titled("输入验证码"), form };
        let wrong = vec![Violation::new("identity.second.code", "code", "验证码不对或已经用过", "请再看一次手机")];
        vec![page(FormState::default()), page(FormState::default().with_errors(wrong))]
    }
}

async fn ask(shell: Shell) -> Page<CodePage> {
    Page(CodePage { shell: shell.titled("输入验证码"), form: FormState::default() })
}

async fn answer(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    headers: HeaderMap,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    let caller = caller(&headers);
    let wait = house.throttle.wait(&caller.ip, house.clock.now());
    if wait > 0 {
        return Err(WebError::TooMany(wait));
    }
    let refusal = match house.identity.pass_second(&actor, &info, posted.text("code"), &caller).await {
        Ok(()) => return Ok(see_other("/home")),
        Err(refusal) => refusal,
    };
    house.throttle.count(&caller.ip, house.clock.now());
    match refusal {
        LoginRefusal::Fault(fault) => Err(fault.into()),
        LoginRefusal::Locked { .. } => {
            let said = format!("{}；请到时重新登录", refusal);
            Ok((Flash { tone: web::Tone::Late, text: said }, see_other("/login")).into_response())
        }
        LoginRefusal::Wrong { left } => {
            let text = format!("验证码不对或已经用过，再错 {left} 次将暂时锁定");
            let wrong = Violation::new(
                "identity.second.code",
                "code",
                text,
                "等手机上出现新的数字再输入；同一个数字只能用一次",
            );
            let form = FormState::default().with_errors(vec![wrong]);
            Ok(Page(CodePage { shell: shell.titled("输入验证码"), form }).invalid())
        }
        LoginRefusal::Disabled => Ok(see_other("/login")),
    }
}

/// One's own second factor: what there is, the square code while it is being set up, recovery codes once.
#[derive(Debug, Template)]
#[template(path = "second.html")]
struct SecondPage {
    shell: Shell,
    form: FormState,
    state: SecondState,
    /// Whether nothing else opens before it is set up.
    missing: bool,
    /// Since when it is in use, in words.
    since: String,
    /// The square code and the secret in groups, while it is being set up.
    enrolment: Option<(Markup, String)>,
    /// Recovery codes, shown this once.
    recovery: Vec<String>,
}

impl SecondPage {
    fn first_code(&self) -> Input {
        code_input("验证器上的 6 位数字", "扫描以后，手机上会出现一个每 30 秒变化的数字", &self.form)
    }

    fn present_code(&self) -> Input {
        code_input("现在的验证码", "手机上的 6 位数字，或一个恢复码", &self.form)
    }
}

impl Samples for SecondPage {
    fn samples() -> Vec<Self> {
        let page = |since: Option<&str>, begun: bool, recovery: Vec<String>| Self {
            shell: Shell::default().titled("两步登录"),
            form: FormState::default(),
            state: SecondState {
                since: since.map(|_| chrono::DateTime::UNIX_EPOCH),
                begun,
                recovery_left: 10,
                required: true,
            },
            missing: since.is_none(),
            since: since.unwrap_or_default().to_owned(),
            enrolment: begun.then(|| (square("otpauth://totp/Zhaoxi:zhou"), "ABCD EFGH".to_owned())),
            recovery,
        };
        vec![
            page(None, false, Vec::new()),
            page(None, true, Vec::new()),
            page(Some("2025年9月30日"), false, Vec::new()),
            page(Some("2025年9月30日"), false, vec!["abcd-efgh-ijkm-nopq".to_owned()]),
        ]
    }
}

/// A secret in groups of four, as people type it.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn page_of(
    house: &House,
    actor: &Actor,
    info: &SessionInfo,
    shell: Shell,
    form: FormState,
) -> Result<SecondPage, WebError> {
    let state = house.identity.second_state(actor).await?;
    let shown = |one: Enrolment| (square(one.address.reveal()), in_groups(one.secret.reveal()));
    Ok(SecondPage {
        shell: shell.titled("两步登录"),
        form,
        missing: info.second == identity::Second::Missing,
        since: state.since.map(|at| china_local(at).format("%Y年%-m月%-d日").to_string()).unwrap_or_default(),
        enrolment: house.identity.enrolment(actor).await?.map(shown),
        recovery: Vec::new(),
        state,
    })
}

async fn own_page(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    shell: Shell,
) -> Result<Page<SecondPage>, WebError> {
    Ok(Page(page_of(&house, &actor, &info, shell, FormState::default()).await?))
}

async fn begin(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    match house.identity.begin_second(&actor, posted.text("code")).await {
        Ok(()) => Ok(see_other(SECOND_PAGE)),
        Err(refusal) => again(&house, &actor, &info, shell, refusal).await,
    }
}

async fn confirm(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    match house.identity.confirm_second(&actor, &info, posted.text("code")).await {
        Ok(codes) => {
            let mut page = page_of(&house, &actor, &info, shell, FormState::default()).await?;
            page.missing = false;
            page.recovery = codes.iter().map(|code| code.reveal().to_owned()).collect();
            Ok(Page(page).into_response())
        }
        Err(refusal) => again(&house, &actor, &info, shell, refusal).await,
    }
}

async fn drop(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(info): Extension<SessionInfo>,
    shell: Shell,
    posted: Posted,
) -> Result<Response, WebError> {
    match house.identity.drop_second(&actor, posted.text("code")).await {
        Ok(()) => Ok((Flash::done("两步登录已停用"), see_other(SECOND_PAGE)).into_response()),
        Err(refusal) => again(&house, &actor, &info, shell, refusal).await,
    }
}

/// The page again with what was wrong.
async fn again(
    house: &House,
    actor: &Actor,
    info: &SessionInfo,
    shell: Shell,
    refusal: Refusal,
) -> Result<Response, WebError> {
    match refusal {
        Refusal::Invalid(errors) => {
            let form = FormState::default().with_errors(errors);
            Ok(Page(page_of(house, actor, info, shell, form).await?).invalid())
        }
        other => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert!(web::samples::render_all::<CodePage>().unwrap() > 0);
        assert!(web::samples::render_all::<SecondPage>().unwrap() > 0);
    }

    #[test]
    fn the_square_code_has_its_three_corners() {
        let text = square("otpauth://totp/Zhaoxi:zhou?secret=ABC").to_string();
        let dark = |x: usize, y: usize| text.contains(&format!("M{x} {y}h1v1h-1z"));
        assert!(dark(QUIET, QUIET) && dark(QUIET + 6, QUIET) && !dark(QUIET + 1, QUIET + 1), "{text}");
        assert!(!dark(0, 0), "a quiet zone");
    }
}
