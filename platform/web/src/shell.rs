//! What stands around every page: brand and place, who is signed in, navigation, the reader's wishes.
//! The guard puts a [`Chrome`] into each request; handlers take a [`Shell`], give it a title and hand it to their page.

use crate::{
    csrf::Csrf,
    flash::Flash,
    markup::{Markup, escape},
    parts::Link,
    prefs::{Prefs, Size},
};
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, request::Parts},
};
use std::convert::Infallible;

/// The product's name.
pub const BRAND: &str = "朝夕 Zhaoxi";

/// One entry of the navigation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NavItem {
    /// Where to.
    pub href: String,
    /// The words.
    pub label: String,
    /// The icon's name.
    pub icon: String,
    /// How many things wait there; 0 shows nothing.
    pub badge: u64,
    /// The heading it stands under; entries of one heading follow each other.
    pub group: String,
    /// Whether the page shown is there or below it. Set by [`Shell`].
    pub current: bool,
}

impl NavItem {
    /// An entry.
    pub fn new(href: impl Into<String>, label: impl Into<String>, icon: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), icon: icon.into(), ..Self::default() }
    }

    /// With a number of waiting things.
    #[must_use]
    pub const fn badge(mut self, badge: u64) -> Self {
        self.badge = badge;
        self
    }

    /// Under a heading.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }
}

/// Who is signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserBadge {
    /// The person's name.
    pub name: String,
    /// Their unit and role.
    pub unit: String,
    /// The page of their account.
    pub account: String,
    /// Where the sign-out form posts to.
    pub sign_out: String,
}

/// The search of the top bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Where it asks.
    pub action: String,
    /// What can be searched for: 搜索指标、机构、人员.
    pub label: String,
    /// What was asked.
    pub value: String,
}

/// What the guard knows about the page before its handler runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chrome {
    /// The place's name for show, from its pack: 扬州市.
    pub place: String,
    /// A word about the data beside the brand: 演示合成数据.
    pub note: String,
    /// Who is signed in.
    pub user: Option<UserBadge>,
    /// The navigation of their desk.
    pub nav: Vec<NavItem>,
    /// The search of the top bar.
    pub search: Option<Search>,
    /// Where messages are, and how many are new.
    pub messages: Option<(String, u64)>,
    /// Where help is: 求助 on pages for elders.
    pub help: Option<Link>,
    /// Whom to call when something does not work.
    pub contact: String,
}

/// What stands around a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shell {
    /// The page's title.
    pub title: String,
    /// The product's name; empty means [`BRAND`].
    pub brand: String,
    /// The place's name for show.
    pub place: String,
    /// A word about the data beside the brand.
    pub note: String,
    /// Who is signed in.
    pub user: Option<UserBadge>,
    /// The navigation.
    pub nav: Vec<NavItem>,
    /// The way here, without the page itself.
    pub crumbs: Vec<Link>,
    /// The search of the top bar.
    pub search: Option<Search>,
    /// Where messages are, and how many are new.
    pub messages: Option<(String, u64)>,
    /// Where help is.
    pub help: Option<Link>,
    /// Whom to call when something does not work.
    pub contact: String,
    /// The chosen size; `None` when never chosen.
    pub size: Option<Size>,
    /// High contrast.
    pub contrast: bool,
    /// What to say about what was just done.
    pub flash: Option<Flash>,
    /// What every posting form carries in its hidden field.
    pub csrf: String,
    /// The address of this page, to come back to.
    pub here: String,
    /// The day of the data: 2025年9月30日.
    pub as_of: String,
}

impl Shell {
    /// A shell with the reader's wishes and nothing else.
    #[must_use]
    pub fn bare(headers: &HeaderMap, here: &str) -> Self {
        let prefs = Prefs::of(headers);
        Self { size: prefs.size, contrast: prefs.contrast, here: here.to_owned(), ..Self::default() }
    }

