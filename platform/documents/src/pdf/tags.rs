//! The tag tree: what a screen reader walks through.

use std::num::{NonZeroU16, NonZeroU32};

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

use crate::layout::{Element, Role};

/// Builds the tree of a document's elements, each with the marked content that was drawn for it.
pub(super) fn tag_tree(elements: &[Element], mut content: Vec<Vec<Identifier>>) -> TagTree {
    content.resize_with(elements.len(), Vec::new);
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); elements.len()];
    let mut roots = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        match element.parent.and_then(|parent| children.get_mut(parent)) {
            Some(siblings) => siblings.push(index),
            None => roots.push(index),
        }
    }
    let mut tree = TagTree::new().with_lang(Some("zh-CN".to_owned()));
    for root in roots {
        tree.push(group(root, elements, &children, &content));
    }
    tree
}

fn group(index: usize, elements: &[Element], children: &[Vec<usize>], content: &[Vec<Identifier>]) -> TagGroup {
    let role = elements.get(index).map(|element| &element.role);
    let mut group = TagGroup::new(role.map_or(Tag::NonStruct.into(), kind));
    for leaf in content.get(index).into_iter().flatten() {
        group.push(Node::Leaf(*leaf));
    }
    for child in children.get(index).into_iter().flatten() {
        group.push(self::group(*child, elements, children, content));
    }
    group
}

fn kind(role: &Role) -> TagKind {
    let several = |count: usize| u32::try_from(count).ok().filter(|count| *count > 1).and_then(NonZeroU32::new);
    match role {
        Role::Title => Tag::Title.into(),
        Role::Heading(level, text) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(text.clone())).into()
        }
        Role::Paragraph | Role::Note => Tag::P.into(),
        Role::List(true) => Tag::L(ListNumbering::Decimal).into(),
        Role::List(false) => Tag::L(ListNumbering::None).into(),
        Role::ListItem => Tag::LI.into(),
        Role::Table => Tag::Table.into(),
        Role::Caption => Tag::Caption.into(),
        Role::TableHead => Tag::THead.into(),
        Role::TableBody => Tag::TBody.into(),
        Role::TableFoot => Tag::TFoot.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead(span, depth) => {
            Tag::TH(TableHeaderScope::Column).with_col_span(several(*span)).with_row_span(several(*depth)).into()
        }
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell(span) => Tag::TD.with_col_span(several(*span)).into(),
    }
}
