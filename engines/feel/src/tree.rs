//! The library's syntax tree, made anew with each child changed.

use dsntk_feel_parser::AstNode;

type Change<'c> = &'c mut dyn FnMut(AstNode) -> AstNode;

/// The same node with every child replaced by what the change makes of it.
pub(crate) fn map_children(node: AstNode, change: Change<'_>) -> AstNode {
    match node {
        AstNode::CommaList(_)
        | AstNode::Context(_)
        | AstNode::ContextType(_)
        | AstNode::ExpressionList(_)
        | AstNode::FormalParameters(_)
        | AstNode::IterationContexts(_)
        | AstNode::List(_)
        | AstNode::NamedParameters(_)
        | AstNode::NegatedList(_)
        | AstNode::ParameterTypes(_)
        | AstNode::PositionalParameters(_)
        | AstNode::QualifiedName(_)
        | AstNode::QuantifiedContexts(_) => many(node, change),
        AstNode::EvaluatedExpression(_)
        | AstNode::FunctionBody(..)
        | AstNode::IntervalEnd(..)
        | AstNode::IntervalStart(..)
        | AstNode::ListType(_)
        | AstNode::Neg(_)
        | AstNode::RangeType(_)
        | AstNode::Satisfies(_)
        | AstNode::UnaryGe(_)
        | AstNode::UnaryGt(_)
        | AstNode::UnaryLe(_)
        | AstNode::UnaryLt(_)
        | AstNode::UnaryEq(_)
        | AstNode::UnaryNe(_) => one(node, change),
        AstNode::Between(a, b, c) => three(AstNode::Between, (a, b, c), change),
        AstNode::If(a, b, c) => three(AstNode::If, (a, b, c), change),
        AstNode::IterationContextInterval(a, b, c) => three(AstNode::IterationContextInterval, (a, b, c), change),
        other => two(other, change),
    }
}

fn many(node: AstNode, change: Change<'_>) -> AstNode {
    let mut all = |nodes: Vec<AstNode>| nodes.into_iter().map(&mut *change).collect::<Vec<_>>();
    match node {
        AstNode::CommaList(nodes) => AstNode::CommaList(all(nodes)),
        AstNode::Context(nodes) => AstNode::Context(all(nodes)),
        AstNode::ContextType(nodes) => AstNode::ContextType(all(nodes)),
        AstNode::ExpressionList(nodes) => AstNode::ExpressionList(all(nodes)),
        AstNode::FormalParameters(nodes) => AstNode::FormalParameters(all(nodes)),
        AstNode::IterationContexts(nodes) => AstNode::IterationContexts(all(nodes)),
        AstNode::List(nodes) => AstNode::List(all(nodes)),
        AstNode::NamedParameters(nodes) => AstNode::NamedParameters(all(nodes)),
        AstNode::NegatedList(nodes) => AstNode::NegatedList(all(nodes)),
        AstNode::ParameterTypes(nodes) => AstNode::ParameterTypes(all(nodes)),
        AstNode::PositionalParameters(nodes) => AstNode::PositionalParameters(all(nodes)),
        AstNode::QualifiedName(nodes) => AstNode::QualifiedName(all(nodes)),
        AstNode::QuantifiedContexts(nodes) => AstNode::QuantifiedContexts(all(nodes)),
        other => other,
    }
}

fn one(node: AstNode, change: Change<'_>) -> AstNode {
    let mut boxed = |inner: Box<AstNode>| Box::new(change(*inner));
    match node {
        AstNode::EvaluatedExpression(a) => AstNode::EvaluatedExpression(boxed(a)),
        AstNode::FunctionBody(a, external) => AstNode::FunctionBody(boxed(a), external),
        AstNode::IntervalEnd(a, kind) => AstNode::IntervalEnd(boxed(a), kind),
        AstNode::IntervalStart(a, kind) => AstNode::IntervalStart(boxed(a), kind),
        AstNode::ListType(a) => AstNode::ListType(boxed(a)),
        AstNode::Neg(a) => AstNode::Neg(boxed(a)),
        AstNode::RangeType(a) => AstNode::RangeType(boxed(a)),
        AstNode::Satisfies(a) => AstNode::Satisfies(boxed(a)),
        AstNode::UnaryGe(a) => AstNode::UnaryGe(boxed(a)),
        AstNode::UnaryGt(a) => AstNode::UnaryGt(boxed(a)),
        AstNode::UnaryLe(a) => AstNode::UnaryLe(boxed(a)),
        AstNode::UnaryLt(a) => AstNode::UnaryLt(boxed(a)),
        AstNode::UnaryEq(a) => AstNode::UnaryEq(boxed(a)),
        AstNode::UnaryNe(a) => AstNode::UnaryNe(boxed(a)),
        other => other,
    }
}

