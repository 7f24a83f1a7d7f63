//! Saved views: a named filter, order and choice of columns of a list, one's own or shared with one's office. What is kept is
//! the question, never an answer: whoever opens a view sees what lies in their own region.

use crate::actions::{LIST, allow};
use crate::asked::{NOT_FILLED, sortable};
use crate::commands::{Failure, Records};
use crate::value::without_controls;
use facts::Entry;
use identity::{Actor, Refusal};
use serde_json::json;
use storage::{Result as Stored, Row, args};
use uuid::Uuid;
use vocabulary::{Field, Register, Sensitivity};

/// Characters of a view's name.
const NAME_MAX: usize = 30;
/// Views one account keeps of one register.
const VIEWS_MAX: usize = 30;
/// Characters of a view's question.
const ASKED_MAX: usize = 4_000;
const COLUMNS: &str = "district, id, owner, owner_login, office, shared, name, asked";

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it asks: the text after `?` of a list's address.
    pub asked: String,
    /// Whether the whole office sees it.
    pub shared: bool,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Login name of its owner.
    pub owner: String,
    district: String,
}

/// An office: those who work in the same region for the same department.
fn office(actor: &Actor) -> String {
    format!("{} {}", actor.region, actor.department.as_deref().unwrap_or_default())
}

fn view(row: &Row, actor: &Actor) -> Stored<SavedView> {
    Ok(SavedView {
        id: row.get("id")?,
        name: row.get("name")?,
        asked: row.get("asked")?,
        shared: row.get("shared")?,
        own: row.get::<Uuid>("owner")? == actor.account,
        owner: row.get("owner_login")?,
        district: row.get("district")?,
    })
}

/// What of an address belongs into a view: region, order, columns and filters of fields that are not sensitive. A search word
/// is left out: it is somebody's name or number more often than not.
fn kept(register: &Register, asked: &web::Query) -> web::Query {
    let open = |key: &str| {
        let field: Option<&Field> = key.split('.').nth(1).and_then(|key| register.field(key));
        field.is_some_and(|field| field.sensitive == Sensitivity::None)
    };
    let known = |key: &str, value: &str| match key {
        "region" => true,
        "sort" => register.field(value.trim_start_matches('-')).is_some_and(sortable),
        "col" => register.field(value).is_some(),
        key if key.starts_with("f.") => open(key) || value == NOT_FILLED,
        _ => false,
    };
    let mut kept = web::Query::parse(asked.path(), "");
    for (key, value) in asked.pairs().iter().filter(|(key, value)| known(key, value)) {
        kept = kept.and(key, &without_controls(value));
    }
    kept
}

/// The text after `?`.
fn text_of(asked: &web::Query) -> String {
    asked.href_of("").trim_start_matches('?').to_owned()
}

