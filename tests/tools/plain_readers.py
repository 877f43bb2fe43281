"""Independent readers of test_providers.py, for formats of which nobody else's table is at hand.

Each reads paths into what test_providers.read_table() gives, by a format's description and nothing
of traj. Where there is no real file either, a function writes the text of one.
"""

import json
import math


def read_signality(paths):
    table = {}
    for path in paths:
        for frame in json.loads(path.read_text(encoding="utf-8")):
            positions = {
                f"{side}_{player['jersey_number']}": tuple(player["position"][:2])
                for side in ("home", "away")
                for player in frame[side + "_team"]
            }
            if frame["ball"]["position"]:
                positions["ball"] = tuple(frame["ball"]["position"][:2])
            table[frame["phase"], frame["idx"]] = frame["match_time"] / 1000, positions
    return table


def read_signality_beside(paths):
    """The period that was named and the second one beside it."""
    return read_signality(paths + [paths[0].with_name(paths[0].name.replace("_p1_", "_p2_"))])


def read_statsperform(paths):
    """MA25 by its description: pitch 105 x 68 m, y turned up."""
    table = {}
    for line in paths[0].read_text(encoding="utf-8").splitlines():
        head, players, ball = line.split(":")
        epoch_ms, clock = head.split(";")
        milliseconds, period, _ = clock.split(",")
        found = {"ball": ball.rstrip(";").split(",")[:2]}
        for player in filter(None, players.split(";")):
            side, name, _, x, y = player.split(",")
            if side != "2":
                found[name] = x, y
        positions = {name: (float(x) - 52.5, 34 - float(y)) for name, (x, y) in found.items()}
        table[int(period), int(epoch_ms)] = int(milliseconds) / 1000, positions
    return table


def read_epts(paths):
    """As Metrica declares it: shares of 105 x 68 m from the top left, y turned up."""
    table = {}
    for line in paths[0].read_text(encoding="utf-8").splitlines():
        frame, players, ball = line.split(":")
        found = {f"Track_{n}": text for n, text in enumerate(players.split(";"), start=1)}
        found["ball"] = ball
        positions = {}
        for name, text in found.items():
            x, y = text.split(",")[:2]
            if x not in ("", "NaN"):
                positions[name] = (float(x) - 0.5) * 105, (0.5 - float(y)) * 68
        period, start = (1, 450) if int(frame) < 650 else (2, 650)
        table[period, int(frame)] = (int(frame) - start) / 25, positions
    return table


def read_hawkeye(paths):
    """Files of the ball. The last sample of a minute may round into the next one."""
    table = {}
    for path in paths:
        minute = json.loads(path.read_text(encoding="utf-8"))
        period, number = (minute["sequences"][key] for key in ("segment", "match-minute"))
        start = {1: 1, 2: 46}[period]
        for sample in minute["samples"]["ball"]:
            frame = round(50 * sample["time"])
            if frame < 50 * 60:
                seconds = 60 * (number - start) + frame / 50
                positions = {"ball": tuple(sample["pos"][:2])}
                table[period, 50 * 60 * number + frame] = seconds, positions
    return table


def shorten_hawkeye(data):
    minute = json.loads(data)
    minute["samples"]["ball"] = minute["samples"]["ball"][:300]
    return json.dumps(minute, indent=1).encode()


def read_hawkeye_beside(paths):
    """The minute that was named and the other one beside it."""
    return read_hawkeye(paths + [paths[0].with_name(paths[0].name.replace("_1_1.", "_2_46."))])


# Frames of both periods, 11 players a side who walk along x and the ball, metres from the centre.
WALK = [
    (
        period,
        frame,
        (period - 1) * 2700 + frame / 10,
        [(n - 11 + frame / 100, 2.97 * n - 33) for n in range(23)],
    )
    for period in (1, 2)
    for frame in range(600 * period, 600 * period + 40)
]
# Of skillcorner_match_data.json: home, away, the ball, the referee.
HOME_OBJECTS = {10257: 10247, 2405: 2395, 6637: 6627, 10318: 10308, 9116: 9106}
AWAY_OBJECTS = {6806: 6796, 7217: 7207, 9262: 9252, 11559: 11495, 6617: 6607}
BALL_OBJECT, REFEREE_OBJECT = 55, 22396


def write_skillcorner_v2():
    frames = [
        {
            "period": None,
            "frame": 0,
            "timestamp": None,
            "data": [],
            "possession": {"trackable_object": None, "group": None},
        }
    ]
    for period, frame, seconds, places in WALK:
        known = [*HOME_OBJECTS, *AWAY_OBJECTS, BALL_OBJECT, REFEREE_OBJECT]
        data = [
            {"track_id": number, "trackable_object": number, "x": x, "y": y}
            for number, (x, y) in zip(known, places)
        ]
        data[-2]["z"] = 0.5
        groups = ["home team", "away team", "home goalkeeper", "away goalkeeper", "referee"]
        for number, (group, (x, y)) in enumerate(zip(groups, places[12:])):
            data.append({"track_id": number, "group_name": group, "x": x, "y": y})
        frames.append(
            {
                "period": period,
                "frame": frame,
                "timestamp": f"{int(seconds // 60)}:{seconds % 60:05.2f}",
                "data": data,
                "possession": {"trackable_object": known[0], "group": "home team"},
            }
        )
    return "[\n" + ",\n".join(json.dumps(frame) for frame in frames) + "\n]\n"


def read_skillcorner_v2(_):
    names = [*HOME_OBJECTS.values(), *AWAY_OBJECTS.values(), "ball", None]
    names += ["home_anon_0", "away_anon_1", "home_anon_2", "away_anon_3"]
    table = {}
    for period, frame, _, places in WALK:
        positions = {str(name): place for name, place in zip(names, places) if name}
        table[period, frame] = frame / 10, positions
    return table


def write_respovision():
    lines = []
    for period, frame, seconds, places in WALK:
        sides = ["Home Team", "Away Team"] if period == 1 else ["Away Team", "Home Team"]
        players = [
            {
                "person_id": 100 + n,
                "team_name": "Home Team" if n < 11 else "Away Team",
                "jersey_number": n,
                "category_name": "goalkeeper" if n % 11 == 0 else "player",
                "x": x + 52.5,
                "y": y + 34,
                "head_angle": math.nan,
                "is_imputed": n == 5,
            }
            for n, (x, y) in enumerate(places[:22])
        ]
        ball = {"x": places[22][0] + 52.5, "y": places[22][1] + 34, "z": math.nan}
        frame = {
            "frame_id": frame,
            "time": f"{int(seconds // 60):02}:{seconds % 60:09.6f}",
            "period": f"half_{period}",
            "pitch_side": dict(zip(("left", "right"), sides)),
            "ball": ball,
            "players": players,
        }
        lines.append(json.dumps(frame))
    return "\n".join(lines) + "\n"


def read_respovision(_):
    names = [str(100 + n) for n in range(22)] + ["ball"]
    return {(period, frame): (0, dict(zip(names, places))) for period, frame, _, places in WALK}
