//! Which packs are adopted, which wait, and what is wrong with the one just sent.

use super::LIST;
use crate::house::House;
use crate::preview::HASH_SHOWN;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use documents::{ArchiveLimits, fmt};
use pack_reader::Pack;
use plans::Draft;
use std::fmt::Write as _;
use vocabulary::Violation;
use vocabulary::clock::china_local;
use web::{FormState, Input, Samples, Shell, Tag, Tone};

/// Problems on one page; who has more mends these first.
const PROBLEMS_SHOWN: usize = 1_000;

/// The places with their plans.
#[derive(Debug, Template)]
#[template(path = "packs.html")]
pub(super) struct PacksPage {
    pub shell: Shell,
    pub form: FormState,
    pub problems: Vec<ProblemRow>,
    /// Problems that are not shown.
    pub more: usize,
    pub places: Vec<PlaceRows>,
    pub waiting: Vec<WaitingRow>,
}

/// One thing that is wrong with a pack.
#[derive(Debug)]
pub(super) struct ProblemRow {
    file: String,
    /// Line and column, in words; "" for the file as a whole.
    at: String,
    message: String,
    remedy: String,
}

/// A place with every version adopted there; the national base is one of them.
#[derive(Debug)]
pub(super) struct PlaceRows {
    name: String,
    code: String,
    versions: Vec<VersionRow>,
}

/// One adopted version.
#[derive(Debug)]
struct VersionRow {
    title: String,
    key: String,
    hash: String,
    from: String,
    adopted: String,
    by: String,
    tag: Tag,
}

/// A pack that waits.
#[derive(Debug)]
pub(super) struct WaitingRow {
    href: String,
    title: String,
    place: String,
    sent: String,
    by: String,
    until: String,
}

impl PacksPage {
    fn file(&self) -> Input {
        let most = ArchiveLimits::default().file_bytes >> 20;
        let hint = format!("把方案包的文件夹（里面有 pack.toml）压缩成一个 .zip，不超过 {most} MB");
        Input::file(super::FILE, "压缩好的方案包", ".zip").hint(hint).filled(&self.form)
    }
}

/// The problems as rows, and how many more there are.
pub(super) fn problem_rows(problems: &[Violation]) -> (Vec<ProblemRow>, usize) {
    let rows = problems.iter().take(PROBLEMS_SHOWN).map(|problem| {
        let mut parts = problem.place.splitn(3, ':');
        let file = parts.next().unwrap_or_default().to_owned();
        let mut at = String::new();
        for (number, word) in parts.zip(["行", "列"]) {
            // Writing into a text cannot fail.
            let _ = write!(at, "第 {number} {word}");
        }
        ProblemRow { file, at, message: problem.message.clone(), remedy: problem.remedy.clone() }
    });
    (rows.collect(), problems.len().saturating_sub(PROBLEMS_SHOWN))
}

