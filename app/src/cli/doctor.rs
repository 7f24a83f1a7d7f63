//! `zhaoxi doctor`: what is set, what works, what is missing on this machine.

use super::DatabaseArgs;
use super::run::{house, settings};
use crate::house::House;
use crate::self_check;
use documents::{Fonts, usual_folders};
use std::path::PathBuf;
use std::sync::Arc;
use storage::{Engine, args};

/// Facts about the running installation, as label and value.
///
/// # Errors
/// When the database does not answer.
pub async fn facts(house: &House) -> storage::Result<Vec<(String, String)>> {
    let count = async |sql: &str| -> storage::Result<i64> { house.db.one(sql, args![]).await?.at(0) };
    let engine = match house.db.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let mut facts = vec![
        ("版本".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("数据库".to_owned(), engine.to_owned()),
        ("账号".to_owned(), format!("{} 个", count("SELECT COUNT(*) FROM identity_account").await?)),
        ("审计记录".to_owned(), format!("{} 条", facts::writes(&house.db).await?)),
        ("中文字体".to_owned(), fonts_found().map_or_else(|missing| missing, |()| "已找到，可以生成 PDF".to_owned())),
        (
            "网页资源".to_owned(),
            if web::assets::are_built() {
                "已就绪".to_owned()
            } else {
                "没有构建：运行 npm --prefix ui run build 后重新编译".to_owned()
            },
        ),
    ];
    for (place, adopted) in house.plans.places() {
        let manifest = &adopted.pack.manifest;
        facts.push((
            manifest.display_name.clone(),
            format!("{}（{place}），方案包 {}", manifest.title, short(&adopted.pack.hash)),
        ));
    }
    Ok(facts)
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn fonts_found() -> Result<(), String> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    match Fonts::find(&usual_folders(home.as_deref())) {
        Ok(_) => Ok(()),
        Err(found) => Err(found
            .first()
            .map(|violation| format!("{}；{}", violation.message, violation.remedy))
            .unwrap_or_default()),
    }
}

/// Prints settings and facts; exit 1 when something is missing.
///
/// # Errors
/// When the settings are wrong or the database cannot be opened.
pub async fn run(args: &DatabaseArgs) -> anyhow::Result<u8> {
    let set = settings(args, Vec::new())?;
    println!("{}", set.describe());
    for advice in set.advice() {
        println!("advice: {advice}");
    }
    let house = Arc::new(house(args).await?);
    for (label, value) in facts(&house).await? {
        println!("{label}: {value}");
    }
    let findings = self_check::check(&house).await?;
    let told: Vec<String> = self_check::counts(&findings)
        .iter()
        .map(|(verdict, count)| format!("{} {count} 项", verdict.label()))
        .collect();
    println!("\n等保三级自查（{}）：{}", self_check::source(), told.join("，"));
    print!("{}", self_check::lines(&findings));
    let missing = fonts_found().is_err() || !web::assets::are_built();
    Ok(u8::from(missing))
}
