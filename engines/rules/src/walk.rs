//! Which names a FEEL text uses, binds and calls, by the library's syntax tree.

use dsntk_feel_parser::AstNode;

/// The names of a text, each once, in order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Names whose values are asked for.
    pub used: Vec<String>,
    /// Names that the text binds itself: variables of iterations, formal parameters, keys of contexts.
    pub bound: Vec<String>,
    /// Names that are called as functions.
    pub called: Vec<String>,
    /// Whether it defines a function that runs elsewhere.
    pub external: bool,
}

/// All names of a tree.
pub(crate) fn names(tree: &AstNode) -> Names {
    let mut names = Names::default();
    // FEEL binds these by itself, within filters, tests and loops.
    names.bound.extend(["item", "?", "partial"].map(str::to_owned));
    names.visit(tree);
    names
}

fn add(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|known| known == name) {
        list.push(name.to_owned());
    }
}

impl Names {
    fn bind(&mut self, node: &AstNode) {
        match node {
            AstNode::Name(name) | AstNode::ParameterName(name) | AstNode::ContextEntryKey(name) => {
                add(&mut self.bound, name.as_str());
            }
            AstNode::String(name) => add(&mut self.bound, name),
            _ => {}
        }
    }

    fn visit(&mut self, node: &AstNode) {
        match node {
            AstNode::Name(name) => add(&mut self.used, name.as_str()),
            AstNode::QualifiedName(segments) => {
                if let Some(AstNode::QualifiedNameSegment(name)) = segments.first() {
                    add(&mut self.used, name.as_str());
                }
            }
            AstNode::Path(from, _) => self.visit(from),
            AstNode::FunctionInvocation(function, arguments) => {
                match &**function {
                    AstNode::Name(name) => add(&mut self.called, name.as_str()),
                    other => self.visit(other),
                }
                self.visit(arguments);
            }
            AstNode::NamedParameter(_, value) => self.visit(value),
            AstNode::FunctionBody(body, external) => {
                self.external |= external;
                self.visit(body);
            }
            AstNode::ContextEntry(name, value)
            | AstNode::IterationContextSingle(name, value)
            | AstNode::QuantifiedContext(name, value)
            | AstNode::FormalParameter(name, value) => {
                self.bind(name);
                self.visit(value);
            }
            AstNode::IterationContextInterval(name, from, to) => {
                self.bind(name);
                self.visit(from);
                self.visit(to);
            }
            AstNode::Between(a, b, c) | AstNode::If(a, b, c) => [a, b, c].into_iter().for_each(|part| self.visit(part)),
            AstNode::CommaList(parts)
            | AstNode::Context(parts)
            | AstNode::ExpressionList(parts)
            | AstNode::FormalParameters(parts)
            | AstNode::IterationContexts(parts)
            | AstNode::List(parts)
            | AstNode::NamedParameters(parts)
            | AstNode::NegatedList(parts)
            | AstNode::PositionalParameters(parts)
            | AstNode::QuantifiedContexts(parts) => parts.iter().for_each(|part| self.visit(part)),
            other => self.visit_small(other),
        }
    }

    fn visit_small(&mut self, node: &AstNode) {
        match node {
            AstNode::EvaluatedExpression(a)
            | AstNode::IntervalEnd(a, _)
            | AstNode::IntervalStart(a, _)
            | AstNode::Neg(a)
            | AstNode::Satisfies(a)
            | AstNode::UnaryGe(a)
            | AstNode::UnaryGt(a)
            | AstNode::UnaryLe(a)
            | AstNode::UnaryLt(a)
            | AstNode::UnaryEq(a)
            | AstNode::UnaryNe(a)
            // The type of an `instance of` is no name of a value.
            | AstNode::InstanceOf(a, _) => self.visit(a),
            AstNode::Add(a, b)
            | AstNode::And(a, b)
            | AstNode::Div(a, b)
            | AstNode::Eq(a, b)
            | AstNode::Every(a, b)
            | AstNode::Exp(a, b)
            | AstNode::Filter(a, b)
            | AstNode::For(a, b)
            | AstNode::FunctionDefinition(a, b)
            | AstNode::Ge(a, b)
            | AstNode::Gt(a, b)
            | AstNode::In(a, b)
            | AstNode::Le(a, b)
            | AstNode::Lt(a, b)
            | AstNode::Mul(a, b)
            | AstNode::Nq(a, b)
            | AstNode::Or(a, b)
            | AstNode::Out(a, b)
            | AstNode::Range(a, b)
            | AstNode::Some(a, b)
            | AstNode::Sub(a, b) => {
                self.visit(a);
                self.visit(b);
            }
            _ => {}
        }
    }
}
