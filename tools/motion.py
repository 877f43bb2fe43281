#!/usr/bin/env python3
"""How those in a rollout.csv move, beside those recorded in the same windows.

    traj rollout --model M --players data.csv --at all --samples 3 --out rollout.csv
    tools/motion.py rollout.csv

Per step (a frame to the next, headings where both are faster than 2 m/s) and per second. Agents
with a step of more than 2 m for a player or 5 m for the ball, whom a simulator has put elsewhere,
and those who are missing in a frame, do not count. Python's own library is all it needs.
"""

import argparse
import csv
import math
import sys
from collections import defaultdict

PLAYER_STEP_M, BALL_STEP_M = 2, 5
FAST_MPS, TURNED = 2, 60  # degrees
STILL_M = 0.5


def read_paths(file):
    """(recorded or generated, is ball) -> paths behind the last observed frame, it included."""
    last, path, missing = {}, defaultdict(list), set()
    rows = csv.DictReader(file)
    time = []
    for row in rows:
        agent = row["sequence"], row["player_id"], row["team"] == "ball"
        key = agent + (row["sample"],)
        if len(time) < 2 and (not time or float(row["timestamp"]) != time[0]):
            time.append(float(row["timestamp"]))
        if not row["x"]:
            missing.add(key)
            continue
        place = float(row["x"]), float(row["y"])
        if row["observed"] == "1":
            last[agent] = place
        else:
            path[key].append(place)
    longest = max(map(len, path.values()))
    found = defaultdict(list)
    for key, places in path.items():
        agent, ball = key[:3], key[2]
        whole = [last[agent], *places] if agent in last else []
        limit = BALL_STEP_M if ball else PLAYER_STEP_M
        if key in missing or len(whole) <= longest or max(lengths(whole, 1)) > limit:
            continue
        found["recorded" if key[3] == "" else "generated", ball].append(whole)
    return found, round(1 / (time[1] - time[0]))


def steps(path, lag):
    return [(b[0] - a[0], b[1] - a[1]) for a, b in zip(path[::lag], path[lag::lag])]


def lengths(path, lag):
    return [math.hypot(*step) for step in steps(path, lag)]


def turns(paths, lag, least):
    """Degrees between steps over lag frames, both longer than `least` metres."""
    found = []
    for path in paths:
        moved = steps(path, lag)
        for u, w in zip(moved, moved[1:]):
            if min(math.hypot(*u), math.hypot(*w)) > least:
                cross, dot = u[0] * w[1] - u[1] * w[0], u[0] * w[0] + u[1] * w[1]
                found.append(abs(math.degrees(math.atan2(cross, dot))))
    return sorted(found)


def share(values):
    values = list(values)
    return 100 * sum(values) / len(values) if values else math.nan


def quantile(ordered, q):
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else math.nan


def describe(players, balls, rate):
    """label -> text"""
    step = [length * rate for path in players for length in lengths(path, 1)]
    turn = turns(players, 1, FAST_MPS / rate)
    net = [math.dist(path[0], path[-1]) for path in players]
    whole = [sum(lengths(path, 1)) for path in players]
    return {
        f"moving faster than {FAST_MPS} m/s": f"{share(v > FAST_MPS for v in step):.0f} %",
        "change of heading from step to step, 50 / 90 / 99 % (degrees)":
            " / ".join(f"{quantile(turn, q):.3g}" for q in (0.5, 0.9, 0.99)),
        "steps that reverse the one before": f"{share(a > 90 for a in turn):.1f} %",
        f"turning by more than {TURNED} degrees from one second to the next":
            f"{share(a > TURNED for a in turns(players, rate, 1)):.0f} %",
        f"less than {STILL_M} m away at the end": f"{share(n < STILL_M for n in net):.1f} %",
        "net distance over path": f"{sum(net) / max(sum(whole), 1e-9):.2f}",
        f"ball: turning by more than {TURNED} degrees from one second to the next":
            f"{share(a > TURNED for a in turns(balls, rate, 1)):.0f} %",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rollout", help="rollout.csv, written with --at all")
    options = parser.parse_args()
    with open(options.rollout, encoding="utf-8", newline="") as file:
        paths, rate = read_paths(file)
    if not paths["recorded", False] or not paths["generated", False]:
        sys.exit("tools/motion.py: no player is both recorded and generated; was it --at all?")
    columns = [describe(paths[who, False], paths[who, True], rate)
               for who in ("recorded", "generated")]
    print("| | recorded | generated |\n|---|---|---|")
    for label in columns[0]:
        print(f"| {label} | {columns[0][label]} | {columns[1][label]} |")


if __name__ == "__main__":
    main()
