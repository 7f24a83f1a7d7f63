#!/usr/bin/env python3
"""Measures scheduling on public benchmarks, beside PyVRP, VROOM and OR-Tools, same files, same seconds of processor, one run.

    scripts/bench-scheduling.py DATA ROWS.csv [--groups 10,25,routing] [--seconds 100=30,300=120] [--who ours,pyvrp] [--only 3,7,R101] [--built] [--example FILE] [--table]

DATA holds hhcrsp/ and vrptw_solomon/. Builds the optimised example, solves every instance of the groups (patients by number, or
routing) and adds a line to ROWS for each: cost by the independent checker, gap to the best known, seconds of processor. What is
in ROWS already is not done again. --only takes some instances of a group, by number or name, --built the example as it is there (or --example FILE), --table
writes the table of all rows and ends.

Seconds are those of processor, all threads together, however many others work on the machine. Of the peers, pyvrp has the same
seconds on one thread, vroom what its five levels of exploration take, both on routing; ortools (its routing solver) has the
same seconds on patients. They are set up in a virtual environment below the target directory.
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import venv

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
HOME = os.path.join(TARGET, "bench-scheduling")
PEERS = os.path.join(ROOT, "scripts", "bench-scheduling-peers.py")
SECONDS = {"10": 2, "25": 4, "50": 20, "75": 30, "100": 40, "200": 90, "300": 150, "routing": 10}
COLUMNS = ["group", "instance", "who", "cost", "best", "gap", "seconds", "broken"]


def known(folder):
    """Best known costs by the name of the instance; routing of the second class has none."""
    best = {}
    for row in csv.DictReader(open(os.path.join(folder, "hhcrsp", "best_known.csv"))):
        best[row["instance"].replace(".json", "")] = float(row["total_cost"])
    for row in csv.DictReader(open(os.path.join(folder, "hhcrsp", "brkga_mp_ipr_2021_15runs.csv"))):
        for name in best:
            # That table has one decimal.
            if name.endswith("_HCSRP_" + row["instance"]) and float(row["best"]) < best[name] - 0.06:
                best[name] = float(row["best"])
    for row in csv.DictReader(open(os.path.join(folder, "vrptw_solomon", "solomon_class1_optima_truncated.csv"))):
        best[row["instance"]] = float(row["optimal_distance_truncated_to_one_decimal"])
    return best


def instances(folder):
    """Group, name and file of every instance, small ones first."""
    found = []
    for place, end in (("hhcrsp", ".json.gz"), ("vrptw_solomon", ".txt")):
        for file in sorted(os.listdir(os.path.join(folder, place))):
            name = file[: -len(end)]
            size = re.search(r"HCSRP_(\d+)_(\d+)$", name)
            if file.endswith(end) and (size or place != "hhcrsp"):
                order = (int(size[1]), int(size[2])) if size else (10**6, name)
                found.append((order, size[1] if size else "routing", name, os.path.join(folder, place, file)))
    return [row[1:] for row in sorted(found)]


def ours(example, group, seconds, file):
    """Cost, seconds, and how much the checker has against it."""
    form = "solomon" if group == "routing" else "hhcrsp"
    made = subprocess.run([example, form, str(seconds), "1", file], check=True, capture_output=True, text=True, env=dict(os.environ, CPU="1"))
    found = re.search(r" ([\d.]+) steps (\d+) ([\d.]+) s, (\d+) broken", made.stdout)
    return float(found[1]), float(found[3]), int(found[4])


def peer(python, name, seconds, file):
    """The same by a peer, whose answers are not judged; nothing when it found none."""
    made = subprocess.run([python, PEERS, name, str(seconds), file], capture_output=True, text=True)
    if made.returncode:
        print(f"  {name}: {made.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    cost, took = made.stdout.split()[-2:]
    return float(cost), float(took), 0


def tables(rows):
    """Means by group and program; the second class of routing beside the least that any found."""
    least = {}
    for row in rows:
        least[row["instance"]] = min(least.get(row["instance"], 1e99), float(row["cost"]))
    groups = {}
    for row in rows:
        best = float(row["best"] or least[row["instance"]])
        group = row["group"] if row["best"] else "routing, second class"
        groups.setdefault((group, row["who"]), []).append(
            ((float(row["cost"]) / best - 1) * 100, float(row["seconds"]), row["instance"].split("_HCSRP_")[-1], int(row["broken"])))
    print("| group | program | instances | mean gap | worst gap | best known beaten | seconds of processor | broken |\n|---|---|---|---|---|---|---|---|")
    for (group, who), found in groups.items():
        worst = max(found)
        mean, seconds = (sum(row[part] for row in found) / len(found) for part in (0, 1))
        print(f"| {group} | {who} | {len(found)} | {mean:+.2f} % | {worst[0]:+.2f} % ({worst[2]}) | {sum(row[0] < -0.01 for row in found)} | {seconds:.1f} | {sum(row[3] for row in found)} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data")
    arguments.add_argument("rows")
    arguments.add_argument("--groups", default="")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--seconds", default="")
    arguments.add_argument("--who", default="ours")
    arguments.add_argument("--built", action="store_true")
    arguments.add_argument("--example", default=os.path.join(TARGET, "release", "examples", "bench"))
    arguments.add_argument("--table", action="store_true")
    asked = arguments.parse_args()
    rows = list(csv.DictReader(open(asked.rows))) if os.path.exists(asked.rows) else []
    if asked.table:
        return tables(rows)
    seconds = dict(SECONDS, **{group: float(value) for group, value in (part.split("=") for part in asked.seconds.split(",") if part)})
    python = os.path.join(HOME, "venv", "bin", "python")
    asked_for = asked.who.split(",")
    if "ours" in asked_for and not asked.built:
        build = ["cargo", "build", "--release", "-p", "scheduling", "--example", "bench", "--quiet"]
        subprocess.run(build, check=True, cwd=ROOT, env=dict(os.environ, CARGO_TARGET_DIR=TARGET))
    if asked_for != ["ours"]:
        if not os.path.exists(python):
            venv.create(os.path.join(HOME, "venv"), with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "numpy", "ortools", "pyvrp", "pyvroom"], check=True)
    best = known(asked.data)
    done = {(row["instance"], row["who"]) for row in rows}
    for group, name, file in instances(asked.data):
        number = name.rsplit("_", 1)[-1]
        if asked.groups and group not in asked.groups.split(",") or asked.only and number not in asked.only.split(","):
            continue
        able = ["ours", "pyvrp", "vroom"] if group == "routing" else ["ours", "ortools"]
        for who in able:
            if who not in asked_for or (name, who) in done:
                continue
            found = ours(asked.example, group, seconds[group], file) if who == "ours" else peer(python, who, seconds[group], file)
            if not found:
                continue
            cost, took, broken = found
            gap = f"{(cost / best[name] - 1) * 100:+.3f}" if name in best else ""
            fresh = not os.path.exists(asked.rows)
            with open(asked.rows, "a") as out:
                table = csv.writer(out)
                if fresh:
                    table.writerow(COLUMNS)
                table.writerow([group, name, who, f"{cost:.3f}", best.get(name, ""), gap, f"{took:.2f}", broken])
            print(f"{name} {who}: {cost:.3f}, best known {best.get(name, '-')}, gap {gap} %, {took:.1f} s, {broken} broken", flush=True)


if __name__ == "__main__":
    main()