type Three = (Box<AstNode>, Box<AstNode>, Box<AstNode>);

fn three(
    make: fn(Box<AstNode>, Box<AstNode>, Box<AstNode>) -> AstNode,
    (a, b, c): Three,
    change: Change<'_>,
) -> AstNode {
    let (a, b, c) = (change(*a), change(*b), change(*c));
    make(Box::new(a), Box::new(b), Box::new(c))
}

fn two(node: AstNode, change: Change<'_>) -> AstNode {
    let mut pair = |make: fn(Box<AstNode>, Box<AstNode>) -> AstNode, a: Box<AstNode>, b: Box<AstNode>| {
        let (a, b) = (change(*a), change(*b));
        make(Box::new(a), Box::new(b))
    };
    match node {
        AstNode::Add(a, b) => pair(AstNode::Add, a, b),
        AstNode::And(a, b) => pair(AstNode::And, a, b),
        AstNode::ContextEntry(a, b) => pair(AstNode::ContextEntry, a, b),
        AstNode::ContextTypeEntry(a, b) => pair(AstNode::ContextTypeEntry, a, b),
        AstNode::Div(a, b) => pair(AstNode::Div, a, b),
        AstNode::Eq(a, b) => pair(AstNode::Eq, a, b),
        AstNode::Every(a, b) => pair(AstNode::Every, a, b),
        AstNode::Exp(a, b) => pair(AstNode::Exp, a, b),
        AstNode::Filter(a, b) => pair(AstNode::Filter, a, b),
        AstNode::For(a, b) => pair(AstNode::For, a, b),
        AstNode::FormalParameter(a, b) => pair(AstNode::FormalParameter, a, b),
        AstNode::FunctionDefinition(a, b) => pair(AstNode::FunctionDefinition, a, b),
        AstNode::FunctionInvocation(a, b) => pair(AstNode::FunctionInvocation, a, b),
        AstNode::FunctionType(a, b) => pair(AstNode::FunctionType, a, b),
        AstNode::Ge(a, b) => pair(AstNode::Ge, a, b),
        AstNode::Gt(a, b) => pair(AstNode::Gt, a, b),
        AstNode::In(a, b) => pair(AstNode::In, a, b),
        AstNode::InstanceOf(a, b) => pair(AstNode::InstanceOf, a, b),
        AstNode::IterationContextSingle(a, b) => pair(AstNode::IterationContextSingle, a, b),
        AstNode::Le(a, b) => pair(AstNode::Le, a, b),
        AstNode::Lt(a, b) => pair(AstNode::Lt, a, b),
        AstNode::Mul(a, b) => pair(AstNode::Mul, a, b),
        AstNode::NamedParameter(a, b) => pair(AstNode::NamedParameter, a, b),
        AstNode::Nq(a, b) => pair(AstNode::Nq, a, b),
        AstNode::Or(a, b) => pair(AstNode::Or, a, b),
        AstNode::Out(a, b) => pair(AstNode::Out, a, b),
        AstNode::Path(a, b) => pair(AstNode::Path, a, b),
        AstNode::QuantifiedContext(a, b) => pair(AstNode::QuantifiedContext, a, b),
        AstNode::Range(a, b) => pair(AstNode::Range, a, b),
        AstNode::Some(a, b) => pair(AstNode::Some, a, b),
        AstNode::Sub(a, b) => pair(AstNode::Sub, a, b),
        leaf => leaf,
    }
}
