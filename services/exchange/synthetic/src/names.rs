//! Names for people who do not exist. Surnames with rough weights (per thousand people; the commonest forty-odd
//! cover most of the country); given names put together from characters common in each generation.
//! Both lists are our own short compositions from general knowledge; they describe nobody.

use crate::rng::Rng;

const SURNAMES: [(&str, f64); 56] = [
    ("王", 72.0),
    ("李", 70.0),
    ("张", 67.0),
    ("刘", 52.0),
    ("陈", 46.0),
    ("杨", 31.0),
    ("黄", 23.0),
    ("赵", 22.0),
    ("吴", 20.0),
    ("周", 19.0),
    ("徐", 15.0),
    ("孙", 14.0),
    ("马", 13.0),
    ("朱", 13.0),
    ("胡", 12.0),
    ("郭", 11.0),
    ("何", 11.0),
    ("林", 11.0),
    ("高", 10.0),
    ("罗", 9.0),
    ("郑", 9.0),
    ("梁", 8.0),
    ("谢", 8.0),
    ("宋", 7.0),
    ("唐", 7.0),
    ("许", 7.0),
    ("韩", 6.0),
    ("冯", 6.0),
    ("邓", 6.0),
    ("曹", 6.0),
    ("彭", 5.0),
    ("曾", 5.0),
    ("肖", 5.0),
    ("田", 5.0),
    ("董", 5.0),
    ("袁", 5.0),
    ("潘", 5.0),
    ("于", 5.0),
    ("蒋", 5.0),
    ("蔡", 5.0),
    ("余", 4.0),
    ("杜", 4.0),
    ("叶", 4.0),
    ("程", 4.0),
    ("苏", 4.0),
    ("魏", 4.0),
    ("吕", 4.0),
    ("丁", 4.0),
    ("任", 4.0),
    ("沈", 4.0),
    ("姚", 3.0),
    ("卢", 3.0),
    ("姜", 3.0),
    ("钟", 3.0),
    ("陆", 3.0),
    ("顾", 2.0),
];

struct Generation {
    until: i32,
    men: (&'static [&'static str], &'static [&'static str]),
    women: (&'static [&'static str], &'static [&'static str]),
}

const GENERATIONS: [Generation; 4] = [
    Generation {
        until: 1959,
        men: (
            &["国", "建", "德", "文", "志", "金", "永", "长", "福", "玉", "正", "荣", "家", "世", "宝", "根"],
            &["明", "华", "生", "林", "祥", "发", "庆", "山", "海", "平", "清", "贵", "义", "良", "才", "昌"],
        ),
        women: (
            &["秀", "桂", "玉", "凤", "兰", "淑", "美", "素", "月", "爱", "彩", "惠", "菊", "巧", "金", "春"],
            &["英", "珍", "兰", "芳", "华", "琴", "珠", "云", "娥", "梅", "莲", "香", "芝", "娣", "妹", "仙"],
        ),
    },
    Generation {
        until: 1979,
        men: (
            &["建", "志", "国", "卫", "永", "伟", "晓", "海", "立", "文", "新", "红", "学", "振", "春", "爱"],
            &["军", "强", "平", "勇", "刚", "民", "东", "明", "华", "斌", "峰", "辉", "林", "伟", "忠", "波"],
        ),
        women: (
            &["丽", "秀", "红", "晓", "海", "春", "小", "建", "玉", "雪", "亚", "惠", "静", "文", "爱", "卫"],
            &["萍", "芳", "红", "霞", "燕", "琴", "敏", "玲", "梅", "英", "华", "娟", "丽", "莉", "珍", "云"],
        ),
    },
    Generation {
        until: 1999,
        men: (
            &["晓", "俊", "志", "佳", "文", "天", "子", "嘉", "宇", "浩", "一", "永", "立", "家", "明", "思"],
            &["伟", "杰", "鹏", "磊", "超", "涛", "斌", "凯", "宇", "浩", "鑫", "龙", "飞", "辰", "峰", "豪"],
        ),
        women: (
            &["晓", "佳", "雅", "静", "思", "雨", "婷", "梦", "文", "丽", "嘉", "欣", "诗", "海", "春", "倩"],
            &["婷", "静", "洁", "丹", "娜", "雯", "倩", "颖", "琳", "慧", "莹", "怡", "露", "薇", "媛", "晴"],
        ),
    },
    Generation {
        until: i32::MAX,
        men: (
            &["子", "宇", "浩", "梓", "俊", "一", "奕", "嘉", "沐", "明", "天", "泽", "景", "承", "思", "启"],
            &["轩", "涵", "睿", "宸", "泽", "辰", "然", "航", "霖", "阳", "恒", "博", "哲", "言", "安", "佑"],
        ),
        women: (
            &["梓", "雨", "欣", "诗", "思", "可", "一", "语", "佳", "若", "沐", "嘉", "依", "婉", "书", "念"],
            &["涵", "萱", "怡", "彤", "妍", "琪", "瑶", "诺", "汐", "宁", "桐", "禾", "晴", "悦", "心", "瑾"],
        ),
    },
];

/// Share of people with a given name of one character, as in most generations (a guess).
const ONE_CHARACTER: f64 = 0.22;

/// A surname.
pub(crate) fn surname(rng: &mut Rng) -> &'static str {
    rng.weighted(&SURNAMES).copied().unwrap_or("王")
}

/// A given name of the generation of a year of birth.
pub(crate) fn given(rng: &mut Rng, male: bool, year: i32) -> String {
    let generation = GENERATIONS.iter().find(|generation| year <= generation.until);
    let Some(generation) = generation else { return String::new() };
    let (first, last) = if male { generation.men } else { generation.women };
    let mut name = String::with_capacity(6);
    if !rng.chance(ONE_CHARACTER) {
        name.push_str(rng.word(first));
    }
    name.push_str(rng.word(last));
    name
}
