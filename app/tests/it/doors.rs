//! The doors of an account: the second factor before anything else, sessions ended by oneself and by an administrator, the
//! institution it speaks for, the self-check.

use crate::city::{City, Visitor, with_settings, yangzhou};
use axum::http::{Method, StatusCode};
use identity::{code_at, system};
use std::time::Duration;
use storage::args;
use vocabulary::{Clock, SystemClock};

/// The secret that the page shows, without its blanks.
fn secret_of(page: &str) -> String {
    let text = page.split("<code class=\"nb\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What a telephone shows: by the time of day, not by the demonstration's clock.
fn code(secret: &str) -> String {
    code_at(secret, SystemClock.now()).unwrap()
}

async fn a_second_factor_stands_before_everything(city: &City) {
    let admin = Visitor::signed_in(city, "secadmin").await;
    assert_eq!(admin.get("/admin/accounts").await.status, StatusCode::OK, "a demonstration asks for none");
    admin.post("/account/second/begin", "code=").await;
    let page = admin.get("/account/second").await.text;
    let secret = secret_of(&page);
    assert!(page.contains("<svg class=\"qr\"") && secret.len() == 32, "{secret}");
    let wrong = admin.post("/account/second/confirm", "code=12").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = admin.post("/account/second/confirm", &format!("code={}", code(&secret))).await;
    assert_eq!(done.text.matches("<li><code>").count(), 10, "ten recovery codes");
    let recovery = done.text.split("<li><code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    assert!(!admin.get("/account/second").await.text.contains(&recovery), "they are shown once");

    let again = Visitor::signed_in(city, "secadmin").await;
    for path in ["/admin/accounts", "/account/password", "/account/second", "/home"] {
        let answer = again.get(path).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/login/code"), "{path}");
    }
    let api = again.ask(Method::GET, "/api/v1/registers/person").await;
    assert_eq!(api.status, StatusCode::FORBIDDEN);
    assert!(
        again.get("/login/code").await.text.contains("验证码") && again.get("/services").await.status == StatusCode::OK
    );
    assert_eq!(again.post("/login/code", "code=1").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let passed = again.post("/login/code", &format!("code={recovery}")).await;
    assert_eq!(passed.location, "/home");
    assert_eq!(again.get("/admin/accounts").await.status, StatusCode::OK);
    let spent = Visitor::signed_in(city, "secadmin").await;
    assert_eq!(spent.post("/login/code", &format!("code={recovery}")).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Lost for good: the command line lets the next sign-in set up another.
    let account = city.house.identity.account_by_login(&system(), "secadmin").await.unwrap();
    city.house.identity.reset_second(&system(), account.id).await.unwrap();
    assert_eq!(Visitor::signed_in(city, "secadmin").await.get("/admin/accounts").await.status, StatusCode::OK);
}

/// What follows the registers is woken by what was written, and by nothing else.
async fn what_was_written_rings(city: &City) {
    let heard = async || tokio::time::timeout(Duration::ZERO, city.house.written.notified()).await.is_ok();
    let officer = Visitor::signed_in(city, "yangzhou-mzj1").await;
    let form = "/indicators/yangzhou.p07/report";
    heard().await;
    assert_eq!(officer.get(form).await.status, StatusCode::OK);
    assert_eq!(officer.post(form, "month=2025-09&value=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!heard().await, "nothing was written");
    assert_eq!(officer.post(form, "month=2025-09&value=1&evidence=a").await.status, StatusCode::SEE_OTHER);
    assert!(heard().await);
}

async fn sessions_are_seen_and_ended(city: &City) {
    let (one, other) =
        (Visitor::signed_in(city, "yangzhou-mzj1").await, Visitor::signed_in(city, "yangzhou-mzj1").await);
    let page = one.get("/account").await.text;
    let href = |page: &str| {
        let from = page.split("action=\"/account/sessions/").find(|rest| rest.as_bytes()[0].is_ascii_hexdigit());
        from.and_then(|rest| rest.split('/').next()).map(str::to_owned)
    };
    let id = href(&page).expect("another session is listed");
    let stranger = Visitor::signed_in(city, "yangzhou-town").await;
    assert_eq!(stranger.post(&format!("/account/sessions/{id}/end"), "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(one.post(&format!("/account/sessions/{id}/end"), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER, "it is over");
    assert_eq!(one.get("/account").await.status, StatusCode::OK);

    let admin = Visitor::signed_in(city, "secadmin").await;
    let account = city.house.identity.account_by_login(&system(), "yangzhou-mzj1").await.unwrap().id;
    let page = admin.get(&format!("/admin/accounts/{account}")).await.text;
    let start = format!("action=\"/admin/accounts/{account}/sessions/");
    let session =
        page.split(&start).nth(1).and_then(|rest| rest.split('/').next()).expect("their session is listed").to_owned();
    let ended = admin.post(&format!("/admin/accounts/{account}/sessions/{session}/end"), "").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(one.get("/account").await.status, StatusCode::SEE_OTHER, "ended by the administrator");
    let audit = Visitor::signed_in(city, "auditadmin").await;
    let seen = audit.get(&format!("/admin/accounts/{account}")).await;
    assert!(seen.status == StatusCode::OK && !seen.text.contains("重置密码"), "the auditor looks and does nothing");
}

async fn an_institution_is_chosen(city: &City) {
    let admin = Visitor::signed_in(city, "secadmin").await;
    let account = city.house.identity.account_by_login(&system(), "yangzhou-home1").await.unwrap();
    let at = format!("/admin/accounts/{}/represents", account.id);
    let unknown = admin.post(&at, "institution=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%AE%B6").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let register = city.house.registry.get(&account.seat.place, "facility").unwrap();
    let query = records::Query::within(&account.seat.region);
    let found = records::list(&city.house.db, &register, &query).await.unwrap().rows;
    let present = identity::represents(&city.house.db, account.id).await.unwrap().unwrap().record;
    let other = found.iter().find(|one| one.id != present && one.value("credit_code").is_some()).expect("another one");
    let code = other.value("credit_code").and_then(|value| value.as_str()).unwrap();
    assert_eq!(admin.post(&at, &format!("institution={code}")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(identity::represents(&city.house.db, account.id).await.unwrap().unwrap().record, other.id);
    let clerk = city.house.identity.account_by_login(&system(), "yangzhou-town").await.unwrap();
    let refused = admin.post(&format!("/admin/accounts/{}/represents", clerk.id), &format!("institution={code}")).await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER, "a clerk speaks for no institution");
}

async fn the_self_check_looks_at_this_installation(city: &City) {
    let find = async |clause: &str| {
        let all = zhaoxi::self_check::check(&city.house).await.unwrap();
        all.into_iter().find(|one| one.title == clause).unwrap()
    };
    use zhaoxi::self_check::Verdict;
    assert_eq!(find("审计记录不被改动").await.verdict, Verdict::Unmet, "never verified");
    let audit = Visitor::signed_in(city, "auditadmin").await;
    audit.post("/admin/audit/verify", "").await;
    assert_eq!(find("审计记录不被改动").await.verdict, Verdict::Met);
    assert_eq!(find("默认账号改名改口令").await.verdict, Verdict::Unmet, "passwords of a demonstration are printed");
    assert_eq!(find("管理员权限分离").await.verdict, Verdict::Met);
    assert_eq!(find("物理环境").await.verdict, Verdict::Operator);
    assert_eq!(find("剩余信息清除").await.verdict, Verdict::Met);
    city.house
        .db
        .execute("UPDATE identity_account SET state = 'disabled' WHERE role = 'system_admin'", args![])
        .await
        .unwrap();
    assert_eq!(find("系统、审计、安全分别管理").await.verdict, Verdict::Unmet);
    city.house
        .db
        .execute("UPDATE identity_account SET state = 'active' WHERE role = 'system_admin'", args![])
        .await
        .unwrap();
    assert!(audit.get("/admin/self-check").await.text.contains("8.1.4.1 a"));
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    assert_eq!(clerk.get("/admin/self-check").await.status, StatusCode::FORBIDDEN);
}

async fn all(city: City) {
    the_self_check_looks_at_this_installation(&city).await;
    what_was_written_rings(&city).await;
    a_second_factor_stands_before_everything(&city).await;
    sessions_are_seen_and_ended(&city).await;
    an_institution_is_chosen(&city).await;
}

#[tokio::test]
async fn the_doors_hold_on_sqlite() {
    all(yangzhou(None).await).await;
}

#[tokio::test]
async fn the_doors_hold_on_postgresql() {
    if let Some(postgres) = testkit::postgres().await {
        all(yangzhou(Some(postgres.address.clone())).await).await;
    }
}

#[tokio::test]
async fn an_account_that_asks_too_often_waits_and_nobody_else() {
    let mut settings = settings::Settings::default();
    settings.server.requests_a_minute = 5;
    let city = with_settings(&["yangzhou"], "100", None, settings).await;
    let (busy, calm) =
        (Visitor::signed_in(&city, "yangzhou-mzj1").await, Visitor::signed_in(&city, "yangzhou-mzj2").await);
    let mut seen = Vec::new();
    for _ in 0..12 {
        seen.push(busy.get("/api/v1/registers").await.status);
    }
    assert!(seen.contains(&StatusCode::OK), "{seen:?}");
    assert_eq!(seen.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(calm.get("/api/v1/registers").await.status, StatusCode::OK);
}
