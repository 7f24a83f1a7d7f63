//! The error index: every code that the program can give stands in `docs/errors`, and nothing else does.
//!
//! Codes are found where they are given: as the `code` argument of a function or closure that also takes a
//! message or remedy, in a `code` field, as the first of a tuple, or behind `=>`.

use crate::tree::{files, text};
use std::collections::{BTreeMap, BTreeSet};

/// The page that lists every code.
const INDEX: &str = "docs/errors/README.md";
/// Parameters that tell a code of ours from a region's code.
const WORDS: &[&str] = &["message", "remedy", "text"];
/// Last parts of file names, which look like codes.
const ENDINGS: &[&str] = &[
    "toml", "xml", "html", "css", "js", "tsv", "csv", "xlsx", "db", "json", "gz", "md", "sql", "svg", "ttf", "ttc",
    "otf",
];

/// A piece of source text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

/// Splits source text; comments and blanks are dropped, a character literal becomes one sign.
fn tokens(source: &str) -> Vec<Token> {
    let letters: Vec<char> = source.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or('\0');
    let (mut found, mut here) = (Vec::new(), 0);
    while here < letters.len() {
        match at(here) {
            '/' if at(here + 1) == '/' => {
                while here < letters.len() && at(here) != '\n' {
                    here += 1;
                }
            }
            '\'' if at(here + 1) == '\\' || at(here + 2) == '\'' => {
                let from = if at(here + 1) == '\\' { here + 3 } else { here + 2 };
                here = (from..letters.len()).find(|index| at(*index) == '\'').map_or(letters.len(), |end| end + 1);
                found.push(Token::Sign('\''));
            }
            '"' => {
                let mut text = String::new();
                here += 1;
                while here < letters.len() && at(here) != '"' {
                    if at(here) == '\\' {
                        here += 1;
                    }
                    text.push(at(here));
                    here += 1;
                }
                here += 1;
                found.push(Token::Text(text));
            }
            letter if letter.is_alphanumeric() || letter == '_' => {
                let end = (here..letters.len()).find(|index| !(at(*index).is_alphanumeric() || at(*index) == '_'));
                let end = end.unwrap_or(letters.len());
                found.push(Token::Word(letters.get(here..end).unwrap_or_default().iter().collect()));
                here = end;
            }
            letter => {
                if !letter.is_whitespace() {
                    found.push(Token::Sign(letter));
                }
                here += 1;
            }
        }
    }
    found
}

/// The tokens between an opening sign and its end, split at commas; and the place after the end.
fn arguments(tokens: &[Token], open: usize, end: char) -> (Vec<Vec<Token>>, usize) {
    let (mut depth, mut parts, mut here) = (0_i32, vec![Vec::new()], open + 1);
    while let Some(token) = tokens.get(here) {
        match token {
            Token::Sign(sign) if depth == 0 && *sign == end => break,
            Token::Sign(',') if depth == 0 => parts.push(Vec::new()),
            other => {
                match other {
                    Token::Sign('(' | '[' | '{') => depth += 1,
                    Token::Sign(')' | ']' | '}') => depth -= 1,
                    _ => {}
                }
                if let Some(last) = parts.last_mut() {
                    last.push(other.clone());
                }
            }
        }
        here += 1;
    }
    (parts, here + 1)
}

/// Something that takes a code: which of its arguments it is, and what it puts before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Giver {
    at: usize,
    before: String,
}

/// What takes a code in one crate, by name: two functions of one name may take it at different places.
type Givers = BTreeMap<String, Vec<Giver>>;

/// The place of a parameter named `code` among those of a function that also takes words about it.
fn place_of_code(parameters: &[Vec<Token>]) -> Option<usize> {
    let name = |parameter: &Vec<Token>| {
        parameter.iter().find_map(|token| match token {
            Token::Word(word) if !matches!(word.as_str(), "mut" | "static") => Some(word.clone()),
            _ => None,
        })
    };
    let names: Vec<String> = parameters.iter().filter_map(name).filter(|name| name != "self").collect();
    let speaks = names.iter().any(|name| WORDS.contains(&name.as_str()));
    names.iter().position(|name| name == "code").filter(|_| speaks)
}

