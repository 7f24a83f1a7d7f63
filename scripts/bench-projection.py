#!/usr/bin/env python3
"""Measures `engines/projection` beside NumPy on one thread: same numbers, best of seven, in one run.

scripts/bench-projection.py [--regions N] [--years N] [--rounds N] [--program FILE]

The engine and the peer take turns. The peer keeps the array in blocks of regions that fit the cache and works in place; the best of several block sizes counts. It is
set up in target/bench-projection. FILE is the built example, instead of building it.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench-projection"

PEER = '''
import sys, time
import numpy as np

path, regions, years = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
raw = np.fromfile(path)
cells = regions * 202
base = raw[:cells].reshape(regions, 2, 101)
nets = raw[cells:2 * cells].reshape(regions, 2, 101)
survive = raw[2 * cells:2 * cells + 202].reshape(2, 101)
births = raw[2 * cells + 202:2 * cells + 303]
boys = raw[-1]
share = np.array([boys, 1 - boys])[:, None] * survive[:, :1]
first, last = 15, 50
rates = 0.5 * births[first:last]
ratio = np.ascontiguousarray(survive[:, 1:, None])


def project(base, nets, kept):
    """Sex, age, region: one block of regions through all years."""
    now, then = base.copy(), np.empty_like(base)
    for year in range(years):
        np.multiply(now[:, :-1], ratio, out=then[:, 1:])
        then[:, 100] += now[:, 100] * ratio[:, 99]
        born = rates @ now[1, first:last] + rates @ then[1, first:last]
        np.multiply(share, born, out=then[:, 0])
        if nets is not None:
            then += nets
        now, then = then, now
        if kept is not None:
            kept[year] = now
    return now


def measure(moving, keep, block):
    shaped = [np.ascontiguousarray(base[at:at + block].transpose(1, 2, 0)) for at in range(0, regions, block)]
    moved = [np.ascontiguousarray(nets[at:at + block].transpose(1, 2, 0)) for at in range(0, regions, block)]
    best, least, people = float("inf"), float("inf"), 0.0
    for _ in range(4):
        begun, used = time.perf_counter(), time.thread_time()
        # As the engine does: what is kept is there for all regions at the end.
        ends, all_kept = [], []
        for place, part in enumerate(shaped):
            kept = np.empty((years,) + part.shape) if keep else None
            all_kept.append(kept)
            ends.append(project(part, moved[place] if moving else None, kept))
        best, least = min(best, time.perf_counter() - begun), min(least, time.thread_time() - used)
        people = sum(end.sum() for end in ends)
    return best, least, people


print("numpy", np.__version__)
for name, moving in (("still", False), ("moving", True)):
    for kept in ("last", "all"):
        tried = {block: measure(moving, kept == "all", block) for block in (256, 1024)}
        clock, processor = (min(one[place] for one in tried.values()) for place in (0, 1))
        print(name, kept, f"{clock:.6f}", f"{processor:.6f}", f"{tried[256][2]:.6f}")
    # As one would write it first: all regions in one block, which no cache holds.
    clock, processor, people = measure(moving, False, regions)
    print(name, "whole", f"{clock:.6f}", f"{processor:.6f}", f"{people:.6f}")
'''


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, text=True, **more)


def best(all_, key, clock, processor, people):
    old = all_.get(key, (float("inf"), float("inf"), 0.0))
    all_[key] = (min(old[0], float(clock)), min(old[1], float(processor)), float(people))


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--regions", type=int, default=3_000)
    asked.add_argument("--years", type=int, default=50)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--program")
    asked = asked.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    python = PLACE / "venv/bin/python"
    if not python.exists():
        venv.create(PLACE / "venv", with_pip=True)
        run(python, "-m", "pip", "install", "--quiet", "numpy")
    (PLACE / "peer.py").write_text(PEER)
    size = ["--regions", asked.regions, "--years", asked.years]
    engine = [asked.program, *size]
    if not asked.program:
        engine = ["cargo", "run", "--quiet", "--release", "-p", "projection", "--example", "bench", "--", *size]
    run(*engine, "--write", PLACE / "input.raw", cwd=ROOT)
    one = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    known, ours, version = {}, {}, ""
    for _ in range(asked.rounds):
        peer = run(python, PLACE / "peer.py", PLACE / "input.raw", asked.regions, asked.years, env=one, capture_output=True)
        version, *lines = peer.stdout.splitlines()
        for name, kept, clock, processor, people in map(str.split, lines):
            best(known, (name, kept), clock, processor, people)
        for line in run(*engine, cwd=ROOT, capture_output=True).stdout.splitlines():
            name, kept, threads, clock, processor, people = line.split()
            best(ours, (name, kept, threads), clock, processor, people)
    (PLACE / "input.raw").unlink()
    work = asked.regions * asked.years / 1e6
    print(f"{asked.regions} regions, {asked.years} years, 202 cells each; {version}, one thread; load {os.getloadavg()[0]:.1f}")
    print("millions of region-years a second; by the clock, and by the seconds of the processor on one thread")
    print(f"{'migrants':10} {'kept':5} {'threads':>7} {'engine':>8} {'NumPy':>8} {'times':>6} | {'engine':>8} {'NumPy':>8} {'times':>6}")
    good = True
    for (name, kept, threads), (clock, processor, people) in ours.items():
        other = known.get((name, kept), (float("nan"), float("nan"), people))
        text = f"{name:10} {kept:5} {threads:>7}"
        for mine, theirs in ((clock, other[0]), (processor, other[1])):
            known_both = mine < float("inf") and theirs == theirs
            text += f" {work / mine:8.2f} {work / theirs:8.2f} {theirs / mine:6.1f}" if known_both else f" {work / mine if mine < float('inf') else float('nan'):8.2f} {'-':>8} {'-':>6}"
            text += " |" if mine is clock else ""
        if abs(other[2] - people) > 1e-9 * people:
            text += f"  people differ: {people} {other[2]}"
            good = False
        print(text)
    for name in ("still", "moving"):
        clock, processor, _ = known[name, "whole"]
        print(f"NumPy with all regions in one block, {name}: {work / clock:.2f} by the clock, {work / processor:.2f} of the processor")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
