//! What stands together under one heading of a form or a page.

use vocabulary::Field;

/// Things under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section<T> {
    /// The heading; "" for none.
    pub title: String,
    /// What stands under it, in order.
    pub items: Vec<T>,
}

impl<T> Section<T> {
    /// Something under a heading.
    #[must_use]
    pub fn new(title: &str, items: Vec<T>) -> Self {
        Self { title: title.to_owned(), items }
    }
}

/// What belongs to fields, in their order, under their headings. What belongs to the record as a whole comes first.
pub(crate) fn sections<'a, T>(whole: T, fields: impl Iterator<Item = (&'a Field, T)>) -> Vec<Section<T>> {
    let mut sections: Vec<Section<T>> = vec![Section::new("", vec![whole])];
    for (at, (field, item)) in fields.enumerate() {
        match sections.last_mut() {
            Some(last) if at == 0 || last.title == field.section => {
                last.title.clone_from(&field.section);
                last.items.push(item);
            }
            _ => sections.push(Section::new(&field.section, vec![item])),
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::FieldKind;

    #[test]
    fn fields_of_one_heading_stand_together_and_keep_their_order() {
        let field = |key: &str, section: &str| Field::new(key, key, FieldKind::Text).under(section);
        let fields = [field("a", "one"), field("b", "one"), field("c", "two"), field("d", ""), field("e", "two")];
        let found = sections("region", fields.iter().map(|field| (field, field.key.as_str())));
        let expected = [
            Section::new("one", vec!["region", "a", "b"]),
            Section::new("two", vec!["c"]),
            Section::new("", vec!["d"]),
            Section::new("two", vec!["e"]),
        ];
        assert_eq!(found, expected);
        assert_eq!(sections("region", std::iter::empty()), [Section::new("", vec!["region"])]);
    }
}
