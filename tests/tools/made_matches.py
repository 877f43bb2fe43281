"""One small match, written as formats of which no file may be passed on, for test_providers.py.

Every function of LAYOUTS writes the match into a folder, as the format's documentation or its
published files have it, and tells what to expect: a table with the columns of provider_expected/.
"""

import csv
import json
import random
from pathlib import Path

LENGTH, WIDTH = 105.0, 68.0
FRAMES = 40
YARD, FOOT = 0.9144, 0.3048


class Match:
    """Two halves of players who walk, their starts and steps drawn once, to the centimetre.

    at(half, frame) is {(team, number): (x, y)}, with ("ball", 0) for the ball; metres from the
    centre spot, y up. Home attacks right in the first half. Who is not there is left out: number
    11 of away comes late, and the ball is out of sight at times.
    """

    def __init__(self, rate_hz, players=11, length=LENGTH, width=WIDTH):
        self.rate_hz, self.players = rate_hz, players
        rng = random.Random(7)
        self.start, self.step = {}, {}
        for team, side in (("home", -1), ("away", 1)):
            for number in range(1, players + 1):
                # The goalkeeper on his line, everybody else spread over his own half.
                share = 0.48 if number == 1 else 0.02 + 0.42 * number / players
                across = 0.0 if number == 1 else (number / players - 0.55) * 0.9
                self.start[team, number] = side * share * length, across * width
                self.step[team, number] = rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1)
        self.start["ball", 0], self.step["ball", 0] = (0.5, 0.25), (0.3, -0.2)

    def agents(self):
        return list(self.start)

    def at(self, half, frame):
        side = 1 if half == 1 else -1
        places = {}
        for agent, (x, y) in self.start.items():
            dx, dy = self.step[agent]
            if (agent == ("away", 11) and frame < 10) or (agent[0] == "ball" and frame % 9 == 5):
                continue
            places[agent] = round(side * (x + frame * dx), 2), round(side * (y + frame * dy), 2)
        return places

    def frames(self, halves=(1, 2)):
        """(half, frame of the half, its id, its time, who is where)."""
        for half in halves:
            for frame in range(FRAMES):
                number = (half - 1) * 5000 + frame
                yield half, frame, number, frame / self.rate_hz, self.at(half, frame)


class Table:
    """What is expected: rows of frames under the names that traj gives to the players."""

    def __init__(self):
        self.rows, self.names = [], []

    def add(self, period, frame, seconds, places, sequence=""):
        self.names += [name for name in places if name not in self.names]
        self.rows.append((sequence, period, frame, seconds, places))

    def write(self, path):
        with open(path, "w", newline="", encoding="utf-8") as stream:
            out = csv.writer(stream)
            axes = [f"{name}_{axis}" for name in self.names for axis in "xy"]
            out.writerow(["sequence", "period_id", "frame_id", "timestamp", *axes])
            for sequence, period, frame, seconds, places in self.rows:
                flat = [v for name in self.names for v in places.get(name, ("", ""))]
                out.writerow([sequence, period, frame, seconds, *flat])


