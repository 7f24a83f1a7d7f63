//! Reads the text of a rule into a tree.
//!
//! The shape of the text is found by the FEEL grammar of `dsntk-feel-parser`. It is given a skeleton of the text, in which
//! every name, literal and function stands as a short alias that carries the number of its token: so a name may be any
//! Chinese label, every node finds its place in the text again, and nothing but the language's own words reaches the parser.

use crate::expression::{Comparison, Expression, Extreme, Node, Operation, Part, Test};
use crate::problem::Problem;
use crate::scan::{self, Lexeme, Token};
use crate::vocabulary::Vocabulary;
use chrono::NaiveDate;
use dsntk_feel::context::FeelContext;
use dsntk_feel::{FeelScope, IntervalType};
use dsntk_feel_parser::{AstNode, parse_expression};

/// The most tokens of one rule; the parser's work grows with their square.
const MOST_TOKENS: usize = 2_000;
/// The deepest nesting of one rule (chains of `and` and `or` do not count).
const DEEPEST: usize = 100;

type Read<T> = Result<T, Problem>;

/// Reads a rule.
///
/// # Errors
/// All unknown names and foreign constructs, or else the first place where the text has no sense.
pub(crate) fn read(text: &str, vocabulary: &Vocabulary) -> Result<Expression, Vec<Problem>> {
    let tokens = scan::tokens(text, vocabulary)?;
    read_tokens(&tokens).map_err(|problem| vec![problem])
}

/// Reads a rule that is already cut into tokens.
pub(crate) fn read_tokens(tokens: &[Token]) -> Read<Expression> {
    if tokens.len() > MOST_TOKENS {
        let message = format!("表达式有 {} 个词，超过 {MOST_TOKENS} 个", tokens.len());
        return Err(Problem::at(1, "rules.too_long", message, "请拆成几条规则"));
    }
    check_order(tokens)?;
    let tree = parse_expression(&scope(tokens), &skeleton(tokens), false).map_err(|_| no_sense(tokens))?;
    Reader { tokens }.expression(&tree, 0)
}

fn no_sense(tokens: &[Token]) -> Problem {
    let column = tokens.first().map_or(1, |token| token.column);
    let remedy = "请检查括号是否成对，比较式是否连写（如 1 < x < 5 应写成 x in (1..5)）";
    Problem::at(column, "rules.syntax", "这段表达式读不通", remedy)
}

fn is_leaf(lexeme: &Lexeme) -> bool {
    !matches!(lexeme, Lexeme::Word("and" | "or" | "in" | "between" | "if" | "then" | "else") | Lexeme::Sign(_))
}

fn skeleton(tokens: &[Token]) -> String {
    let write = |(index, token): (usize, &Token)| match &token.lexeme {
        Lexeme::Word(word) if !is_leaf(&token.lexeme) => (*word).to_owned(),
        Lexeme::Sign(sign) => (*sign).to_owned(),
        _ => format!("n{index}"),
    };
    tokens.iter().enumerate().map(write).collect::<Vec<_>>().join(" ")
}

fn scope(tokens: &[Token]) -> FeelScope {
    let mut context = FeelContext::new();
    for (index, token) in tokens.iter().enumerate() {
        if is_leaf(&token.lexeme) {
            context.set_null(format!("n{index}").into());
        }
    }
    let scope = FeelScope::new();
    scope.push(context);
    scope
}

/// What may come next while the order of tokens is looked at.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Value,
    /// A value, or a comparison that begins a test of `in`.
    Test,
    Operator,
}

