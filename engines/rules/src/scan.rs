//! Cuts the text of a rule into tokens, each with its place, and refuses what lies outside the language by its name.
//!
//! Names are found against the vocabulary: the longest name that begins here wins, so that a name may hold spaces, digits
//! or signs that would otherwise end it. Everything unknown is reported at once.

use crate::problem::Problem;
use crate::vocabulary::{Type, Vocabulary, nearest};
use rust_decimal::Decimal;

/// The longest text of a rule, in characters.
const LONGEST_TEXT: usize = 8_000;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// A number, exact.
    Number(Decimal),
    /// A text between quotes, without them.
    Text(String),
    /// A term or parameter of the vocabulary.
    Name(String),
    /// A function of the language, before its bracket.
    Function(&'static str),
    /// A part of a date, after its dot.
    Property(&'static str),
    /// A word of the language.
    Word(&'static str),
    /// An operator or bracket.
    Sign(&'static str),
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub lexeme: Lexeme,
    /// First character, from 1.
    pub column: usize,
}

/// Words of the language that stand for themselves.
const WORDS: [&str; 10] = ["and", "or", "in", "between", "if", "then", "else", "true", "false", "null"];
/// Functions of the language.
pub(crate) const FUNCTIONS: [&str; 10] =
    ["not", "abs", "min", "max", "year", "month", "day", "date", "duration", "weekday"];
/// What may follow a dot.
const PROPERTIES: [&str; 5] = ["year", "month", "day", "weekday", "days"];
/// Signs, longer ones first.
const SIGNS: [&str; 17] = ["..", "<=", ">=", "!=", "=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", "."];
/// Signs of other languages, and what to write instead.
const FOREIGN_SIGNS: [(&str, &str); 11] = [
    ("==", "相等请写 ="),
    ("<>", "不等请写 !="),
    ("&&", "并且请写 and"),
    ("||", "或者请写 or"),
    ("**", "不支持乘方，请写成连乘"),
    ("->", "不支持函数类型"),
    ("{", "不支持上下文 { }"),
    ("}", "不支持上下文 { }"),
    (":", "不支持命名参数与上下文"),
    ("@", "日期请写 date(\"2025-06-30\")，时长请写 duration(\"P1Y\")"),
    ("%", "不支持求余；百分比请写成小数或百分数的数值"),
];
/// Words of FEEL that this language leaves out, and why.
const LEFT_OUT: [(&str, &str); 14] = [
    ("for", "不支持 for 循环"),
    ("return", "不支持 for 循环"),
    ("some", "不支持量词 some"),
    ("every", "不支持量词 every"),
    ("satisfies", "不支持量词"),
    ("function", "不支持自定义函数"),
    ("external", "不允许调用外部函数"),
    ("instance", "不支持 instance of"),
    ("of", "不支持 instance of"),
    ("now", "不允许读取当前时间"),
    ("today", "不允许读取当前日期"),
    ("list", "不支持列表函数"),
    ("context", "不支持上下文函数"),
    ("item", "不支持过滤表达式"),
];

/// All tokens of a text.
///
/// # Errors
/// Every unknown name, sign or construct.
pub(crate) fn tokens(text: &str, vocabulary: &Vocabulary) -> Result<Vec<Token>, Vec<Problem>> {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() > LONGEST_TEXT {
        let message = format!("表达式有 {} 个字，超过 {LONGEST_TEXT} 个字", letters.len());
        return Err(vec![Problem::at(1, "rules.too_long", message, "请拆成几条规则")]);
    }
    let mut scanner = Scanner::new(&letters, vocabulary);
    scanner.run();
    if scanner.problems.is_empty() && scanner.tokens.is_empty() {
        scanner.report("rules.empty", "表达式是空的".into(), "请写出条件或取值".into());
    }
    if scanner.problems.is_empty() { Ok(scanner.tokens) } else { Err(scanner.problems) }
}

struct Scanner<'a> {
    letters: &'a [char],
    vocabulary: &'a Vocabulary,
    /// Names that a plain word does not cover, longest first.
    odd_names: Vec<Vec<char>>,
    at: usize,
    tokens: Vec<Token>,
    problems: Vec<Problem>,
}

impl<'a> Scanner<'a> {
    fn new(letters: &'a [char], vocabulary: &'a Vocabulary) -> Self {
        let mut odd_names: Vec<Vec<char>> =
            vocabulary.names().map(|name| name.chars().collect::<Vec<char>>()).filter(|name| !is_plain(name)).collect();
        odd_names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self { letters, vocabulary, odd_names, at: 0, tokens: Vec::new(), problems: Vec::new() }
    }

    fn run(&mut self) {
        while let Some(letter) = self.peek(0) {
            if letter.is_whitespace() {
                self.at += 1;
            } else if let Some(length) = self.odd_name() {
                let name = self.slice(length);
                self.push(Lexeme::Name(name), length);
            } else if letter == '"' {
                self.text();
            } else if letter.is_ascii_digit() || (letter == '.' && self.digit(1)) {
                self.number();
            } else if starts_name(letter) {
                self.word();
            } else {
                self.sign(letter);
            }
        }
    }

    fn odd_name(&self) -> Option<usize> {
        let rest = self.letters.get(self.at..)?;
        let fits = |name: &&Vec<char>| {
            let after = rest.get(name.len()).copied();
            let joined = name.last().copied().is_some_and(continues_name) && after.is_some_and(continues_name);
            rest.starts_with(name) && !joined
        };
        self.odd_names.iter().find(fits).map(Vec::len)
    }

    /// A text literal. Only `\"` and `\\` are escapes: choices and names need no others.
    fn text(&mut self) {
        let (mut value, mut length) = (String::new(), 1);
        loop {
            match (self.peek(length), self.peek(length + 1)) {
                (Some('"'), _) => break,
                (Some('\\'), Some(next @ ('"' | '\\'))) => {
                    value.push(next);
                    length += 2;
                }
                (Some(letter), _) => {
                    value.push(letter);
                    length += 1;
                }
                (None, _) => {
                    self.report("rules.open_text", "文字缺少结尾的引号".into(), "请补上 \"".into());
                    self.at = self.letters.len();
                    return;
                }
            }
        }
        self.push(Lexeme::Text(value), length + 1);
    }

    fn number(&mut self) {
        let mut length = self.digits_from(0);
        if self.peek(length) == Some('.') && self.digit(length + 1) {
            length += 1 + self.digits_from(length + 1);
        }
        let written = self.slice(length);
        if self.peek(length).is_some_and(starts_name) {
            let message = format!("数字 {written} 后面直接跟着文字");
            self.report("rules.number", message, "数字与文字之间请加运算符；单位不写在表达式里".into());
            self.at += length;
            self.at += self.run_of(continues_name);
            return;
        }
        match written.parse::<Decimal>() {
            Ok(value) => self.push(Lexeme::Number(value), length),
            Err(_) => {
                let message = format!("数字 {written} 太长");
                self.report("rules.number", message, "请写不超过 28 位有效数字".into());
                self.at += length;
            }
        }
    }

    fn word(&mut self) {
        let length = self.run_of(continues_name);
        let word = self.slice(length);
        if matches!(self.tokens.last(), Some(Token { lexeme: Lexeme::Sign("."), .. })) {
            return self.property(&word, length);
        }
        let called = self.after_spaces(length) == Some('(');
        let function = FUNCTIONS.iter().find(|name| **name == word);
        if let Some(keyword) = WORDS.iter().find(|name| **name == word) {
            self.push(Lexeme::Word(keyword), length);
        } else if self.vocabulary.names().any(|name| name == word) && !called {
            self.push(Lexeme::Name(word), length);
        } else if let (true, Some(function)) = (called, function) {
            self.push(Lexeme::Function(function), length);
        } else {
            self.unknown(&word, called);
            self.at += length;
        }
    }

    fn property(&mut self, word: &str, length: usize) {
        match PROPERTIES.iter().find(|name| **name == word) {
            Some(property) => self.push(Lexeme::Property(property), length),
            None => {
                let message = format!("不认识的属性 .{word}");
                self.report("rules.property", message, format!("可用：.{}", PROPERTIES.join("、.")));
                self.at += length;
            }
        }
    }

    fn unknown(&mut self, word: &str, called: bool) {
        if let Some((_, why)) = LEFT_OUT.iter().find(|(name, _)| *name == word) {
            let remedy = match *why {
                why if why.contains("当前") => self.as_of_hint(),
                _ => "请改用本语言支持的写法（见规则语言说明）".to_owned(),
            };
            return self.report("rules.unsupported", (*why).to_owned(), remedy);
        }
        if let Some(wide) = word.chars().find(|letter| is_wide_sign(*letter)) {
            let message = format!("“{word}”里有全角符号“{wide}”");
            return self.report("rules.wide_sign", message, "运算符、括号和逗号请用半角".to_owned());
        }
        if FUNCTIONS.contains(&word) {
            let message = format!("函数 {word} 后面缺少括号");
            return self.report("rules.function", message, format!("请写成 {word}(…)"));
        }
        if called {
            let known = self.vocabulary.names().any(|name| name == word);
            let message =
                if known { format!("“{word}”不是函数") } else { format!("不支持的函数 {word}") };
            return self.report("rules.function", message, format!("可用函数：{}", FUNCTIONS.join("、")));
        }
        let remedy = match nearest(word, self.vocabulary.names().chain(WORDS)) {
            Some(name) => format!("是不是“{name}”？"),
            None => "请使用登记簿中已有的字段名或参数名".to_owned(),
        };
        self.report("rules.unknown_name", format!("不认识的名称“{word}”"), remedy);
    }

    fn as_of_hint(&self) -> String {
        let dates = self.vocabulary.parameters.iter().find(|parameter| parameter.kind == Type::Date);
        match dates {
            Some(parameter) => format!("日期一律由参数给出，请用“{}”", parameter.name),
            None => "日期一律由参数给出".to_owned(),
        }
    }

    fn sign(&mut self, letter: char) {
        let rest: String = self.letters.iter().skip(self.at).take(2).collect();
        if let Some((sign, remedy)) = FOREIGN_SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            self.report("rules.unsupported", format!("不支持的符号 {sign}"), (*remedy).to_owned());
            self.at += sign.chars().count();
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            self.push(Lexeme::Sign(sign), sign.len());
        } else {
            let wide = is_wide_sign(letter);
            let remedy = if wide { "请改用半角符号" } else { "请删去或改正这个字符" };
            self.report("rules.sign", format!("不认识的字符“{letter}”"), remedy.to_owned());
            self.at += 1;
        }
    }

    fn push(&mut self, lexeme: Lexeme, length: usize) {
        self.tokens.push(Token { lexeme, column: self.at + 1 });
        self.at += length;
    }

    fn report(&mut self, code: &'static str, message: String, remedy: String) {
        self.problems.push(Problem::at(self.at + 1, code, message, remedy));
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn digit(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|letter| letter.is_ascii_digit())
    }

    fn digits_from(&self, ahead: usize) -> usize {
        let rest = self.letters.iter().skip(self.at + ahead);
        rest.take_while(|letter| letter.is_ascii_digit()).count()
    }

    fn run_of(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.letters.iter().skip(self.at).take_while(|letter| belongs(**letter)).count()
    }

    fn after_spaces(&self, ahead: usize) -> Option<char> {
        let rest = self.letters.iter().skip(self.at + ahead);
        rest.copied().find(|letter| !letter.is_whitespace())
    }

    fn slice(&self, length: usize) -> String {
        self.letters.iter().skip(self.at).take(length).collect()
    }
}

fn is_plain(name: &[char]) -> bool {
    name.first().copied().is_some_and(starts_name) && name.iter().copied().all(continues_name)
}

/// Whether a name may begin with this character: a letter of any script, a Chinese character or an underscore.
fn starts_name(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_' || is_wide_sign(letter)
}

/// Whether a name may go on with this character.
fn continues_name(letter: char) -> bool {
    starts_name(letter) || letter.is_numeric()
}

/// Full-width signs belong to words here, so that a full-width `>` is reported with its remedy and a name may hold brackets.
fn is_wide_sign(letter: char) -> bool {
    matches!(letter, '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}'
        | '\u{FF5B}'..='\u{FF65}' | '、' | '。' | '《'..='】' | '“' | '”' | '‘' | '’')
}
