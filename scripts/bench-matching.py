#!/usr/bin/env python3
"""Measures `engines/matching`, and the package `matching` of PyPI on the same markets, in one run.

scripts/bench-matching.py [--seconds N] [--only NAME] [--program FILE]   N: how long the peer may take on one market (default 60); FILE: the built example, instead of building it

The peer is set up in target/bench-matching. Markets with rankings are written to files for it; both answers must be the same, since
the stable answer that is best for all applicants is unique. What it needs for building its game is not counted.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench-matching"

PEER = '''
import csv, sys, threading, time, warnings
warnings.simplefilter("ignore")
from matching.games import HospitalResident

# Its copies of the game recurse once for each pair: as it comes, Python's limit ends it at a few hundred applicants.
sys.setrecursionlimit(10_000_000)
threading.stack_size(1_000_000_000)
folder = sys.argv[1]
rows = lambda name: csv.DictReader(open(f"{folder}/{name}.csv"))
residents = {row["id"]: row["preferences"].split(";") for row in rows("applicants")}
capacities = {row["id"]: int(row["capacity"]) for row in rows("places")}
ranked = {place: [] for place in capacities}
for row in rows("rankings"):
    ranked[row["place"]].append((int(row["rank"]), row["applicant"]))
hospitals = {place: [one for _, one in sorted(order)] for place, order in ranked.items()}
unwanted = {place for place, order in hospitals.items() if not order}
for place in unwanted:
    del hospitals[place], capacities[place]
def run():
    game = HospitalResident.create_from_dictionaries(residents, hospitals, capacities)
    begun, used = time.perf_counter(), time.process_time()
    answer = game.solve(optimal="resident")
    clock, processor = time.perf_counter() - begun, time.process_time() - used
    placed = {str(one): str(place) for place, those in answer.items() for one in those}
    same = all(placed.get(row["applicant"], "") == row["place"] for row in rows("answer"))
    print(f"{clock:.4f}", f"{processor:.4f}", "same" if same else "OTHER")


thread = threading.Thread(target=run)
thread.start()
thread.join()
'''


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--only", default="")
    asked.add_argument("--program")
    asked = asked.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    python = PLACE / "venv/bin/python"
    if not python.exists():
        venv.create(PLACE / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "matching"], check=True)
    (PLACE / "peer.py").write_text(PEER)
    engine = [asked.program]
    if not asked.program:
        engine = ["cargo", "run", "--quiet", "--release", "-p", "matching", "--example", "measure", "--"]
    ours = subprocess.run([*engine, "--write", PLACE, "--only", asked.only], cwd=ROOT, check=True, text=True, capture_output=True)
    print(f"load {os.getloadavg()[0]:.1f}")
    good = True
    for line in ours.stdout.splitlines():
        print(line)
        name, _, clock = line.split()[:3]
        folder = PLACE / name
        if not folder.is_dir() or name.startswith("city"):
            continue
        try:
            done = subprocess.run([python, PLACE / "peer.py", folder], text=True, capture_output=True, timeout=asked.seconds)
        except subprocess.TimeoutExpired:
            print(f"    matching: not done in {asked.seconds:.0f} s")
            continue
        if done.returncode != 0 or not done.stdout.strip():
            print(f"    matching: {(done.stderr.strip().splitlines() or [f'exit {done.returncode}'])[-1]}")
            continue
        seconds, processor, same = done.stdout.split()
        print(f"    matching: {float(seconds) * 1e3:.1f} ms ({float(processor) * 1e3:.1f} of the processor), "
              f"{float(processor) * 1e3 / float(clock):.0f} times; {same} answer")
        good = good and same == "same"
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
