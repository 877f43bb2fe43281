#!/usr/bin/env python3
"""Evaluates what tools/train_results.sh trained, on the test parts: the tables of docs/results.md.

    tools/evaluate_results.py [FOLDER] [--traj PROGRAM] [--sets tracab,nfl,robocup] [--models LIST]

FOLDER holds the models (default models/results), named SET-MODEL; those that are not there are left
out. Needs ../shared/data and nothing but Python's standard library. Tracab and robocup hold 8 and
13 windows end to end, too few to compare by: there one starts every second. Protocol traj, 20
samples; ± half of the 95 % interval over scenes. Behind the tables: each model less the first,
paired.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
SETS = {
    "tracab": ["--players", DATA / "football_tracab/tracking_data.csv", "--frames", "7501:9000",
               "--stride", "10"],
    "nfl": ["--players", DATA / "nfl/plays_val.csv"],
    "robocup": ["--players", DATA / "robocup/match.csv", "--frames", "5001:5999",
                "--stride", "10"],
}
MODELS = ["gvrnn", "vrnn", "rnn", "ddpm", "vdm"]
METRICS = ["min_jade", "avg_jade", "min_jfde", "avg_jfde", "min_ade", "energy_score", "speed_w1",
           "accel_w1"]


def figure(value):
    if value is None or value["value"] is None:
        return "-"
    low, high = value["ci95"]
    half = "" if low is None else f" ± {(high - low) / 2:.2f}"
    return f"{value['value']:.2f}{half}"


def evaluate(traj, folder, name, models):
    found = [folder / f"{name}-{model}" for model in models]
    found = [path for path in found if (path / "model.safetensors").exists()]
    if not found:
        return None
    command = [traj, "evaluate", "--model", *found, *SETS[name], "--no-likelihood", "--json",
               "--quiet"]
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=False,
                          cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def print_set(name, result):
    protocol = result["protocol"]
    print(f"\n{name}: {protocol['scenes']} scenes, {protocol['agents']} agents\n")
    print("| | " + " | ".join(METRICS) + " |")
    print("|---" * (len(METRICS) + 1) + "|")
    for sources in ("models", "baselines"):
        for source, said in result[sources].items():
            of_all = said["metrics"]["all"]
            cells = [figure(of_all.get(key)) for key in METRICS]
            print(f"| {source.removeprefix(name + '-')} | " + " | ".join(cells) + " |")


def print_paired(name, result):
    for model, said in result.get("paired", {}).items():
        of_all = said["metrics"]["all"]
        cells = [f"{key} {figure(of_all[key])}" for key in ("min_jade", "avg_jade", "energy_score")]
        print(f"{name}: {model} less {said['against']}: " + ", ".join(cells))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=ROOT / "models/results", type=pathlib.Path)
    parser.add_argument("--traj", default=ROOT / "build/release/traj")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--models", default=",".join(MODELS))
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit("tools/evaluate_results.py: there is no ../shared/data with the recordings")
    results = {}
    for name in options.sets.split(","):
        if name not in SETS:
            parser.error(f"--sets: {name} is none of {', '.join(SETS)}")
        results[name] = evaluate(options.traj, options.folder.resolve(), name,
                                 options.models.split(","))
    for name, result in results.items():
        if result:
            print_set(name, result)
    print()
    for name, result in results.items():
        if result:
            print_paired(name, result)


if __name__ == "__main__":
    main()
