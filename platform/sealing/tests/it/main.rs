//! Key files on a real disk: made once, closed to others, replaced whole, read again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use sealing::{Keys, SealingError};
use std::path::PathBuf;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("kept/zhaoxi.keys")
    }
}

#[test]
fn a_key_file_is_made_once_and_only_its_owner_may_read_it() {
    let folder = Folder::new();
    assert!(matches!(Keys::read(&folder.file()), Err(SealingError::Missing(_))));
    let keys = Keys::read_or_make(&folder.file(), "2025-09-30").unwrap();
    let sealed = keys.seal("a", "13800001111").unwrap();
    let again = Keys::read_or_make(&folder.file(), "2025-10-01").unwrap();
    assert_eq!(again.open("a", &sealed).unwrap(), "13800001111");
    assert_eq!(keys.checks().unwrap(), again.checks().unwrap());
    let left = std::fs::read_dir(folder.file().parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "no draft is left behind");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |mode| std::fs::set_permissions(folder.file(), std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
        mode(0o644);
        let refused = Keys::read(&folder.file()).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        mode(0o640);
        Keys::read(&folder.file()).unwrap();
    }
}

#[test]
fn many_who_start_at_once_hold_the_same_keys() {
    let folder = Folder::new();
    let file = folder.file();
    let hands: Vec<_> = (0..8)
        .map(|_| {
            let file = file.clone();
            std::thread::spawn(move || Keys::read_or_make(&file, "2025-09-30").unwrap().checks().unwrap())
        })
        .collect();
    let checks: Vec<_> = hands.into_iter().map(|hand| hand.join().unwrap()).collect();
    assert!(checks.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_new_key_seals_and_the_old_one_still_opens_also_in_another_process() {
    let folder = Folder::new();
    let one = Keys::read_or_make(&folder.file(), "2025-09-30").unwrap();
    let other = Keys::read(&folder.file()).unwrap();
    let old = one.seal("a", "x").unwrap();
    let blind = one.blind("phone", "1").unwrap();
    assert_eq!(one.add("2025-10-01").unwrap(), 2);
    let new = one.seal("a", "y").unwrap();
    assert_eq!((Keys::number_of(&old), Keys::number_of(&new)), (Some(1), Some(2)));
    assert_eq!(other.active(), 1);
    assert_eq!(other.open("a", &new).unwrap(), "y", "a key not known yet is looked for in the file");
    assert_eq!(other.active(), 2);
    assert_eq!(one.open("a", &old).unwrap(), "x");
    assert_eq!(one.blind("phone", "1").unwrap(), blind, "what is searched by stays");
}

#[test]
fn what_is_no_key_file_is_said_to_be_none() {
    let folder = Folder::new();
    Keys::read_or_make(&folder.file(), "2025-09-30").unwrap();
    let text = std::fs::read_to_string(folder.file()).unwrap();
    for (from, to) in
        [("format = 1", "format = 2"), ("active = 1", "active = 7"), ("index = \"", "index = \"00"), ("[[key]]", "")]
    {
        std::fs::write(folder.file(), text.replace(from, to)).unwrap();
        assert!(matches!(Keys::read(&folder.file()), Err(SealingError::File { .. })), "{from}");
    }
    assert!(matches!(Keys::none().seal("a", "b"), Err(SealingError::NoKeys)));
    assert!(!format!("{:?}", Keys::fixed(3).unwrap()).contains("03"));
}
