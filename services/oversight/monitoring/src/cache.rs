//! Things assembled once and shared until the figures they rest on change.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Values by key, each with the stamp of the figures it was made from. The oldest go first.
pub(crate) struct Cache<K, V> {
    most: usize,
    kept: Mutex<Kept<K, V>>,
}

struct Kept<K, V> {
    values: HashMap<K, (i64, Arc<V>)>,
    order: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V> Cache<K, V> {
    /// An empty cache of at most so many values.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::new(Kept { values: HashMap::new(), order: VecDeque::new() }) }
    }

    /// The value of a key, if it was made from figures with this stamp.
    pub(crate) fn get(&self, key: &K, stamp: i64) -> Option<Arc<V>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(key).filter(|(made_at, _)| *made_at == stamp).map(|(_, value)| Arc::clone(value))
    }

    /// Keeps a value made from figures with this stamp, in place of an older one.
    pub(crate) fn put(&self, key: K, stamp: i64, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.values.insert(key.clone(), (stamp, Arc::clone(&value))).is_none() {
            kept.order.push_back(key);
        }
        while kept.order.len() > self.most {
            if let Some(oldest) = kept.order.pop_front() {
                kept.values.remove(&oldest);
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_made_from_older_figures_is_not_given() {
        let cache = Cache::new(2);
        cache.put("a", 1, 10);
        assert_eq!(cache.get(&"a", 1).as_deref(), Some(&10));
        assert_eq!(cache.get(&"a", 2), None);
        cache.put("a", 2, 11);
        assert_eq!(cache.get(&"a", 2).as_deref(), Some(&11));
    }

    #[test]
    fn the_oldest_make_room() {
        let cache = Cache::new(2);
        for (at, key) in ["a", "b", "c"].into_iter().enumerate() {
            cache.put(key, 1, at);
        }
        assert_eq!(cache.get(&"a", 1), None);
        assert_eq!(cache.get(&"c", 1).as_deref(), Some(&2));
    }
}
