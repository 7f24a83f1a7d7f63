"""Solves one file with a peer and prints its cost and the seconds of processor it took: PEER SECONDS FILE. See bench-scheduling.py."""

import gzip
import json
import math
import sys
import time


def solomon(file):
    """Vehicles, capacity, stops, and distances in tenths, truncated."""
    rows = [line.split() for line in open(file)]
    numbers = [[float(word) for word in row] for row in rows if row and row[0].replace(".", "").isdigit()]
    (vehicles, capacity), stops = numbers[0], numbers[1:]
    leg = lambda a, b: int(math.hypot(a[1] - b[1], a[2] - b[2]) * 10 + 1e-9)
    return int(vehicles), int(capacity), stops, [[leg(a, b) for b in stops] for a in stops]


def pyvrp(seconds, file):
    import pyvrp as library

    vehicles, capacity, stops, table = solomon(file)
    tenths = lambda value: int(value * 10)
    model = library.Model()
    places = [model.add_location(tenths(stop[1]), tenths(stop[2])) for stop in stops]
    depot = model.add_depot(location=places[0])
    for place, stop in zip(places[1:], stops[1:]):
        model.add_client(location=place, delivery=[int(stop[3])], tw_early=tenths(stop[4]), tw_late=tenths(stop[5]), service_duration=tenths(stop[6]))
    model.add_vehicle_type(num_available=vehicles, capacity=[capacity], start_depot=depot, end_depot=depot, tw_early=tenths(stops[0][4]), tw_late=tenths(stops[0][5]))
    for i, a in enumerate(places):
        for j, b in enumerate(places):
            if i != j:
                model.add_edge(a, b, distance=table[i][j], duration=table[i][j])
    result = model.solve(stop=lambda *_: time.process_time() > seconds, seed=1, display=False)
    return result.cost() / 10


def vroom(_, file):
    import numpy
    import vroom as library

    vehicles, capacity, stops, table = solomon(file)
    window = lambda stop: library.TimeWindow(int(stop[4] * 10), int(stop[5] * 10))
    problem = library.Input()
    problem.set_durations_matrix("car", numpy.array(table, dtype="uint32"))
    for vehicle in range(vehicles):
        problem.add_vehicle(library.Vehicle(vehicle, start=0, end=0, capacity=[capacity], time_window=window(stops[0])))
    for index, stop in enumerate(stops[1:], 1):
        problem.add_job(library.Job(index, location=index, delivery=[int(stop[3])], default_service=int(stop[6] * 10), time_windows=[window(stop)]))
    answer = problem.solve(exploration_level=5, nb_threads=2)
    if answer.summary.unassigned:
        raise SystemExit("some customers stay undone")
    return answer.summary.duration / 10


def ortools(seconds, file):
    """Its routing solver with a node for each service. It knows no largest tardiness in its cost; that is added afterwards."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2 as enums

    problem = json.load(gzip.open(file))
    scale = 1000
    nodes, pairs = [(None, "", 0)], []
    for index, patient in enumerate(problem["patients"], 1):
        needs = patient["required_caregivers"]
        if len(needs) > 1:
            pairs.append((len(nodes), len(nodes) + 1, patient["synchronization"]))
        nodes += [(patient, need["service"], index, need.get("duration")) for need in needs]
    lengths = {service["id"]: service.get("default_duration") for service in problem["services"]}
    length = [0] + [round((node[3] if node[3] is not None else lengths[node[1]]) * scale) for node in nodes[1:]]
    table = [[round(minutes * scale) for minutes in row] for row in problem["distances"]]
    carers = problem["caregivers"]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(carers), 0)
    routing = pywrapcp.RoutingModel(manager)
    leg = lambda a, b: table[nodes[a][2]][nodes[b][2]]
    distances = routing.RegisterTransitMatrix([[leg(a, b) for b in range(len(nodes))] for a in range(len(nodes))])
    times = routing.RegisterTransitMatrix([[leg(a, b) + length[a] for b in range(len(nodes))] for a in range(len(nodes))])
    routing.SetArcCostEvaluatorOfAllVehicles(distances)
    horizon = 5000 * scale
    routing.AddDimension(times, horizon, horizon, False, "time")
    clock, solver = routing.GetDimensionOrDie("time"), routing.solver()
    for node, (patient, service, *_) in list(enumerate(nodes))[1:]:
        index = manager.NodeToIndex(node)
        first, last = (round(minutes * scale) for minutes in patient["time_window"])
        clock.CumulVar(index).SetMin(first)
        clock.SetCumulVarSoftUpperBound(index, last, 1)
        able = [carer for carer, who in enumerate(carers) if service in who["abilities"]]
        # -1 is a node that is not done; none may be.
        routing.VehicleVar(index).SetValues(able)
    for one, other, tie in pairs:
        one, other = manager.NodeToIndex(one), manager.NodeToIndex(other)
        least, most = (round(minutes * scale) for minutes in tie["distance"]) if tie["type"] == "sequential" else (0, 0)
        solver.Add(clock.CumulVar(other) - clock.CumulVar(one) >= least)
        solver.Add(clock.CumulVar(other) - clock.CumulVar(one) <= most)
        solver.Add(routing.VehicleVar(one) != routing.VehicleVar(other))
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromSeconds(36_000)
    routing.CloseModelWithParameters(asked)
    routing.AddSearchMonitor(solver.CustomLimit(lambda: time.process_time() > seconds))
    found = routing.SolveWithParameters(asked)
    if found is None:
        raise SystemExit("found no answer")
    late = [max(0, found.Min(clock.CumulVar(manager.NodeToIndex(node))) - round(nodes[node][0]["time_window"][1] * scale)) for node in range(1, len(nodes))]
    travel = sum(
        routing.GetArcCostForVehicle(index, found.Value(routing.NextVar(index)), 0) for index in range(routing.Size())
    )
    return (travel + sum(late) + max(late)) / 3 / scale


if __name__ == "__main__":
    name, budget, path = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    cost = {"pyvrp": pyvrp, "vroom": vroom, "ortools": ortools}[name](budget, path)
    print(cost, time.process_time())
