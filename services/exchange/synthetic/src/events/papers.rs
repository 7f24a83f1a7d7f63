//! Papers of some made-up institutions: licences, contracts, what lies in their archive; and the organisations that run them.
//! About institutions that the pack restates from real lists nothing is invented.

use super::ids_of;
use crate::city::{City, Town, Unit};
use crate::facilities::{Facilities, Facility};
use crate::identity::{Ids, credit_code, phone};
use crate::names;
use crate::rng::Rng;
use crate::rows::{Key, Row, named};
use chrono::{Duration, Months, NaiveDate};
use std::collections::BTreeMap;
use storage::Value;

/// Institutions of each kind in a unit that have papers, and organisations of a unit.
const INSTITUTIONS: usize = 2;
const ORGANISATIONS: usize = 2;
/// Kinds of institutions with papers, and the paper by which each is filed.
const KINDS: [(&str, &str, &str); 2] =
    [("养老机构", "养老机构备案回执", "民政局"), ("托育机构", "托育机构备案回执", "卫生健康委员会")];
/// What archives hold: title, kind, where it lies.
const DOCUMENTS: [(&str, &str, &str); 3] = [
    ("消防安全管理制度和演练记录", "安全和应急", "机构档案室 1 柜"),
    ("房屋租赁合同和平面图", "场地和建筑", "机构档案室 2 柜"),
    ("服务管理制度汇编", "管理制度", "机构办公室"),
];
const WORDS: [&str; 6] = ["晚晴", "安颐", "和乐", "康宁", "春晖", "沐阳"];
const ROLES: [&str; 3] = ["运营机构", "举办机构", "承接政府购买服务"];

struct Maker<'a> {
    city: &'a City,
    ids: BTreeMap<Key, Ids>,
    rng: Rng,
    rows: Vec<Row>,
}

/// Everything of a city's institutions on paper.
pub(crate) fn papers(city: &City, facilities: &Facilities) -> Vec<Row> {
    let keys = ["facility_licence", "facility_contract", "facility_document", "organisation"];
    let present = keys.into_iter().filter(|key| city.register(key).is_some());
    let ids = present.map(|key| (key, ids_of(city, key))).collect();
    let mut maker = Maker { city, ids, rng: city.rng(&["papers"]), rows: Vec::new() };
    for (number, unit) in city.units.iter().enumerate() {
        let mut any = false;
        for (kind, filing, bureau) in KINDS {
            let open = facilities.made.iter().filter(|one| one.unit == number && one.kind == kind);
            let open = open.filter_map(|one| Some((one, one.opened?, city.towns.get(one.town)?)));
            for (facility, opened, town) in open.take(INSTITUTIONS) {
                any = true;
                maker.licences((facility, opened, town), filing, &format!("{}{bureau}", unit.at.name));
                maker.contracts((facility, opened, town));
                maker.documents((facility, opened, town));
            }
        }
        if any {
            maker.organisations(unit);
        }
    }
    maker.rows
}

/// A facility with papers, the day it opened, and its town.
type Known<'a> = (&'a Facility, NaiveDate, &'a Town);

impl Maker<'_> {
    fn put(&mut self, register: Key, (facility, _, town): Known<'_>, on: NaiveDate, mut values: Vec<(Key, Value)>) {
        let Some(id) = self.ids.get_mut(register).map(Ids::next) else { return };
        let community = facility.community.and_then(|number| town.communities.get(number));
        values.extend(named!["facility" => facility.id]);
        self.rows.push(Row::made(register, id, community.map_or(&town.at, |one| &one.at), on, values));
    }

    /// A day some time after the opening, and never after the demo's.
    fn after(&mut self, opened: NaiveDate, days: i64) -> NaiveDate {
        (opened + Duration::days(self.rng.between(0, days))).min(self.city.options.day)
    }

    fn licences(&mut self, known: Known<'_>, filing: &'static str, issuer: &str) {
        let day = self.city.options.day;
        let filed = self.after(known.1, 20);
        let food = self.after(day - Duration::days(1_200), 1_100).max(known.1.min(day));
        let number = self.rng.between(1_000, 9_999);
        let papers = [
            (filing, format!("演示备字{number}号"), issuer.to_owned(), filed, None),
            ("食品经营许可证", format!("演示食字{number}号"), "市场监督管理局".to_owned(), food, Some(60)),
        ];
        for (kind, number, issuer, on, months) in papers {
            let until = months.and_then(|months| on.checked_add_months(Months::new(months)));
            let values = named![
                "kind" => kind,
                "number" => number,
                "issuer" => issuer,
                "issued_on" => on,
                "expires_on" => until,
            ];
            self.put("facility_licence", known, on, values);
        }
    }

    fn contracts(&mut self, known: Known<'_>) {
        let day = self.city.options.day;
        let (facility, opened, town) = known;
        let insured = self.after(day - Duration::days(350), 340).max(opened.min(day));
        let until = insured.checked_add_months(Months::new(12));
        let insurance = named![
            "kind" => "责任保险",
            "party" => "演示财产保险公司",
            "signed_on" => insured,
            "starts_on" => insured,
            "ends_on" => until,
            "amount" => self.rng.between(20, 120) * 10_000,
            "note" => "演示合成",
        ];
        self.put("facility_contract", known, insured, insurance);
        if facility.kind == "养老机构" {
            let signed = self.after(opened, 200);
            let medical = named![
                "kind" => "医养签约合作",
                "party" => format!("{}社区卫生服务中心", town.at.name),
                "signed_on" => signed,
                "starts_on" => signed,
                "note" => "演示合成",
            ];
            self.put("facility_contract", known, signed, medical);
        }
    }

    fn documents(&mut self, known: Known<'_>) {
        for (title, kind, kept_at) in DOCUMENTS {
            let made = self.after(known.1, 120);
            let values = named![
                "title" => title,
                "kind" => kind,
                "made_on" => made,
                "pages" => self.rng.between(3, 60),
                "kept_at" => kept_at,
            ];
            self.put("facility_document", known, made, values);
        }
    }

    fn organisations(&mut self, unit: &Unit) {
        for number in 0..ORGANISATIONS {
            let Some(id) = self.ids.get_mut("organisation").map(Ids::next) else { return };
            let (word, role) = (self.rng.word(&WORDS), self.rng.word(&ROLES));
            let mut person = || {
                let male = self.rng.chance(0.5);
                format!("{}{}", names::surname(&mut self.rng), names::given(&mut self.rng, male, 1975))
            };
            let (legal, contact) = (person(), person());
            let values = named![
                "name" => format!("{}{word}为老服务中心（演示{}）", unit.at.name, number + 1),
                "credit_code" => credit_code(&mut self.rng),
                "kind" => "社会服务机构",
                "role" => role,
                "legal_person" => legal,
                "contact" => contact,
                "phone" => phone(&mut self.rng),
                "address" => unit.at.name,
                "status" => "存续",
            ];
            self.rows.push(Row::made("organisation", id, &unit.at, self.city.period.0, values));
        }
    }
}
