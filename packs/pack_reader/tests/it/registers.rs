//! Registers that a pack declares: a built-in key, points, kinds of other formats.

use pack_reader::{Around, read};

use crate::builtin;
use crate::problems::{change, expect, sound};

const SITES: &str = "key = 'site'
label = '网点'
title = 'name'
point = true
[[field]]
key = 'name'
label = '网点名称'
kind = 'text'
[[field]]
key = 'longitude'
label = '经度'
kind = 'decimal'
[[field]]
key = 'latitude'
label = '纬度'
kind = 'decimal'
";

#[test]
fn a_register_with_the_key_of_a_built_in_one_is_one_problem() {
    expect("registers/site.toml", SITES, &[]);
    // The indicator's rule over the built-in register is still read with its words.
    let taken = change(SITES, "'site'", "'facility'");
    expect("registers/site.toml", &taken, &[("registers/site.toml:1:1", "pack.duplicate_key")]);
}

#[test]
fn degrees_are_decimals() {
    let whole = change(SITES, "label = '经度'\nkind = 'decimal'", "label = '经度'\nkind = 'integer'");
    expect("registers/site.toml", &whole, &[("registers/site.toml:12:1", "pack.wrong_type")]);
}

#[test]
fn a_kind_that_other_formats_have_is_answered_with_those_that_mean_it() {
    let files = sound().with("registers/site.toml", &change(SITES, "kind = 'decimal'", "kind = 'number'"));
    let found = read(&files, Around { builtin: &builtin::registers(), parent: None }).1;
    let [problem] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(problem.code, "pack.unknown_word");
    assert!(problem.message.contains("“integer”“decimal”“money”") && !problem.message.contains("“id_number”"));
}

#[test]
fn kinds_of_file_have_keys_and_names_of_their_own() {
    let files = |text: &str| format!("{SITES}{text}");
    let one = "[[file]]\nkey = 'scan'\nlabel = '扫描件'\n";
    expect("registers/site.toml", &files(one), &[]);
    let twice = files(&format!("{one}{one}"));
    expect("registers/site.toml", &twice, &[("registers/site.toml:21:1", "pack.duplicate_key")]);
    let wrong = files("[[file]]\nkey = 'The scan'\nlabel = ''\n");
    let found = [("registers/site.toml:18:1", "pack.bad_key"), ("registers/site.toml:19:1", "pack.empty")];
    expect("registers/site.toml", &wrong, &found);
}