def write_csv(path, header, rows, delimiter=","):
    with open(path, "w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream, delimiter=delimiter)
        out.writerow(header)
        out.writerows(rows)


def write_json(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")


def expect(folder, name, match, naming, game=""):
    """The table of a match whose file holds it unchanged, the players under naming(agent)."""
    table = Table()
    for half, _, number, seconds, places in match.frames():
        sequence = f"{game}/{half}" if game else ""
        table.add(half, number, seconds, {naming(a): p for a, p in places.items()}, sequence)
    path = folder / f"{name}_expected.csv"
    table.write(path)
    return str(path)


def named(agent):
    """home_9, or ball."""
    return "ball" if agent[0] == "ball" else f"{agent[0]}_{agent[1]}"


# ---- JSON ----


def cdf(folder):
    match = Match(25)
    ids = {"home": "T1", "away": "T2"}
    starts = {1: "2023-10-01T12:00", 2: "2023-10-01T13:02"}
    names = {1: "first_half", 2: "second_half"}
    lines = []
    for half, frame, number, seconds, places in match.frames():
        teams = {
            team: {
                "id": ids[team],
                "players": [
                    {"id": f"{team}-{agent[1]}", "x": x, "y": y, "is_visible": agent[1] % 2 == 0}
                    for agent, (x, y) in places.items()
                    if agent[0] == team
                ],
            }
            for team in ids
        }
        x, y = places.get(("ball", 0), (None, None))
        lines.append(
            {
                "frame_id": number,
                "timestamp": f"{starts[half]}:{seconds:06.3f}Z",
                "period": names[half],
                "match": {"id": "m1"},
                "ball_status": frame > 3,
                "ball_poss_team_id": ids["home"],
                "teams": teams,
                "ball": {"x": x, "y": y, "z": None if x is None else 0.1},
            }
        )
    roster = {
        team: {
            "id": ids[team],
            "name": team.title(),
            "players": [
                {
                    "id": f"{team}-{number}",
                    "team_id": ids[team],
                    "jersey_number": number,
                    "is_starter": True,
                    "position_group": "GK" if number == 1 else "MF",
                }
                for number in range(1, 12)
            ],
        }
        for team in ids
    }
    periods = [
        {
            "period": names[half],
            "play_direction": "left_right" if half == 1 else "right_left",
            "start_time": f"{starts[half]}:00Z",
        }
        for half in names
    ]
    meta = {
        "match": {"id": "m1", "kickoff_time": f"{starts[1]}:00Z", "periods": periods},
        "teams": roster,
        "stadium": {"id": "s", "pitch_length": LENGTH, "pitch_width": WIDTH},
        "meta": {"tracking": {"fps": 25}, "cdf": {"version": "0.2.3"}},
    }
    data, beside = folder / "cdf.jsonl", folder / "cdf_meta.json"
    data.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    write_json(beside, meta)
    naming = lambda agent: "ball" if agent[0] == "ball" else f"{agent[0]}-{agent[1]}"
    expected = expect(folder, "cdf", match, naming)
    yield {"name": "cdf", "files": [str(data)], "expected": expected, "meta": str(beside)}
    yield {"name": "cdf, no metadata", "files": [str(data)], "expected": expected, "meta": "none"}


def nba(folder):
    """Five a side on a court of 94 x 50 feet; the second event repeats half of the first."""
    length, width = 94 * FOOT, 50 * FOOT
    match = Match(25, players=5, length=length, width=width)
    ids = {"home": 1610612761, "away": 1610612766, "ball": -1}
    player_id = lambda agent: -1 if agent[0] == "ball" else ids[agent[0]] % 100 * 100 + agent[1]
    team = lambda name: {
        "name": name,
        "teamid": ids[name],
        "players": [
            {"playerid": player_id((name, n)), "jersey": str(n), "position": "G"}
            for n in range(1, 6)
        ],
    }
    starts_ms = {1: 1451690520000, 2: 1451692520000}
    moments = []
    for half, frame, _, _, places in match.frames():
        rows = [
            [
                ids[agent[0]],
                player_id(agent),
                round((x + length / 2) / FOOT, 5),
                round((y + width / 2) / FOOT, 5),
                0.0,
            ]
            for agent, (x, y) in sorted(places.items(), key=lambda item: item[0][0] != "ball")
        ]
        moments.append([half, starts_ms[half] + 40 * frame, 720.0 - frame // 5, 24.0, None, rows])
    events = [
        {"eventId": str(n), "visitor": team("away"), "home": team("home"), "moments": part}
        for n, part in enumerate((moments[:30], moments[15:], []))
    ]
    path = folder / "nba.json"
    write_json(path, {"gameid": "0021500492", "gamedate": "2016-01-01", "events": events})
    table = Table()
    for half, frame, _, seconds, places in match.frames():
        named_places = {
            "ball" if agent[0] == "ball" else str(player_id(agent)): place
            for agent, place in places.items()
        }
        table.add(half, starts_ms[half] + 40 * frame, seconds, named_places)
    table.write(folder / "nba_expected.csv")
    yield {"name": "nba", "files": [str(path)], "expected": str(folder / "nba_expected.csv")}


# ---- plays ----


def nfl_place(place):
    """Yards from the corner of a field of 120 x 53 1/3."""
    x, y = place
    return round(x / YARD + 60, 5), round(y / YARD + 80 / 3, 5)


def nfl_layout(folder, name, header, row, with_ball=True, thrown=None):
    """Two plays; row(play, frame, agent, x, y) is a row of the file. From frame `thrown` on they
    go on in a second file."""
    match = Match(10)
    rows, later, table = [], [], Table()
    for half, frame, _, seconds, places in match.frames():
        kept = {a: p for a, p in places.items() if with_ball or a[0] != "ball"}
        for agent, place in kept.items():
            if thrown is None or frame < thrown:
                rows.append(row(half, frame + 1, agent, *nfl_place(place)))
            else:
                after = [2023090700, 50 + half, nfl_id(agent), frame - thrown + 1]
                later.append(after + list(nfl_place(place)))
        ids = {"ball" if a[0] == "ball" else str(nfl_id(a)): p for a, p in kept.items()}
        table.add(1, frame + 1, seconds, ids, f"2023090700/{50 + half}")
    files = [folder / (f"{name}.csv" if thrown is None else f"input_{name}.csv")]
    write_csv(files[0], header.split(","), rows)
    if thrown is not None:
        files.append(folder / f"output_{name}.csv")
        write_csv(files[1], ["game_id", "play_id", "nfl_id", "frame_id", "x", "y"], later)
    table.write(folder / f"{name}_expected.csv")
    return {
        "files": [str(path) for path in files],
        "expected": str(folder / f"{name}_expected.csv"),
    }


def nfl_id(agent):
    return {"home": 40000, "away": 50000, "ball": 0}[agent[0]] + agent[1]


def nfl(folder):
    clock = lambda frame: f"2018-09-07T01:07:{14 + frame / 10:06.3f}Z"

    def row_2021(play, frame, agent, x, y):
        ball = agent[0] == "ball"
        known = ["NA", "NA"] if ball else [nfl_id(agent), agent[1]]
        moved = [x, y, 4.1, 1.9, 0.4, "NA" if ball else 81.9, "NA" if ball else 156.8, "None"]
        way = "right" if play == 1 else "left"
        team = "football" if ball else agent[0]
        first = ["2023090700", 50 + play, known[0], frame, clock(frame), known[1], team, way]
        return first + moved

    header = (
        "gameId,playId,nflId,frameId,time,jerseyNumber,team,playDirection,x,y,s,a,dis,o,dir,event"
    )
    yield {"name": "nfl 2021", **nfl_layout(folder, "nfl_2021", header, row_2021)}

    def row_2025(play, frame, agent, x, y):
        old = row_2021(play, frame, agent, x, y)
        club = {"home": "BUF", "away": "LA", "ball": "football"}[agent[0]]
        kind = "BEFORE_SNAP" if frame < 20 else "AFTER_SNAP"
        return old[:3] + ["A Name", frame, kind, old[4], old[5], club] + old[7:]

    header = (
        "gameId,playId,nflId,displayName,frameId,frameType,time,jerseyNumber,club,playDirection,"
        "x,y,s,a,dis,o,dir,event"
    )
    yield {"name": "nfl 2025", **nfl_layout(folder, "nfl_2025", header, row_2025)}

    def row_2026(play, frame, agent, x, y):
        side = "Offense" if agent[0] == "home" else "Defense"
        way = "right" if play == 1 else "left"
        first = ["2023090700", 50 + play, "True", nfl_id(agent), frame, way, 42, "A Name"]
        person = ["6-1", 213, "1988-12-02", "QB", side, "Passer"]
        return first + person + [x, y, 0.1, 0.2, 322.4, 238.2, 21, 63.2, -0.2]

    header = (
        "game_id,play_id,player_to_predict,nfl_id,frame_id,play_direction,"
        "absolute_yardline_number,player_name,player_height,player_weight,player_birth_date,"
        "player_position,player_side,player_role,x,y,s,a,dir,o,num_frames_output,"
        "ball_land_x,ball_land_y"
    )
    yield {"name": "nfl 2026", **nfl_layout(folder, "nfl_2026", header, row_2026, False)}
    both = nfl_layout(folder, "nfl_2026", header, row_2026, False, thrown=12)
    yield {"name": "nfl 2026, input and output", **both}


def last_row(folder):
    """Percent of the pitch from the lower left corner; both orders of columns."""
    match = Match(20)
    goals = {1: "Liverpool [3] - 0 Bournemouth", 2: "Bournemouth 0 - [1] Liverpool"}
    percent = lambda x, y: (round((x / LENGTH + 0.5) * 100, 6), round((y / WIDTH + 0.5) * 100, 6))
    number_of = lambda agent: {"home": 0, "away": 100, "ball": 0}[agent[0]] + agent[1]
    team_of = {"home": "attack", "away": "defense", "ball": ""}
    rows, other, table, single = [], [], Table(), Table()
    for half, frame, _, seconds, places in match.frames():
        ids = {"ball" if a[0] == "ball" else str(number_of(a)): p for a, p in places.items()}
        table.add(1, frame, seconds, ids, goals[half])
        if half == 1:
            single.add(1, frame, seconds, ids)
        for agent, place in places.items():
            x, y = percent(*place)
            number, team = number_of(agent), team_of[agent[0]]
            shirt = "" if agent[0] == "ball" else float(agent[1])
            rows.append(
                [len(rows), "blue", 0.1, -0.1, "white", frame, number, shirt, goals[half], team]
                + [x, y, 0.5 if agent[0] == "ball" else 0]
            )
            if half == 1:
                other.append(
                    [number, frame, x, y, 0, 0.1, -0.1, f"({x} {y})", shirt, "obj", team, shirt]
                    + ["A Name", "white", "blue"]
                )
    first = ",bgcolor,dx,dy,edgecolor,frame,player,player_num,play,team,x,y,z"
    second = (
        "player,frame,x,y,z,dx,dy,coords,player_num,player_obj,team,num,name,edgecolor,bgcolor"
    )
    for name, header, body, expected in (
        ("last_row", first, rows, table),
        ("last_row_objects", second, other, single),
    ):
        path = folder / f"{name}.csv"
        write_csv(path, header.split(","), body)
        expected.write(folder / f"{name}_expected.csv")
        yield {
            "name": name.replace("_", " "),
            "files": [str(path)],
            "expected": str(folder / f"{name}_expected.csv"),
        }


# ---- tables of libraries ----


def duration(seconds, engine):
    if engine == "polars":
        return f"PT{seconds:g}S"
    return f"0 days 00:00:{seconds:09.6f}"


def kloppy(folder):
    """dataset.to_df(): shares of the pitch from its upper left corner, teams not named."""
    match = Match(25)
    agents = [agent for agent in match.agents() if agent[0] != "ball"]
    ids = {agent: f"DFL-OBJ-{agent[0][0]}{agent[1]:03}" for agent in agents}
    share = lambda x, y: (round(x / LENGTH + 0.5, 7), round(0.5 - y / WIDTH, 7))
    header = ["period_id", "timestamp", "frame_id", "ball_state", "ball_owning_team_id"]
    header += ["ball_x", "ball_y", "ball_z", "ball_speed"]
    header += [f"{ids[agent]}_{part}" for agent in agents for part in "xyds"]
    naming = lambda agent: ids.get(agent, "ball")
    expected = expect(folder, "kloppy", match, naming)
    for engine in ("pandas", "polars"):
        rows = []
        for half, frame, number, seconds, places in match.frames():
            ball = share(*places["ball", 0]) if ("ball", 0) in places else ("", "")
            state = "alive" if frame % 2 else "dead"
            row = [half, duration(seconds, engine), number, state, "DFL-CLU-00000A"]
            row += [*ball, "", ""]
            for agent in agents:
                row += [*share(*places[agent]), 1.5, 2.5] if agent in places else [""] * 4
            rows.append(row)
        path = folder / f"kloppy_{engine}.csv"
        write_csv(path, header, rows)
        yield {"name": f"kloppy, {engine}", "files": [str(path)], "expected": expected}


def databallpy(folder):
    """game.tracking_data: metres from the centre, home attacks right; dead time has period -999."""
    match = Match(25)
    agents = [agent for agent in match.agents() if agent[0] != "ball"]
    header = "frame,datetime,ball_x,ball_y,ball_z,ball_status,team_possession".split(",")
    header += [f"{named(a)}_{part}" for a in agents for part in ("x", "y", "vx", "vy", "velocity")]
    header += ["period_id", "gametime_td"]
    rows, table = [], Table()
    for half, frame, number, seconds, places in match.frames():
        turned = {a: (p if half == 1 else (-p[0], -p[1])) for a, p in places.items()}
        ball = turned.get(("ball", 0), ("", ""))
        stamp = f"2023-01-14 {15 + half}:46:{39 + seconds:09.6f}+00:00"
        row = [number, stamp, *ball, 0.0, "alive", "home"]
        for agent in agents:
            row += [*turned[agent], 0.5, -0.5, 0.7] if agent in turned else [""] * 5
        clock = "Break" if frame < 2 else f"{45 * (half - 1):02}:{int(seconds):02}"
        rows.append(row + [-999 if frame < 2 else half, clock])
        if frame >= 2:
            table.add(half, number, seconds - 2 / 25, {named(a): p for a, p in turned.items()})
    path = folder / "databallpy.csv"
    write_csv(path, header, rows)
    table.write(folder / "databallpy_expected.csv")
    expected = str(folder / "databallpy_expected.csv")
    yield {"name": "databallpy", "files": [str(path)], "expected": expected}


def long_tables(folder):
    """unravelsports and fast-forward: a row an agent, metres from the centre, ball by its id."""
    match = Match(25)
    naming = lambda agent: "ball" if agent[0] == "ball" else f"{agent[0]}-{agent[1]}"
    club = {"home": "CLU-A", "away": "CLU-B", "ball": "ball"}
    expected = expect(folder, "long", match, naming, "G")
    headers = {
        "unravelsports": "period_id,timestamp,frame_id,ball_state,id,x,y,z,team_id,position_name,"
        "game_id,vx,vy,vz,v,ax,ay,az,a,ball_owning_team_id,is_ball_carrier",
        "fast-forward": "game_id,frame_id,period_id,timestamp,ball_state,ball_owning_team_id,"
        "team_id,player_id,x,y,z",
    }
    for name, header in headers.items():
        rows = []
        for half, _, number, seconds, places in match.frames():
            for agent, (x, y) in places.items():
                when, me, team = duration(seconds, "polars"), naming(agent), club[agent[0]]
                role = "GK" if agent[1] == 1 else ""
                if name == "unravelsports":
                    row = [half, when, number, "alive", me, x, y, 0.0, team, role, "G"]
                    rows.append(row + [0.1] * 8 + ["CLU-A", "False"])
                else:
                    rows.append(["G", number, half, when, "alive", "CLU-A", team, me, x, y, ""])
        path = folder / f"{name}.csv"
        write_csv(path, header.split(","), rows)
        yield {"name": name, "files": [str(path)], "expected": expected}


def kinexon(folder):
    """One half, known by milliseconds; either delimiter."""
    match = Match(20)
    header = "ts in ms,formatted local time,sensor id,mapped id,full name,number,group name,"
    header += "x in m,y in m,z in m,speed in m/s"
    groups = {"home": "Lions", "away": "Tigers", "ball": "Ball"}
    start_ms = 1660000000000
    rows = []
    for _, frame, _, _, places in match.frames((1,)):
        for agent, (x, y) in places.items():
            number = {"home": 100, "away": 200, "ball": 900}[agent[0]] + agent[1]
            row = [start_ms + 50 * frame, "2022/08/09", number, number, "A Name", agent[1]]
            rows.append(row + [groups[agent[0]], round(x, 2), round(y, 2), 0.0, 1.5])
    ids = {"home": 100, "away": 200}
    naming = lambda a: "ball" if a[0] == "ball" else str(ids[a[0]] + a[1])
    table = Table()
    for _, frame, _, seconds, places in match.frames((1,)):
        table.add(1, start_ms + 50 * frame, seconds, {naming(a): p for a, p in places.items()})
    table.write(folder / "kinexon_expected.csv")
    expected = str(folder / "kinexon_expected.csv")
    for name, delimiter in (("commas", ","), ("semicolons", ";")):
        path = folder / f"kinexon_{name}.csv"
        write_csv(path, header.split(","), rows, delimiter)
        yield {"name": f"kinexon, {name}", "files": [str(path)], "expected": expected}


def statsperform(folder):
    """Teams 1 and 2, the ball's is 4; the second team is named first."""
    match = Match(10)
    teams = {"home": 1, "away": 2, "ball": 4}
    header = (
        "game_id,frame_count,game_clock,current_phase,team_id,player_id,jersey_no,pos_x,pos_y,"
        "possession"
    )
    rows = []
    for half, _, number, seconds, places in match.frames():
        for agent, (x, y) in sorted(places.items()):
            player = {"home": 1000, "away": 2000, "ball": 0}[agent[0]] + agent[1]
            when = f"{seconds:.1f}"
            rows.append(["G", number, when, half, teams[agent[0]], player, agent[1], x, y, 1])
    path = folder / "statsperform.csv"
    write_csv(path, header.split(","), rows)
    ids = {"home": 1000, "away": 2000}
    naming = lambda a: "ball" if a[0] == "ball" else str(ids[a[0]] + a[1])
    expected = expect(folder, "statsperform", match, naming, "G")
    yield {"name": "statsperform", "files": [str(path)], "expected": expected}


LAYOUTS = [
    cdf,
    nba,
    nfl,
    last_row,
    kloppy,
    databallpy,
    long_tables,
    kinexon,
    statsperform,
]


def make(folder):
    """Writes all of them into the folder; yields what test_providers.Provider is made of."""
    for layout in LAYOUTS:
        yield from layout(Path(folder))