/// Finds brackets that do not match, missing operators and missing values, which the grammar reports without a place.
fn check_order(tokens: &[Token]) -> Read<()> {
    let mut open: Vec<(&'static str, usize)> = Vec::new();
    let mut expect = Expect::Value;
    let problem =
        |token: &Token, message: &str, remedy: &str| Err(Problem::at(token.column, "rules.syntax", message, remedy));
    for token in tokens {
        let begins = starts_value(&token.lexeme);
        let within_in = expect == Expect::Test && is_comparison(&token.lexeme);
        if expect == Expect::Operator && begins && !closes_value(&token.lexeme) {
            return problem(token, "这里缺少运算符", "请补上 and、or、=、>= 等");
        }
        if expect != Expect::Operator && !begins && !within_in && !ends_list(&token.lexeme, tokens, token) {
            return problem(token, "这里缺少一个值", "请补上字段名、参数或数值");
        }
        match token.lexeme {
            Lexeme::Sign(sign @ ("(" | "[")) => open.push((sign, token.column)),
            Lexeme::Sign(sign @ (")" | "]")) if open.pop().is_none() => {
                return problem(token, &format!("多了一个 {sign}"), "请检查括号是否成对");
            }
            _ => {}
        }
        expect = next_expected(&token.lexeme, expect);
    }
    let last = tokens.last().map_or(1, |token| token.column);
    if let Some((sign, column)) = open.first() {
        return Err(Problem::at(*column, "rules.syntax", format!("{sign} 没有配对"), "请补上后一半括号"));
    }
    if expect != Expect::Operator {
        return Err(Problem::at(last, "rules.syntax", "表达式没有写完", "请补上最后的值"));
    }
    Ok(())
}

fn starts_value(lexeme: &Lexeme) -> bool {
    match lexeme {
        Lexeme::Word(word) => matches!(*word, "true" | "false" | "null" | "if"),
        Lexeme::Sign(sign) => matches!(*sign, "(" | "[" | "-"),
        _ => true,
    }
}

/// Signs that may follow a value although they may also begin one, and what follows a dot.
fn closes_value(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Sign("-" | "[") | Lexeme::Property(_))
}

/// Whether an empty pair of brackets ends here: reported later with its own words.
fn ends_list(lexeme: &Lexeme, tokens: &[Token], token: &Token) -> bool {
    let before = tokens.iter().rev().find(|other| other.column < token.column);
    matches!(lexeme, Lexeme::Sign(")" | "]"))
        && before.is_some_and(|other| matches!(other.lexeme, Lexeme::Sign("(" | "[")))
}

fn is_comparison(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Sign("=" | "!=" | "<" | "<=" | ">" | ">="))
}

