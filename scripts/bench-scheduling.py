#!/usr/bin/env python3
"""Measures scheduling on public benchmarks, beside PyVRP and VROOM on routing, same files, one run.

    scripts/bench-scheduling.py DATA [--every 5] [--seconds 60] [--routing-seconds 5] [--cpu] [--peers]

DATA holds hhcrsp/ and vrptw_solomon/. Builds the optimised example, solves every so-manieth instance and prints the gap to
the best known, with the checker's judgement. With --peers PyVRP (seconds alike, one thread) and VROOM (five levels of
exploration, two threads) solve the routing files too; they are set up in a virtual environment below target/. With --cpu
seconds are those of two processors, however many others work on the machine.
"""

import argparse
import csv
import glob
import os
import re
import subprocess
import sys
import time
import venv

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
HOME = os.path.join(TARGET, "bench-scheduling")

PEERS = r"""
import math, sys, time
name, seconds, file = sys.argv[1], float(sys.argv[2]), sys.argv[3]
rows = [line.split() for line in open(file)]
numbers = [[float(word) for word in row] for row in rows if row and row[0].replace('.', '').isdigit()]
(vehicles, capacity), stops = numbers[0], numbers[1:]
def leg(a, b):
    return int(math.hypot(a[1] - b[1], a[2] - b[2]) * 10 + 1e-9)
table = [[leg(a, b) for b in stops] for a in stops]
begun = time.perf_counter()
if name == 'pyvrp':
    import pyvrp
    from pyvrp.stop import MaxRuntime
    model = pyvrp.Model()
    window = (int(stops[0][4] * 10), int(stops[0][5] * 10))
    places = [model.add_location(int(s[1] * 10), int(s[2] * 10)) for s in stops] if hasattr(model, 'add_location') else None
    def at(index):
        s = stops[index]
        return {'location': places[index]} if places else {'x': int(s[1] * 10), 'y': int(s[2] * 10)}
    depot = model.add_depot(**at(0))
    made = [depot]
    for index, s in enumerate(stops[1:], 1):
        made.append(model.add_client(delivery=[int(s[3])], tw_early=int(s[4] * 10), tw_late=int(s[5] * 10),
                                     service_duration=int(s[6] * 10), **at(index)))
    model.add_vehicle_type(num_available=int(vehicles), capacity=[int(capacity)], start_depot=depot, end_depot=depot,
                           tw_early=window[0], tw_late=window[1])
    ends = places or made
    for i, a in enumerate(ends):
        for j, b in enumerate(ends):
            if i != j:
                model.add_edge(a, b, distance=table[i][j], duration=table[i][j])
    result = model.solve(stop=MaxRuntime(seconds), seed=1, display=False)
    cost = result.cost()
else:
    import numpy, vroom
    problem = vroom.Input()
    problem.set_durations_matrix('car', numpy.array(table, dtype='uint32'))
    whole = vroom.TimeWindow(int(stops[0][4] * 10), int(stops[0][5] * 10))
    for vehicle in range(int(vehicles)):
        problem.add_vehicle(vroom.Vehicle(vehicle, start=0, end=0, capacity=[int(capacity)], time_window=whole))
    for index, s in enumerate(stops[1:], 1):
        problem.add_job(vroom.Job(index, location=index, delivery=[int(s[3])], service=int(s[6] * 10),
                                  time_windows=[vroom.TimeWindow(int(s[4] * 10), int(s[5] * 10))]))
    answer = problem.solve(exploration_level=5, nb_threads=2)
    cost = answer.summary.duration if not answer.summary.unassigned else float('nan')
print(cost / 10, time.perf_counter() - begun)
"""


def known(folder):
    """Best known costs by the name of the instance."""
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


def instances(folder, best, every):
    """Every so-manieth instance, by size and number."""
    names = sorted(best, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])
    patients = [os.path.join(folder, "hhcrsp", name + ".json.gz") for name in names if "HCSRP" in name]
    routes = [os.path.join(folder, "vrptw_solomon", name + ".txt") for name in names if "HCSRP" not in name]
    return patients[every - 1 :: every], routes[every - 1 :: every]


def ours(form, seconds, file, cpu):
    """Cost, and what the checker has against it."""
    example = os.path.join(TARGET, "release", "examples", "bench")
    env = dict(os.environ, **({"CPU": "1"} if cpu else {}))
    told = subprocess.run([example, form, str(seconds), "1", file], check=True, capture_output=True, text=True, env=env).stdout
    found = re.search(r" ([\d.]+) steps (\d+) ([\d.]+) s, (\d+) broken", told)
    return float(found[1]), float(found[3]), int(found[4])


def peer(python, name, seconds, file):
    made = subprocess.run([python, "-c", PEERS, name, str(seconds), file], capture_output=True, text=True)
    if made.returncode:
        print(f"  {name}: {made.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return float("nan"), float("nan")
    cost, took = made.stdout.split()[-2:]
    return float(cost), float(took)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data")
    arguments.add_argument("--every", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--routing-seconds", type=float, default=5)
    arguments.add_argument("--cpu", action="store_true")
    arguments.add_argument("--peers", action="store_true")
    asked = arguments.parse_args()
    build = ["cargo", "build", "--release", "-p", "scheduling", "--example", "bench", "--quiet"]
    subprocess.run(build, check=True, cwd=ROOT, env=dict(os.environ, CARGO_TARGET_DIR=TARGET))
    python = None
    if asked.peers:
        home = os.path.join(HOME, "venv")
        python = os.path.join(home, "bin", "python")
        if not os.path.exists(python):
            venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pyvrp", "pyvroom"], check=True)
    best = known(asked.data)
    patients, routes = instances(asked.data, best, asked.every)
    gaps = {}
    for form, seconds, files in [("hhcrsp", asked.seconds, patients), ("solomon", asked.routing_seconds, routes)]:
        for file in files:
            name = os.path.basename(file).split(".")[0]
            size = re.search(r"HCSRP_(\d+)_", name)
            group = size[1] + " patients" if size else "routing"
            results = [("ours",) + ours(form, seconds, file, asked.cpu)]
            if python and form == "solomon":
                results += [(it,) + peer(python, it, seconds, file) + (0,) for it in ("pyvrp", "vroom")]
            for who, cost, took, broken in results:
                gap = (cost / best[name] - 1) * 100
                gaps.setdefault((group, who), []).append(gap)
                print(f"{name} {who}: {cost:.3f}, best known {best[name]}, gap {gap:+.2f} %, {took:.1f} s, {broken} broken", flush=True)
    for (group, who), list_of in gaps.items():
        print(f"{group}, {who}: mean gap {sum(list_of) / len(list_of):+.2f} % of {len(list_of)}")


if __name__ == "__main__":
    main()
