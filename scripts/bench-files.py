#!/usr/bin/env python3
"""Writes every register of a demo city's SQLite file as CSV, for scripts/bench.

    scripts/bench-files.py zhaoxi.db DIR
"""
import csv
import json
import sqlite3
import sys
from pathlib import Path

HEAVY = ("person", "facility", "staff")


def main() -> None:
    base, out = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for table in HEAVY:
        found = base.execute(f"SELECT * FROM {table} WHERE state = 'active'")
        write(out / f"{table}.csv", [column[0] for column in found.description], found)
    for (register,) in base.execute("SELECT DISTINCT register FROM record").fetchall():
        found = base.execute("SELECT region, body FROM record WHERE register = ? AND state = 'active'", (register,))
        rows = [{"region": region, **json.loads(body)} for region, body in found]
        heads = list(dict.fromkeys(key for row in rows for key in row))
        write(out / f"{register}.csv", heads, ([row.get(head) for head in heads] for row in rows))


def write(file: Path, heads: list[str], rows) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows([int(cell) if isinstance(cell, bool) else cell for cell in row] for row in rows)


if __name__ == "__main__":
    main()