pub(super) fn moment(at: DateTime<Utc>) -> String {
    china_local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Who did it: a login, or the command line.
pub(super) fn who(login: &str) -> String {
    if login == identity::system().login { "命令行".to_owned() } else { login.to_owned() }
}

fn version(pack: &Pack, (at, by): (DateTime<Utc>, &str), (tone, word): (Tone, &str)) -> VersionRow {
    VersionRow {
        title: pack.manifest.title.clone(),
        key: pack.manifest.key.clone(),
        hash: pack.hash.chars().take(HASH_SHOWN).collect(),
        from: pack.manifest.in_force_from.to_string(),
        adopted: moment(at),
        by: who(by),
        tag: Tag::new(tone, word),
    }
}

/// Whether a version holds, will hold, or did.
fn state(from: NaiveDate, holds: bool, today: NaiveDate) -> (Tone, &'static str) {
    if holds {
        (Tone::Ok, "现行")
    } else if from > today {
        (Tone::Run, "待施行")
    } else {
        (Tone::None, "不再执行")
    }
}

/// The national base first, then the places; the newest adoption of each first.
pub(super) fn places(house: &House) -> Vec<PlaceRows> {
    let today = house.clock.today();
    let row = |pack: &Pack, adopted: (DateTime<Utc>, &str)| {
        let holds = house.plans.is_in_force(pack, today);
        version(pack, adopted, state(pack.manifest.in_force_from, holds, today))
    };
    let bases = house.plans.bases();
    let base = PlaceRows {
        name: "全国基础包".to_owned(),
        code: "每个地方的方案都以它为底".to_owned(),
        versions: bases.iter().map(|one| row(&one.pack, (one.adopted_at, one.adopted_by.as_str()))).collect(),
    };
    let places = house.plans.places().into_iter().map(|(code, latest)| PlaceRows {
        name: latest.pack.manifest.display_name.clone(),
        versions: house
            .plans
            .history(&code)
            .iter()
            .map(|one| row(&one.pack, (one.adopted_at, one.adopted_by.as_str())))
            .collect(),
        code,
    });
    std::iter::once(base).chain(places).filter(|place| !place.versions.is_empty()).collect()
}

/// A draft as a row.
pub(super) fn waiting(house: &House, draft: &Draft) -> WaitingRow {
    WaitingRow {
        href: format!("{LIST}/{}", draft.id),
        title: draft.title.clone(),
        place: place_name(house, &draft.place),
        sent: moment(draft.made_at),
        by: who(&draft.made_by),
        until: moment(draft.until()),
    }
}

fn place_name(house: &House, code: &str) -> String {
    if code == plans::NATIONAL {
        return "全国基础包".to_owned();
    }
    let known = house.plans.places().into_iter().find(|(place, _)| place == code);
    known.map_or_else(|| code.to_owned(), |(_, adopted)| adopted.pack.manifest.display_name.clone())
}

impl Samples for PacksPage {
    fn samples() -> Vec<Self> {
        let version = |tone, word: &str| VersionRow {
            title: "扬州市“十四五”养老服务发展规划".to_owned(),
            key: "yangzhou-2022".to_owned(),
            hash: "0123456789ab".to_owned(),
            from: "2022-09-08".to_owned(),
            adopted: "2025-09-30 09:00".to_owned(),
            by: "sysadmin".to_owned(),
            tag: Tag::new(tone, word),
        };
        let places = || {
            vec![PlaceRows {
                name: "扬州市".to_owned(),
                code: "321000000000".to_owned(),
                versions: vec![
                    version(Tone::Run, "待施行"),
                    version(Tone::Ok, "现行"),
                    version(Tone::None, "不再执行"),
                ],
            }]
        };
        let row = WaitingRow {
            href: format!("{LIST}/{}", uuid::Uuid::nil()),
            title: "扬州市“十五五”养老服务发展规划".to_owned(),
            place: "扬州市".to_owned(),
            sent: "2025-09-30 09:00".to_owned(),
            by: "sysadmin".to_owned(),
            until: "2025-10-07 09:00".to_owned(),
        };
        let wrong = [
            Violation::new("x", "indicators.toml:3:5", "不认识的键“vaule”", "最接近的是“value”"),
            Violation::new("x", "facts/a.tsv", "文件不是 UTF-8 文本", "在编辑器里另存为 UTF-8"),
        ];
        let refused =
            FormState::default().with_errors(vec![Violation::new("x", super::FILE, "没有选择文件", "请选择")]);
        let page = |form, problems, more, places, waiting| Self {
            shell: Shell::default().titled("方案包").as_of(fmt::day(NaiveDate::default())),
            form,
            problems,
            more,
            places,
            waiting,
        };
        vec![
            page(FormState::default(), Vec::new(), 0, places(), vec![row]),
            page(FormState::default(), Vec::new(), 0, Vec::new(), Vec::new()),
            page(refused, problem_rows(&wrong).0, 3, places(), Vec::new()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<PacksPage>(), Ok(3));
    }

    #[test]
    fn a_place_is_told_in_words() {
        let at = |place: &str| {
            let (rows, more) = problem_rows(&[Violation::new("x", place, "", "")]);
            assert_eq!(more, 0);
            (rows[0].file.clone(), rows[0].at.clone())
        };
        assert_eq!(at("a.toml:3:5"), ("a.toml".into(), "第 3 行第 5 列".into()));
        assert_eq!(at("a.toml:3"), ("a.toml".into(), "第 3 行".into()));
        assert_eq!(at("a.toml"), ("a.toml".into(), String::new()));
        let many = vec![Violation::new("x", "a", "", ""); PROBLEMS_SHOWN + 2];
        assert_eq!(problem_rows(&many).1, 2);
    }
}
