//! The three standards written out by hand, without the instruments' data: what the tests judge by.

/// GB/T 42195: level of a total.
pub fn gbt_level(total: u16) -> u8 {
    match total {
        90 => 0,
        66..=89 => 1,
        46..=65 => 2,
        30..=45 => 3,
        _ => 4,
    }
}

/// GB/T 42195: final level.
pub fn gbt_final(total: u16, coma: bool, mental: bool, events: u32) -> u8 {
    if coma {
        return 4;
    }
    (gbt_level(total) + u8::from(mental || events >= 2)).min(4)
}

/// LTCI 2021: grades of the parts and level.
pub fn ltci(adl: u16, mind: u16, senses: u16) -> u8 {
    let adl = match adl {
        100 => 0,
        65..=95 => 1,
        45..=60 => 2,
        _ => 3,
    };
    let other = |score: u16, full: u16| {
        if score == full {
            0
        } else if score >= 4 {
            1
        } else if score >= 2 {
            2
        } else {
            3
        }
    };
    let worse = other(mind, 16).max(other(senses, 12));
    match (adl, worse) {
        (0, 0 | 1) => 0,
        (0, _) | (1, 0..=2) => 1,
        (1, _) | (2, 0..=2) => 2,
        (2, _) | (3, 0 | 1) => 3,
        (3, 2) => 4,
        _ => 5,
    }
}

/// MZ/T 039: preliminary level of the grades of daily living, mind, perception and participation; `None` where the text is silent.
pub fn mzt(d: u8, m: u8, p: u8, s: u8) -> Option<u8> {
    let three = m == 3 || p == 3 || s == 3;
    let all_two = m == 2 && p == 2 && s == 2;
    let one_or_two = [m, p, s].iter().filter(|grade| **grade == 1 || **grade == 2).count();
    if d == 3 || (d == 2 && (all_two || three)) {
        Some(3)
    } else if (d == 1 && (all_two || three)) || (d == 2 && (one_or_two == 1 || one_or_two == 2)) {
        Some(2)
    } else if (d == 0 && (m >= 1 || p >= 1 || s == 2)) || (d == 1 && (m < 2 || p < 2 || s < 2)) {
        Some(1)
    } else if d == 0 && m == 0 && p == 0 && s <= 1 {
        Some(0)
    } else {
        None
    }
}

/// MZ/T 039: grade of perception from consciousness, vision, hearing and communication.
pub fn mzt_perception(awake: u16, vision: u16, hearing: u16, talk: u16) -> u8 {
    let senses = vision.max(hearing);
    if awake >= 2 || senses == 4 || talk == 3 {
        3
    } else if awake == 1 || senses == 3 || talk == 2 {
        2
    } else if senses == 2 || talk == 1 {
        1
    } else {
        0
    }
}
