#!/usr/bin/env python3
"""Measures reach beside SciPy and pandana on one extract, same input, one run.

    scripts/bench-reach.py EXTRACT.osm.pbf [--pandana] [--runs 5] [--program FILE]

Sets the peers up in a virtual environment below target/, builds the optimised example, lets it write the network, the
facilities and the people, and then asks all of them for the nearest of 1,000 facilities for every node, and for 2SFCA
within 1 km with everybody who lives on a node. Best of several runs; answers are compared. FILE is the built example, instead of building it.
"""

import os
import subprocess
import sys
import time
import venv

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
HOME = os.path.join(TARGET, "bench-reach")
METRES = 1000.0


def peers(with_pandana):
    """The interpreter of a virtual environment with the peers."""
    home = os.path.join(HOME, "venv")
    python = os.path.join(home, "bin", "python")
    if not os.path.exists(python):
        venv.create(home, with_pip=True)
    wanted = ["numpy", "scipy", "pandas"] + (["pandana"] if with_pandana else [])
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


def best(runs, work):
    """Least seconds of several runs by the clock and of the processor, and what the last one made."""
    least = busy = float("inf")
    for _ in range(runs):
        begin, had = time.perf_counter(), time.process_time()
        made = work()
        least = min(least, time.perf_counter() - begin)
        busy = min(busy, time.process_time() - had)
    return (least, busy), made


def row(name, seconds, note=""):
    print(f"{name:52} {seconds[0] * 1e3:10.1f} ms   processor {seconds[1] * 1e3:10.1f} ms  {note}", flush=True)


def peak():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def compare(folder, runs, with_pandana):
    """Runs inside the virtual environment."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    nodes = pd.read_csv(f"{folder}/nodes.csv")
    edges = pd.read_csv(f"{folder}/edges.csv")
    people = pd.read_csv(f"{folder}/origins.csv")["weight"].to_numpy(float)
    facilities = pd.read_csv(f"{folder}/facilities.csv")
    place = pd.Series(np.arange(len(nodes)), index=nodes["id"])
    one, other = place[edges["from"]].to_numpy(), place[edges["to"]].to_numpy()
    metres = edges["metres"].to_numpy()
    # Of parallel edges the shortest, and no loops: a sparse matrix would add them up.
    low, high = np.minimum(one, other), np.maximum(one, other)
    flat = pd.DataFrame({"a": low, "b": high, "m": metres})[low != high].groupby(["a", "b"], as_index=False)["m"].min()
    size = len(nodes)
    graph = csr_matrix((flat["m"].clip(lower=1e-9), (flat["a"], flat["b"])), shape=(size, size))
    graph = graph.maximum(graph.T).tocsr()
    seeds = place[facilities["id"]].to_numpy()
    capacity = facilities["capacity"].to_numpy(float)

    seconds, found = best(runs, lambda: dijkstra(graph, directed=True, indices=seeds, min_only=True, return_predecessors=False))
    row("SciPy: nearest for every node (multi-source)", seconds)

    def catchments():
        """2SFCA with a search from each facility up to the limit, some facilities at a time."""
        score = np.zeros(size)
        for begin in range(0, len(seeds), 20):
            times = dijkstra(graph, directed=True, indices=seeds[begin : begin + 20], limit=METRES)
            near = np.isfinite(times)
            demand = near @ people
            ratio = np.divide(capacity[begin : begin + 20], demand, out=np.zeros(len(demand)), where=demand > 0)
            score += ratio @ near
        return score

    seconds, score = best(min(runs, 2), catchments)
    row("SciPy: 2SFCA within 1 km", seconds, f"peak {peak()} MB")
    ours = pd.read_csv(f"{folder}/answer.csv")
    seconds_of = ours["walk_seconds"].fillna(np.inf).to_numpy()
    far = np.isfinite(found)
    assert (np.isfinite(seconds_of) == far).all()
    print(f"largest difference: {np.abs(found[far] - seconds_of[far]).max():.6f} s of {found[far].max():.0f}, "
          f"score {np.abs(ours['score'] - score).max() / score.max():.2e} of the largest")
    if not with_pandana:
        return
    import pandana

    def prepare():
        return pandana.Network(
            pd.Series(nodes["lon"].to_numpy()), pd.Series(nodes["lat"].to_numpy()),
            pd.Series(flat["a"].to_numpy()), pd.Series(flat["b"].to_numpy()), pd.DataFrame({"m": flat["m"].to_numpy()}),
            twoway=True,
        )

    ready, network = best(1, prepare)
    row("pandana: preparation of the network", ready)

    def nearest():
        network.set_pois("facility", 100_000, 1, pd.Series(facilities["lon"]), pd.Series(facilities["lat"]))
        return network.nearest_pois(100_000, "facility", num_pois=1)

    seconds, _ = best(2, nearest)
    row("pandana: nearest for every node", seconds, f"with preparation {(ready[1] + seconds[1]) * 1e3:.0f} ms of processor")

    def aggregate():
        everyone = pd.Series(np.arange(size))
        network.set(everyone, variable=pd.Series(people), name="people")
        demand = network.aggregate(METRES, type="sum", decay="flat", name="people").to_numpy()
        ratio = np.divide(capacity, demand[seeds], out=np.zeros(len(seeds)), where=demand[seeds] > 0)
        network.set(pd.Series(seeds), variable=pd.Series(ratio), name="ratio")
        return network.aggregate(METRES, type="sum", decay="flat", name="ratio").to_numpy()

    seconds, theirs = best(1, aggregate)
    row("pandana: 2SFCA within 1 km", seconds, f"with preparation {(ready[1] + seconds[1]) * 1e3:.0f} ms of processor, peak {peak()} MB")
    print(f"score against pandana's: {np.abs(ours['score'] - theirs).max() / score.max():.2e} of the largest")


def main():
    arguments = sys.argv[1:]
    runs = int(arguments[arguments.index("--runs") + 1]) if "--runs" in arguments else 5
    with_pandana = "--pandana" in arguments
    if arguments and arguments[0] == "compare":
        compare(arguments[1], runs, with_pandana)
        return
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    extract = os.path.abspath(arguments[0])
    python = peers(with_pandana)
    program = os.path.join(TARGET, "release", "examples", "bench")
    if "--program" in arguments:
        program = arguments[arguments.index("--program") + 1]
    else:
        subprocess.run(["cargo", "build", "--release", "-p", "reach", "--examples"], cwd=ROOT, check=True)
    folder = os.path.join(HOME, "data")
    subprocess.run([program, extract, "--write", folder], check=True)
    subprocess.run([python, os.path.abspath(__file__), "compare", folder, "--runs", str(runs),
                    *(["--pandana"] if with_pandana else [])], check=True)


if __name__ == "__main__":
    main()
