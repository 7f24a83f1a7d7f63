//! Stories in pages, without JavaScript: list, form, two editors, removal, import; and nobody sees another street.

use crate::browser::{Browser, encode};
use crate::world::{actor, clerk, draft, id_number, neighbour, officer, prepare, records};
use axum::http::{Method, StatusCode, header};
use documents::read::{Book, Limits};
use identity::Role;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use records::{Draft, routes};
use std::io::Cursor;
use testkit::{TestDb, on_both};

const KEYS: [&str; 2] = ["elder", "caller"];

on_both!(a_list_is_filtered_sorted_paged_and_masked, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        for number in 0..7 {
            may.create(&clerk(), key, &draft(number).with("visits", &number.to_string()).with("care", "轻度失能"))
                .await
                .unwrap();
        }
        let browser = Browser::of(&may, clerk()).await;
        let base = format!("/registers/{key}");
        let page = browser.get(&base).await;
        let text = page.text();
        assert_eq!(page.status, StatusCode::OK);
        assert!(text.contains("共 7 条") && text.contains("class=\"mask\">13•••••8000"));
        let all = browser.get("/registers").await.text();
        assert!(all.contains("data-l=\"条数\">7 条"), "{all}");
        assert!(!text.contains("13800138000") && !text.contains(&id_number(1)));
        let few = browser
            .get(&format!("{base}?f.visits.from=2&f.visits.to=4&f.care={}&sort=-name", encode("轻度失能")))
            .await
            .text();
        assert!(few.contains("共 3 条") && few.contains("王芳4") && !few.contains("王芳5"));
        assert!(few.find("王芳4") < few.find("王芳2"));
        let first = browser.get(&format!("{base}?limit=4&col=name&col=visits&col=id_number")).await.text();
        let link = |page: &str, id: &str| {
            let rest = page.split(&format!("id=\"{id}\" href=\"")).nth(1).map(str::to_owned);
            rest.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&"))
        };
        let second = browser.get(&link(&first, "page-next").unwrap()).await.text();
        let both = format!("{first}{second}");
        assert!((0..7).all(|number| both.contains(&format!("王芳{number}"))) && second.contains("第一页"));
        assert_eq!((link(&first, "page-previous"), link(&second, "page-next")), (None, None));
        let back = browser.get(&link(&second, "page-previous").unwrap()).await.text();
        let rows = |page: &str| page.split("<tbody").nth(1).unwrap().split("</tbody").next().unwrap().to_owned();
        assert_eq!(rows(&back), rows(&first));
        assert_eq!(link(&back, "page-previous"), None);
        assert!(browser.get(&format!("{base}?q={}", encode("没有的人"))).await.text().contains("没有符合条件的登记"));
        assert!(
            browser.get(&format!("{base}?q={}", id_number(3))).await.text().contains("共 1 条"),
            "a whole number finds"
        );
        let print = browser.get(&format!("{base}/print")).await;
        assert!(
            print.status == StatusCode::OK && print.text().contains("王芳6") && !print.text().contains("13800138000")
        );
    }
});

on_both!(a_form_keeps_what_was_typed_and_a_double_submit_is_harmless, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let browser = Browser::of(&may, clerk()).await;
        let path = format!("/registers/{key}/new");
        let blank = browser.get(&path).await;
        let id = blank.value("id");
        let fields = |name: &'static str, visits: &'static str| {
            vec![
                ("id", id.clone()),
                ("region", "310110008001".into()),
                ("name", name.into()),
                ("visits", visits.into()),
            ]
        };
        let post = |fields: Vec<(&'static str, String)>| {
            let (browser, path) = (&browser, path.clone());
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.post(&path, &fields).await
            }
        };
        let wrong = post(fields("", "很多")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = wrong.text();
        assert!(text.contains("data-error-summary") && text.contains("#f-name") && text.contains("value=\"很多\""));
        assert_eq!(wrong.value("id"), id);
        let done = post(fields("王芳", "3")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let again = post(fields("王芳", "3")).await;
        assert_eq!(again.location(), done.location());
        let record = browser.get(&done.location()).await.text();
        assert!(record.contains("王芳") && record.contains("国定路社区") && record.contains("第 1 版"));
        assert!(browser.get(&format!("/registers/{key}")).await.text().contains("共 1 条"));
        let forged = browser.send(
            axum::http::Request::post(&path)
                .header("content-type", "application/x-www-form-urlencoded")
                .body("name=x".into())
                .unwrap(),
        );
        assert_eq!(forged.await.status, StatusCode::FORBIDDEN);
    }
});

