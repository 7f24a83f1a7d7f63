//! Reads cases from standard input and writes one line of JSON for each: `zhaoxi feel --cases` without the rest of the program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Read as _;

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("standard input is text");
    let thread = std::thread::Builder::new().stack_size(feel::STACK).spawn(move || {
        let cases = feel::files::cases("-", &text).expect("cases");
        cases.iter().for_each(|case| println!("{}", case.outcome().line()));
    });
    thread.expect("a thread").join().expect("an answer");
}
