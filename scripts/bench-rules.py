#!/usr/bin/env python3
"""Measures the rules of a pack beside OpenFisca-Core, on the same rules and people: one line a figure.

    scripts/bench-rules.py [--people N] [--pack DIR] [--data DIR] [--only month|year|one]

OpenFisca is set up in a virtual environment under the data folder. People describe nobody; the same arguments give the same file.
"""
import argparse
import csv
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2025, 6, 30)
FAR = "2999-12-31"
CHOICES = {
    "家庭情况": ["与子女同住", "独居", "空巢", "其他"],
    "保障类别": ["无", "低保", "低保边缘", "特困", "困境儿童", "其他困难"],
    "能力等级": ["能力完好", "轻度失能", "中度失能", "重度失能", "完全失能"],
}
FLAGS = ["特殊困难", "集中供养意愿", "失智", "长护险参保", "常住人口"]
HEAD = ["id", "出生日期", "死亡日期", *CHOICES, *FLAGS]


def make(file: Path, people: int) -> None:
    """People without missing values but the day of death: OpenFisca has no missing ones."""
    chance = random.Random(1)
    first, days = date(1925, 1, 1), (DAY - date(1925, 1, 1)).days
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(HEAD)
        for number in range(people):
            birth = first + timedelta(days=chance.randrange(days))
            death = birth + timedelta(days=chance.randrange(40_000)) if chance.random() < 0.05 else None
            row = [number, birth, death if death and death <= DAY else ""]
            row += [chance.choice(words) for words in CHOICES.values()]
            row += ["true" if chance.random() < 0.2 else "false" for _ in FLAGS]
            rows.writerow(row)


def rules_of(pack: Path) -> dict:
    """Rules over people of a pack and of the national one, by key, and the numeric parameters they may name."""
    import tomllib

    rules, parameters, asked = {}, {}, set()
    for folder in (pack, ROOT / "packs/national"):
        for one in tomllib.loads((folder / "entitlements.toml").read_text("utf-8"))["entitlement"]:
            if one.get("register") == "person" and "rule" in one:
                rules[one["key"]] = one["rule"]
                asked |= {ask["label"] for ask in one.get("asks", [])}
        for one in tomllib.loads((folder / "parameters.toml").read_text("utf-8"))["parameter"]:
            value = one["values"][-1]["value"]
            if isinstance(value, (int, float)):
                parameters.setdefault(one["label"], value)
    return {"rules": rules, "parameters": parameters, "asked": sorted(asked)}


TOKEN = re.compile(r'"[^"]*"|\d+(?:\.\d+)?|\.\.|[<>!]=|[=<>()\[\],]|[^\s"=<>!()\[\],.]+')


def python_of(rule: str, parameters: dict) -> str:
    """A rule of the packs as an OpenFisca formula over arrays: `*` and `+` for and and or, as its handbook writes them."""
    tokens, out, at = TOKEN.findall(rule), [], 0
    while at < len(tokens):
        token = tokens[at]
        if token in CHOICES and tokens[at + 1] in ("=", "!=", "in"):
            if tokens[at + 1] == "in":
                end = next(place for place in range(at, len(tokens)) if tokens[place] in ("]", ")"))
                words = [word for word in tokens[at + 3:end] if word != ","]
                out.append("(" + " + ".join(f"(v({token!r}) == c({token!r}, {word}))" for word in words) + ")")
                at = end + 1
            else:
                sign = "==" if tokens[at + 1] == "=" else "!="
                out.append(f"(v({token!r}) {sign} c({token!r}, {tokens[at + 2]}))")
                at += 3
            continue
        follows = tokens[at + 1] if at + 1 < len(tokens) else ""
        if follows in ("=", "!=", "<", "<=", ">", ">=") and token not in ("(", ")"):
            value = tokens[at + 2]
            sign = {"=": "=="}.get(follows, follows)
            other = "FAR" if value == "null" else "ON" if value == "基准日" else f"p({value!r})" if value in parameters else value
            out.append(f"(v({token!r}) {sign} {other})")
            at += 3
        elif follows == "in":
            low, high = tokens[at + 3], tokens[at + 5]
            out.append(f"((v({token!r}) >= {low}) * (v({token!r}) <= {high}))")
            at += 7
        else:
            out.append({"and": "*", "or": "+", "not": "not_"}.get(token) or (token if token in "()" else f"v({token!r})"))
            at += 1
    return " ".join(out)


