//! What each construct of the language means, on six rows whose last one knows nothing.

use super::{outcomes, values};

#[test]
fn comparisons_of_something_missing_are_unknown() {
    assert_eq!(outcomes("失能等级 >= 3"), "110?0?");
    assert_eq!(outcomes("失能等级 = 3"), "100?0?");
    assert_eq!(outcomes("失能等级 != 3"), "011?1?");
    assert_eq!(outcomes("3 <= 失能等级"), "110?0?");
    assert_eq!(outcomes("失能等级 = null"), "000101");
    assert_eq!(outcomes("失能等级 != null"), "111010");
    assert_eq!(outcomes("户籍人口"), "1011??");
    assert_eq!(outcomes("户籍人口 = false"), "0100??");
    assert_eq!(outcomes("户籍人口 = 失智"), "0?10??");
    assert_eq!(outcomes("类型 != \"养老机构\""), "0110??");
}

#[test]
fn and_or_not_are_three_valued() {
    assert_eq!(outcomes("户籍人口 and 失智"), "0010".to_owned() + "0?");
    assert_eq!(outcomes("户籍人口 or 失智"), "1?11??");
    assert_eq!(outcomes("not(失智)"), "1?011?");
    assert_eq!(outcomes("失能等级 = 3 or 失能等级 = null"), "100101");
    assert_eq!(outcomes("true or 失智"), "111111");
    assert_eq!(outcomes("false and 失智"), "000000");
}

#[test]
fn and_binds_tighter_than_or_and_brackets_bind_tightest() {
    assert_eq!(outcomes("true or false and false"), "111111");
    assert_eq!(outcomes("(true or false) and false"), "000000");
    assert_eq!(values("2 + 3 * 4 - 6 / 3")[0], "12");
    assert_eq!(values("(2 + 3) * 4")[0], "20");
    assert_eq!(values("10 - 3 - 2")[0], "5");
    assert_eq!(values("-2 + 5")[0], "3");
    assert_eq!(values("8 / 4 / 2")[0], "1");
}

#[test]
fn ranges_and_lists() {
    assert_eq!(outcomes("失能等级 in [3..5]"), "110?0?");
    assert_eq!(outcomes("失能等级 in (3..5]"), "010?0?");
    assert_eq!(outcomes("失能等级 in [0..3)"), "001?1?");
    assert_eq!(outcomes("失能等级 between 2 and 3 and 户籍人口"), "1".to_owned() + "00???");
    assert_eq!(outcomes("失能等级 in (0, 5)"), "011?0?");
    assert_eq!(outcomes("失能等级 in [0, 5]"), "011?0?");
    assert_eq!(outcomes("失能等级 in (< 1, [4..5])"), "011?0?");
    assert_eq!(outcomes("失能等级 in (3, null)"), "100101");
    assert_eq!(outcomes("失能等级 in > 2"), "110?0?");
    assert_eq!(outcomes("类型 in (\"养老机构\", \"长者食堂\")"), "1101??");
    assert_eq!(outcomes("not(类型 in (\"养老机构\"))"), "0110??");
    assert_eq!(outcomes("出生日期 in [date(\"1945-07-01\")..date(\"2024-12-31\")]"), "01010?");
}

#[test]
fn decimals_are_exact() {
    assert_eq!(outcomes("建筑面积 >= 300"), "0111??");
    assert_eq!(outcomes("建筑面积 = 300"), "0110??");
    assert_eq!(outcomes("建筑面积 > 起点面积"), "0001??");
    assert_eq!(outcomes("建筑面积 >= 299.995"), "0111??");
    assert_eq!(outcomes("0.1 + 0.2 = 0.3"), "111111");
    assert_eq!(values("建筑面积 * 0.1"), ["29.999", "30", "30", "30.001", "-", "-"]);
    assert_eq!(values("1 / 3")[0], "0.3333333333333333333333333333");
    assert_eq!(values("失能等级 / 核定床位"), ["0.03", "-", "0", "-", "-", "-"]);
}

#[test]
fn ages_count_completed_years_and_months_on_the_day() {
    assert_eq!(values("年龄"), ["80", "79", "81", "0", "-", "-"]);
    assert_eq!(outcomes("年龄 >= 80"), "1010??");
    assert_eq!(values("月龄")[3], "6");
    assert_eq!(outcomes("月龄 < 36"), "0001??");
}

#[test]
fn dates_and_lengths_of_time() {
    assert_eq!(values("出生日期.year")[2], "1944");
    assert_eq!(values("year(出生日期)")[2], "1944");
    assert_eq!(values("month(基准日) + day(基准日)")[5], "36");
    assert_eq!(values("基准日.weekday")[0], "1");
    assert_eq!(values("基准日 - duration(\"P1Y\")")[0], "2024-06-30");
    assert_eq!(values("出生日期 + duration(\"P1Y\")")[2], "1945-02-28");
    assert_eq!(values("出生日期 + duration(\"P1Y2M\")")[2], "1945-04-29");
    assert_eq!(values("出生日期 - duration(\"P1D\")")[2], "1944-02-28");
    assert_eq!(values("(基准日 - 评估日期).days"), ["29", "-", "731", "-", "-", "-"]);
    assert_eq!(outcomes("评估日期 >= 基准日 - duration(\"P2Y\")"), "1?1???");
    assert_eq!(outcomes("基准日 - 评估日期 <= duration(\"P730D\")"), "1?0???");
    assert_eq!(outcomes("评估日期 in [基准日 - duration(\"P30D\")..基准日]"), "1?0???");
}

#[test]
fn choice_by_condition_takes_else_when_the_condition_is_unknown() {
    assert_eq!(values("if 失智 then 2 else 1"), ["1", "1", "2", "1", "1", "1"]);
    assert_eq!(values("if 失智 then 失能等级 else null"), ["-", "-", "0", "-", "-", "-"]);
    assert_eq!(values("if 户籍人口 then 类型 else \"其他\"")[1], "其他");
    assert_eq!(values("if 户籍人口 then 类型 else \"其他\"")[2], "日间照料中心");
    assert_eq!(outcomes("(if 失智 then 评估日期 else 出生日期) = 出生日期"), "11011?");
}

#[test]
fn smallest_largest_and_absolute() {
    assert_eq!(values("min(失能等级, 2)"), ["2", "2", "0", "-", "2", "-"]);
    assert_eq!(values("max(失能等级, 2, 核定床位)"), ["100", "5", "49", "-", "-", "-"]);
    assert_eq!(values("abs(失能等级 - 3)"), ["0", "2", "3", "-", "1", "-"]);
}

#[test]
fn texts_of_two_columns_compare() {
    assert_eq!(outcomes("户号 = 类型"), "0000??");
    assert_eq!(outcomes("(if 失智 then 状态 else 类型) = 类型"), "1101??");
    assert_eq!(outcomes("户号 in (\"H1\", \"H9\")"), "1100??");
}

#[test]
fn names_may_hold_signs_and_comments_are_not_needed() {
    assert_eq!(outcomes("床位(含护理型) >= 2"), "011???");
    assert_eq!(outcomes("床位(含护理型)>=2 and  户籍人口"), "001???");
}