fn next_expected(lexeme: &Lexeme, now: Expect) -> Expect {
    match lexeme {
        Lexeme::Word("in") => Expect::Test,
        Lexeme::Word("true" | "false" | "null") => Expect::Operator,
        Lexeme::Word(_) => Expect::Value,
        Lexeme::Sign("(") if now == Expect::Test => Expect::Test,
        Lexeme::Sign(",") => Expect::Test,
        Lexeme::Sign(")" | "]" | ".") => Expect::Operator,
        Lexeme::Sign(_) => Expect::Value,
        // The bracket of a function comes next.
        Lexeme::Function(_) => Expect::Value,
        _ => Expect::Operator,
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
}

impl Reader<'_> {
    fn expression(&self, tree: &AstNode, depth: usize) -> Read<Expression> {
        if depth > DEEPEST {
            let message = format!("表达式嵌套超过 {DEEPEST} 层");
            return Err(Problem::at(1, "rules.too_deep", message, "请拆成几条规则"));
        }
        let depth = depth + 1;
        let two = |left, right| -> Read<_> {
            Ok((Box::new(self.expression(left, depth)?), Box::new(self.expression(right, depth)?)))
        };
        let compare = |comparison, left, right| two(left, right).map(|(l, r)| Node::Compare(comparison, l, r));
        let reckon = |operation, left, right| two(left, right).map(|(l, r)| Node::Arithmetic(operation, l, r));
        let node = match tree {
            AstNode::Name(alias) => return self.leaf(alias.as_str()),
            AstNode::And(..) | AstNode::Or(..) => return self.chain(tree, depth),
            AstNode::Eq(l, r) => compare(Comparison::Equal, l, r)?,
            AstNode::Nq(l, r) => compare(Comparison::Unequal, l, r)?,
            AstNode::Lt(l, r) => compare(Comparison::Less, l, r)?,
            AstNode::Le(l, r) => compare(Comparison::AtMost, l, r)?,
            AstNode::Gt(l, r) => compare(Comparison::Greater, l, r)?,
            AstNode::Ge(l, r) => compare(Comparison::AtLeast, l, r)?,
            AstNode::Add(l, r) => reckon(Operation::Add, l, r)?,
            AstNode::Sub(l, r) => reckon(Operation::Subtract, l, r)?,
            AstNode::Mul(l, r) => reckon(Operation::Multiply, l, r)?,
            AstNode::Div(l, r) => reckon(Operation::Divide, l, r)?,
            AstNode::Neg(inner) => Node::Negate(Box::new(self.expression(inner, depth)?)),
            AstNode::Between(value, low, high) => {
                let (low, high) = (self.expression(low, depth)?, self.expression(high, depth)?);
                let test = Test::Range { low, low_in: true, high, high_in: true };
                Node::In(Box::new(self.expression(value, depth)?), vec![test])
            }
            AstNode::In(value, tests) => Node::In(Box::new(self.expression(value, depth)?), self.tests(tests, depth)?),
            AstNode::If(condition, yes, no) => {
                let (yes, no) = two(yes, no)?;
                Node::If(Box::new(self.expression(condition, depth)?), yes, no)
            }
            AstNode::Path(inner, property) => self.part(inner, property, depth)?,
            AstNode::FunctionInvocation(name, arguments) => return self.call(name, arguments, depth),
            other => return Err(self.unsupported(other)),
        };
        Ok(Expression { column: self.column_of(tree), node })
    }

    /// A chain of `and` (or of `or`), however long, as one node.
    fn chain(&self, tree: &AstNode, depth: usize) -> Read<Expression> {
        let conjunction = matches!(tree, AstNode::And(..));
        let (mut waiting, mut parts) = (vec![tree], Vec::new());
        while let Some(next) = waiting.pop() {
            match (conjunction, next) {
                (true, AstNode::And(left, right)) | (false, AstNode::Or(left, right)) => {
                    waiting.push(right);
                    waiting.push(left);
                }
                (_, other) => parts.push(self.expression(other, depth)?),
            }
        }
        let column = parts.first().map_or(1, |part| part.column);
        Ok(Expression { column, node: if conjunction { Node::And(parts) } else { Node::Or(parts) } })
    }

    fn leaf(&self, alias: &str) -> Read<Expression> {
        let Some(token) = self.token(alias) else { return Err(no_sense(self.tokens)) };
        let node = match &token.lexeme {
            Lexeme::Number(value) => Node::Number(*value),
            Lexeme::Text(value) => Node::Text(value.clone()),
            Lexeme::Name(name) => Node::Name(name.clone()),
            Lexeme::Word("true") => Node::Boolean(true),
            Lexeme::Word("false") => Node::Boolean(false),
            Lexeme::Word("null") => Node::Null,
            _ => return Err(no_sense(self.tokens)),
        };
        Ok(Expression { column: token.column, node })
    }

    fn tests(&self, tree: &AstNode, depth: usize) -> Read<Vec<Test>> {
        let (AstNode::ExpressionList(items) | AstNode::List(items) | AstNode::CommaList(items)) = tree else {
            return Ok(vec![self.test(tree, depth)?]);
        };
        if items.is_empty() {
            let problem = Problem::at(self.column_of(tree), "rules.syntax", "in 后面的列表是空的", "请写出至少一个值");
            return Err(problem);
        }
        items.iter().map(|item| self.test(item, depth)).collect()
    }

    fn test(&self, tree: &AstNode, depth: usize) -> Read<Test> {
        let compare = |comparison, value| Ok(Test::Compare(comparison, self.expression(value, depth)?));
        match tree {
            AstNode::UnaryEq(value) => compare(Comparison::Equal, value),
            AstNode::UnaryNe(value) => compare(Comparison::Unequal, value),
            AstNode::UnaryLt(value) => compare(Comparison::Less, value),
            AstNode::UnaryLe(value) => compare(Comparison::AtMost, value),
            AstNode::UnaryGt(value) => compare(Comparison::Greater, value),
            AstNode::UnaryGe(value) => compare(Comparison::AtLeast, value),
            AstNode::Range(start, end) => {
                let (AstNode::IntervalStart(low, first), AstNode::IntervalEnd(high, last)) = (&**start, &**end) else {
                    return Err(no_sense(self.tokens));
                };
                Ok(Test::Range {
                    low: self.expression(low, depth)?,
                    low_in: matches!(first, IntervalType::Closed),
                    high: self.expression(high, depth)?,
                    high_in: matches!(last, IntervalType::Closed),
                })
            }
            value => compare(Comparison::Equal, value),
        }
    }

    fn part(&self, inner: &AstNode, property: &AstNode, depth: usize) -> Read<Node> {
        let named = match property {
            AstNode::Name(alias) => self.token(alias.as_str()).map(|token| &token.lexeme),
            _ => None,
        };
        match named {
            Some(Lexeme::Property(name)) => {
                let part = Part::named(name).ok_or_else(|| no_sense(self.tokens))?;
                Ok(Node::Part(part, Box::new(self.expression(inner, depth)?)))
            }
            _ => Err(no_sense(self.tokens)),
        }
    }

    fn call(&self, name: &AstNode, arguments: &AstNode, depth: usize) -> Read<Expression> {
        let token = match name {
            AstNode::Name(alias) => self.token(alias.as_str()),
            _ => None,
        };
        let (Some(Token { lexeme: Lexeme::Function(function), column }), AstNode::PositionalParameters(arguments)) =
            (token, arguments)
        else {
            let message = "括号前面不是函数";
            return Err(Problem::at(self.column_of(name), "rules.function", message, "请检查是否漏写运算符"));
        };
        let arguments: Vec<Expression> =
            arguments.iter().map(|argument| self.expression(argument, depth)).collect::<Read<_>>()?;
        let node = function_node(function, arguments, *column)?;
        Ok(Expression { column: *column, node })
    }

    fn token(&self, alias: &str) -> Option<&Token> {
        self.tokens.get(alias.strip_prefix('n')?.parse::<usize>().ok()?)
    }

    /// The place of the first token of a tree.
    fn column_of(&self, tree: &AstNode) -> usize {
        let mut tree = tree;
        loop {
            tree = match tree {
                AstNode::Name(alias) => return self.token(alias.as_str()).map_or(1, |token| token.column),
                AstNode::Add(l, _) | AstNode::Sub(l, _) | AstNode::Mul(l, _) | AstNode::Div(l, _) => l,
                AstNode::And(l, _) | AstNode::Or(l, _) | AstNode::In(l, _) | AstNode::Path(l, _) => l,
                AstNode::Eq(l, _) | AstNode::Nq(l, _) | AstNode::Lt(l, _) | AstNode::Le(l, _) => l,
                AstNode::Gt(l, _) | AstNode::Ge(l, _) | AstNode::Filter(l, _) => l,
                AstNode::FunctionInvocation(l, _) | AstNode::Between(l, ..) | AstNode::If(l, ..) => l,
                AstNode::Range(l, _) | AstNode::IntervalStart(l, _) | AstNode::Neg(l) => l,
                AstNode::UnaryEq(l) | AstNode::UnaryNe(l) | AstNode::UnaryLt(l) => l,
                AstNode::UnaryLe(l) | AstNode::UnaryGt(l) | AstNode::UnaryGe(l) => l,
                AstNode::List(items) | AstNode::ExpressionList(items) => match items.first() {
                    Some(item) => item,
                    None => return 1,
                },
                _ => return 1,
            };
        }
    }

    fn unsupported(&self, tree: &AstNode) -> Problem {
        let (what, remedy) = match tree {
            AstNode::List(_) | AstNode::ExpressionList(_) | AstNode::CommaList(_) => {
                ("列表只能写在 in 后面", "请写成 字段 in (值1, 值2)")
            }
            AstNode::Range(..) => ("区间只能写在 in 后面", "请写成 字段 in [下限..上限]"),
            AstNode::Filter(..) => ("不支持用 [ ] 过滤", "请写成条件"),
            AstNode::UnaryEq(_)
            | AstNode::UnaryNe(_)
            | AstNode::UnaryLt(_)
            | AstNode::UnaryLe(_)
            | AstNode::UnaryGt(_)
            | AstNode::UnaryGe(_) => ("比较缺少左边的值", "请写成 字段 >= 数值；in 里与算式比较时，算式要加括号"),
            _ => ("这种写法不在规则语言之内", "请改用规则语言说明中的写法"),
        };
        Problem::at(self.column_of(tree), "rules.unsupported", what, remedy)
    }
}

