//! Settings: which source wins, and that every mistake is named with its place and what to do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use settings::{LogFormat, Origin, Override, Settings, Sources, load};
use std::ffi::OsString;
use std::path::Path;
use vocabulary::Violation;

fn from_file(text: &str) -> Sources {
    Sources { file: Some(("zhaoxi.toml".to_owned(), text.to_owned())), ..Sources::default() }
}

fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn mistakes(sources: &Sources) -> Vec<Violation> {
    Settings::read(sources).expect_err("mistakes")
}

/// The only mistake about a place, as `message → remedy`.
fn at(mistakes: &[Violation], place: &str) -> String {
    let here: Vec<&Violation> = mistakes.iter().filter(|mistake| mistake.place == place).collect();
    assert_eq!(here.len(), 1, "at {place}: {mistakes:?}");
    format!("{} → {}", here[0].message, here[0].remedy)
}

#[test]
fn later_sources_win_and_the_origin_is_told() {
    let sources = Sources {
        environment: environment(&[("ZHAOXI_SERVER_PORT", "9001"), ("ZHAOXI_LOG_FORMAT", "json"), ("LANG", "C")]),
        command_line: vec![Override {
            option: "--port".to_owned(),
            setting: "server.port".to_owned(),
            value: "9002".to_owned(),
        }],
        ..from_file("[server]\nlisten = \"0.0.0.0\"\nport = 9000\n\n[log]\nformat = \"text\"\nlevel = \"debug\"\n")
    };
    let settings = Settings::read(&sources).unwrap();
    assert_eq!(settings.server.socket().to_string(), "0.0.0.0:9002");
    assert_eq!((settings.log.format, settings.log.level.as_str()), (LogFormat::Json, "debug"));
    let origin = |name: &str| settings.shown().iter().find(|shown| shown.setting == name).unwrap().origin.clone();
    assert_eq!(origin("server.port"), Origin::CommandLine { option: "--port".to_owned() });
    assert_eq!(origin("server.listen"), Origin::File { name: "zhaoxi.toml".to_owned(), line: 2 });
    assert_eq!(origin("log.format"), Origin::Environment { variable: "ZHAOXI_LOG_FORMAT".to_owned() });
    assert_eq!(origin("session.idle_minutes"), Origin::Default);
}

#[test]
fn all_kinds_of_values_are_read() {
    let settings = Settings::read(&from_file(
        "[server]\ntrusted_proxy = [\"127.0.0.1\", \"10.0.0.0/8\"]\nbase_url = \"https://zx.example/\"\n\
         [database]\naddress = \"postgres://zx:pw@db/zx\"\n\
         [demo]\nenabled = true\n[data]\ngeodata = \"geo\"\n",
    ))
    .unwrap();
    assert!(settings.server.trusts("10.9.8.7".parse().unwrap()));
    assert!(!settings.server.trusts("192.0.2.1".parse().unwrap()));
    assert!(settings.server.secure_cookies());
    assert_eq!(settings.server.url(8080), "https://zx.example");
    assert_eq!(settings.database_address(), "postgres://zx:pw@db/zx");
    assert!(settings.demo.enabled);
    assert_eq!(settings.data.geodata.unwrap(), Path::new("geo"));
}

#[test]
fn every_mistake_is_reported_at_once() {
    let sources = Sources {
        environment: environment(&[
            ("ZHAOXI_SESSION_LOCK_AFTER", "many"),
            ("ZHAOXI_SERVR_LISTEN", "0.0.0.0"),
            ("ZHAOXI_TEST_POSTGRES", "postgres://is/no/setting"),
            ("ZHAOXI_LOG_LEVEL", ""),
        ]),
        ..from_file(
            "port = 1\n[server]\nport = 70000\nlisten = \"localhost\"\nprot = 3\n\
             [sesion]\nidle_minutes = 5\n[database]\ndir = \"x\"\n[password]\nlanes = 8\nmemory_kib = 16\n\
             [log]\nlevel = { a = 1 }\n",
        )
    };
    let found = mistakes(&sources);
    assert!(at(&found, "zhaoxi.toml:1").contains("不在任何一节里"));
    assert_eq!(
        at(&found, "zhaoxi.toml:3"),
        "server.port 应是 0 到 65535 的整数，写的是“70000” → 改正它，或删去它以用默认值 8080"
    );
    assert!(at(&found, "zhaoxi.toml:4").contains("IP 地址"));
    assert!(at(&found, "zhaoxi.toml:5").contains("是不是 server.port？"));
    assert!(at(&found, "zhaoxi.toml:6").contains("是不是 [session]？"));
    assert!(at(&found, "zhaoxi.toml:9").contains("是不是 data.dir？"));
    assert!(at(&found, "zhaoxi.toml:12").contains("至少要 8 KiB"));
    assert!(at(&found, "zhaoxi.toml:14").contains("不能是一张表"));
    assert!(at(&found, "ZHAOXI_SESSION_LOCK_AFTER").contains("1 到 100 的整数"));
    assert!(at(&found, "ZHAOXI_SERVR_LISTEN").contains("是不是 ZHAOXI_SERVER_LISTEN？"));
    assert_eq!(found.len(), 10, "{found:#?}");
}

