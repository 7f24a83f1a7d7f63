//! The probes: each looks at settings, the database or the machine, and says on what its answer rests.

use super::VERIFIED;
use crate::backup::{LAST, Last};
use crate::house::House;
use crate::{state, wiring};
use chrono::{DateTime, TimeDelta, Utc};
use documents::fmt;
use identity::{Role, Who, actions};
use serde::{Deserialize, Serialize};
use settings::SecondFactor;
use std::sync::Arc;
use storage::{Engine, Result, args};
use vocabulary::clock::china_day;

/// All probes, for the test that the list names no other and forgets none.
#[cfg(test)]
pub(super) const KNOWN: [&str; 19] = [
    "password",
    "lock_out",
    "transport",
    "second_factor",
    "first_accounts",
    "idle_accounts",
    "roles_apart",
    "access",
    "audit_covers",
    "audit_chain",
    "input",
    "integrity",
    "sealed",
    "backup",
    "residue",
    "reveals",
    "database_link",
    "boundary",
    "three_managers",
];

/// Days after which an account that nobody signs in with counts as left over.
const IDLE_DAYS: i64 = 180;
/// Days that a backup, and a verification of the audit trail, may be old.
const BACKUP_DAYS: i64 = 7;
const VERIFIED_DAYS: i64 = 30;
/// Bounds of what counts as a policy: letters of a password, days of its age, wrong tries, idle minutes.
const LETTERS_LEAST: u32 = 8;
const AGE_DAYS_MOST: u32 = 180;
const TRIES_MOST: u32 = 10;
const IDLE_MINUTES_MOST: u32 = 30;

/// Whether an item is met, and on what that rests.
type Answer = (bool, String);

/// The last verification of the audit trail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verified {
    /// When.
    pub at: DateTime<Utc>,
    /// Entries read.
    pub entries: u64,
    /// Places where it did not hold.
    pub breaks: usize,
}

/// Runs a probe by its name.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn run(house: &Arc<House>, probe: &str) -> Result<Answer> {
    Ok(match probe {
        "password" => password(house),
        "lock_out" => lock_out(house),
        "transport" => transport(house),
        "second_factor" => second_factor(house).await?,
        "first_accounts" => first_accounts(house).await?,
        "idle_accounts" => idle_accounts(house).await?,
        "roles_apart" => roles_apart(),
        "access" => access(house),
        "audit_covers" => audit_covers(house).await?,
        "audit_chain" => audit_chain(house).await?,
        "input" => input(house),
        "integrity" => integrity(house).await?,
        "sealed" => sealed(house).await?,
        "backup" => backup(house).await?,
        "residue" => residue(house).await?,
        "reveals" => reveals(house).await?,
        "database_link" => database_link(house),
        "boundary" => boundary(house),
        "three_managers" => three_managers(house).await?,
        other => (false, format!("没有“{other}”这项检查")),
    })
}

async fn count(house: &House, sql: &str, values: Vec<storage::Value>) -> Result<i64> {
    house.db.one(sql, values).await?.at(0)
}

fn password(house: &House) -> Answer {
    let set = &house.settings.password;
    let met = set.min_length >= LETTERS_LEAST
        && (1..=AGE_DAYS_MOST).contains(&set.max_age_days)
        && set.is_as_strong_as_advised();
    let age = if set.max_age_days == 0 { "不限期".to_owned() } else { format!("{} 天更换", set.max_age_days) };
    (met, format!("至少 {} 个字符，{age}；常见口令、与姓名账号相同的口令被拒；存为 Argon2id 散列", set.min_length))
}

fn lock_out(house: &House) -> Answer {
    let set = &house.settings.session;
    let met = set.lock_after <= TRIES_MOST && set.idle_minutes <= IDLE_MINUTES_MOST;
    let said = format!(
        "连续错 {} 次锁定 {} 分钟；{} 分钟无操作退出，最长 {} 小时；一个账号最多 {} 处登录",
        set.lock_after, set.lock_minutes, set.idle_minutes, set.lifetime_hours, set.per_account
    );
    (met, said)
}

fn transport(house: &House) -> Answer {
    let server = &house.settings.server;
    if server.secure_cookies() {
        return (true, "对外网址是 https，登录凭证只经加密连接发送".to_owned());
    }
    (false, "server.base_url 不是 https 网址：口令会明文经过网络".to_owned())
}

