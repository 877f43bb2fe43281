#!/usr/bin/env python3
"""Writes a kloppy tracking dataset as files that traj reads: CSV, and JSON with what CSV lacks.

In Python:

    import from_kloppy
    from_kloppy.write(dataset, "match.csv")     # and match.json

On the command line, with any of kloppy's loaders and its arguments:

    tools/from_kloppy.py tracab.load meta_data=meta.xml raw_data=match.dat --out match.csv
    tools/from_kloppy.py signality.load meta_data=meta.json venue_information=venue.json \\
        raw_data_feeds=p1.json,p2.json --out match.csv

Then `traj info match.csv --config match.json`: the file's "options" hold frame rate and pitch.

Positions are in metres from the centre spot, y up, everybody where the dataset has him: which way
home attacks is for traj to find out. Say coordinates=PROVIDER to a loader where there is a choice:
kloppy's own system, its default, stretches the pitch between its markings.
"""

import argparse
import csv
import importlib
import json
from pathlib import Path

COLUMNS = "sequence sample period_id frame_id timestamp team player_id jersey x y observed".split()
METRES = {"m": 1.0, "cm": 0.01, "y": 0.9144, "ft": 0.3048}


class Axis:
    """One axis of a coordinate system, as a function to metres from the centre spot."""

    def __init__(self, limits, unit, standardized, size_m, from_centre):
        known = limits.min is not None and limits.max is not None
        if unit in METRES and not standardized:
            self.scale = METRES[unit]
        else:
            self.scale = size_m / (limits.max - limits.min)
        if known:
            self.centre = (limits.min + limits.max) / 2
        else:
            self.centre = 0.0 if from_centre else size_m / self.scale / 2

    def __call__(self, value):
        return (value - self.centre) * self.scale


def pitch_m(system):
    """Length and width; the usual ones where the dataset does not know them."""
    return system.pitch_length or 105.0, system.pitch_width or 68.0


def to_pitch_frame(system):
    """Point -> (x, y)."""
    dimensions = system.pitch_dimensions
    rest = (dimensions.unit.value, dimensions.standardized)
    from_centre = system.origin.value == "center"
    length_m, width_m = pitch_m(system)
    along = Axis(dimensions.x_dim, *rest, length_m, from_centre)
    across = Axis(dimensions.y_dim, *rest, width_m, from_centre)
    up = -1.0 if system.vertical_orientation.value == "top-to-bottom" else 1.0
    return lambda point: (along(point.x), up * across(point.y))


def rows(dataset):
    """One a position; the ball has one in every frame, so that none is lost."""
    place = to_pitch_frame(dataset.metadata.coordinate_system)

    def row(frame, team, player_id, jersey, point):
        period = frame.period.id
        seconds = f"{frame.timestamp.total_seconds():.6f}"
        known = point is not None and point.x == point.x and point.y == point.y
        x, y = (f"{value:.6f}" for value in place(point)) if known else ("", "")
        return [period, "", period, frame.frame_id, seconds, team, player_id, jersey, x, y, 1]

    for frame in dataset:
        yield row(frame, "ball", "ball", "", frame.ball_coordinates)
        for player, data in frame.players_data.items():
            if player.team is not None and data.coordinates is not None:
                team, jersey = player.team.ground.value, player.jersey_no
                jersey = "" if jersey is None else jersey
                yield row(frame, team, player.player_id, jersey, data.coordinates)


def describe(dataset):
    """What the table cannot hold. "options" are traj's own, for --config."""
    metadata = dataset.metadata
    length_m, width_m = pitch_m(metadata.coordinate_system)
    return {
        "options": {
            "source-rate": metadata.frame_rate,
            "pitch": f"{length_m:g}x{width_m:g}",
            "unit": "metres",
            "origin": "centre",
        },
        "provider": str(metadata.provider),
        "orientation": metadata.orientation.value if metadata.orientation else None,
        "periods": [period.id for period in metadata.periods],
        "teams": [
            {
                "team": team.ground.value,
                "team_id": team.team_id,
                "name": team.name,
                "players": [
                    {
                        "player_id": player.player_id,
                        "jersey": player.jersey_no,
                        "name": player.name,
                        "role": str(player.starting_position) if player.starting_position else None,
                    }
                    for player in team.players
                ],
            }
            for team in metadata.teams
        ],
    }


def write(dataset, path):
    """match.csv, and match.json beside it."""
    path = Path(path)
    with open(path, "w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows(dataset))
    # default: ids from XML are strings of a kind that json does not know
    text = json.dumps(describe(dataset), indent=2, ensure_ascii=False, default=str)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def value_of(text):
    """limit=100 is a number, raw_data_feeds=p1.json,p2.json a list."""
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            pass
    return text.split(",") if "," in text else text


def loader_of(name):
    """The function behind "tracab.load"."""
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module("kloppy." + module), function)


def load(name, arguments):
    """load("tracab.load", {"meta_data": ..., "raw_data": ...})."""
    return loader_of(name)(**{key: value_of(text) for key, text in arguments.items()})


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("loader", help="as in kloppy: tracab.load, metrica.load_tracking_csv, ...")
    parser.add_argument("argument", nargs="*", help="of the loader: NAME=VALUE")
    parser.add_argument("--out", default="match.csv", help="file to write (match.csv)")
    options = parser.parse_args()
    if not all("=" in argument for argument in options.argument):
        parser.error("arguments of a loader are NAME=VALUE")
    write(load(options.loader, dict(a.split("=", 1) for a in options.argument)), options.out)


if __name__ == "__main__":
    main()
