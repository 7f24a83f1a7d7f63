//! The query of a list page as a value: what is filtered, how it is sorted, which page. Links are made from it, so that
//! a sort link keeps the filters and a page link keeps the sorting.

use axum::{extract::FromRequestParts, http::request::Parts};
use std::convert::Infallible;

/// The path and the pairs of a request's query, in their order, without empty ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a path and its query text.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self { path: path.to_owned(), pairs }
    }

    /// The first value under a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value under a name, or "".
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// All values under a name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The pairs.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The page asked for, from 1.
    #[must_use]
    pub fn page(&self) -> u64 {
        self.get("page").and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
    }

    /// The same query with a value set; an empty value takes it away.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut next = self.without(name);
        if !value.is_empty() {
            next.pairs.push((name.to_owned(), value.to_owned()));
        }
        next
    }

    /// The same query without a name.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        Self { path: self.path.clone(), pairs: self.pairs.iter().filter(|(key, _)| key != name).cloned().collect() }
    }

    /// The same query with one more value under a name; an empty value adds nothing.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.pairs.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The path alone: where 清除 leads.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether anything but page and sorting is asked for.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.pairs.iter().any(|(key, _)| !matches!(key.as_str(), "page" | "sort"))
    }

    /// The address: path and query.
    #[must_use]
    pub fn href(&self) -> String {
        self.href_of(&self.path)
    }

    /// The same query under another path (an export beside a list).
    #[must_use]
    pub fn href_of(&self, path: &str) -> String {
        if self.pairs.is_empty() {
            return path.to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish();
        format!("{path}?{query}")
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let uri = parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Ok(Self::parse(uri.path(), uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_what_it_does_not_change() {
        let query = Query::parse("/list", "q=%E5%85%BB%E8%80%81&empty=&page=3");
        assert_eq!(query.text("q"), "养老");
        assert_eq!(query.page(), 3);
        assert_eq!(query.with("sort", "beds").without("page").href(), "/list?q=%E5%85%BB%E8%80%81&sort=beds");
    }

    #[test]
    fn nothing_asked_is_the_path_alone() {
        let query = Query::parse("/list", "page=2&q=");
        assert!(!query.is_filtered());
        assert_eq!(query.without("page").href(), "/list");
        assert_eq!(Query::parse("/list", "page=0").page(), 1);
        assert_eq!(Query::parse("/list", "page=-7").page(), 1);
    }
}
