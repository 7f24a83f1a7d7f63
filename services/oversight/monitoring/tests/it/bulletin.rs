//! The bulletin: one document, and the same figures on the screen, in Word, in PDF and in Excel.

use crate::browser::Browser;
use crate::world::{TOWN, WEST, World, east_clerk, leader, month, officer};
use axum::http::StatusCode;
use documents::read::{Book, Limits, Row};
use monitoring::board::Board;
use monitoring::bulletin::{Order, document, texts};
use monitoring::model::{Figure, Month};
use std::io::{Cursor, Read};
use std::process::Command;
use std::sync::Arc;
use testkit::{TestDb, on_both};
use vocabulary::{Clock, Origin};

fn order(period: &str) -> Order {
    let (place, region) = (TOWN.to_owned(), TOWN.to_owned());
    Order { place, region, period: period.parse().unwrap(), known_at: None, department: Some("mzj".to_owned()) }
}

/// A value that the health bureau signed off.
fn reported(world: &World, indicator: &str, at: &str, value: &str) -> Figure {
    let month: Month = month(at);
    Figure {
        indicator: indicator.to_owned(),
        region: TOWN.to_owned(),
        month,
        as_of: month.as_of(world.clock.today()),
        known_at: world.clock.now(),
        computed: false,
        numerator: None,
        denominator: None,
        value: Some(value.parse().unwrap()),
        origin: Origin::Reported,
        pack: String::new(),
        basis: None,
        note: None,
    }
}

/// The town with figures at the end of June and of September, looked at on 10 October.
async fn autumn(db: TestDb) -> World {
    let world = World::furnished(db).await;
    world.clock.set("2025-07-10");
    world.compute(&["2025-06"]).await;
    let june = reported(&world, "town.06", "2025-06", "72.456");
    world.service.publish(TOWN, &[june], "zhao").await.unwrap();
    world.clock.set("2025-09-20");
    let notice = [
        ("department", "wjw"),
        ("text", "请报补救安排"),
        ("due", "2025-10-20"),
        ("subject", "indicator:town.01"),
        ("region", TOWN),
    ];
    let sent = Browser::of(&world.service, officer()).post("/supervision/new", &notice).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    world.clock.set("2025-10-10");
    world.homes(&[(WEST, "己院", "养老院", 120, Some(33), "13800000006")]).await;
    world.compute(&["2025-09"]).await;
    let september = reported(&world, "town.06", "2025-09", "74.005");
    world.service.publish(TOWN, &[september], "zhao").await.unwrap();
    let clerk = Browser::of(&world.service, crate::world::west_clerk());
    let fields =
        [("state", "under_way"), ("places", "20"), ("paid_wan", "120.5"), ("note", "主体封顶"), ("percent", "70")];
    assert_eq!(clerk.post("/projects/town.a2/progress", &fields).await.status, StatusCode::SEE_OTHER);
    world
}

fn dense(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}

/// The rows of all tables of a Word file, each cell as text, and the whole text.
fn word(bytes: &[u8]) -> (Vec<Vec<String>>, String) {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let plain = |xml: &str| {
        let mut text = String::new();
        for part in xml.split("<w:t").skip(1).filter(|part| part.starts_with([' ', '>'])) {
            let inside = part.split_once('>').unwrap().1.split("</w:t>").next().unwrap();
            text.push_str(inside);
        }
        text.replace("&gt;", ">")
            .replace("&lt;", "<")
            .replace("&amp;", "&")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
    };
    let rows = xml
        .split("<w:tr>")
        .flat_map(|part| part.split("<w:tr "))
        .skip(1)
        .map(|row| row.split("</w:tr>").next().unwrap().split("</w:tc>").map(plain).collect::<Vec<_>>())
        .map(|mut cells| {
            cells.pop();
            cells
        })
        .collect();
    (rows, plain(&xml))
}

/// What stands on every page of a document that holds made-up data.
const MARKING: &str = "演示合成数据，不作统计依据";

/// The text of a PDF; `None`, with a notice, where poppler is not there.
fn print(bytes: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bulletin.pdf");
    std::fs::write(&path, bytes).unwrap();
    match Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&path).arg("-").output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(_) => {
            eprintln!("SKIPPED: pdftotext is not installed (apt-get install poppler-utils)");
            None
        }
    }
}