def peer(what: str, file: str, pack: Path) -> None:
    """The side of OpenFisca, run in its own process."""
    import numpy
    from openfisca_core import entities, holders, indexed_enums, parameters as of, periods, taxbenefitsystems, variables
    from openfisca_core.simulations import SimulationBuilder

    person = entities.Entity("person", "persons", "", "")
    household = entities.GroupEntity("household", "households", "", "", roles=[{"key": "member", "plural": "members"}])
    system = taxbenefitsystems.TaxBenefitSystem([person, household])
    found = rules_of(pack)
    keys = {name: f"p{place}" for place, name in enumerate(found["parameters"])}
    data = {keys[name]: {"values": {"1900-01-01": {"value": value}}} for name, value in found["parameters"].items()}
    system.parameters = of.ParameterNode("", data=data)
    words = {
        name: indexed_enums.Enum(f"Enum{place}", {f"w{number}": word for number, word in enumerate(choices)})
        for place, (name, choices) in enumerate(CHOICES.items())
    }
    member = {name: {item.value: item for item in enum} for name, enum in words.items()}
    names = {name: f"x{place}" for place, name in enumerate([*HEAD[1:], "年龄", "月龄", *found["asked"], *FLAGS])}

    def add(name, kind, **more):
        system.add_variable(type(name, (variables.Variable,), {"value_type": kind, "entity": person, "definition_period": periods.DateUnit.ETERNITY, "label": name, **more}))

    for name in ("出生日期", "死亡日期"):
        add(names[name], date, default_value=date(2999, 12, 31))
    for name, enum in words.items():
        add(names[name], indexed_enums.Enum, possible_values=enum, default_value=next(iter(enum)))
    for name in {*FLAGS, *found["asked"]}:
        add(names[name], bool)

    def last(period):
        return period.start.offset("last-of", periods.DateUnit.MONTH).date

    def months(people, period, parameters):
        on, birth = last(period), people(names["出生日期"], period)
        whole = birth.astype("datetime64[M]")
        apart = (on.year - 1970) * 12 + on.month - 1 - whole.astype(int)
        # A period ends on the last day of a month that has no such day.
        return apart - (numpy.minimum((birth - whole).astype(int) + 1, last(period).day) > on.day)

    monthly = {"definition_period": periods.DateUnit.MONTH}
    add(names["月龄"], int, formula=months, **monthly)
    add(names["年龄"], int, formula=lambda people, period, parameters: people(names["月龄"], period) // 12, **monthly)

    def formula(code):
        def run(people, period, parameters):
            on = numpy.datetime64(last(period))
            scope = {"v": lambda name: people(names[name], period), "c": lambda name, word: member[name][word],
                     "p": lambda name: getattr(parameters(period), keys[name]), "ON": on, "FAR": numpy.datetime64(FAR), "not_": numpy.logical_not}
            return eval(code, scope)
        return run

    wanted = []
    for place, (key, rule) in enumerate(found["rules"].items()):
        code = compile(python_of(rule, found["parameters"]), key, "eval")
        add(f"e{place}", bool, formula=formula(code), **monthly)
        wanted.append((key, f"e{place}"))

    def spent():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024 / 1000

    with open(file, encoding="utf-8", newline="") as rows:
        rows = csv.reader(rows)
        next(rows)
        rows = [row for row in rows] if what != "one" else [next(rows) for _ in range(4)]
    columns = {}
    for place, name in enumerate(HEAD[1:], 1):
        if name in ("出生日期", "死亡日期"):
            columns[name] = numpy.array([row[place] or FAR for row in rows], dtype="datetime64[D]")
        elif name in CHOICES:
            codes = {word: number for number, word in enumerate(CHOICES[name])}
            columns[name] = indexed_enums.EnumArray(numpy.array([codes[row[place]] for row in rows], dtype=numpy.int16), words[name])
        else:
            columns[name] = numpy.array([row[place] == "true" for row in rows])
    people = len(rows)
    del rows

    def simulation():
        built = SimulationBuilder().build_default_simulation(system, people)
        for name, column in columns.items():
            built.set_input(names[name], "2025-06", column)
        return built

    if what == "month":
        cpu, wall, granted = 0.0, float("inf"), {}
        for _ in range(3):
            run = simulation()
            before, begun = spent(), time.perf_counter()
            results = {key: run.calculate(name, "2025-06") for key, name in wanted}
            cpu += (spent() - before) / 3
            wall = min(wall, time.perf_counter() - begun)
            granted = {key: int(result.sum()) for key, result in results.items()}
            del run, results
        print(json.dumps({"people": people, "cpu": cpu, "wall": wall, "peak_mb": peak(), "granted": granted}))
    elif what == "year":
        run, peaks = simulation(), []
        before, begun = spent(), time.perf_counter()
        for month in range(1, 13):
            for _, name in wanted:
                run.calculate(name, f"2025-{month:02}")
            peaks.append(round(peak()))
        print(json.dumps({"cpu": spent() - before, "wall": time.perf_counter() - begun, "peak_mb": peak(), "peaks": peaks}))
    else:
        ready, times, best = spent(), 10, [float("inf")] * 2
        for _ in range(5):
            begun, before = time.perf_counter(), spent()
            for _ in range(times):
                run = simulation()
                run.trace = True
                for _, name in wanted:
                    run.calculate(name, "2025-06")
                lines = run.tracer.computation_log.lines()
            best = [min(best[0], (time.perf_counter() - begun) / times), min(best[1], (spent() - before) / times)]
        print(json.dumps({"household": best[0], "cpu": best[1], "lines": len(lines), "ready_cpu": ready, "peak_mb": peak()}))


def ours(program: Path, pack: Path, file: Path, what: str, threads: int) -> dict:
    arguments = [program, pack, ROOT / "packs/national", file, DAY.isoformat(), what, str(threads)]
    return json.loads(subprocess.run(list(map(str, arguments)), check=True, capture_output=True, text=True).stdout)


def build() -> Path:
    command = ["cargo", "build", "--release", "-p", "pack_reader", "--example", "bench_rules"]
    subprocess.run(command, check=True, cwd=ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release/examples/bench_rules"


def compare(arguments) -> None:
    folder = Path(arguments.data)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"people-{arguments.people}.csv"
    if not file.exists():
        make(file, arguments.people)
    program = build()
    python = folder / "openfisca/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "openfisca"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "openfisca-core"], check=True)
    pack = Path(arguments.pack)
    parts = [what for what in ("month", "year", "one") if arguments.only in (None, what)]
    mine, other = {}, {}
    for what in parts:
        mine[what] = ours(program, pack, file, what, 2)
        command = [str(python), __file__, "peer", what, str(file), "--pack", str(pack)]
        other[what] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    if "one" in parts:
        household(mine["one"], other["one"])
    if "month" in parts:
        month_of(mine["month"], ours(program, pack, file, "month", 1), other["month"])
    if "year" in parts:
        year_of(mine["year"], other["year"])


def month_of(month, single, peer_month) -> None:
    differ = {key: (counts[0], peer_month["granted"].get(key)) for key, counts in month["granted"].items()
              if counts[0] != peer_month["granted"].get(key)}
    print(f"{month['people']} people, {month['entitlements']} entitlements; granted alike: {'yes' if not differ else differ}")
    print(f"read from CSV               {month['read']:.2f} s")
    print(f"one month, wall             {month['wall']:.4f} s on two threads, {single['wall']:.4f} s on one; OpenFisca {peer_month['wall']:.3f} s")
    print(f"one month, processor        {single['cpu']:.3f} s; OpenFisca {peer_month['cpu']:.3f} s: {peer_month['cpu'] / max(single['cpu'], 0.001):.1f} times")
    print(f"one month, peak memory      {month['peak_mb']:.0f} MB; OpenFisca {peer_month['peak_mb']:.0f} MB")


def year_of(year, peer_year) -> None:
    print(f"twelve months, processor    {year['cpu']:.3f} s; OpenFisca {peer_year['cpu']:.3f} s: {peer_year['cpu'] / year['cpu']:.1f} times")
    print(f"twelve months, memory       {year['peaks'][0]} to {year['peaks'][-1]} MB; OpenFisca {peer_year['peaks'][0]} to {peer_year['peaks'][-1]} MB")


def household(one, peer_one) -> None:
    print(f"one household with reasons  {one['cpu'] * 1000:.3f} ms of processor ({one['household'] * 1000:.3f} by the clock), its reading included; "
          f"OpenFisca {peer_one['cpu'] * 1000:.1f} ({peer_one['household'] * 1000:.1f}): {peer_one['cpu'] / one['cpu']:.0f} times")
    print(f"  of that deciding and explaining {one['reasons'] * 1000:.3f} ms; one explanation {one['explanation'] * 1e6:.2f} µs")
    print(f"from nothing to ready to ask  {one['ready_cpu']:.3f} s of processor (pack read, checked and compiled); OpenFisca {peer_one['ready_cpu']:.3f} s (imported, system built)")


def main() -> None:
    if sys.argv[1:2] == ["peer"]:
        return peer(sys.argv[2], sys.argv[3], Path(sys.argv[5]))
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--pack", default=ROOT / "packs/cities/yangzhou/2022")
    parser.add_argument("--only", choices=["month", "year", "one"])
    parser.add_argument("--data", default=ROOT / "target/bench-rules")
    compare(parser.parse_args())


if __name__ == "__main__":
    main()