/// What a body puts before the code it was given: `format!("record.{code}")`.
fn put_before(body: &[Token]) -> String {
    let texts = body.iter().take(40).filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None });
    texts.filter_map(|text| text.strip_suffix("{code}")).next().unwrap_or_default().to_owned()
}

/// The functions and closures of a source, by name; those that take a code have it said.
fn givers(tokens: &[Token]) -> Givers {
    let mut found = Givers::new();
    for here in 0..tokens.len() {
        let word = |ahead: usize| match tokens.get(here + ahead) {
            Some(Token::Word(word)) => word.as_str(),
            _ => "",
        };
        let signs = |sign: char| (here..here + 30).find(|index| tokens.get(*index) == Some(&Token::Sign(sign)));
        let (name, open, end) = match word(0) {
            "fn" => (word(1), signs('('), ')'),
            "let" if tokens.get(here + 2) == Some(&Token::Sign('=')) => (word(1), Some(here + 3), '|'),
            "let" if word(1) == "mut" => (word(2), Some(here + 4), '|'),
            _ => continue,
        };
        let opens = |index: &usize| matches!(tokens.get(*index), Some(Token::Sign('(' | '|')));
        let Some(open) = open.filter(opens) else { continue };
        let (parameters, after) = arguments(tokens, open, end);
        let known = found.entry(name.to_owned()).or_default();
        if let Some(at) = place_of_code(&parameters) {
            known.push(Giver { at, before: put_before(tokens.get(after..).unwrap_or_default()) });
        }
    }
    found
}

/// The codes of `let (code, …) = match … { A => ("one", …), … }` before a `format!("family.{code}")` at `at`.
fn chosen_before(tokens: &[Token], at: usize) -> Vec<String> {
    let Some(Token::Text(text)) = tokens.get(at) else { return Vec::new() };
    let Some(before) = text.strip_suffix("{code}") else { return Vec::new() };
    let near = tokens.get(at.saturating_sub(200)..at).unwrap_or_default();
    let choice = [Token::Word("let".into()), Token::Sign('('), Token::Word("code".into()), Token::Sign(',')];
    let Some(start) = near.windows(4).rposition(|window| window == choice) else { return Vec::new() };
    let chosen = near.get(start..).unwrap_or_default().windows(3).filter_map(|window| match window {
        [Token::Sign('>'), Token::Sign('('), Token::Text(word)] => Some(format!("{before}{word}")),
        _ => None,
    });
    chosen.collect()
}

/// Whether a text has the form of a code.
fn is_code(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let plain = |part: &&str| {
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        part.starts_with(|first: char| first.is_ascii_lowercase()) && part.chars().all(fits)
    };
    parts.len() > 1 && parts.iter().all(plain)
}

/// A text that stands where a code or something else may stand.
fn perhaps(text: &str) -> Option<String> {
    let is_file = text.rsplit('.').next().is_some_and(|last| ENDINGS.contains(&last));
    (is_code(text) && !is_file).then(|| text.to_owned())
}