fn sheets(bytes: &[u8]) -> Vec<Vec<Row>> {
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    (0..book.sheets().len()).map(|sheet| book.rows(sheet).unwrap().map(Result::unwrap).collect()).collect()
}

/// Name with unit, value and status of every line, as the board shows them; what is no target has none.
fn lines(board: &Board) -> Vec<(String, String, Option<&'static str>)> {
    let unit = |unit: &Option<String>| unit.as_ref().map(|unit| format!("（{unit}）")).unwrap_or_default();
    let named = |line: &monitoring::board::Line| format!("{}{}", line.indicator().name, unit(&line.indicator().unit));
    board
        .lines
        .iter()
        .map(|line| (named(line), line.value().text(), line.is_target().then(|| line.standing.status.label())))
        .collect()
}

on_both!(word_pdf_excel_and_screen_agree_to_the_digit, |db: TestDb| async move {
    let world = autumn(db).await;
    let board: Arc<Board> = world.service.board(TOWN, TOWN, month("2025-09"), None).await.unwrap();
    let material = world.service.bulletin(&order("2025-Q3")).await.unwrap();
    let said = texts(&document(&material));
    let browser = Browser::of(&world.service, officer());
    let screen = browser.page("/bulletin?period=2025-Q3").await;
    let (rows, whole) = word(&browser.get("/bulletin.docx?period=2025-Q3").await.bytes);
    let excel = sheets(&browser.get("/bulletin.xlsx?period=2025-Q3").await.bytes);
    let expected = lines(&board);
    assert_eq!(
        expected.iter().filter(|(_, value, _)| value != "—").count(),
        5,
        "there is something to compare: {expected:?}"
    );
    let [.., targets, others] = excel.as_slice() else { panic!("two tables are attached") };
    for (name, value, status) in &expected {
        let row =
            rows.iter().rev().find(|row| row.get(1) == Some(name)).unwrap_or_else(|| panic!("{name} is not in Word"));
        assert_eq!((&row[4], row.get(6).map(String::as_str)), (value, *status), "Word: {name}");
        let appendix = if status.is_some() { targets } else { others };
        let cells = appendix.iter().find(|row| row.cell(1).text() == *name).unwrap();
        match value.parse::<rust_decimal::Decimal>() {
            Ok(_) => {
                let number = cells.cell(4).decimal().unwrap();
                let places = value.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
                assert_eq!(documents::fmt::number(number, places), *value, "Excel: {name}");
            }
            Err(_) => assert_eq!(cells.cell(4).text(), *value, "Excel: {name}"),
        }
        let table = format!(">{name}</th>");
        let html = screen.text();
        let after = html.rsplit(&table).next().unwrap().split("</tr>").next().unwrap().to_owned();
        assert!(
            after.contains(&format!(">{value}</td>")) && after.contains(status.unwrap_or_default()),
            "screen: {name}: {after}"
        );
    }
    let (words, shown) = (dense(&whole), dense(&screen.words()));
    for text in &said {
        assert!(words.contains(&dense(text)), "Word lacks: {text}");
        assert!(shown.contains(&dense(text)), "screen lacks: {text}");
    }
    let pdf = browser.get("/bulletin.pdf?period=2025-Q3").await;
    if pdf.status == StatusCode::UNPROCESSABLE_ENTITY {
        eprintln!("SKIPPED: {}", pdf.words());
        return;
    }
    let Some(printed) = print(&pdf.bytes) else { return };
    // A paragraph may go over two pages, with the number and the marking between.
    let pages = printed.split('\u{c}').enumerate();
    let bare = pages.map(|(at, page)| dense(page).replace(&format!("—{}—", at + 1), "").replace(MARKING, ""));
    let printed = bare.collect::<String>();
    for (name, value, status) in &expected {
        let row = rows.iter().rev().find(|row| row.get(1) == Some(name)).unwrap();
        let told = dense(&row.concat());
        assert!(printed.contains(&told), "PDF: {name} {value} {status:?}: {told} in {printed}");
    }
    for text in &said {
        assert!(printed.contains(&dense(text)), "PDF lacks: {text}");
    }
});