async fn second_factor(house: &House) -> Result<Answer> {
    let asked = house.settings.session.second_factor;
    let without = "SELECT COUNT(*) FROM identity_account a WHERE a.state = 'active' AND a.role IN ($1, $2, $3) AND NOT EXISTS \
         (SELECT 1 FROM identity_second_factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL)";
    let roles = args![Role::SystemAdmin.key(), Role::SecurityAdmin.key(), Role::AuditAdmin.key()];
    let without = count(house, without, roles).await?;
    let setting = match asked {
        SecondFactor::Off => "设置没有要求两步登录（session.second_factor = off）",
        SecondFactor::Administrators => "三类管理员必须用两步登录（口令加动态验证码）",
        SecondFactor::Everyone => "所有人必须用两步登录（口令加动态验证码）",
    };
    let told = if without == 0 {
        "管理员都已开启".to_owned()
    } else {
        format!("还有 {without} 位管理员没有开启")
    };
    Ok((asked != SecondFactor::Off && without == 0, format!("{setting}；{told}")))
}

async fn first_accounts(house: &House) -> Result<Answer> {
    if house.settings.demo.enabled {
        return Ok((false, "这是演示环境，账号和口令都是公开的".to_owned()));
    }
    let sql =
        "SELECT COUNT(*) FROM identity_account WHERE state = 'active' AND created_by = 'system' AND must_change = TRUE";
    let waiting = count(house, sql, args![]).await?;
    let said = match waiting {
        0 => "首批管理员的一次性口令都已由本人更换；程序没有内置口令".to_owned(),
        some => format!("有 {some} 个首批账号还没有更换一次性口令"),
    };
    Ok((waiting == 0, said))
}

async fn idle_accounts(house: &House) -> Result<Answer> {
    let since = house.clock.now() - TimeDelta::days(IDLE_DAYS);
    let sql =
        "SELECT COUNT(*) FROM identity_account WHERE state = 'active' AND COALESCE(last_login_at, created_at) < $1";
    let idle = count(house, sql, args![since]).await?;
    let said = match idle {
        0 => format!("启用的账号在 {IDLE_DAYS} 天内都登录过或新建"),
        some => format!("有 {some} 个启用的账号 {IDLE_DAYS} 天没有登录，请核对后停用"),
    };
    Ok((idle == 0, said))
}

/// Whether an action is done by these roles and no others.
fn only(action: &identity::Action, roles: &[Role]) -> bool {
    matches!(action.who, Who::Roles(allowed) if allowed.iter().all(|role| roles.contains(role)))
}

fn roles_apart() -> Answer {
    let administrators = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
    let security = [&actions::ACCOUNT_CREATE, &actions::ACCOUNT_CHANGE, &actions::PASSWORD_SET, &actions::SECOND_RESET];
    let apart = security.iter().all(|action| only(action, &[Role::SecurityAdmin]))
        && only(&crate::desks::AUDIT, &[Role::AuditAdmin])
        && only(&crate::desks::SYSTEM, &[Role::SystemAdmin]);
    // Who confirms an erasure sees how many records of which register, and none of them.
    let sees = |action: &&&identity::Action| action.key != records::actions::ERASE_CONFIRM.key;
    let residents = records::actions::ACTIONS.iter().filter(sees).all(|action| match action.who {
        Who::Roles(roles) => administrators.iter().all(|role| !roles.contains(role)),
        _ => false,
    });
    let said =
        "账号归安全管理员、审计归审计管理员、系统状态归系统管理员，互不兼任；三员都看不到居民信息（权限矩阵核对）";
    (apart && residents, said.to_owned())
}

fn access(house: &Arc<House>) -> Answer {
    let known: Vec<&str> = wiring::actions().iter().map(|action| action.key).collect();
    let routes = wiring::routes(house);
    let wild = routes.iter().filter(|route| !known.contains(&route.action)).count();
    let routes = routes.len();
    (wild == 0 && routes > 0, format!("{routes} 个入口都声明了动作，{} 个动作按岗位授权，数据按区划限定", known.len()))
}

async fn audit_covers(house: &House) -> Result<Answer> {
    let entries = facts::writes(&house.db).await?;
    let unseen = "SELECT COUNT(*) FROM identity_account a WHERE a.last_login_at IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM audit_entry e WHERE e.actor = a.login)";
    let unseen = count(house, unseen, args![]).await?;
    let said = format!("共 {entries} 条；登录过而没有任何审计记录的账号 {unseen} 个");
    Ok((entries > 0 && unseen == 0, said))
}

