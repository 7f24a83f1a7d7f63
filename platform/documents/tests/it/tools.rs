//! Opening what was written: zip, XML, poppler.

use std::io::{Cursor, Read};
use std::process::Command;

use documents::{Document, Fonts, PdfFile, usual_folders, write_pdf};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The fonts of this machine; `None`, with a notice, where there are none.
pub fn fonts() -> Option<Fonts> {
    match Fonts::find(&usual_folders(None)) {
        Ok(fonts) => Some(fonts),
        Err(found) => {
            eprintln!("SKIPPED: {}", found.first().unwrap());
            None
        }
    }
}

pub fn pdf(document: &Document) -> Option<PdfFile> {
    let fonts = fonts()?;
    Some(write_pdf(document, &fonts).unwrap_or_else(|found| panic!("{found:?}")))
}

/// Runs a poppler tool on a PDF; `None`, with a notice, where poppler is absent.
pub fn poppler(tool: &str, options: &[&str], bytes: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("document.pdf");
    std::fs::write(&path, bytes).unwrap();
    let mut command = Command::new(tool);
    command.args(options).arg(&path);
    if tool == "pdftotext" {
        command.arg("-");
    }
    match command.output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(_) => {
            eprintln!("SKIPPED: {tool} is not installed (apt-get install poppler-utils)");
            None
        }
    }
}

/// Leaves a file to look at in the folder that `DOCUMENTS_SAMPLES` names, when it does.
pub fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("DOCUMENTS_SAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
    }
}

/// The text of each page in the order it was drawn.
pub fn pages(bytes: &[u8]) -> Option<Vec<String>> {
    let text = poppler("pdftotext", &["-raw", "-enc", "UTF-8"], bytes)?;
    let mut pages: Vec<String> = text.split('\u{C}').map(str::to_owned).collect();
    pages.pop();
    Some(pages)
}

/// A text without any white space.
pub fn dense(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}

/// Asserts that these texts occur in this order.
pub fn assert_in_order<'a>(whole: &str, texts: impl IntoIterator<Item = &'a str>) {
    let whole = dense(whole);
    let mut from = 0;
    for text in texts {
        let wanted = dense(text);
        match whole[from..].find(&wanted) {
            Some(place) => from += place + wanted.len(),
            None => panic!("“{wanted}” is not in: {}", &whole[from..]),
        }
    }
}

/// The files of a zip.
pub fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// An XML element with its attributes, and the texts right inside it.
#[derive(Debug, Clone, Default)]
pub struct Node {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Every element of this name below.
    pub fn all(&self, name: &str) -> Vec<&Node> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }

    /// The children of this name.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// All text of an element of Word.
    pub fn words(&self) -> String {
        self.all("w:t").iter().map(|node| node.text.as_str()).collect()
    }
}

/// Parses XML strictly: every element closed, nothing after the root.
pub fn parse(text: &str) -> Node {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut stack = vec![Node::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => stack.push(node(&start)),
            Event::Empty(start) => {
                let node = node(&start);
                stack.last_mut().unwrap().children.push(node);
            }
            Event::End(_) => {
                let node = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(node);
            }
            Event::Text(text) => stack.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let name: &str = &name;
                let one = match name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    other => panic!("unknown entity {other}"),
                };
                stack.last_mut().unwrap().text.push(one);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(stack.len(), 1, "an element is not closed");
    let mut root = stack.pop().unwrap();
    assert_eq!(root.children.len(), 1);
    root.children.pop().unwrap()
}

fn node(start: &quick_xml::events::BytesStart<'_>) -> Node {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = attribute.value.replace("&quot;", "\"").replace("&lt;", "<");
        (attribute.key.as_ref().to_owned(), value.replace("&gt;", ">").replace("&amp;", "&"))
    });
    Node { attributes: attributes.collect(), name: start.name().as_ref().to_owned(), ..Node::default() }
}