on_both!(it_says_what_an_official_bulletin_says, |db: TestDb| async move {
    let world = autumn(db).await;
    let browser = Browser::of(&world.service, officer());
    let seen = browser.page("/bulletin?period=2025-Q3").await;
    for words in [
        "示例市民政局",
        "示例市“一老一小”工作季度通报",
        "（2025年第三季度）",
        "根据《示例市“一老一小”实施方案》，现将示例市2025年第三季度工作进展情况通报如下。数据截至2025年9月30日。",
        "一、总体情况",
        "方案期为2023年1月至2025年12月，已过91.6%。",
        "与2025年第二季度相比",
        "二、约束性指标",
        "任务和项目的进展为2025年10月10日前填报的，是否延期按2025年9月30日计。",
        "三、滞后和偏慢的指标",
        "护理型床位占比（约束性）：本期29.3%，目标≥55%，还差25.7个百分点，按直线路径应达到52.5%。牵头单位：民政局。",
        "四、各县（市、区）情况",
        "五、任务和项目",
        "计划总投资1,950.5万元（2 项未给出），已支付120.5万元",
        "西山县托育中心（西山县）：计划2024年完成，已超期",
        "六、督办",
        "发出督办1件",
        "七、更正",
        "此前没有发布过通报。",
        "附表1 各地主要指标",
        "附表2 全部指标进展情况",
        "演示合成数据，不作统计依据",
        "低于路径但不低于应达值的90.0%为偏慢",
        "2025年10月10日",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    let clerk = Browser::of(&world.service, east_clerk()).page("/bulletin?period=2025-09").await;
    assert!(clerk.says("东海区“一老一小”工作月度通报") && clerk.says("各镇（街道）情况"), "{}", clerk.words());
    assert!(!clerk.says("西山县"), "a district reads its own");
});

on_both!(periods_that_are_none_or_not_begun_are_refused, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, leader());
    assert_eq!(browser.get("/bulletin?period=2025-Q9").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/bulletin?period=2026").await.status, StatusCode::CONFLICT);
    assert!(browser.page("/bulletin").await.says("（2025年第四季度）"), "the present quarter unless asked otherwise");
    assert!(browser.page("/bulletin?period=2025").await.says("工作年度通报"));
    assert_eq!(browser.get("/bulletin?edition=none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/bulletin/publish?period=2025-Q3").await.status, StatusCode::FORBIDDEN);
});

on_both!(a_published_bulletin_stays_and_later_changes_are_corrections, |db: TestDb| async move {
    let world = autumn(db).await;
    let browser = Browser::of(&world.service, officer());
    let confirm = browser.page("/bulletin/publish?period=2025-Q3").await;
    assert!(confirm.says("数据以此刻所知为准"), "{}", confirm.words());
    let done = browser.post("/bulletin/publish?period=2025-Q3", &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words());
    let edition = done.location();
    assert!(browser.page(&edition).await.says("74.0"));

    world.clock.set("2025-10-16");
    let corrected = reported(&world, "town.06", "2025-09", "73.1");
    let corrected = Figure { note: Some("更正：漏报一个镇".to_owned()), ..corrected };
    world.service.publish(TOWN, &[corrected], "zhao").await.unwrap();
    let now = browser.page("/bulletin?period=2025-10").await;
    for words in ["2025年第三季度通报（2025年10月10日发布）发布以来，更正1处", "更正：漏报一个镇", "74.0", "73.1"]
    {
        assert!(now.says(words), "{words}: {}", now.words());
    }
    let then = browser.page(&edition).await;
    assert!(then.says("此前没有发布过通报") && !then.says("73.1"), "the edition is as it was: {}", then.words());
    assert!(then.says("2025-10-10"), "and says when it went out");
    let material = world.service.bulletin(&order("2025-Q3")).await.unwrap();
    assert_eq!(material.corrections.len(), 1, "{:?}", material.corrections);
    assert_eq!(
        browser.post(&edition.replace("/bulletin?", "/bulletin/publish?"), &[]).await.status,
        StatusCode::CONFLICT
    );
    let foreign = Browser::of(&world.service, east_clerk()).get(&edition).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "an edition of the city is none of a district");
});
