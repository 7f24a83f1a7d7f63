#!/usr/bin/env python3
"""Measures same-day changes: a made-up day of visits is planned, then an urgent visit, an ill carer and a late carer are mended.

    scripts/bench-scheduling-repair.py [--visits 100] [--carers 20] [--times 5]

Times are those of a whole run: reading, mending, reasons, writing; by the clock and in seconds of processor, best of several.
Needs the optimised example: cargo build --release -p scheduling --example bench. Every answer is judged by the checker.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release", "examples", "bench")
DAY = "2025-07-01"


def clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


def window(start, length):
    return [{"day": DAY, "from": clock(start), "to": clock(start + length)}]


def made(visits, carers):
    """A day in a town of six kilometres: every fifth visit by two, every tenth after another, half of the clients with a wish."""
    chance = random.Random(1)
    place = lambda index: {"id": f"p{index}", "lon": 121.5 + chance.random() * 0.06, "lat": 31.25 + chance.random() * 0.055}
    skills = ["care", "bath", "nurse"]
    problem = {"places": [place(index) for index in range(visits + 1)], "travel": {"speed_mps": 4, "detour": 1.3}, "carers": [], "visits": [], "after": []}
    for index in range(carers):
        shift = {"day": DAY, "from": "08:00", "to": "17:00", "breaks": [{"from": "11:30", "to": "13:00", "minutes": 30}]}
        able = ["care"] + [skill for skill in skills[1:] if chance.random() < 0.5]
        problem["carers"].append({"id": f"c{index}", "skills": able, "start": "p0", "shifts": [shift]})
    for index in range(visits):
        visit = {"id": f"v{index}", "client": f"k{index // 2}", "place": f"p{index // 2 * 2 + 1 if index // 2 * 2 + 1 <= visits else 1}", "minutes": chance.choice([20, 30, 40, 60])}
        visit["windows"], visit["late_minutes"] = window(chance.randrange(500, 900, 10), 90), 30
        visit["skills"] = [chance.choice(skills)]
        if index % 5 == 0:
            visit["carers"], visit["skills"] = 2, ["care"]
        if index % 2:
            visit["prefers"] = [f"c{chance.randrange(carers)}"]
        problem["visits"].append(visit)
        if index % 10 == 9:
            visit["windows"] = window(520, 420)
            problem["after"].append({"first": f"v{index - 1}", "then": f"v{index}", "least": 0, "most": 240})
    return problem


def run(*words, **variables):
    """Output and the seconds by the clock and of processor."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    made = subprocess.run([EXAMPLE, *words], capture_output=True, text=True, check=True, env=dict(os.environ, **variables))
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return made.stdout, took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--visits", type=int, default=100)
    arguments.add_argument("--carers", type=int, default=20)
    arguments.add_argument("--times", type=int, default=5)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = lambda name: os.path.join(folder, name)
        write = lambda name, text: open(file(name), "w").write(text)
        problem = made(asked.visits, asked.carers)
        write("day.json", json.dumps(problem))
        told = run("run", "zhaoxi", file("day.json"), STEPS="20000")[0]
        write("told.json", told)
        plan = json.loads(told)
        busy = max(plan["rosters"], key=lambda roster: len(roster["stops"]))["carer"]
        urgent = {"id": "urgent", "place": "p5", "minutes": 30, "skills": ["nurse"], "priority": 1, "windows": window(610, 40)}
        changes = {
            "an urgent visit": dict(problem, visits=problem["visits"] + [urgent]),
            "an ill carer": dict(problem, changes=[{"kind": "ill", "carer": busy, "day": DAY, "from": "10:00"}]),
            "a late carer": dict(problem, changes=[{"kind": "late", "carer": busy, "day": DAY, "until": "11:00"}]),
        }
        print(f"{asked.visits} visits, {asked.carers} carers, {len(plan['unassigned'])} undone as planned; {busy} is ill or late")
        for name, changed in changes.items():
            write("changed.json", json.dumps(dict(changed, now={"day": DAY, "at": "10:00"})))
            found = [run("run", "zhaoxi", file("changed.json"), file("told.json")) for _ in range(asked.times)]
            write("answer.json", found[0][0])
            wrong = run("check", "zhaoxi", file("changed.json"), file("answer.json"), file("told.json"))[0].splitlines()
            for line in wrong[:5]:
                print("  " + line)
            answer = json.loads(found[0][0])
            why = sum(bool(moved.get("reasons")) for moved in answer["moved"])
            same = len({output for output, *_ in found})
            print(
                f"{name}: {min(took for _, took, _ in found) * 1000:.0f} ms by the clock, {min(busy for *_, busy in found) * 1000:.0f} ms of processor, "
                f"{len(answer['moved'])} moved ({why} with the reason), {len(answer['unassigned'])} undone, {len(wrong)} found by the checker, {same} answer(s) in {asked.times} runs"
            )


if __name__ == "__main__":
    main()
