//! What a pack's entitlements come to on a day: the rules in force over one register, ready for `rules::Book`, with the words,
//! units and clauses that belong to each.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use rules::files::{Clauses, Offer};
use rules::{
    AmountText, Collect, Hit, Parameters, Rounding, RowText, RuleText, Scalar, Slow, TableText, Term, Type, Vocabulary,
    Way,
};
use rust_decimal::Decimal;
use vocabulary::Register;

use crate::check::vocabulary_of;
use crate::layers::Layers;
use crate::model::{Ask, AskKind, DecisionTable, Entitlement, HitPolicy, Rounded, Source, Value, as_known};

/// Decimal places kept of money in yuan: fen.
const FEN: u32 = 2;

/// The entitlements over one register on a day, as known on another.
#[derive(Debug, Clone)]
pub struct Due<'p> {
    /// Those with a rule, in the order of the packs: the city's, then the nation's.
    pub entitlements: Vec<&'p Entitlement>,
    /// Their rules.
    pub rules: Vec<RuleText>,
    /// Key, unit, period and clause of each.
    pub offers: Vec<Offer>,
    /// Those that name the register or none and have no rule: nothing can be decided of them.
    pub without_rule: Vec<&'p Entitlement>,
    /// What the rules may speak of: the register's fields, and what the rules ask beside them.
    pub vocabulary: Vocabulary,
    /// English keys of the register's fields, to their labels.
    pub aliases: HashMap<String, String>,
    /// The parameters on that day.
    pub parameters: Parameters,
    /// Where the parameters' values come from.
    pub clauses: Clauses,
}

impl<'p> Layers<'p> {
    /// What is due over a register on a day; `known` is the day as of which things were known, all of them without it.
    #[must_use]
    pub fn due(self, register: &Register, on: NaiveDate, known: Option<NaiveDate>) -> Due<'p> {
        let mut due = Due {
            entitlements: Vec::new(),
            rules: Vec::new(),
            offers: Vec::new(),
            without_rule: Vec::new(),
            vocabulary: Vocabulary::default(),
            aliases: register.fields.iter().map(|field| (field.key.clone(), field.label.clone())).collect(),
            parameters: self.days(on),
            clauses: Clauses::new(),
        };
        let mut values: Vec<(&str, &Value)> = Vec::new();
        for parameter in self.parameters() {
            let found = self.parameter_as_known(&parameter.key, on, known);
            let label = parameter.label.as_str();
            due.parameters = match found {
                Some(dated) => {
                    due.clauses.insert(label.to_owned(), shown(&dated.source));
                    due.parameters.with(label, scalar(&dated.value))
                }
                None => due.parameters.without(label),
            };
            values.extend(found.or(parameter.values.first()).map(|dated| (label, &dated.value)));
        }
        due.vocabulary = vocabulary_of(register, values);
        for entitlement in self.entitlements().into_iter().filter(|one| one.holds_on(on)) {
            due.add(entitlement, register, on, known);
        }
        due
    }

    /// Rules of entitlements that the columnar evaluator does not know: they go row by row, and why.
    #[must_use]
    pub fn slow_rules(self, registers: &[&Register]) -> Vec<(&'p str, Slow)> {
        let parameters: Vec<(&str, &Value)> = self
            .parameters()
            .into_iter()
            .filter_map(|one| Some((one.label.as_str(), &one.values.first()?.value)))
            .collect();
        let mut found = Vec::new();
        for entitlement in self.entitlements() {
            let register = registers.iter().find(|one| Some(one.key.as_str()) == entitlement.register.as_deref());
            let Some(register) = register else { continue };
            let mut vocabulary = vocabulary_of(register, parameters.iter().copied());
            vocabulary.terms.extend(entitlement.asks.iter().map(Ask::term));
            let rules = entitlement.rule.iter().chain(entitlement.changes.iter().map(|change| &change.rule));
            let rules = rules.map(|rule| (rule, Type::Boolean));
            for (text, kind) in rules.chain(entitlement.calculation.iter().map(|text| (text, Type::Number))) {
                let slow = rules::read_either(text, &vocabulary, kind).ok().flatten();
                found.extend(slow.map(|slow| (entitlement.key.as_str(), slow)));
            }
        }
        found
    }

    /// A parameter's value on a day, as known on another.
    fn parameter_as_known(self, key: &str, on: NaiveDate, known: Option<NaiveDate>) -> Option<&'p crate::model::Dated> {
        self.packs().find_map(|pack| {
            let parameter = pack.parameters.iter().find(|parameter| parameter.key == key)?;
            as_known(&parameter.values, on, known)
        })
    }

    /// The days that every rule may name.
    fn days(self, on: NaiveDate) -> Parameters {
        let first = |month| NaiveDate::from_ymd_opt(on.year(), month, 1).unwrap_or(on);
        let parameters = Parameters::new()
            .with("基准日", Scalar::Date(on))
            .with("月初", Scalar::Date(first(on.month())))
            .with("年初", Scalar::Date(first(1)));
        match self.city.and_then(|pack| pack.manifest.period).map(|period| period.from) {
            Some(day) => parameters.with("期初", Scalar::Date(day)),
            None => parameters.without("期初"),
        }
    }
}

