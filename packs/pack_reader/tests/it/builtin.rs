//! The registers that services describe in Rust, restated for tests: this crate stands below the services.
//! A test above them compares the packs with the real descriptions.

use vocabulary::{Field, FieldKind, Register};

const FILES: [(&str, &str); 4] = [
    ("person", include_str!("builtin/person.tsv")),
    ("facility", include_str!("builtin/facility.tsv")),
    ("staff", include_str!("builtin/staff.tsv")),
    ("region", include_str!("builtin/region.tsv")),
];

/// All of them.
pub fn registers() -> Vec<Register> {
    FILES.iter().map(|(key, text)| register(key, text)).collect()
}

fn register(key: &str, text: &str) -> Register {
    let mut lines = text.lines();
    Register {
        key: key.to_owned(),
        label: lines.next().unwrap().to_owned(),
        group: String::new(),
        note: String::new(),
        source: String::new(),
        fields: lines.filter(|line| !line.is_empty()).map(field).collect(),
        unique: Vec::new(),
        list: Vec::new(),
        search: Vec::new(),
        title: String::new(),
        table: None,
        point: false,
        related: Vec::new(),
        files: Vec::new(),
    }
}

fn field(line: &str) -> Field {
    let cells: Vec<&str> = line.split('\t').collect();
    let kind = match cells[2] {
        "text" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "decimal" => FieldKind::Decimal,
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "boolean" => FieldKind::Boolean,
        "choice" => FieldKind::Choice,
        "reference" => FieldKind::Reference,
        "id_number" => FieldKind::IdNumber,
        "credit_code" => FieldKind::CreditCode,
        "phone" => FieldKind::Phone,
        other => panic!("kind {other}"),
    };
    let field = Field::new(cells[0], cells[1], kind);
    match cells.get(3) {
        Some(choices) => field.choices(&choices.split('/').collect::<Vec<_>>()),
        None => field,
    }
}