/// The codes that stand in one source. A name that it declares itself is its own; others are its crate's.
fn codes_in(tokens: &[Token], own: &Givers, of_crate: &Givers) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for here in 0..tokens.len() {
        let next = tokens.get(here + 1);
        match (&tokens[here], next) {
            (Token::Word(name), Some(Token::Sign('(')))
                if here == 0 || tokens[here - 1] != Token::Word("fn".into()) =>
            {
                let owner = here.checked_sub(3).and_then(|at| tokens.get(at));
                let is = |word: &str| owner == Some(&Token::Word(word.to_owned()));
                let shared = (name == "new" && is("Violation")) || (name == "invalid" && is("Refusal"));
                let first = vec![Giver { at: 0, before: String::new() }];
                let known = if shared { Some(&first) } else { own.get(name).or_else(|| of_crate.get(name)) };
                let (given, _) = arguments(tokens, here + 1, ')');
                for giver in known.into_iter().flatten() {
                    if let Some(Token::Text(text)) = given.get(giver.at).and_then(|argument| argument.first()) {
                        found.insert(format!("{}{text}", giver.before));
                    }
                }
            }
            (Token::Word(name), Some(Token::Sign(':'))) if name == "code" => {
                found.extend(text_at(tokens, here + 2));
            }
            (Token::Text(name), Some(Token::Sign(':'))) if name == "code" => {
                found.extend(text_at(tokens, here + 2));
            }
            (Token::Sign('('), Some(Token::Text(text))) if tokens.get(here + 2) == Some(&Token::Sign(',')) => {
                let called = matches!(
                    here.checked_sub(1).and_then(|at| tokens.get(at)),
                    Some(Token::Word(_) | Token::Sign('!' | '>'))
                );
                let behind_arrow = here >= 2 && tokens[here - 2..here] == [Token::Sign('='), Token::Sign('>')];
                found.extend(perhaps(text).filter(|_| !called || behind_arrow));
            }
            (Token::Sign('>'), Some(Token::Text(text))) if here > 0 && tokens[here - 1] == Token::Sign('=') => {
                found.extend(perhaps(text));
            }
            (Token::Text(_), _) => found.extend(chosen_before(tokens, here)),
            _ => {}
        }
    }
    found.retain(|text| is_code(text));
    found
}

fn text_at(tokens: &[Token], at: usize) -> Option<String> {
    match tokens.get(at) {
        Some(Token::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The source of a file as it ships: without its unit tests.
fn shipped(source: &str) -> &str {
    source.split("#[cfg(test)]").next().unwrap_or_default()
}

/// Every code in some sources that belong to one crate.
#[must_use]
pub fn codes_of(sources: &[String]) -> BTreeSet<String> {
    let sources: Vec<Vec<Token>> = sources.iter().map(|source| tokens(shipped(source))).collect();
    let own: Vec<Givers> = sources.iter().map(|source| givers(source)).collect();
    let mut of_crate = Givers::new();
    for (name, givers) in own.iter().flatten() {
        of_crate.entry(name.clone()).or_default().extend(givers.iter().cloned());
    }
    sources.iter().zip(&own).flat_map(|(source, own)| codes_in(source, own, &of_crate)).collect()
}

/// Every code that the program can give.
#[must_use]
pub fn given() -> BTreeSet<String> {
    let mut crates: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files().into_iter().filter(|file| file.ends_with(".rs") && !file.starts_with("checks/")) {
        if let Some((name, inner)) = file.split_once("/src/")
            && !inner.ends_with("tests.rs")
        {
            crates.entry(name.to_owned()).or_default().push(text(&file));
        }
    }
    crates.values().flat_map(|sources| codes_of(sources)).collect()
}

/// The codes that the index lists: first cells of its tables.
#[must_use]
pub fn listed() -> Vec<String> {
    let page = text(INDEX);
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(code, _)| code.to_owned()).collect()
}

/// What the index lacks, has twice, or has without anything giving it.
#[must_use]
pub fn wrong() -> Vec<String> {
    let (given, listed) = (given(), listed());
    let set: BTreeSet<String> = listed.iter().cloned().collect();
    let mut found: Vec<String> = given
        .difference(&set)
        .map(|code| format!("{code}: add a row to {INDEX} with its meaning and what to do"))
        .collect();
    found.extend(
        set.difference(&given).map(|code| format!("{code}: nothing gives this code any more; take it off {INDEX}")),
    );
    if set.len() != listed.len() {
        found.push(format!("{INDEX} lists a code twice"));
    }
    found
}
