//! Whether a test has kept its memory within bounds, for the fuzzed readers of every engine.

/// What a process of tests may have held at most, in MB: a few hundred times what its largest input holds.
const MOST_MB: u64 = 1_000;

/// Asserts that this process has never held more, where the system tells it.
pub fn stays_modest() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    assert!(kib.is_none_or(|kib| kib < MOST_MB * 1_000), "{kib:?} KB were held");
}
