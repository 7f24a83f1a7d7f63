//! Rules outside the columnar subset: read by the library's grammar, checked for names, and answered row by row by whoever has
//! an evaluator for the whole of FEEL.

use crate::column::Scalar;
use crate::problem::Problem;
use crate::vocabulary::{Type, Vocabulary};
use crate::walk;
use dsntk_feel::FeelScope;
use dsntk_feel::bif::is_built_in_function_name;
use dsntk_feel::context::FeelContext;

/// Functions that a rule may not call: the day is a parameter, and nothing outside the file decides.
const FORBIDDEN: [&str; 2] = ["now", "today"];
/// Problems for which the columnar evaluator is to blame and not the rule.
const OUTSIDE: [&str; 5] = ["rules.unsupported", "rules.function", "rules.property", "rules.syntax", "rules.too_deep"];
/// Characters of a slow rule.
const LONGEST: usize = 8_000;

/// Something that evaluates one rule for one row at a time.
pub trait RowByRow: Send + Sync + std::fmt::Debug {
    /// The rule's value for a row: the values of [`Slow::terms`] and then of [`Slow::parameters`], in their order.
    fn value(&self, row: &[Option<Scalar>]) -> Option<Scalar>;
}

/// A rule that must go row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Slow {
    /// The rule as it was written.
    pub text: String,
    /// The kind of value its place asks for.
    pub kind: Type,
    /// Why: what the columnar evaluator does not know.
    pub why: Vec<Problem>,
    /// Terms it speaks of.
    pub terms: Vec<String>,
    /// Parameters it speaks of.
    pub parameters: Vec<String>,
}

/// Reads a rule that the columnar evaluator refused with these problems.
///
/// # Errors
/// The same problems, when some of them are the rule's own, when FEEL cannot read it either, or when it calls for what rules may
/// not have; unknown names are named.
pub fn read(text: &str, vocabulary: &Vocabulary, kind: Type, why: Vec<Problem>) -> Result<Slow, Vec<Problem>> {
    let outside = |problem: &Problem| OUTSIDE.contains(&problem.code) && !problem.message.contains("不允许");
    if text.chars().count() > LONGEST || !why.iter().any(outside) {
        return Err(why);
    }
    let scope = FeelScope::new();
    let mut context = FeelContext::new();
    vocabulary.names().for_each(|name| context.set_null(name.into()));
    scope.push(context);
    let Ok(tree) = dsntk_feel_parser::parse_expression(&scope, text, false) else { return Err(why) };
    let names = walk::names(&tree);
    if names.external {
        return Err(vec![Problem::at(1, "rules.unsupported", "不允许调用外部函数", "请改用 FEEL 自带的函数")]);
    }
    let mut problems = Vec::new();
    for called in &names.called {
        if FORBIDDEN.contains(&called.as_str()) {
            let message = format!("不允许调用 {called}()");
            problems.push(Problem::at(1, "rules.unsupported", message, "日期一律由参数给出，请用“基准日”"));
        } else if !is_built_in_function_name(called) && !names.bound.contains(called) {
            problems.push(Problem::at(1, "rules.function", format!("不支持的函数 {called}"), "请改用 FEEL 自带的函数"));
        }
    }
    let (mut terms, mut parameters) = (Vec::new(), Vec::new());
    for name in &names.used {
        if names.bound.contains(name) || is_built_in_function_name(name) {
            continue;
        }
        if vocabulary.term(name).is_some() {
            terms.push(name.clone());
        } else if vocabulary.parameter(name).is_some() {
            parameters.push(name.clone());
        } else {
            let remedy = vocabulary.nearest(name).map(|meant| format!("是不是“{meant}”？"));
            let remedy = remedy.unwrap_or_else(|| "请使用登记簿中已有的字段名或参数名".to_owned());
            problems.push(Problem::at(1, "rules.unknown_name", format!("不认识的名称“{name}”"), remedy));
        }
    }
    if problems.is_empty() { Ok(Slow { text: text.to_owned(), kind, why, terms, parameters }) } else { Err(problems) }
}
