//! The page on which the system administrator adopts a pack: what is wrong is told and nothing kept; what is right is looked at,
//! adopted as it was looked at, and at once in use, in this process and in every other on the same database.

use crate::city::{Answer, City, Visitor, cities, yangzhou};
use crate::killed::server::{Client, Installation};
use axum::http::StatusCode;
use pack_reader::{Files, Memory};
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};
use storage::args;
use zhaoxi::packs;
use zip::write::{SimpleFileOptions, ZipWriter};

const PLACE: &str = "321000000000";
/// A street of it.
const STREET: &str = "321023100000";
const ADMIN: &str = "sysadmin";
const OFFICER: &str = "yangzhou-mzj1";
/// How soon a server that runs takes over what another process adopted.
const SOON: Duration = Duration::from_secs(30);

/// The plan that comes with the program, with a text of one file replaced.
fn changed(mut memory: Memory, file: &str, from: &str, to: &str) -> Memory {
    let text = String::from_utf8(memory.read(file).unwrap()).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    memory.put(file, text.replacen(from, to, 1).into_bytes());
    memory
}

fn plan() -> Memory {
    packs::city("yangzhou").unwrap()
}

/// A next version: a target and a register of its own.
fn next(target: u32, register: &str) -> Memory {
    let target = format!("value = {target}\nreading = \"floor\"");
    let memory = changed(plan(), "indicators.toml", "value = 18\nreading = \"floor\"", &target);
    let text = format!(
        "key = \"{register}\"\nlabel = \"晚间课堂\"\ngroup = \"居家社区\"\nsource = \"三（四）21\"\nlist = [\"name\"]\n\
         title = \"name\"\n\n[[field]]\nkey = \"name\"\nlabel = \"课堂名称\"\nkind = \"text\"\nrequired = true\n"
    );
    memory.with(&format!("registers/{register}.toml"), &text)
}

