#!/usr/bin/env python3
"""Siting beside spopt with HiGHS: the same made town, one thread, best of several runs.

    scripts/bench-siting.py [--folder target/bench-siting] [--runs 3] [--towns 3] [--limit 120] [--pmed DIR] [--large]

Sets up spopt and highspy in a virtual environment below the folder, builds the example `bench` of the engine, and prints a line a
question: objective, seconds of processor and of the clock for the engine (reading its CSV files included) and for the peer (making
its model from a cost matrix in memory, and solving); runs of both take turns. `--towns` says on how many towns coverage is asked.
`--pmed` also solves OR-Library's forty problems in DIR (with optima.csv); `--large` also 100,000 × 2,000 × 50.
"""
import argparse
import csv
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", default=str(ROOT / "target" / "bench-siting"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--towns", type=int, default=3)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--pmed")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--program", help="the built example, instead of building it")
    parser.add_argument("--python", help="a Python with spopt and highspy, instead of setting one up")
    parser.add_argument("--peer", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


def used(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def peer(folder, model, sites, radius, limit):
    """One run of spopt on a town: objective, and seconds of processor and of the clock."""
    import numpy as np
    import pulp
    from spopt.locate import MCLP, PMedian

    with open(f"{folder}/demand.csv") as file:
        rows = list(csv.DictReader(file))
    with open(f"{folder}/candidates.csv") as file:
        columns = {row["id"]: at for at, row in enumerate(csv.DictReader(file))}
    weights = np.array([float(row["weight"]) for row in rows])
    of = {row["id"]: at for at, row in enumerate(rows)}
    matrix = np.full((len(rows), len(columns)), 1e9)
    with open(f"{folder}/costs.csv") as file:
        for row in csv.DictReader(file):
            matrix[of[row["demand"]], columns[row["candidate"]]] = float(row["cost"])
    begun, before = time.time(), used(resource.RUSAGE_SELF)
    if model == "mclp":
        problem = MCLP.from_cost_matrix(matrix, weights, radius, p_facilities=sites)
    else:
        problem = PMedian.from_cost_matrix(matrix, weights, p_facilities=sites)
    made = used(resource.RUSAGE_SELF) - before
    problem = problem.solve(pulp.HiGHS(msg=False, threads=1, timeLimit=limit, gapRel=0))
    value = pulp.value(problem.problem.objective)
    print(f"{value:.0f} {problem.problem.status} {made:.2f} {used(resource.RUSAGE_SELF) - before:.2f} {time.time() - begun:.2f}")


def ours(program, folder, model, sites, radius):
    """One run of the engine: its line, and seconds of processor."""
    before = used(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, "run", folder, model, str(sites), str(radius)], capture_output=True, text=True)
    seconds = used(resource.RUSAGE_CHILDREN) - before
    if done.returncode or not done.stdout:
        sys.exit(done.stderr)
    return done.stdout.strip(), seconds


def main():
    args = arguments()
    if args.peer:
        folder, model, sites, radius = args.peer
        peer(folder, model, int(sites), float(radius), args.limit)
        return
    folder = Path(args.folder)
    folder.mkdir(parents=True, exist_ok=True)
    program = args.program
    if not program:
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        build = ["cargo", "build", "--release", "-p", "siting", "--example", "bench"]
        subprocess.run(build, cwd=ROOT, check=True)
        program = str(target / "release" / "examples" / "bench")
    python = args.python
    if not python:
        python = str(folder / "venv" / "bin" / "python")
        if not Path(python).exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", "spopt", "highspy", "pulp"], check=True)
    questions = []
    towns = [("near", seed, 1000) for seed in range(1, args.towns + 1)] + [("all", 1, 20000)]
    for name, seed, reach in towns:
        town = folder / f"{name}{seed}"
        if not (town / "costs.csv").exists():
            subprocess.run([program, "make", str(town), "1000", "300", str(reach), str(seed)], check=True)
        if name == "near":
            questions += [(town, "mclp", sites, reach) for sites in (10, 20, 40)]
        else:
            questions += [(town, "pmedian", sites, 0) for sites in (10, 30)]
    for town, model, sites, radius in questions:
        command = [python, __file__, "--limit", str(args.limit), "--peer", str(town), model, str(sites), str(radius)]
        own, runs = [], []
        for _ in range(args.runs):
            own.append(ours(program, str(town), model, sites, radius))
            runs.append(subprocess.run(command, capture_output=True, text=True).stdout.split())
        best = min(own, key=lambda run: run[1])
        solving = re.search(r"solve ([0-9.]+) s", best[0])
        print(f"{town.name} {model} p={sites}\n  siting: {best[0]}", flush=True)
        print(f"  siting: processor {best[1]:.2f} s, solving {solving.group(1)} s", flush=True)
        runs = [run for run in runs if len(run) == 5]
        if not runs:
            print("  spopt + HiGHS: no answer", flush=True)
            continue
        value, status, made, processor, clock = min(runs, key=lambda run: float(run[3]))
        ratio = float(processor) / max(best[1], 0.01)
        print(f"  spopt + HiGHS: {value} (status {status}), processor {processor} s, of it making the model {made} s, clock {clock} s")
        print(f"  processor, peer / siting: {ratio:.0f}", flush=True)
    if args.pmed:
        before = used(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "pmed", args.pmed], check=True)
        print(f"processor {used(resource.RUSAGE_CHILDREN) - before:.1f} s with reading and shortest paths")
    if args.large:
        town = folder / "large"
        for reach in (400, 800):
            subprocess.run([program, "make", str(town), "100000", "2000", str(reach)], check=True)
            line, seconds = ours(program, str(town), "mclp", 50, reach)
            print(f"{line}\n  processor {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
