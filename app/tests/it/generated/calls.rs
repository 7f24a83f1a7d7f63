//! One call: a door, somebody, and something wrong with it.

use super::chance::Chance;
use super::doors::{Door, Doors};
use super::evil;
use crate::wire::Call;
use serde_json::Value;

/// Methods that a door may be tried with beside its own.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];
/// What a body may be called.
const KINDS: [&str; 7] = [
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=\"",
    "application/json; charset=utf-7",
    "\u{7f}/\u{1}",
];
/// What separates the parts of a form with files.
const BOUNDARY: &str = "zhaoxi-boundary";
/// How deep a body made by a schema goes.
const DEPTH: usize = 8;

/// Makes calls.
pub struct Maker<'a> {
    pub doors: &'a Doors,
    pub chance: Chance,
}

impl Maker<'_> {
    /// A call by somebody with these cookies.
    pub fn call(&mut self, cookie: &str) -> Call {
        let doors = self.doors;
        let door = &doors.all[self.chance.below(doors.all.len())];
        let method = if self.chance.once_in(25) {
            METHODS[self.chance.below(METHODS.len())].to_owned()
        } else {
            door.method.clone()
        };
        let mut call = Call { method, target: self.target(door), ..Call::default() };
        call = self.cookies(call, cookie);
        self.body(door, &mut call);
        self.headers(&mut call);
        call
    }

    fn target(&mut self, door: &Door) -> String {
        let real = (!self.chance.once_in(3)).then(|| self.chance.of(&door.fills)).unwrap_or_default();
        let mut values = real.into_iter();
        let mut path = String::new();
        for part in door.path.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                let value = values.next().filter(|_| !self.chance.once_in(8));
                path.push_str(&value.unwrap_or_else(|| {
                    let mut word = evil::word(&mut self.chance);
                    word.truncate(3_000);
                    evil::escaped(&word, &mut self.chance)
                }));
            } else {
                path.push_str(part);
            }
        }
        let query = self.query(door);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn query(&mut self, door: &Door) -> String {
        let names: Vec<String> = door.query.iter().cloned().collect();
        if names.is_empty() && !self.chance.once_in(6) {
            return String::new();
        }
        let count = self.chance.below(5);
        let mut pairs = Vec::new();
        for _ in 0..count {
            let name = if self.chance.once_in(10) {
                evil::word(&mut self.chance)
            } else {
                self.chance.of(&names).into_bytes()
            };
            let mut value = evil::word(&mut self.chance);
            value.truncate(6_000);
            let (name, value) = (evil::escaped(&name, &mut self.chance), evil::escaped(&value, &mut self.chance));
            pairs.push(if self.chance.once_in(15) { name } else { format!("{name}={value}") });
        }
        if let Some(first) = pairs.first().filter(|_| self.chance.once_in(6)).cloned() {
            pairs.push(first);
        }
        pairs.join("&")
    }

    fn cookies(&mut self, call: Call, cookie: &str) -> Call {
        match self.chance.below(24) {
            0 => call.with("cookie", [&b"zhaoxi_session="[..], &evil::word(&mut self.chance).replaced()[..]].concat()),
            1 => call.with(
                "cookie",
                [cookie.as_bytes(), &b"; zx_form="[..], &evil::word(&mut self.chance).replaced()[..]].concat(),
            ),
            2 => call.with("cookie", cookie.replace("zx_form", "zx_other")),
            3 => call.with("cookie", self.chance.bytes(300).replaced()),
            _ if cookie.is_empty() => call,
            _ => call.with("cookie", cookie),
        }
    }

    fn headers(&mut self, call: &mut Call) {
        let mut add = |name: &'static str, value: Vec<u8>| call.headers.push((name, value.replaced()));
        if self.chance.once_in(2) {
            let versions: [&[u8]; 7] =
                [b"\"1\"", b"1", b"\"2\"", b"*", b"\"-1\"", b"\"99999999999999999999\"", b"W/\"1\""];
            add("if-match", versions[self.chance.below(versions.len())].to_vec());
        }
        for name in [
            "accept",
            "accept-encoding",
            "origin",
            "range",
            "if-none-match",
            "x-forwarded-for",
            "x-csrf-token",
            "hx-request",
        ] {
            if self.chance.once_in(30) {
                add(name, evil::word(&mut self.chance));
            }
        }
    }

    fn body(&mut self, door: &Door, call: &mut Call) {
        if call.method == "GET" || call.method == "HEAD" {
            return;
        }
        let kind = if self.chance.once_in(12) {
            call.body = evil::json(&mut self.chance);
            self.chance.of(&KINDS).to_owned()
        } else if let Some(schema) = &door.schema {
            call.body = self.json(door, schema);
            "application/json".to_owned()
        } else if door.files {
            call.body = self.parts(door);
            format!("multipart/form-data; boundary={BOUNDARY}")
        } else {
            call.body = self.form(door);
            "application/x-www-form-urlencoded".to_owned()
        };
        let kind = if self.chance.once_in(20) { self.chance.of(&KINDS).to_owned() } else { kind };
        call.headers.push(("content-type", kind.into_bytes().replaced()));
    }

    fn json(&mut self, door: &Door, schema: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        let real = self.chance.of(&door.bodies);
        // One in so many pieces is wrong: some bodies have one flaw and come far, others many.
        let flaw = [3, 8, 20, 60][self.chance.below(4)];
        if real.is_object() && !self.chance.once_in(3) {
            self.copied(&real, flaw, &mut out);
        } else {
            self.made(schema, flaw, DEPTH, &mut out);
        }
        if self.chance.once_in(25) {
            out.truncate(self.chance.below(out.len() + 1));
        }
        out
    }

    /// A value of the house with flaws.
    fn copied(&mut self, value: &Value, flaw: usize, out: &mut Vec<u8>) {
        if self.chance.once_in(flaw) {
            return out.extend(evil::json(&mut self.chance));
        }
        match value {
            Value::Object(map) => {
                out.push(b'{');
                for (number, (key, value)) in map.iter().enumerate() {
                    if number > 0 {
                        out.push(b',');
                    }
                    out.extend(serde_json::to_vec(key).unwrap());
                    out.push(b':');
                    self.copied(value, flaw, out);
                }
                out.push(b'}');
            }
            other => out.extend(serde_json::to_vec(other).unwrap()),
        }
    }

    /// A value that a schema asks for, with flaws.
    fn made(&mut self, schema: &Value, flaw: usize, depth: usize, out: &mut Vec<u8>) {
        if depth == 0 || self.chance.once_in(flaw) {
            return out.extend(evil::json(&mut self.chance));
        }
        if let Some(name) = schema["$ref"].as_str() {
            let target = self.doors.document.pointer(name.trim_start_matches('#')).cloned().unwrap_or_default();
            return self.made(&target, flaw, depth - 1, out);
        }
        if let Some(choices) = schema["enum"].as_array() {
            return out.extend(serde_json::to_vec(&choices[self.chance.below(choices.len())]).unwrap());
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[self.chance.below(kinds.len())].clone(),
            kind => kind.clone(),
        };
        match kind.as_str().unwrap_or("object") {
            "object" => {
                out.push(b'{');
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                let mut first = true;
                for (key, inner) in properties {
                    if self.chance.once_in(5) {
                        continue;
                    }
                    if !first {
                        out.push(b',');
                    }
                    first = false;
                    out.extend(serde_json::to_vec(&key).unwrap());
                    out.push(b':');
                    self.made(&inner, flaw, depth - 1, out);
                }
                out.push(b'}');
            }
            "array" => {
                out.push(b'[');
                self.made(&schema["items"], flaw, depth - 1, out);
                out.push(b']');
            }
            "integer" => out.extend(["1", "0", "3", "42"][self.chance.below(4)].bytes()),
            "number" => out.extend(["1.5", "0", "88", "1e2"][self.chance.below(4)].bytes()),
            "boolean" => out.extend(b"true"),
            "null" => out.extend(b"null"),
            _ => match schema["format"].as_str() {
                Some("date") => out.extend(b"\"2025-09-30\""),
                Some("uuid") => {
                    let ids = self.doors.all[self.chance.below(self.doors.all.len())].fills.clone();
                    let ids: Vec<String> = ids.iter().filter_map(|one| one.last().cloned()).collect();
                    let id = self.chance.of(&ids);
                    out.extend(serde_json::to_vec(&id).unwrap());
                }
                _ => out.extend("\"测试\"".bytes()),
            },
        }
    }

    /// The fields of a form that a page shows, some of them wrong, left out or twice.
    fn fields(&mut self, door: &Door) -> Vec<(Vec<u8>, Vec<u8>)> {
        let form = self.chance.of(&door.forms);
        let flaw = [2, 6, 20][self.chance.below(3)];
        let mut fields = Vec::new();
        for (name, value) in form {
            let keep = name == "csrf" && !self.chance.once_in(10);
            let value =
                if keep || !self.chance.once_in(flaw) { value.into_bytes() } else { evil::word(&mut self.chance) };
            if keep || !self.chance.once_in(15) {
                fields.push((name.clone().into_bytes(), value.clone()));
            }
            if self.chance.once_in(20) {
                fields.push((name.into_bytes(), value));
            }
        }
        if self.chance.once_in(6) {
            fields.push((evil::word(&mut self.chance), evil::word(&mut self.chance)));
        }
        fields
    }

    fn form(&mut self, door: &Door) -> Vec<u8> {
        let fields = self.fields(door);
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| {
                format!("{}={}", evil::escaped(name, &mut self.chance), evil::escaped(value, &mut self.chance))
            })
            .collect();
        pairs.join("&").into_bytes()
    }

    fn parts(&mut self, door: &Door) -> Vec<u8> {
        let mut out = Vec::new();
        for (name, value) in self.fields(door) {
            out.extend(format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"").bytes());
            out.extend(name.clone().replaced());
            if name == b"file" {
                out.extend(b"\"; filename=\"");
                out.extend(evil::word(&mut self.chance).replaced());
                out.extend(b"\"\r\n\r\n");
                out.extend(evil::file(&mut self.chance));
            } else {
                out.extend(b"\"\r\n\r\n");
                out.extend(value);
            }
            out.extend(b"\r\n");
        }
        if !self.chance.once_in(10) {
            out.extend(format!("--{BOUNDARY}--\r\n").bytes());
        }
        out
    }
}

/// Bytes without what would end a header or a part early.
trait Replaced {
    fn replaced(self) -> Vec<u8>;
}

impl Replaced for Vec<u8> {
    fn replaced(mut self) -> Vec<u8> {
        self.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
        self.truncate(4_000);
        self
    }
}
