//! Limits on what is given to the library: length, depth, endless ranges; and what it does not survive is caught.

use crate::tree;
use dsntk_feel_parser::AstNode;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Characters an expression may have.
pub const LONGEST: usize = 20_000;
/// Brackets that may stand within one another.
pub const DEEPEST: usize = 200;
/// Bytes of stack that a thread should have which evaluates texts from outside: the library recurses.
pub const STACK: usize = 512 << 20;
/// Steps of one range in an iteration; more give null.
const MOST_STEPS: &str = "1000000";

/// Why a text is not given to the library.
pub(crate) fn too_much(text: &str) -> Option<String> {
    let letters = text.chars().count();
    if letters > LONGEST {
        return Some(format!("the expression has {letters} characters; at most {LONGEST} are read"));
    }
    let (mut open, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => {
                open += 1;
                deepest = deepest.max(open);
            }
            ')' | ']' | '}' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
    }
    (deepest > DEEPEST).then(|| format!("brackets stand {deepest} deep; at most {DEEPEST} are read"))
}

/// What a calculation gives, unless it breaks down.
pub(crate) fn caught<T>(calculation: impl FnOnce() -> T) -> Result<T, ()> {
    catch_unwind(AssertUnwindSafe(calculation)).map_err(drop)
}

/// The same expression with ranges of iterations that are too long for any machine cut off: they give null.
pub(crate) fn bounded(node: AstNode) -> AstNode {
    match node {
        AstNode::IterationContextInterval(name, from, to) => {
            let (from, to) = (Box::new(bounded(*from)), Box::new(bounded(*to)));
            let limit = || AstNode::Numeric(MOST_STEPS.to_owned(), String::new(), '+', String::new());
            let steps = || Box::new(AstNode::Sub(to.clone(), from.clone()));
            // Between days this is no comparison at all: calendars are short enough.
            let up = AstNode::Gt(steps(), Box::new(limit()));
            let down = AstNode::Lt(steps(), Box::new(AstNode::Neg(Box::new(limit()))));
            let endless = AstNode::Or(Box::new(up), Box::new(down));
            let end = AstNode::If(Box::new(endless), Box::new(AstNode::Null), to);
            AstNode::IterationContextInterval(name, from, Box::new(end))
        }
        other => tree::map_children(other, &mut bounded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_would_break_the_library_are_refused() {
        assert_eq!(too_much("f(\"((((\")"), None);
        assert!(too_much(&"(".repeat(DEEPEST + 1)).is_some());
        assert!(too_much(&"年".repeat(LONGEST + 1)).is_some());
        assert_eq!(too_much(&"年".repeat(LONGEST)), None);
    }
}