/// What the installation remembers under a key.
async fn remembered<T: serde::de::DeserializeOwned>(house: &House, key: &str) -> Result<Option<T>> {
    Ok(state::get(&house.db, key).await?.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn audit_chain(house: &House) -> Result<Answer> {
    let Some(last) = remembered::<Verified>(house, VERIFIED).await? else {
        return Ok((false, "还没有校验过；请审计管理员在“审计”页校验全部记录".to_owned()));
    };
    let fresh = house.clock.now() - last.at <= TimeDelta::days(VERIFIED_DAYS);
    let day = fmt::day(china_day(last.at));
    let said = format!("{day}校验 {} 条，发现 {} 处问题；{VERIFIED_DAYS} 天内应再校验一次", last.entries, last.breaks);
    Ok((fresh && last.breaks == 0, said))
}

fn input(house: &House) -> Answer {
    let places = house.plans.places();
    let registers = places.first().map_or(0, |(place, _)| house.registry.all(place).len());
    let described = house.registry.built_in().iter().all(|register| records::check_register(register).is_empty());
    let said =
        format!("{registers} 个登记簿逐字段校验类型、范围和校验位；表单带防伪标记，上传限类型、大小并防压缩炸弹");
    (described && registers > 0, said)
}

async fn integrity(house: &House) -> Result<Answer> {
    let sealed = storage::is_sealed(&house.db).await;
    let anchored =
        count(house, "SELECT COUNT(*) FROM audit_entry WHERE chain = $1", args![facts::ANCHOR_CHAIN]).await?;
    let said = format!("审计记录成链，链间锚定 {anchored} 次；加密字段自带完整性校验；方案包按内容散列保存");
    Ok((sealed, said))
}

async fn sealed(house: &House) -> Result<Answer> {
    let keys = house.db.keys();
    let (Some(file), true) = (keys.file(), storage::is_sealed(&house.db).await) else {
        return Ok((false, "敏感字段没有加密保存".to_owned()));
    };
    let address = house.settings.database_address();
    let beside = house.db.engine() == Engine::Sqlite && std::path::Path::new(&address).parent() == file.parent();
    let place = if beside {
        "密钥文件与数据库在同一文件夹，请移到别处（data.keys）"
    } else {
        "密钥文件与数据库分开保存"
    };
    let said = format!("证件号、电话、住址等以 AES-256-GCM 加密保存，现用第 {} 号密钥；{place}", keys.active());
    Ok((!beside, said))
}

async fn backup(house: &House) -> Result<Answer> {
    let Some(last) = remembered::<Last>(house, LAST).await? else {
        return Ok((false, "没有备份过：运行 zhaoxi backup，并定期恢复演练".to_owned()));
    };
    let fresh = house.clock.now() - last.made_at <= TimeDelta::days(BACKUP_DAYS);
    let kind = if last.sealed { "加密" } else { "未加密" };
    let said = format!("最近一次在{}，{kind}；不应早于 {BACKUP_DAYS} 天前", fmt::day(china_day(last.made_at)));
    Ok((fresh && last.sealed, said))
}

async fn residue(house: &House) -> Result<Answer> {
    let sql = "SELECT COUNT(*) FROM record_import_row r JOIN record_import i ON i.id = r.import_id \
         WHERE i.state IN ('applied', 'dropped') AND r.verdict <> 'bad'";
    let left = count(house, sql, args![]).await?;
    Ok((left == 0, format!("已完成的导入还留着 {left} 行原文；登录凭证只存散列，退出即删除")))
}

async fn reveals(house: &House) -> Result<Answer> {
    let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = $1 AND detail LIKE '%\"purpose\":\"\"%'";
    let without = count(house, sql, args![records::actions::REVEAL.key]).await?;
    let all =
        count(house, "SELECT COUNT(*) FROM audit_entry WHERE action = $1", args![records::actions::REVEAL.key]).await?;
    Ok((without == 0, format!("敏感内容默认遮盖；查看 {all} 次，其中没写用途的 {without} 次；每次都有审计")))
}

fn database_link(house: &House) -> Answer {
    let address = house.settings.database_address();
    if house.db.engine() == Engine::Sqlite {
        return (true, "数据库在本机文件里，不经网络".to_owned());
    }
    let local = ["@127.0.0.1", "@localhost", "@[::1]", "//127.0.0.1", "//localhost"];
    if local.iter().any(|host| address.contains(host)) {
        return (true, "数据库在本机，不经网络".to_owned());
    }
    let checked = address.contains("sslmode=verify-full");
    let said = if checked {
        "与数据库的连接加密并核对证书"
    } else {
        "数据库在别的机器上，地址里没有 sslmode=verify-full"
    };
    (checked, said.to_owned())
}

fn boundary(house: &House) -> Answer {
    let server = &house.settings.server;
    let met = server.listen.is_loopback() || !server.trusted_proxy.is_empty();
    let said = format!("监听 {}；可信代理 {} 个", server.listen, server.trusted_proxy.len());
    (met, if met { said } else { format!("{said}：服务直接对外，没有经过受控的代理") })
}

async fn three_managers(house: &House) -> Result<Answer> {
    let mut missing = Vec::new();
    for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        let sql = "SELECT COUNT(*) FROM identity_account WHERE state = 'active' AND role = $1";
        if count(house, sql, args![role.key()]).await? == 0 {
            missing.push(role.label());
        }
    }
    let said = match missing.as_slice() {
        [] => "三类管理员都有启用的账号，他们的操作都有审计".to_owned(),
        some => format!("没有启用的{}", some.join("、")),
    };
    Ok((missing.is_empty(), said))
}