    /// The shell of a request.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let here = uri.path_and_query().map_or("/", |text| text.as_str());
        let csrf = parts.extensions.get::<Csrf>().map(|pair| pair.token().to_owned()).unwrap_or_default();
        let chrome = parts.extensions.get::<Chrome>().cloned().unwrap_or_default();
        Self { csrf, flash: Flash::of(&parts.headers), ..Self::bare(&parts.headers, here) }.with(chrome)
    }

    /// The same shell with what the guard knows; marks the navigation's current entry.
    #[must_use]
    pub fn with(mut self, chrome: Chrome) -> Self {
        self.place = chrome.place;
        self.note = chrome.note;
        self.user = chrome.user;
        self.nav = chrome.nav;
        self.search = chrome.search;
        self.messages = chrome.messages;
        self.help = chrome.help;
        self.contact = chrome.contact;
        let path = self.here.split('?').next().unwrap_or_default();
        let best = self
            .nav
            .iter()
            .enumerate()
            .filter(|(_, item)| is_below(path, &item.href))
            .max_by_key(|(_, item)| item.href.len())
            .map(|(index, _)| index);
        for (index, item) in self.nav.iter_mut().enumerate() {
            item.current = Some(index) == best;
        }
        self
    }

    /// With a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With the way here: `shell.under(vec![Link::new("/plans", "方案")])`.
    #[must_use]
    pub fn under(mut self, crumbs: Vec<Link>) -> Self {
        self.crumbs = crumbs;
        self
    }

    /// With the day of the data.
    #[must_use]
    pub fn as_of(mut self, day: impl Into<String>) -> Self {
        self.as_of = day.into();
        self
    }

    /// The product's name.
    #[must_use]
    pub fn brand(&self) -> &str {
        if self.brand.is_empty() { BRAND } else { &self.brand }
    }

    /// The document's title: page, place, product.
    #[must_use]
    pub fn document_title(&self) -> String {
        [self.title.as_str(), self.place.as_str(), self.brand()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }

    /// The attributes of `<html>` that carry the reader's wishes.
    #[must_use]
    pub fn html_attributes(&self) -> Markup {
        self.attributes(self.size.filter(|size| *size != Size::M))
    }

    /// The same on pages for elders: never below large.
    #[must_use]
    pub fn elder_attributes(&self) -> Markup {
        self.attributes(Some(self.elder_size()))
    }

    /// The size on pages for elders.
    #[must_use]
    pub fn elder_size(&self) -> Size {
        self.size.filter(|size| *size != Size::M).unwrap_or(Size::L)
    }

    /// The size on other pages.
    #[must_use]
    pub fn desk_size(&self) -> Size {
        self.size.unwrap_or(Size::M)
    }

    fn attributes(&self, size: Option<Size>) -> Markup {
        let mut text = String::new();
        if let Some(size) = size {
            text.push_str(&format!(" data-size=\"{}\"", size.key()));
        }
        if self.contrast {
            text.push_str(" data-contrast=\"high\"");
        }
        Markup::trusted(text)
    }

    /// Where a choice of size leads.
    #[must_use]
    pub fn size_href(&self, size: &Size) -> String {
        self.prefs_href("size", size.key())
    }

    /// Where the switch of contrast leads.
    #[must_use]
    pub fn contrast_href(&self) -> String {
        self.prefs_href("contrast", if self.contrast { "none" } else { "high" })
    }

    fn prefs_href(&self, key: &str, value: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(key, value)
            .append_pair("back", &self.here)
            .finish();
        format!("/prefs?{query}")
    }

    /// The hidden field that every posting form carries.
    #[must_use]
    pub fn csrf_field(&self) -> Markup {
        Markup::trusted(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", escape(&self.csrf)))
    }

    /// The navigation by headings, in order.
    #[must_use]
    pub fn nav_groups(&self) -> Vec<(&str, Vec<&NavItem>)> {
        let mut groups: Vec<(&str, Vec<&NavItem>)> = Vec::new();
        for item in &self.nav {
            match groups.last_mut() {
                Some((name, items)) if *name == item.group => items.push(item),
                _ => groups.push((&item.group, vec![item])),
            }
        }
        groups
    }
}

/// Whether a path is an entry's own page or one below it.
fn is_below(path: &str, href: &str) -> bool {
    let href = href.split('?').next().unwrap_or_default();
    path == href || (href.len() > 1 && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

impl<S: Sync> FromRequestParts<S> for Shell {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(here: &str) -> Vec<String> {
        let nav =
            ["/", "/indicators", "/indicators/tasks", "/people"].map(|href| NavItem::new(href, href, "map")).to_vec();
        let shell = Shell { here: here.into(), ..Shell::default() }.with(Chrome { nav, ..Chrome::default() });
        shell.nav.into_iter().filter(|item| item.current).map(|item| item.href).collect()
    }

    #[test]
    fn the_nearest_entry_is_the_current_one() {
        assert_eq!(at("/"), ["/"]);
        assert_eq!(at("/indicators/12?day=2025-09-30"), ["/indicators"]);
        assert_eq!(at("/indicators/tasks/3"), ["/indicators/tasks"]);
        assert_eq!(at("/peoples"), Vec::<String>::new());
    }

    #[test]
    fn elders_begin_large_and_choose_larger() {
        let never = Shell::default();
        let standard = Shell { size: Some(Size::M), ..Shell::default() };
        let larger = Shell { size: Some(Size::Xl), contrast: true, ..Shell::default() };
        assert_eq!(never.elder_attributes().as_str(), " data-size=\"l\"");
        assert_eq!(standard.elder_attributes().as_str(), " data-size=\"l\"");
        assert_eq!(never.html_attributes().as_str(), "");
        assert_eq!(larger.html_attributes().as_str(), " data-size=\"xl\" data-contrast=\"high\"");
    }

    #[test]
    fn wishes_lead_back_to_the_page() {
        let shell = Shell { here: "/a?b=1&c=2".into(), ..Shell::default() };
        assert_eq!(shell.size_href(&Size::L), "/prefs?size=l&back=%2Fa%3Fb%3D1%26c%3D2");
    }

    #[test]
    fn the_title_says_page_place_and_product() {
        let shell = Shell { place: "扬州市".into(), ..Shell::default() }.titled("主要指标");
        assert_eq!(shell.document_title(), "主要指标 · 扬州市 · 朝夕 Zhaoxi");
    }
}
