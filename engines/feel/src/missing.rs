//! What a missing value means in rules, put into the library's tree: comparing with something missing is unknown.
//!
//! FEEL itself says that a missing value is not equal to 3, and so that it is unequal to it. In rules only the literal `null`
//! asks for presence (departure 1 of the rules language), and rules that go row by row mean the same as all others.

use crate::tree;
use dsntk_feel_parser::AstNode;

/// The same rule, in which equality and membership with something missing have no value.
pub(crate) fn unknown(node: AstNode) -> AstNode {
    match node {
        AstNode::Eq(left, right) => guarded(AstNode::Eq, unknown(*left), unknown(*right)),
        AstNode::Nq(left, right) => guarded(AstNode::Nq, unknown(*left), unknown(*right)),
        AstNode::In(value, tests) => member(unknown(*value), *tests),
        AstNode::FunctionInvocation(function, arguments) => called(*function, unknown(*arguments)),
        other => tree::map_children(other, &mut unknown),
    }
}

/// The smallest or largest of several values is unknown when one of them is; the library passes over some, depending on their order.
fn called(function: AstNode, arguments: AstNode) -> AstNode {
    let extreme = matches!(&function, AstNode::Name(name) if matches!(name.as_str(), "min" | "max"));
    let missing = match &arguments {
        AstNode::PositionalParameters(values) if extreme && values.len() > 1 => {
            values.iter().filter(|value| may_be_missing(value)).cloned().map(is_missing).reduce(either)
        }
        _ => None,
    };
    let call = AstNode::FunctionInvocation(Box::new(function), Box::new(arguments));
    match missing {
        Some(missing) => AstNode::If(Box::new(missing), Box::new(AstNode::Null), Box::new(call)),
        None => call,
    }
}

/// A comparison of two nodes.
type Compare = fn(Box<AstNode>, Box<AstNode>) -> AstNode;

fn guarded(compare: Compare, left: AstNode, right: AstNode) -> AstNode {
    let sides: Vec<AstNode> = [&left, &right].into_iter().filter(|side| may_be_missing(side)).cloned().collect();
    let asked = matches!(left, AstNode::Null) || matches!(right, AstNode::Null);
    let plain = compare(Box::new(left), Box::new(right));
    if asked {
        return plain;
    }
    let missing = sides.into_iter().map(is_missing).reduce(either);
    match missing {
        Some(missing) => AstNode::If(Box::new(missing), Box::new(AstNode::Null), Box::new(plain)),
        None => plain,
    }
}

fn may_be_missing(node: &AstNode) -> bool {
    !matches!(node, AstNode::Numeric(..) | AstNode::String(_) | AstNode::Boolean(_) | AstNode::At(_))
}

fn is_missing(node: AstNode) -> AstNode {
    AstNode::Eq(Box::new(node), Box::new(AstNode::Null))
}

fn either(left: AstNode, right: AstNode) -> AstNode {
    AstNode::Or(Box::new(left), Box::new(right))
}

fn both(left: AstNode, right: AstNode) -> AstNode {
    AstNode::And(Box::new(left), Box::new(right))
}

/// `value in tests` as a chain of comparisons, each of which may be unknown by itself.
fn member(value: AstNode, tests: AstNode) -> AstNode {
    let tests = match tests {
        AstNode::ExpressionList(tests) | AstNode::CommaList(tests) | AstNode::List(tests) => tests,
        single => vec![single],
    };
    tests.into_iter().map(|test| passed(&value, test)).reduce(either).unwrap_or(AstNode::Boolean(false))
}

fn passed(value: &AstNode, test: AstNode) -> AstNode {
    let own = || Box::new(value.clone());
    match test {
        AstNode::UnaryLt(other) => AstNode::Lt(own(), Box::new(unknown(*other))),
        AstNode::UnaryLe(other) => AstNode::Le(own(), Box::new(unknown(*other))),
        AstNode::UnaryGt(other) => AstNode::Gt(own(), Box::new(unknown(*other))),
        AstNode::UnaryGe(other) => AstNode::Ge(own(), Box::new(unknown(*other))),
        AstNode::UnaryEq(other) => guarded(AstNode::Eq, value.clone(), unknown(*other)),
        AstNode::UnaryNe(other) => guarded(AstNode::Nq, value.clone(), unknown(*other)),
        AstNode::Range(from, to) => match (*from, *to) {
            (AstNode::IntervalStart(low, from), AstNode::IntervalEnd(high, to)) => {
                let (low, high) = (Box::new(unknown(*low)), Box::new(unknown(*high)));
                let from = if from.closed() { AstNode::Ge(own(), low) } else { AstNode::Gt(own(), low) };
                let to = if to.closed() { AstNode::Le(own(), high) } else { AstNode::Lt(own(), high) };
                both(from, to)
            }
            (from, to) => AstNode::In(own(), Box::new(AstNode::Range(Box::new(from), Box::new(to)))),
        },
        AstNode::List(items) => member(value.clone(), AstNode::List(items)),
        plain @ (AstNode::Null | AstNode::Numeric(..) | AstNode::String(_) | AstNode::Boolean(_)) => {
            guarded(AstNode::Eq, value.clone(), plain)
        }
        // Anything else may be a range or list that is only known when it is evaluated: FEEL's own membership.
        other => guarded(AstNode::In, value.clone(), unknown(other)),
    }
}