on_both!(two_editors_see_both_versions_and_nothing_is_lost, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let created = may.create(&clerk(), key, &draft(1).with("visits", "1").with("note", "甲")).await.unwrap();
        let path = format!("/registers/{key}/records/{}/edit", created.id);
        let (first, second) = (Browser::of(&may, clerk()).await, Browser::of(&may, officer()).await);
        let form = first.get(&path).await;
        assert_eq!(
            (form.value("version"), form.value("visits"), form.value("phone")),
            ("1".into(), "1".into(), "13800138000".into())
        );
        assert!(
            form.value("id_number").contains('•') && !form.text().contains(&id_number(1)),
            "a secret stays masked in the form"
        );
        let filled = |visits: &'static str, version: &'static str| {
            vec![
                ("region", "310110008001".to_owned()),
                ("name", form.value("name")),
                ("visits", visits.to_owned()),
                ("id_number", form.value("id_number")),
                ("phone", form.value("phone")),
                ("version", version.to_owned()),
            ]
        };
        let post = |browser: &'static str, fields: Vec<(&'static str, String)>| {
            let browser = if browser == "first" { &first } else { &second };
            let path = path.clone();
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.post(&path, &fields).await
            }
        };
        assert_eq!(post("first", filled("1", "1")).await.status, StatusCode::SEE_OTHER);
        assert!(first.get(&path).await.value("version") == "1", "nothing changed, no version");
        assert_eq!(post("second", filled("5", "1")).await.status, StatusCode::SEE_OTHER);
        let met = post("first", filled("7", "1")).await;
        assert_eq!(met.status, StatusCode::CONFLICT);
        let text = met.text();
        assert!(text.contains("别人先改了") && text.contains("<td>5</td><td>7</td>"), "{text}");
        assert_eq!((met.value("version"), met.value("visits")), ("2".into(), "7".into()));
        assert_eq!(post("first", filled("7", "2")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(post("first", filled("7", "2")).await.status, StatusCode::SEE_OTHER, "sent twice");
        let page = first.get(&format!("/registers/{key}/records/{}", created.id)).await.text();
        assert!(page.contains("第 3 版") && page.contains("修改：探访次数") && page.contains("officer-000000"));
        let register = may.register(&clerk(), key).unwrap();
        let now = records::get(&may.db, &register, &clerk().region, created.id).await.unwrap().unwrap();
        assert_eq!((now.value("note"), now.value("id_number")), (created.value("note"), created.value("id_number")));
        let then =
            first.get(&format!("/registers/{key}/records/{}?on=2025-05-01&known=2025-04-30", created.id)).await.text();
        assert!(then.contains("还没有或已不在登记簿中"));
    }
});

