#!/usr/bin/env python3
"""Computes the figures of `traj evaluate` once more, from what `traj rollout --at all` has written.

    traj rollout --model M --players data.csv --at all --decimals 7 --out rollout.csv
    python3 tools/recompute_metrics.py rollout.csv
    traj evaluate --model M --players data.csv

The second and the third must say the same. (Without --decimals rollout.csv is rounded to
millimetres: an error is off by at most 2 sqrt(2) x 0.5 mm, and so is every mean of errors; the
energy score by half as much again.) The definitions are those of docs/mathematics/metrics.md.
Python's own library is all it needs; nothing is shared with the program.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections import defaultdict, namedtuple
from pathlib import Path
from statistics import fmean

GROUPS = {
    "all": lambda team: True,
    "players": lambda team: team != "ball",
    "ball": lambda team: team == "ball",
}


Lengths = namedtuple("Lengths", "burn_in horizon rate")


class Scene:
    """One window: agent -> list of positions in the order of frames, None where missing."""

    def __init__(self):
        self.team = {}
        self.observed = defaultdict(list)
        self.truth = defaultdict(list)
        self.sample = defaultdict(lambda: defaultdict(list))

    def add(self, row):
        agent = (row["team"], row["player_id"])
        position = (float(row["x"]), float(row["y"])) if row["x"] else None
        self.team[agent] = row["team"]
        if row["observed"] == "1":
            self.observed[agent].append(position)
        elif row["sample"] == "":
            self.truth[agent].append(position)
        else:
            self.sample[int(row["sample"])][agent].append(position)

    def counted(self, lengths):
        """Who is recorded in every frame of the window and nowhere put to another place."""
        return [agent for agent in self.team if self.moves_throughout(agent, lengths)]

    def moves_throughout(self, agent, lengths):
        path = self.observed[agent] + self.truth[agent]
        if len(path) < lengths.burn_in + lengths.horizon or None in path:
            return False
        longest = 50 / lengths.rate + 1 if self.team[agent] == "ball" else 15 / lengths.rate + 0.5
        return all(math.dist(a, b) <= longest for a, b in zip(path, path[1:]))


def read_scenes(rows):
    """A window begins where the name changes, or where observation begins again."""
    scene, name, was_observed = Scene(), None, True
    for row in rows:
        observed = row["observed"] == "1"
        if row["sequence"] != name or (observed and not was_observed):
            if name is not None:
                yield scene
            scene, name = Scene(), row["sequence"]
        scene.add(row)
        was_observed = observed
    if name is not None:
        yield scene


def energy_score(scene, agents, horizon):
    """All agents and frames as one vector; metres by the root of the number of positions."""

    def vector(paths):
        return [coordinate for agent in agents for place in paths[agent] for coordinate in place]

    truth = vector(scene.truth)
    samples = [vector(paths) for paths in scene.sample.values()]
    skill = fmean(math.dist(sample, truth) for sample in samples)
    pairs = [math.dist(a, b) for i, a in enumerate(samples) for b in samples[:i]]
    spread = fmean(pairs) if pairs else 0
    return (skill - spread / 2) / math.sqrt(len(agents) * horizon)


def measure(scene, agents, horizon, miss_m):
    """The figures of one scene for these agents."""
    path, end = [], []  # [samples][agents]: mean error over time, error at the end
    for paths in scene.sample.values():
        errors = [list(map(math.dist, paths[agent], scene.truth[agent])) for agent in agents]
        path.append([fmean(e) for e in errors])
        end.append([e[-1] for e in errors])
    best_ends = [min(column) for column in zip(*end)]
    joint_path = [fmean(row) for row in path]
    joint_end = [fmean(row) for row in end]
    return {
        "min_ade": fmean(min(column) for column in zip(*path)),
        "min_fde": fmean(best_ends),
        "avg_ade": fmean(joint_path),
        "avg_fde": fmean(joint_end),
        "min_jade": min(joint_path),
        "min_jfde": min(joint_end),
        "avg_jade": fmean(joint_path),
        "avg_jfde": fmean(joint_end),
        "miss_rate": fmean(error > miss_m for error in best_ends),
        "energy_score": energy_score(scene, agents, horizon),
        "energy_score_agent": fmean(energy_score(scene, [a], horizon) for a in agents),
    }


def evaluate(file, lengths, miss_m):
    """The means over scenes."""
    scenes, agents = 0, 0
    values = {group: defaultdict(list) for group in GROUPS}
    for scene in read_scenes(csv.DictReader(file)):
        counted = scene.counted(lengths)
        scenes += bool(counted)
        agents += len(counted)
        for group, has in GROUPS.items():
            members = [agent for agent in counted if has(scene.team[agent])]
            if members:
                for key, value in measure(scene, members, lengths.horizon, miss_m).items():
                    values[group][key].append(value)
    means = {group: {key: fmean(v) for key, v in of.items()} for group, of in values.items()}
    return {"scenes": scenes, "agents": agents, "metrics": means}


def print_table(result):
    print(f"{result['scenes']} scenes, {result['agents']} agents in them")
    shown = [group for group in GROUPS if result["metrics"][group]]
    print(f"{'':20}" + "".join(f"{group:>12}" for group in shown))
    for key in result["metrics"][shown[0]] if shown else ():
        print(f"{key:20}" + "".join(f"{result['metrics'][g][key]:12.4f}" for g in shown))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="rollout.csv, in long layout; rollout.json is beside it")
    parser.add_argument("--miss-distance", type=float, default=2, metavar="M")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    try:
        sidecar = json.loads(Path(options.file).with_suffix(".json").read_text(encoding="utf-8"))
        how = sidecar["options"]
        lengths = Lengths(how["burn-in"], how["horizon"], sidecar["rate_hz"])
        with open(options.file, newline="", encoding="utf-8") as file:
            result = evaluate(file, lengths, options.miss_distance)
    except (OSError, KeyError, ValueError, TypeError) as error:
        sys.exit(f"{options.file}: no rollout in long layout, with its .json beside: {error!r}")
    print(json.dumps(result, indent=2)) if options.json else print_table(result)


if __name__ == "__main__":
    main()