/// The node of a function and its arguments.
fn function_node(function: &str, mut arguments: Vec<Expression>, column: usize) -> Read<Node> {
    let given = arguments.len();
    match function {
        "min" if given > 0 => return Ok(Node::Extreme(Extreme::Least, arguments)),
        "max" if given > 0 => return Ok(Node::Extreme(Extreme::Greatest, arguments)),
        _ => {}
    }
    let (Some(argument), true) = (arguments.pop(), given == 1) else {
        let message = format!("{function} 需要 1 个参数，给了 {given} 个");
        return Err(Problem::at(column, "rules.arguments", message, "请检查括号里的内容"));
    };
    if let Some(part) = Part::named(function) {
        return Ok(Node::Part(part, Box::new(argument)));
    }
    match (function, &argument.node) {
        ("not", _) => Ok(Node::Not(Box::new(argument))),
        ("abs", _) => Ok(Node::Abs(Box::new(argument))),
        ("date", Node::Text(text)) => match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) if text.len() == 10 => Ok(Node::Date(date)),
            _ => {
                let message = format!("“{text}”不是有效的日期");
                Err(Problem::at(argument.column, "rules.date", message, "请写成 date(\"2025-06-30\")"))
            }
        },
        ("duration", Node::Text(text)) => length_of_time(text).ok_or_else(|| {
            let message = format!("“{text}”不是支持的时长");
            Problem::at(argument.column, "rules.duration", message, "请写成 P1Y、P6M、P1Y6M 或 P30D（年月与天不混写）")
        }),
        _ => {
            let message = format!("{function} 的参数要写成引号里的文字");
            Err(Problem::at(
                argument.column,
                "rules.arguments",
                message,
                "例如 date(\"2025-06-30\")、duration(\"P1Y\")",
            ))
        }
    }
}

/// Reads `P1Y`, `P6M`, `P1Y6M`, `P30D`, with a minus in front if need be.
fn length_of_time(text: &str) -> Option<Node> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let rest = rest.strip_prefix('P')?;
    let whole = |digits: &str| -> Option<i64> {
        let right = (1..=5).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        right.then(|| digits.parse().ok())?
    };
    if let Some(days) = rest.strip_suffix('D') {
        return Some(Node::Days(sign * whole(days)?));
    }
    let (years, rest) = match rest.split_once('Y') {
        Some((years, rest)) => (whole(years)?, rest),
        None => (0, rest),
    };
    let months = match rest.strip_suffix('M') {
        Some(months) => whole(months)?,
        None if rest.is_empty() && text.ends_with('Y') => 0,
        None => return None,
    };
    Some(Node::Months(sign * (years * 12 + months)))
}