impl<'p> Due<'p> {
    fn add(&mut self, entitlement: &'p Entitlement, register: &Register, on: NaiveDate, known: Option<NaiveDate>) {
        let mine = entitlement.register.as_deref().is_none_or(|key| key == register.key);
        let (rule, source) = entitlement.rule_on(on, known);
        if rule.is_none() && entitlement.table.is_none() {
            self.without_rule.extend(mine.then_some(entitlement));
            return;
        }
        if entitlement.register.as_deref() != Some(register.key.as_str()) {
            return;
        }
        for term in entitlement.asks.iter().map(Ask::term) {
            if self.vocabulary.term(&term.name).is_none() {
                self.vocabulary.terms.push(term);
            }
        }
        let dated = as_known(&entitlement.values, on, known);
        let unit = Unit::of(entitlement.unit.as_deref().unwrap_or_default());
        let amount = match (dated.and_then(|dated| dated.value.number()), &entitlement.calculation) {
            (Some(value), _) => Some(AmountText::Same(unit.kept(value))),
            (None, Some(text)) => Some(AmountText::Expression(unit.kept_text(text))),
            (None, None) => None,
        };
        let stated = amount.is_some() || entitlement.table.is_some();
        self.rules.push(RuleText {
            key: entitlement.key.clone(),
            condition: rule.map(str::to_owned),
            amount,
            table: entitlement.table.as_ref().map(|table| table.text(&unit)),
            rounding: Some(Rounding { places: FEN, way: entitlement.rounding.map_or(Way::HalfUp, Way::from) }),
        });
        self.offers.push(Offer {
            key: entitlement.key.clone(),
            unit: if stated { unit.name } else { String::new() },
            period: if stated { unit.period } else { String::new() },
            clause: shown(dated.map_or(source, |dated| &dated.source)),
        });
        self.entitlements.push(entitlement);
    }
}

impl Ask {
    /// The word as a term of rules.
    #[must_use]
    pub fn term(&self) -> Term {
        let term = match self.kind {
            AskKind::Boolean => Term::new(&self.label, Type::Boolean),
            AskKind::Number => Term::new(&self.label, Type::Number),
            AskKind::Date => Term::new(&self.label, Type::Date),
            AskKind::Choice => Term::choice(&self.label, self.choices.iter().cloned()),
        };
        term.from_source(&self.by)
    }
}

impl DecisionTable {
    /// The table as rules read it, amounts in the unit that is kept.
    fn text(&self, unit: &Unit) -> TableText {
        let row = |row: &crate::model::TableRow| RowText {
            when: row.when.clone(),
            then: match &row.then {
                Value::Number(number) => unit.kept(*number).to_string(),
                other => unit.kept_text(&other.to_string()),
            },
        };
        TableText {
            hit: self.hit.into(),
            inputs: self.inputs.clone(),
            rows: self.rows.iter().map(row).collect(),
            priority: self.priority.iter().map(|value| unit.kept(*value)).collect(),
        }
    }

    /// The table as it is written, for checking.
    pub(crate) fn plain(&self) -> TableText {
        self.text(&Unit::of(""))
    }
}

impl From<HitPolicy> for Hit {
    fn from(policy: HitPolicy) -> Self {
        match policy {
            HitPolicy::Unique => Self::Unique,
            HitPolicy::First => Self::First,
            HitPolicy::Priority => Self::Priority,
            HitPolicy::Sum => Self::Collect(Collect::Sum),
            HitPolicy::Min => Self::Collect(Collect::Least),
            HitPolicy::Max => Self::Collect(Collect::Greatest),
            HitPolicy::Count => Self::Collect(Collect::Count),
        }
    }
}

impl From<Rounded> for Way {
    fn from(rounded: Rounded) -> Self {
        match rounded {
            Rounded::HalfUp => Self::HalfUp,
            Rounded::HalfEven => Self::HalfEven,
            Rounded::Down => Self::Down,
            Rounded::Up => Self::Up,
        }
    }
}

/// A unit taken apart: what is counted, how often, and the factor to what is kept (yuan for money, whose hundredths are fen).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unit {
    name: String,
    period: String,
    factor: Decimal,
}

impl Unit {
    fn of(unit: &str) -> Self {
        let mut parts = unit.split(['/', '·']);
        let counted = parts.next().unwrap_or_default().trim();
        let (name, factor) = match counted {
            "元" => ("fen", Decimal::ONE),
            "万元" => ("fen", Decimal::from(10_000)),
            "分" => ("fen", Decimal::new(1, FEN)),
            other => (other, Decimal::ONE),
        };
        // Per person goes without saying where every row is one.
        let period = parts.map(str::trim).rfind(|part| !matches!(*part, "人" | "户" | "名" | "每人"));
        let period = match period.unwrap_or_default() {
            "月" => "month",
            "年" => "year",
            "季" | "季度" => "quarter",
            "周" => "week",
            "日" | "天" => "day",
            "次" => "once",
            "小时" => "hour",
            other => other,
        };
        Self { name: name.to_owned(), period: period.to_owned(), factor }
    }

    fn kept(&self, value: Decimal) -> Decimal {
        value.checked_mul(self.factor).map_or(value, |value| value.normalize())
    }

    fn kept_text(&self, text: &str) -> String {
        if self.factor == Decimal::ONE { text.to_owned() } else { format!("({text}) * {}", self.factor) }
    }
}

/// A source in one line.
fn shown(source: &Source) -> String {
    let parts: BTreeSet<(u8, &str)> = source
        .doc
        .iter()
        .map(|doc| (0, doc.as_str()))
        .chain(source.clause.iter().map(|clause| (1, clause.as_str())))
        .collect();
    parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>().join(" ")
}

fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Number(number) => Scalar::Number(*number),
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Flag(flag) => Scalar::Boolean(*flag),
        Value::Day(day) => Scalar::Date(*day),
    }
}