fn zipped(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(path, SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A pack as a person packs it: in a folder of its own, with what systems leave behind.
fn packed(memory: &Memory) -> Vec<u8> {
    let files = memory.iter().map(|(path, bytes)| (format!("扬州 2026/{path}"), bytes.to_vec()));
    zipped(
        files.chain([
            ("__MACOSX/扬州 2026/._pack.toml".to_owned(), vec![0]),
            ("扬州 2026/README.md".to_owned(), vec![]),
        ]),
    )
}

async fn rows(city: &City) -> Vec<i64> {
    let mut all = Vec::new();
    for table in
        ["plans_file", "plans_adoption", "plans_draft", "plans_draft_file", "fact", "audit_entry", "department"]
    {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        all.push(city.house.db.one(&sql, args![]).await.unwrap().at(0).unwrap());
    }
    all
}

async fn send(admin: &Visitor, file: &[u8]) -> Answer {
    admin.upload("/admin/packs", "a.zip", file).await
}

/// Sends a pack that is right; the address of its preview, and the page.
async fn sent(admin: &Visitor, memory: &Memory) -> (String, Answer) {
    let answer = send(admin, &packed(memory)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = admin.get(&answer.location).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    (answer.location, page)
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a Answer, name: &str) -> &'a str {
    let from = format!("name=\"{name}\" value=\"");
    page.text.split(&from).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

async fn confirm(admin: &Visitor, (at, page): &(String, Answer)) -> Answer {
    let fields = format!("hash={}&ground={}", hidden(page, "hash"), hidden(page, "ground"));
    admin.post(&format!("{at}/adopt"), &fields).await
}

async fn others_are_refused(city: &City) {
    for login in [OFFICER, "yangzhou-leader", "secadmin", "auditadmin"] {
        let visitor = Visitor::signed_in(city, login).await;
        assert_eq!(visitor.get("/admin/packs").await.status, StatusCode::FORBIDDEN, "{login}");
        assert_eq!(send(&visitor, &packed(&next(20, "evening"))).await.status, StatusCode::FORBIDDEN, "{login}");
    }
}

/// Every problem of every file stands on the page, with its place; nothing is kept.
async fn problems_are_told_all_at_once(city: &City, admin: &Visitor) {
    let before = rows(city).await;
    let mut wrong = changed(plan(), "pack.toml", "short_name", "short_nam");
    wrong = changed(wrong, "indicators.toml", "attribute = \"binding\"", "attribute = \"bindin\"");
    wrong.put("tasks.toml", vec![0xBA, 0xBA, 0xD7, 0xD6]);
    let answer = send(admin, &packed(&wrong)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        "short_nam",
        "bindin",
        "indicators.toml",
        "第 34 行",
        "tasks.toml",
        "文件不是 UTF-8 文本",
        "另存为 UTF-8",
        "没有收下",
    ] {
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
    let two = |path: &str, bytes: &[u8]| vec![(path.to_owned(), bytes.to_vec()), ("b/c.toml".to_owned(), Vec::new())];
    let zeros = vec![0_u8; 15 << 20];
    let link = {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_symlink("a.toml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        writer.finish().unwrap().into_inner()
    };
    let big = vec![b'P'; 17 << 20];
    for (file, said) in [
        (b"PK, not really".to_vec(), "压缩包已损坏"),
        (b"Rar!".to_vec(), "这不是 zip 压缩包"),
        (zipped(Vec::new()), "压缩包里没有文件"),
        (zipped(two("a.toml", b"")), "包里没有 pack.toml"),
        (zipped(two("../a.toml", b"")), "路径指向文件夹以外"),
        (zipped(two("/a.toml", b"")), "路径不是从文件夹里开始的"),
        (zipped(two("a\\b.toml", b"")), "路径里有反斜杠"),
        (zipped(two("a.toml", &zeros)), "不像正常的文件"),
        (zipped(two("a.toml", &vec![0; 17 << 20])), "文件超过上限"),
        (link, "这是一个链接"),
        (big, "超过上限 16 MB"),
        (packed(&plan()), "就是现行版本"),
    ] {
        let answer = send(admin, &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    assert_eq!(admin.post("/admin/packs", "").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(rows(city).await, before, "nothing is kept of what is wrong");
}

/// What is looked at is adopted, by the person's name, and in use at once.
async fn a_version_is_looked_at_and_adopted(city: &City, admin: &Visitor) {
    let officer = Visitor::signed_in(city, OFFICER).await;
    assert_eq!(officer.get("/registers/evening").await.status, StatusCode::NOT_FOUND);
    let before = officer.get("/indicators/yangzhou.02").await;
    assert_eq!(before.status, StatusCode::OK);
    let looked = sent(admin, &next(97, "evening")).await;
    for part in [
        "老年人接受居家上门服务覆盖率",
        "目标（2025）",
        "97",
        "晚间课堂",
        "涉及谁",
        "采用这份方案包",
        "现行版本 yangzhou-2022",
    ] {
        assert!(looked.1.text.contains(part), "{part}: {}", looked.1.text);
    }
    assert!(admin.get("/admin/packs").await.text.contains("看改动"), "it waits on the list");
    assert_eq!(officer.get("/registers/evening").await.status, StatusCode::NOT_FOUND, "nothing is in force yet");

    let answer = confirm(admin, &looked).await;
    assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/admin/packs"), "{}", answer.text);
    let list = officer.get("/registers").await;
    assert!(list.text.contains("晚间课堂"), "the new register is listed");
    let form = officer.get("/registers/evening/new").await;
    assert!(form.text.contains("课堂名称"), "{}", form.text);
    let saved = officer.post("/registers/evening/new", &format!("region={STREET}&name=书法入门")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "and usable: {}", saved.text);
    assert!(officer.get("/registers/evening").await.text.contains("书法入门"));
    let now = officer.get("/indicators/yangzhou.02").await;
    // The number alone may stand anywhere: in a street's figure, in a token.
    let target = |text: &str| text.matches("97%").count();
    assert!(target(&now.text) > target(&before.text), "the changed target shows");

    let page = admin.get("/admin/packs").await;
    assert!(page.text.contains("现行") && page.text.contains("不再执行"), "{}", page.text);
    assert!(!page.text.contains("看改动"), "it waits no longer");
    let fact = "SELECT actor FROM fact WHERE kind = 'PackAdopted' ORDER BY recorded_at DESC LIMIT 1";
    let entry = "SELECT actor FROM audit_entry WHERE action = 'plans.adopt' ORDER BY at DESC LIMIT 1";
    for sql in [fact, entry] {
        let by: String = city.house.db.one(sql, args![]).await.unwrap().at(0).unwrap();
        assert_eq!(by, ADMIN);
    }
    let again = send(admin, &packed(&plan())).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("后来换成了别的版本"), "{}", again.text);
}

/// Two administrators: what one looked at is adopted only over what it was looked at.
async fn a_stale_look_is_refused_and_shown_anew(city: &City, admin: &Visitor) {
    let looked = sent(admin, &next(21, "evening")).await;
    city.house.adopt(&next(22, "evening"), "somebody").await.unwrap();
    let refused = confirm(admin, &looked).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("现行的版本变了") && refused.text.contains("22"), "{}", refused.text);
    let forged = admin
        .post(&format!("{}/adopt", looked.0), &format!("hash={}&ground={}", "0".repeat(64), hidden(&refused, "ground")))
        .await;
    assert_eq!(forged.status, StatusCode::CONFLICT, "another content than the one looked at");
    assert!(
        !city
            .house
            .plans
            .history(PLACE)
            .iter()
            .any(|one| one.adopted_by == ADMIN && one.pack.hash == hidden(&looked.1, "hash"))
    );

    // Sent again, a pack replaces the person's earlier one; thrown away, it is gone.
    let second = sent(admin, &next(23, "evening")).await;
    assert_eq!(confirm(admin, &looked).await.location, "/admin/packs", "the replaced one is gone");
    assert_eq!(admin.post(&format!("{}/drop", second.0), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(admin.get(&second.0).await.location, "/admin/packs");
    let left: i64 = city.house.db.one("SELECT COUNT(*) FROM plans_draft_file", args![]).await.unwrap().at(0).unwrap();
    assert_eq!(left, 0);
}

/// The base lies beneath every place: a register and a rule of it are in use without a new start.
async fn a_base_is_followed_by_every_place(city: &City, admin: &Visitor) {
    let officer = Visitor::signed_in(city, OFFICER).await;
    assert_eq!(officer.get("/registers/reading_room").await.status, StatusCode::NOT_FOUND);
    let base = changed(packs::national(), "parameters.toml", "value = 0.9,", "value = 0.2,");
    let base = changed(base, "retention.toml", "years = 5", "years = 7");
    let text = "key = \"reading_room\"\nlabel = \"阅览室\"\ngroup = \"居家社区\"\nsource = \"试\"\nlist = [\"name\"]\ntitle = \"name\"\n\n\
                [[field]]\nkey = \"name\"\nlabel = \"名称\"\nkind = \"text\"\nrequired = true\n";
    let base = base.with("registers/reading_room.toml", text);
    let keeps = |years| city.house.registry.retention(PLACE).iter().any(|rule| rule.years == years);
    assert!(!keeps(7));
    let looked = sent(admin, &base).await;
    assert!(looked.1.text.contains("阅览室"), "{}", looked.1.text);
    assert_eq!(confirm(admin, &looked).await.status, StatusCode::SEE_OTHER);
    assert!(officer.get("/registers").await.text.contains("阅览室"));
    assert!(keeps(7), "times of keeping follow");
    let adopted = city.house.plans.in_force(PLACE, city.house.clock.today()).unwrap();
    assert_eq!(Some(adopted.national.hash.clone()), city.house.plans.national().map(|base| base.hash.clone()));
}

/// When the regions cannot be written, nothing of the pack is there either.
async fn all_or_nothing(city: &City) {
    let before = rows(city).await;
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    city.house.db.execute(&rename("department", "department_away"), args![]).await.unwrap();
    assert!(city.house.adopt(&next(31, "evening"), "test").await.is_err());
    city.house.db.execute(&rename("department_away", "department"), args![]).await.unwrap();
    assert_eq!(rows(city).await, before);
    city.house.adopt(&next(31, "evening"), "test").await.unwrap();
    assert_ne!(rows(city).await, before);
}

/// What another process adopts on the same database is taken over when it is asked for.
async fn another_process_is_followed(city: &City, admin: &Visitor) {
    let others = plans::Plans::open(city.house.db.clone(), city.house.plans.builtin().to_vec()).await.unwrap();
    plans::adopt(&others, &next(41, "elsewhere"), "other", city.house.clock.now()).await.unwrap();
    assert!(city.house.registry.get(PLACE, "elsewhere").is_none());
    assert!(admin.get("/admin/packs").await.text.contains("other"));
    assert!(city.house.registry.get(PLACE, "elsewhere").is_some(), "its registers are declared");
    let report = facts::verify(&city.house.db).await.unwrap();
    assert!(report.breaks.is_empty() && report.entries > 0);
}

async fn all(city: City) {
    let admin = Visitor::signed_in(&city, ADMIN).await;
    others_are_refused(&city).await;
    problems_are_told_all_at_once(&city, &admin).await;
    a_version_is_looked_at_and_adopted(&city, &admin).await;
    a_stale_look_is_refused_and_shown_anew(&city, &admin).await;
    a_base_is_followed_by_every_place(&city, &admin).await;
    all_or_nothing(&city).await;
    another_process_is_followed(&city, &admin).await;
}

#[tokio::test]
async fn packs_are_adopted_on_a_page_on_sqlite() {
    all(yangzhou(None).await).await;
}

#[tokio::test]
async fn packs_are_adopted_on_a_page_on_postgresql() {
    let Some(database) = testkit::postgres().await else { return };
    all(yangzhou(Some(database.address.clone())).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_runs_learns_of_what_the_command_line_adopts() {
    let test = testkit::sqlite().await;
    let city = cities(&["yangzhou"], "60", Some(test.address.clone())).await;
    let house = Installation::of(&city, &test.address).await;
    let server = house.start();
    let officer = Client::signed_in(&server.host, OFFICER).await;
    assert_eq!(officer.get("/registers/evening").await.unwrap().status, 404);
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in next(20, "evening").iter() {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    let output = house.command(&["pack", "adopt", "--yes", &folder.path().display().to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let began = Instant::now();
    while officer.get("/registers/evening").await.unwrap().status != 200 {
        assert!(began.elapsed() < SOON, "the server has not learned of it");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(server.stop());
    house.verified();
}
