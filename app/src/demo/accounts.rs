//! The demonstration's accounts: one for each desk of each city.

use crate::house::House;
use identity::{NewAccount, NewPassword, Refusal, Role, Seat, system};
use pack_reader::Pack;
use pack_reader::model::RegionKind;
use vocabulary::RegionPath;
use web::pages::DemoAccount as Printed;

/// The password of every demo account. Published on the login page: there is nothing to protect.
const PASSWORD: &str = "Zhaoxi-demo-2025";

/// An account as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Whose desk.
    pub desk: String,
}

impl DemoAccount {
    /// As the login page prints it.
    #[must_use]
    pub fn printed(&self) -> Printed {
        Printed { desk: self.desk.clone(), account: self.login.clone(), password: self.password.clone() }
    }
}

/// An account that a city's demonstration has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Login name.
    pub login: String,
    /// Name of the person.
    pub name: &'static str,
    /// Whose desk.
    pub desk: String,
    /// Role.
    pub role: Role,
    /// Region code.
    pub region: String,
    /// Key of the department.
    pub department: Option<String>,
}

/// Which county of a city the synthetic data let fall behind, by its place in the pack.
const LATE_UNIT: usize = 3;

/// Departments whose officers have an account, by what they are known as, with names of two people each.
const DESKS: [(&str, [&str; 2]); 3] = [("mzj", ["周敏", "吴涛"]), ("wjw", ["郑洁", "王磊"]), ("jyj", ["冯云", "陈静"])];

/// The accounts of a city: its leader, two officers of each main bureau, an officer of one county, a
/// clerk of one town and who visits there.
#[must_use]
pub fn of_city(pack: &Pack) -> Vec<Wanted> {
    let prefix = pack.prefix();
    let place = pack.manifest.region.clone().unwrap_or_default();
    let city = pack.manifest.short_name.clone();
    let person = |login: &str, name, desk: String, role, region: &str, department: Option<&str>| Wanted {
        login: format!("{prefix}-{login}"),
        name,
        desk,
        role,
        region: region.to_owned(),
        department: department.map(str::to_owned),
    };
    let mut wanted = vec![person("leader", "李卫国", format!("{city}领导"), Role::Leader, &place, None)];
    for (key, names) in DESKS {
        let Some(department) = pack.department(key) else { continue };
        for (number, name) in names.into_iter().enumerate() {
            let (login, desk) = (format!("{key}{}", number + 1), format!("{}经办 {}", department.name, number + 1));
            wanted.push(person(&login, name, desk, Role::Officer, &place, Some(key)));
        }
    }
    if let Some(county) = county(pack) {
        let desk = format!("{}民政经办", county.name);
        let department = pack.department("mzj").map(|department| department.key.as_str());
        wanted.push(person("county", "蒋敏", desk, Role::Officer, &county.code, department));
    }
    if let Some(town) = town(pack) {
        wanted.push(person("town", "沈燕", format!("{}经办", town.name), Role::Clerk, &town.code, None));
        wanted.push(person(
            "field",
            "孙丽",
            format!("{}上门探访（手机）", town.name),
            Role::FieldWorker,
            &town.code,
            None,
        ));
    }
    wanted
}

/// The county whose officer has an account: the one the synthetic city lets fall behind comes first.
fn county(pack: &Pack) -> Option<&pack_reader::model::Region> {
    let counties = || {
        pack.regions.iter().filter(|region| {
            region.parent.as_deref() == pack.manifest.region.as_deref()
                && matches!(region.kind, RegionKind::County | RegionKind::District)
                && region.valid_to.is_none()
        })
    };
    counties().nth(LATE_UNIT).or_else(|| counties().next())
}

/// The town whose clerk has an account: the first of that county, or of a district's own streets.
fn town(pack: &Pack) -> Option<&pack_reader::model::Region> {
    let above =
        county(pack).map_or_else(|| pack.manifest.region.clone().unwrap_or_default(), |county| county.code.clone());
    pack.regions.iter().find(|region| {
        region.parent.as_deref() == Some(above.as_str())
            && matches!(region.kind, RegionKind::Street | RegionKind::Town)
            && region.valid_to.is_none()
    })
}

async fn make(house: &House, login: &str, name: &str, role: Role, seat: Seat) -> anyhow::Result<()> {
    match house.identity.account_by_login(&system(), login).await {
        Ok(_) => return Ok(()),
        Err(Refusal::NotFound(_)) => {}
        Err(other) => return Err(other.into()),
    }
    let new = NewAccount {
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        seat,
        password: NewPassword::Given { text: PASSWORD.to_owned(), must_change: false },
    };
    house.identity.create_account(&system(), &new).await?;
    Ok(())
}

/// Makes an account where it is missing, and gives it as it is printed.
///
/// # Errors
/// When the database refuses.
pub(super) async fn made(
    house: &House,
    login: &str,
    name: &str,
    role: Role,
    seat: Seat,
    desk: &str,
) -> anyhow::Result<DemoAccount> {
    make(house, login, name, role, seat).await?;
    Ok(DemoAccount { login: login.to_owned(), password: PASSWORD.to_owned(), desk: desk.to_owned() })
}

/// Makes a city's accounts where they are missing.
///
/// # Errors
/// When the database refuses.
pub async fn ensure(house: &House, pack: &Pack) -> anyhow::Result<Vec<DemoAccount>> {
    let (mut made, mut near) = (Vec::new(), None);
    for wanted in of_city(pack) {
        let regions = house.regions();
        let Some(region) = regions.region(&wanted.region, house.clock.today()) else { continue };
        let seat = Seat::new(RegionPath::stored(region.path.as_str()), &region.district, wanted.department.as_deref());
        if wanted.role == Role::Officer {
            // The last officer is the county's, where there is one.
            near = Some(seat.region.clone());
        }
        make(house, &wanted.login, wanted.name, wanted.role, seat).await?;
        made.push(DemoAccount { login: wanted.login, password: PASSWORD.to_owned(), desk: wanted.desk });
    }
    if let Some(near) = near {
        made.extend(super::institutions::account(house, pack, &near).await?);
    }
    Ok(made)
}

/// Makes the three administrators of the demonstration, kept apart as in earnest.
///
/// # Errors
/// When the database refuses.
pub async fn administrators(house: &House) -> anyhow::Result<Vec<DemoAccount>> {
    let mut made = Vec::new();
    for (login, name, role) in [
        ("sysadmin", "系统管理员", Role::SystemAdmin),
        ("secadmin", "安全管理员", Role::SecurityAdmin),
        ("auditadmin", "审计管理员", Role::AuditAdmin),
    ] {
        make(house, login, name, role, Seat::server()).await?;
        made.push(DemoAccount { login: login.to_owned(), password: PASSWORD.to_owned(), desk: name.to_owned() });
    }
    Ok(made)
}