impl Records {
    /// The views of a register that an actor sees: their own first, then those of their office; by name.
    ///
    /// # Errors
    /// When the actor may not see lists, there is no such register, or the database refuses.
    pub async fn views(&self, actor: &Actor, register: &str) -> Result<Vec<SavedView>, Failure> {
        allow(actor, &LIST)?;
        let register = self.register(actor, register)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM record_view WHERE place = $1 AND register = $2 \
             AND (owner = $3 OR (office = $4 AND shared = $5)) ORDER BY name, id"
        );
        let rows = self.db.all(&sql, args![actor.place, register.key, actor.account, office(actor), true]).await?;
        let mut views = rows.iter().map(|row| view(row, actor)).collect::<Stored<Vec<_>>>()?;
        views.sort_by_key(|view| !view.own);
        Ok(views)
    }

    /// A view that an actor sees.
    ///
    /// # Errors
    /// When there is none with this id.
    pub async fn view(&self, actor: &Actor, register: &str, id: Uuid) -> Result<SavedView, Failure> {
        let found = self.views(actor, register).await?.into_iter().find(|view| view.id == id);
        Ok(found.ok_or_else(|| Refusal::NotFound("这个视图".to_owned()))?)
    }

    /// Saves what an address asks under a name. The actor's own view of this name is replaced.
    ///
    /// # Errors
    /// When the actor may not see lists, the name is missing or too long, nothing is asked, or there are too many views.
    pub async fn save_view(
        &self,
        actor: &Actor,
        register: &str,
        name: &str,
        shared: bool,
        asked: &web::Query,
    ) -> Result<SavedView, Failure> {
        let present = self.views(actor, register).await?;
        let register = self.register(actor, register)?;
        let name = without_controls(name.trim());
        let asked = text_of(&kept(&register, asked));
        let before = present.iter().find(|view| view.own && view.name == name);
        let refuse = |message: &str, remedy: &str| Refusal::invalid("view.name", "name", message, remedy);
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return Err(refuse("请给视图起个名字", "不超过 30 个字，如“独居未探访”").into());
        }
        if asked.is_empty() || asked.len() > ASKED_MAX {
            let remedy = "请先筛选、排序或选好栏目再保存；搜索词和电话、证件号等敏感栏目的筛选不保存";
            return Err(refuse("还没有可以保存的筛选、排序或栏目", remedy).into());
        }
        if before.is_none() && present.iter().filter(|view| view.own).count() >= VIEWS_MAX {
            return Err(refuse("您在这个登记簿里的视图已满 30 个", "请先删除不用的视图").into());
        }
        let id = before.map_or_else(Uuid::now_v7, |view| view.id);
        let mut tx = self.db.begin().await?;
        tx.execute(
            "INSERT INTO record_view (district, id, place, register, owner, owner_login, office, shared, name, asked, saved_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (district, register, owner, name) DO UPDATE SET shared = excluded.shared, asked = excluded.asked, \
             office = excluded.office, saved_at = excluded.saved_at",
            args![
                actor.district, id, actor.place, register.key, actor.account, actor.login, office(actor), shared, name, asked,
                self.clock.now()
            ],
        )
        .await?;
        let detail = json!({ "view": id, "shared": shared });
        facts::audit(&mut tx, self.clock.now(), &entry(actor, &register, detail)).await?;
        tx.commit().await?;
        self.view(actor, &register.key, id).await
    }

    /// Deletes a view of one's own.
    ///
    /// # Errors
    /// When there is none with this id, or it is somebody else's.
    pub async fn remove_view(&self, actor: &Actor, register: &str, id: Uuid) -> Result<SavedView, Failure> {
        let view = self.view(actor, register, id).await?;
        if !view.own {
            return Err(Refusal::Conflict(format!("这个视图是 {} 共享的，由其本人删除。", view.owner)).into());
        }
        let register = self.register(actor, register)?;
        let mut tx = self.db.begin().await?;
        tx.execute("DELETE FROM record_view WHERE district = $1 AND id = $2", args![view.district, id]).await?;
        facts::audit(&mut tx, self.clock.now(), &entry(actor, &register, json!({ "view": id, "removed": true })))
            .await?;
        tx.commit().await?;
        Ok(view)
    }

    /// An address that names a view and asks nothing else, as the question of that view: so `?view=ID` serves lists, prints
    /// and exports alike.
    ///
    /// # Errors
    /// When there is no such view.
    pub async fn opened(&self, actor: &Actor, register: &Register, asked: web::Query) -> Result<web::Query, Failure> {
        let Some(id) = asked.get("view") else { return Ok(asked) };
        if asked.pairs().iter().any(|(key, _)| !matches!(key.as_str(), "view" | "after" | "before" | "limit")) {
            return Ok(asked);
        }
        let id = id.parse().map_err(|_| Refusal::NotFound("这个视图".to_owned()))?;
        let view = self.view(actor, &register.key, id).await?;
        let mut open = web::Query::parse(asked.path(), &view.asked);
        for (key, value) in asked.pairs() {
            open = open.and(key, value);
        }
        Ok(open)
    }
}

fn entry(actor: &Actor, register: &Register, detail: serde_json::Value) -> Entry {
    Entry {
        district: actor.district.clone(),
        actor: actor.login.clone(),
        action: LIST.key.to_owned(),
        subject: format!("register:{}", register.key),
        detail,
    }
}