#[test]
fn mistakes_of_form_are_reported_with_their_lines_beside_the_others() {
    let found = mistakes(&from_file("[server]\nport = \nlisten = \"nowhere\"\n[log\nlevel = \"info\"\nfoo bar\n"));
    let lines: Vec<&str> =
        found.iter().filter(|mistake| mistake.code == "settings.syntax").map(|m| m.place.as_str()).collect();
    assert!(lines.contains(&"zhaoxi.toml:2") && lines.contains(&"zhaoxi.toml:4"), "{found:#?}");
    assert!(at(&found, "zhaoxi.toml:3").contains("IP 地址"));
}

#[test]
fn an_idle_limit_beyond_the_lifetime_is_refused() {
    let found = mistakes(&from_file("[session]\nidle_minutes = 120\nlifetime_hours = 1\n"));
    assert_eq!((found.len(), found[0].place.as_str()), (1, "zhaoxi.toml:2"));
    assert_eq!(found[0].code, "settings.together");
}

#[test]
fn a_password_in_an_address_is_never_shown() {
    let settings = Settings::read(&from_file("[database]\naddress = \"postgres://zx:geheim@db/zx\"\n")).unwrap();
    assert!(settings.describe().contains("postgres://zx:***@db/zx"));
    assert!(!format!("{}{settings:?}", settings.describe()).contains("geheim"));
    let mistyped = mistakes(&from_file("[database]\naddress = \"postgres:/zx:geheim@db/zx\"\n"));
    assert!(!format!("{mistyped:?}").contains("geheim"));
    let found = mistakes(&from_file("[database]\naddress = \"mysql://zx:geheim@db/zx\"\n"));
    assert!(found[0].message.contains("mysql://zx:***@db") && !format!("{found:?}").contains("geheim"));
}

#[test]
fn the_table_lists_every_setting_in_aligned_columns() {
    let table = Settings::default().describe();
    assert_eq!(table.lines().count(), 1 + Settings::default().shown().len());
    let line = table.lines().find(|line| line.starts_with("server.port ")).unwrap();
    assert_eq!(line.split_whitespace().collect::<Vec<_>>()[..3], ["server.port", "8080", "默认"]);
    assert!(table.lines().any(|line| line.starts_with("database.address ") && line.contains("（无）")));
    assert!(Settings::reference().contains("| `server.port` | `ZHAOXI_SERVER_PORT` | `8080` |"));
}

#[test]
fn the_comments_name_every_variable_and_its_default() {
    let comments = [
        include_str!("../../src/sections/data.rs"),
        include_str!("../../src/sections/database.rs"),
        include_str!("../../src/sections/demo.rs"),
        include_str!("../../src/sections/log.rs"),
        include_str!("../../src/sections/password.rs"),
        include_str!("../../src/sections/server.rs"),
        include_str!("../../src/sections/session.rs"),
    ]
    .concat();
    for shown in Settings::default().shown() {
        let said = format!("`{}`, default `{}`", shown.variable, shown.default);
        assert!(comments.contains(&said), "no comment says {said}");
        assert!(
            !shown.setting.split('.').next().unwrap().contains('_'),
            "a section with _ cannot be told from its key"
        );
    }
}

#[test]
fn defaults_are_allowed_safe_and_give_no_advice() {
    let settings = Settings::read(&Sources::default()).unwrap();
    assert!(settings.server.listen.is_loopback() && !settings.demo.enabled);
    assert_eq!(settings.database_address(), "data/zhaoxi.db");
    assert!(settings.advice().is_empty());
}

#[test]
fn unwise_settings_are_advised_against() {
    let unwise = "[server]\nlisten = \"0.0.0.0\"\n[demo]\nenabled = true\n[password]\nmemory_kib = 1024\n";
    let places: Vec<String> =
        Settings::read(&from_file(unwise)).unwrap().advice().into_iter().map(|a| a.place).collect();
    assert_eq!(places, ["server.base_url", "demo.enabled", "password.memory_kib"]);
}

#[test]
fn the_file_is_named_by_the_caller_or_by_the_variable() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.toml"), folder.path().join("second.toml"));
    std::fs::write(&first, "[server]\nport = 1001\n").unwrap();
    std::fs::write(&second, "[server]\nport = 1002\n").unwrap();
    let by_variable = vec![("ZHAOXI_SETTINGS".into(), second.clone().into_os_string())];
    assert_eq!(load(Some(&first), by_variable.clone(), Vec::new()).unwrap().server.port, 1001);
    assert_eq!(load(None, by_variable, Vec::new()).unwrap().server.port, 1002);
}

#[test]
fn a_file_that_cannot_be_read_is_a_mistake_beside_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let latin = folder.path().join("latin.toml");
    std::fs::write(&latin, b"[log]\nlevel = \"\xff\"\n").unwrap();
    for path in [folder.path().join("missing.toml"), latin] {
        let found = load(Some(&path), environment(&[("ZHAOXI_SERVER_PORT", "x")]), Vec::new()).unwrap_err();
        let codes: Vec<&str> = found.iter().map(|mistake| mistake.code.as_str()).collect();
        assert_eq!(codes, ["settings.unreadable", "settings.value"]);
    }
}

#[test]
fn the_example_in_the_readme_is_valid() {
    let readme = include_str!("../../README.md");
    let example = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    Settings::read(&from_file(example)).unwrap();
}

#[test]
fn the_operating_guide_lists_every_setting() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating/settings.md");
    let text = std::fs::read_to_string(page).unwrap();
    let reference = Settings::reference();
    assert!(text.ends_with(&reference), "docs/operating/settings.md must end with this table:\n{reference}");
}
