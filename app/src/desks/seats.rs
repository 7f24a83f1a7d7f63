//! Where an account works: region and department, as forms ask for them and as they are read.

use crate::house::House;
use identity::Seat;
use places::Ambiguity;
use vocabulary::{RegionPath, Violation};
use web::{Choice, FormState, Input};

/// Regions named in an error, at most.
const NAMED: usize = 5;

/// The name of a region; `全部` for the whole server.
pub(super) fn region_name(house: &House, code: Option<&str>) -> String {
    let Some(code) = code else { return "全部".to_owned() };
    house.regions().region(code, house.clock.today()).map_or_else(|| code.to_owned(), |region| region.name.clone())
}

/// The name of the department of an account; "" for none.
pub(super) fn department_name(house: &House, seat: &Seat) -> String {
    let Some(key) = &seat.department else { return String::new() };
    let adopted = house.plans.in_force(&seat.place, house.clock.today());
    let found = adopted.as_ref().and_then(|one| one.pack.departments.iter().find(|one| one.key == *key));
    found.map_or_else(|| key.clone(), |one| one.name.clone())
}

/// What is asked about a seat.
pub(super) fn inputs(departments: &[Choice], form: &FormState) -> Vec<Input> {
    vec![
        Input::line("region", "所在区划")
            .hint("名称或 12 位代码，如“宝应县”“江都区仙女镇”；系统、安全、审计管理员不填")
            .optional()
            .filled(form),
        Input::select("department", "部门", departments.to_vec())
            .hint("不属于部门的不选，如镇街经办、机构")
            .unchosen("不属于部门")
            .width("l")
            .filled(form),
    ]
}

/// The departments of all places, to choose from.
pub(super) fn departments(house: &House) -> Vec<Choice> {
    let places = house.plans.places();
    let several = places.len() > 1;
    let mut all = Vec::new();
    for (place, adopted) in places {
        for one in &adopted.pack.departments {
            let name = &adopted.pack.manifest.short_name;
            let label = if several { format!("{name}：{}", one.name) } else { one.name.clone() };
            all.push(Choice::new(format!("{place}/{}", one.key), label));
        }
    }
    all
}

/// How a form names the department of a seat.
pub(super) fn department_value(seat: &Seat) -> String {
    seat.department.as_ref().map(|key| format!("{}/{key}", seat.place)).unwrap_or_default()
}

/// Where an account works, from what was typed: a region by code or name, a department by `place/key` or by its key alone.
///
/// # Errors
/// Everything that is wrong with it.
pub fn seat(house: &House, region: &str, department: &str) -> Result<Seat, Vec<Violation>> {
    let (region, department) = (region.trim(), department.trim());
    let mut wrong = Vec::new();
    if region.is_empty() {
        if !department.is_empty() {
            let message = "选了部门，没有填区划".to_owned();
            return Err(vec![Violation::new("account.region", "region", message, "请填部门所在的区划")]);
        }
        return Ok(Seat::server());
    }
    let regions = house.regions();
    let found = regions.resolve(&RegionPath::stored("/"), region, house.clock.today());
    let found = match found {
        Ok(found) => Some(found),
        Err(Ambiguity::Several(names)) => {
            let message = format!("有 {} 个区划叫“{region}”", names.len());
            let named = names.into_iter().take(NAMED).collect::<Vec<_>>().join("、");
            wrong.push(Violation::new("account.region", "region", message, format!("请写全，如：{named}")));
            None
        }
        Err(Ambiguity::Unknown) => {
            let message = format!("没有区划“{region}”");
            wrong.push(Violation::new("account.region", "region", message, "请写方案里的区划名称或 12 位代码"));
            None
        }
    };
    let place = found.and_then(|found| found.path.codes().next()).map(str::to_owned);
    let department = match own_department(house, place.as_deref(), department) {
        Ok(department) => department,
        Err(violation) => {
            wrong.push(violation);
            None
        }
    };
    match found {
        Some(found) if wrong.is_empty() => Ok(Seat::new(found.path.clone(), &found.district, department.as_deref())),
        _ => Err(wrong),
    }
}

/// The key of a department, when the place has it; an unknown place has been said already.
fn own_department(house: &House, place: Option<&str>, text: &str) -> Result<Option<String>, Violation> {
    if text.is_empty() {
        return Ok(None);
    }
    let (of, key) = text.split_once('/').unwrap_or((place.unwrap_or_default(), text));
    let wrong =
        |message: String, remedy: &str| Err(Violation::new("account.department", "department", message, remedy));
    let adopted = house.plans.in_force(of, house.clock.today());
    let Some(one) = adopted.as_ref().and_then(|one| one.pack.departments.iter().find(|one| one.key == key)) else {
        return match place {
            Some(_) => wrong(format!("没有部门“{key}”"), "请从列表中选，或写部门代码，如民政 mzj"),
            None => Ok(None),
        };
    };
    match place {
        Some(place) if place != of => wrong(format!("“{}”不在这个区划所属的城市", one.name), "请选同一城市的部门"),
        _ => Ok(Some(key.to_owned())),
    }
}
