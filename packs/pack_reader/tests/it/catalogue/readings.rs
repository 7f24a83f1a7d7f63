//! Where a pack legitimately reads a row of the catalogue otherwise, one by one, each with its reason.

/// One cell: what the pack must hold, what the catalogue must hold, and why both are right.
#[derive(Debug)]
pub struct Reading {
    /// Table, plan and number.
    pub row: &'static str,
    pub column: &'static str,
    pub pack: &'static str,
    pub catalogue: &'static str,
    pub why: &'static str,
}

impl Reading {
    pub fn is_for(&self, row: (&str, &str, &str), column: &str) -> bool {
        self.column == column && self.row.split(' ').eq([row.0, row.1, row.2])
    }
}

const fn reading(
    row: &'static str,
    column: &'static str,
    pack: &'static str,
    catalogue: &'static str,
    why: &'static str,
) -> Reading {
    Reading { row, column, pack, catalogue, why }
}

pub const READINGS: [Reading; 30] = [
    reading("indicators yangpu P09", "unit", "%", "-", "应配尽配 is a share of the places that ought to have a room"),
    reading("indicators yangpu P09", "target", "100 应配尽配", "应配尽配", "read in per cent, so all of them is 100"),
    reading("indicators yangpu P09", "comparison", "=", "words", "as above: a number beside the words"),
    reading(
        "indicators yangzhou 28",
        "each",
        "county",
        "-",
        "“市、县（市、区）各建成”: the unit of the table is 家, the name says in each",
    ),
    reading(
        "indicators yangzhou P13",
        "target",
        "3 宝应、高邮、仪征、江都、广陵、邗江各3所以上",
        "3",
        "the six places stand in the catalogue's name and in the pack's target",
    ),
    reading(
        "indicators yangzhou P14",
        "target",
        "1 宝应、高邮、仪征、江都、广陵、邗江各1所以上",
        "1",
        "the six places stand in the catalogue's name and in the pack's target",
    ),
    reading(
        "indicators yangzhou P24",
        "target",
        "1 宝应、高邮、仪征、江都、广陵、邗江各1所以上",
        "1",
        "the six places stand in the catalogue's name and in the pack's target",
    ),
    reading(
        "indicators yinzhou E1",
        "target",
        "50 稳定在50以上",
        "50",
        "the table's words are kept: it must stay above, not reach it once",
    ),
    reading(
        "indicators yinzhou E1",
        "comparison",
        "stable above",
        ">=",
        "the table writes 稳定在50以上, which the catalogue has no sign for",
    ),
    reading(
        "indicators yinzhou P22",
        "target",
        "全覆盖",
        "100 全覆盖",
        "an insurance that covers the whole district, town and country alike, is a yes or no; nobody counts a share",
    ),
    reading("indicators yinzhou P22", "comparison", "words", "=", "as above"),
    reading(
        "indicators fuzhou P24",
        "scope",
        "中心城区",
        "-",
        "the name says 中心城区; the catalogue notes a scope only where it stands in the unit",
    ),
    reading("standards yangpu YP-S16", "figures", "-", "5", "the pack names the five steps one by one"),
    reading("standards lincang LC-S05", "figures", "1 2025", "1", "the catalogue writes the year as end-2025"),
    reading(
        "standards lincang LC-S07",
        "figures",
        "1 50",
        "50",
        "建有1所: the catalogue's formula counts townships that have one",
    ),
    reading("standards yangzhou YZ-S10", "figures", "20 60", "20", "the age stands in the catalogue's share_60plus"),
    reading(
        "standards yangzhou YZ-S14",
        "figures",
        "1",
        "-",
        "one for each hundred beds is institution_beds / 100 in the catalogue",
    ),
    reading("standards yangzhou YZ-S21", "figures", "2 100", "2", "the catalogue writes all of them as a word"),
    reading("standards yangzhou YZ-S22", "figures", "1 3 6", "1 3", "the catalogue lists the six places by name"),
    reading(
        "standards yangzhou YZ-S23",
        "figures",
        "1 2 3 6",
        "1 5 6",
        "三级 and 二级 are words in the catalogue; 5 is table row 24, which contradicts and stands there",
    ),
    reading("standards yangzhou YZ-S26", "figures", "2 100", "2", "the catalogue writes all of them as a word"),
    reading(
        "standards yangzhou YZ-S32",
        "figures",
        "100",
        "-",
        "the catalogue writes every new kindergarten as a condition",
    ),
    reading("standards yangzhou YZ-S40", "figures", "0 90", "90", "the catalogue writes an exemption as a word"),
    reading("standards yangzhou YZ-S47", "figures", "8 9 13 10000 20000", "1 2 8 9 13", "yuan here, 万元 there"),
    reading("standards yinzhou YY-S01", "figures", "0.2", "20", "square metres a head, no share"),
    reading(
        "standards yinzhou YY-S05",
        "figures",
        "1 2 100",
        "2",
        "one doctor for each hundred residents is ceil(residents/100) in the catalogue",
    ),
    reading(
        "standards yinzhou YY-S13",
        "figures",
        "3 4.55",
        "4.55",
        "3岁以下 stands in the pack's text and not in the catalogue's formula",
    ),
    reading(
        "standards fuzhou FZ-S08",
        "figures",
        "-",
        "1 2 3",
        "the catalogue numbers the order, the pack says it in words",
    ),
    reading("standards fuzhou FZ-S17", "figures", "-", "0", "more than none, how many the plan does not say"),
    reading(
        "entitlements yinzhou YY-E08",
        "amount",
        "未给出",
        "未给出(适当)",
        "适当 is no amount; the pack keeps the word in its notes",
    ),
];

#[test]
fn every_reading_has_a_reason_and_stands_once() {
    for (index, one) in READINGS.iter().enumerate() {
        assert!(!one.why.is_empty(), "{one:?}");
        assert!(READINGS[..index].iter().all(|other| (other.row, other.column) != (one.row, one.column)), "{one:?}");
    }
}