on_both!(removing_says_what_happens_and_wants_a_reason, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let created = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    let path = format!("/registers/elder/records/{}/remove", created.id);
    let ask = browser.get(&path).await;
    assert!(ask.text().contains("移出以后"));
    let wrong = browser.post(&path, &[("version", "1"), ("reason", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(&path, &[("version", "1"), ("reason", "重复登记")]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/registers/elder").await.text().contains("还没有登记"));
    let page = browser.get(&format!("/registers/elder/records/{}", created.id)).await.text();
    assert!(page.contains("已移出登记簿") && page.contains("重复登记") && !page.contains("/edit"));
    assert_eq!(
        browser.get(&format!("/registers/elder/records/{}/edit", created.id)).await.status,
        StatusCode::CONFLICT
    );
});

on_both!(a_secret_is_revealed_in_place_for_a_purpose, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let created = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    let path = format!("/registers/elder/records/{}", created.id);
    assert!(!browser.get(&path).await.text().contains(&id_number(1)));
    let wrong = browser.post(&format!("{path}/reveal"), &[("field", "id_number"), ("purpose", "")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && !wrong.text().contains(&id_number(1)));
    let seen = browser.post(&format!("{path}/reveal"), &[("field", "id_number"), ("purpose", "核对身份")]).await;
    assert!(seen.status == StatusCode::OK && seen.text().contains(&id_number(1)));
});

on_both!(an_import_in_pages, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let browser = Browser::of(&may, clerk()).await;
        let base = format!("/registers/{key}");
        let template = browser.get(&format!("{base}/template.xlsx")).await;
        assert!(template.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("filename*=UTF-8''"));
        assert!(Book::open(Cursor::new(template.bytes), Limits::default()).is_ok());
        let none = browser.upload(&format!("{base}/import"), "空.csv", b"").await;
        assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text().contains("文件是空的"));
        let file = "所在区划,姓名,探访次数\n国定路社区,王一,1\n国定路社区,,2\n国定路社区,王三,多\n".as_bytes();
        let sent = browser.upload(&format!("{base}/import"), "表.csv", file).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let preview = browser.get(&sent.location()).await.text();
        assert!(preview.contains("2 行有误") && preview.contains("cell-bad") && preview.contains("请填写姓名"));
        assert!(preview.contains("确认导入 1 行"));
        let back = browser.get(&format!("{}/returned.xlsx", sent.location())).await;
        assert_eq!(back.status, StatusCode::OK);
        let mut book = Book::open(Cursor::new(back.bytes), Limits::default()).unwrap();
        assert_eq!(book.rows(0).unwrap().count(), 4);
        let done = browser.post(&format!("{}/apply", sent.location()), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(browser.get(&sent.location()).await.text().contains("已导入：新增 1 行"));
        assert!(browser.get(&base).await.text().contains("王一"));
        let again = browser.upload(&format!("{base}/import"), "表2.csv", file).await;
        assert_eq!(again.location(), sent.location());
        assert!(
            again
                .headers
                .get_all(header::SET_COOKIE)
                .iter()
                .any(|line| line.to_str().unwrap().starts_with("zx_flash=slow"))
        );
        let export = browser.get(&format!("{base}/export.csv")).await;
        assert!(export.text().contains("王一") && export.headers[header::CACHE_CONTROL] == "no-store");
        let dropped =
            browser.upload(&format!("{base}/import"), "丙.csv", "所在区划,姓名\n国定路社区,王丙\n".as_bytes()).await;
        assert_eq!(browser.post(&format!("{}/drop", dropped.location()), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(browser.get(&dropped.location()).await.text().contains("已放弃"));
    }
});

on_both!(no_route_gives_another_streets_record, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let browser = Browser::of(&may, neighbour()).await;
    let mut asked = 0;
    for key in KEYS {
        let created = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let file = "所在区划,姓名\n国定路社区,王一\n,\n国定路社区,\n".as_bytes().to_vec();
        let import = may.upload(&clerk(), key, "表.csv", file, None).await.unwrap();
        for route in routes(&may) {
            let id = if route.path.contains("/import/") { import.id } else { created.id };
            let path = route.path.replace("{register}", key).replace("{id}", &id.to_string());
            // Whoever guesses the region of another street in the address sees no more.
            for path in [path.clone(), format!("{path}?region=310110008000&on=2025-05-01&valid_on=2025-05-01")] {
                let seen = match route.method {
                    Method::GET => browser.get(&path).await,
                    Method::POST if route.path.ends_with("/files") && !path.contains("/api/") => {
                        browser.upload(&path, "a.pdf", b"%PDF-1").await
                    }
                    Method::POST if !path.contains("/api/") => {
                        browser
                            .post(
                                &path,
                                &[
                                    ("version", "1"),
                                    ("reason", "试"),
                                    ("field", "id_number"),
                                    ("purpose", "试"),
                                    ("name", "改"),
                                ],
                            )
                            .await
                    }
                    _ => {
                        browser
                            .call(
                                route.method.clone(),
                                &path,
                                Some(1),
                                serde_json::json!({ "values": { "visits": 1 } }),
                            )
                            .await
                    }
                };
                asked += 1;
                let text = seen.text();
                assert!(
                    !text.contains("王芳1") && !text.contains("13•••••8000") && !text.contains("王一"),
                    "{} {path}",
                    route.method
                );
                if route.path.starts_with("/admin/") {
                    assert_eq!(seen.status, StatusCode::FORBIDDEN, "{} {path}", route.method);
                } else if route.path.contains("{id}") {
                    assert_eq!(seen.status, StatusCode::NOT_FOUND, "{} {path}", route.method);
                } else {
                    assert!(!seen.status.is_server_error(), "{} {path}", route.method);
                }
            }
        }
        let register = may.register(&clerk(), key).unwrap();
        let now = records::get(&may.db, &register, &clerk().region, created.id).await.unwrap();
        assert_eq!(now, Some(created), "and changed nothing");
    }
    assert!(asked > 80, "every route was asked");
});

on_both!(a_leader_sees_lists_and_opens_nothing, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let created = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let browser = Browser::of(&may, actor(Role::Leader, "310110000000")).await;
    let list = browser.get("/registers/elder").await.text();
    assert!(
        list.contains("王芳1")
            && !list.contains("/new")
            && !list.contains("/import")
            && !list.contains(&created.id.to_string())
    );
    for route in routes(&may).into_iter().filter(|route| route.action != "records.list") {
        let path = route.path.replace("{register}", "elder").replace("{id}", &created.id.to_string());
        let seen = browser.call(route.method.clone(), &path, Some(1), serde_json::json!({})).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{} {path}", route.method);
    }
});

on_both!(no_address_makes_the_server_fail, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        may.create(&clerk(), key, &draft(1).with("area", "1.5").with("visits", "2")).await.unwrap();
    }
    let browser = Browser::of(&may, clerk()).await;
    let names = [
        "q",
        "sort",
        "after",
        "before",
        "limit",
        "region",
        "col",
        "f.name",
        "f.visits",
        "f.visits.from",
        "f.area.to",
        "f.income",
        "f.local",
        "f.born_on",
        "f.born_on.from",
        "f.care",
        "f.friend",
        "f.id_number",
        "f.month.to",
        "f.name.missing",
        "count",
        "on",
        "valid_on",
    ];
    let texts = proptest::prop_oneof![
        "\\PC{0,12}",
        "[0-9.\\-]{0,24}",
        "[\\x00-\\x1f%_'\"\\\\]{1,6}",
        "(-?(name|visits|area|local|born_on|phone|id_number))",
        "019a0000-0000-7000-8000-00000000000[0-9]\\.(-|[0-9a-f]{0,8})"
    ];
    let mut runner = TestRunner::deterministic();
    for round in 0..150 {
        let mut query = String::new();
        for _ in 0..3 {
            let name = names[proptest::sample::Index::arbitrary_index(&mut runner, names.len())];
            let text = texts.new_tree(&mut runner).unwrap().current();
            query.push_str(&format!("{name}={}&", encode(&text)));
        }
        let key = KEYS[round % 2];
        for path in [
            format!("/registers/{key}?{query}"),
            format!("/api/v1/registers/{key}?{query}"),
            format!("/registers/{key}/export.csv?{query}"),
        ] {
            let seen = browser.get(&path).await;
            assert!(!seen.status.is_server_error(), "{path}");
        }
    }
});

/// A place in a list, from the runner's own chance.
trait ArbitraryIndex {
    fn arbitrary_index(runner: &mut TestRunner, len: usize) -> usize;
}

impl ArbitraryIndex for proptest::sample::Index {
    fn arbitrary_index(runner: &mut TestRunner, len: usize) -> usize {
        (0..len).new_tree(runner).unwrap().current()
    }
}

on_both!(a_record_of_another_place_is_no_record_here, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let created = may.create(&clerk(), "caller", &draft(1)).await.unwrap();
    // The same id under another register of the same table.
    let browser = Browser::of(&may, officer()).await;
    assert_eq!(browser.get(&format!("/registers/elder/records/{}", created.id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/registers/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/registers/elder/records/nonsense").await.status, StatusCode::NOT_FOUND);
    let taken = Draft { region: Some("310110009001".into()), ..draft(2) };
    let taken = may.create_as(&neighbour(), "caller", created.id, &taken).await;
    assert!(taken.is_err(), "an id that belongs to another street is not given again");
});
