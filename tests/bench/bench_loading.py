#!/usr/bin/env python3
"""Times the loading of a whole match: traj, pandas.read_csv and kloppy, in the same run.

    tests/bench/bench_loading.py BUILD [--minutes 90] [--runs 5] [--kloppy-runs 1] [--folder DIR]

`traj simulate` makes the match, at 25 Hz; this script writes it as wide and long CSV, Tracab,
Second Spectrum's lines of JSON and DFL's XML, and prints a table for docs/performance.md. Times are
those on the clock, with processor time (user and system) in brackets: traj reads CSV in two threads,
and so does pandas. They are the medians of the runs, taken in turn, each after one that does not count. "load" is one call of
traj_recording_read in a fresh process (bench_load.c), with all that it guesses and checks, as of
pandas and kloppy it is the call alone, without the import; "x pandas" and "x kloppy" hold these
against each other. "info" is a whole `traj info`, from start to end, first without a cache and then
("again") with one. Memory is the largest resident set of `traj info`, beside the size of the
positions as floats (8 bytes each). A cell is empty where the module is not installed, or cannot read
the format.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RATE_HZ = 25
START = 1_700_000_000  # of the clock in DFL's files
FIRST_FRAME = {1: 10_000, 2: 100_000}  # DFL numbers its halves so
SECTIONS = {1: "firstHalf", 2: "secondHalf"}


# ---- the match in five formats ----


def read_match(path):
    """Names of the columns' owners, and [(period, [(x, y) as text, ball first])]."""
    with open(path, newline="", encoding="utf-8") as stream:
        table = csv.reader(stream)
        header = next(table)
        names = [name[:-2] for name in header[3::2]]
        frames = [(int(row[1]), list(zip(row[3::2], row[4::2]))) for row in table]
    return names, frames


def periods(frames):
    """{period: (first frame, last frame)}, frames counted from 1."""
    ends = {}
    for number, (period, _) in enumerate(frames, 1):
        ends[period] = (ends.get(period, (number,))[0], number)
    return ends


def write_metadata(path, frames):
    """Of Tracab and of Second Spectrum alike."""
    rows = "".join(
        f'<period iId="{period}" iStartFrame="{first}" iEndFrame="{last}"/>\n'
        for period, (first, last) in periods(frames).items()
    )
    path.write_text(
        '<?xml version="1.0"?>\n<TracabMetaData sVersion="1.0">\n<match iId="1" '
        f'dtDate="2024-01-01 15:00:00" iFrameRateFps="{RATE_HZ}" fPitchXSizeMeters="105.00" '
        f'fPitchYSizeMeters="68.00">\n{rows}</match>\n</TracabMetaData>\n',
        encoding="utf-8",
    )


def write_tracab(folder, names, frames):
    write_metadata(folder / "match_metadata.xml", frames)
    cm = lambda text: round(100 * float(text))  # noqa: E731
    sides = [(1 if name.startswith("home") else 0, name.split("_")[1]) for name in names[1:]]
    with open(folder / "match.dat", "w", encoding="utf-8") as stream:
        for number, (_, (ball, *players)) in enumerate(frames, 1):
            targets = "".join(
                f"{side},{slot},{jersey},{cm(x)},{cm(y)},0.00;"
                for slot, ((side, jersey), (x, y)) in enumerate(zip(sides, players), 1)
            )
            stream.write(f"{number}:{targets}:{cm(ball[0])},{cm(ball[1])},0,0.00,H,Alive;:\n")


def write_second_spectrum(folder, names, frames):
    write_metadata(folder / "match_data_metadata.xml", frames)
    first = {period: ends[0] for period, ends in periods(frames).items()}
    with open(folder / "match_data.jsonl", "w", encoding="utf-8") as stream:
        for number, (period, (ball, *players)) in enumerate(frames, 1):
            sides = {"home": [], "away": []}
            for name, (x, y) in zip(names[1:], players):
                side, jersey = name.split("_")
                sides[side].append(
                    f'{{"playerId":"{name}","number":{jersey},"xyz":[{x},{y},0.0],"speed":0.0}}'
                )
            stream.write(
                f'{{"period":{period},"frameIdx":{number},'
                f'"gameClock":{(number - first[period]) / RATE_HZ},"wallClock":{40 * number},'
                f'"homePlayers":[{",".join(sides["home"])}],'
                f'"awayPlayers":[{",".join(sides["away"])}],'
                f'"ball":{{"xyz":[{ball[0]},{ball[1]},0.0],"speed":0.0}},'
                '"live":true,"lastTouch":"home"}\n'
            )


def write_match_information(path, names, frames):
    lengths = {p: 1000 * (last - first) / RATE_HZ for p, (first, last) in periods(frames).items()}
    teams = ""
    for side, role in (("home", "home"), ("away", "guest")):
        players = "".join(
            f'<Player PersonId="{name}" ShirtNumber="{name.split("_")[1]}" FirstName="A" '
            f'LastName="B" Shortname="{name}" Starting="true" PlayingPosition="ZO"/>\n'
            for name in names[1:]
            if name.startswith(side)
        )
        teams += (
            f'<Team TeamId="{side}" TeamName="{side}" Role="{role}" LineUp="4-4-2">\n<Players>\n'
            f'{players}</Players>\n<TrainerStaff><Trainer PersonId="T" Role="headcoach" '
            'FirstName="A" LastName="B" Shortname="T"/></TrainerStaff>\n</Team>\n'
        )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<PutDataRequest>\n<MatchInformation>\n'
        '<General KickoffTime="2024-01-01T15:00:00.000+00:00" MatchId="M" MatchDay="1" '
        'HomeTeamId="home" GuestTeamId="away" HomeTeamName="home" GuestTeamName="away" '
        'Result="0:0"/>\n<Environment PitchX="105.0" PitchY="68.0"/>\n'
        f"<Teams>\n{teams}</Teams>\n"
        f'<OtherGameInformation TotalTimeFirstHalf="{lengths[1]:.0f}" '
        f'TotalTimeSecondHalf="{lengths.get(2, 0):.0f}"/>\n'
        "</MatchInformation>\n</PutDataRequest>\n",
        encoding="utf-8",
    )


def write_sportec(folder, names, frames):
    write_match_information(folder / "match_matchinformation.xml", names, frames)
    with open(folder / "match_positions.xml", "w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0"?>\n<PutDataRequest>\n<Positions>\n')
        stream.write('<MetaData MatchId="M" Type="pitch-size"><PitchSize X="105.00" Y="68.00"/>')
        stream.write("</MetaData>\n")
        for period, (first, last) in periods(frames).items():
            for column, name in enumerate(names):
                team = "BALL" if column == 0 else name.split("_")[0]
                extra = ' Z="0.00" BallPossession="1" BallStatus="1"' if column == 0 else ""
                stream.write(
                    f'<FrameSet GameSection="{SECTIONS[period]}" MatchId="M" TeamId="{team}" '
                    f'PersonId="{name}">\n'
                )
                for k, (_, places) in enumerate(frames[first - 1 : last]):
                    seconds = START + 3600 * (period - 1) + k / RATE_HZ
                    clock = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(seconds)))
                    x, y = places[column]
                    stream.write(
                        f'<Frame N="{FIRST_FRAME[period] + k}" '
                        f'T="{clock}.{round(1000 * (seconds % 1)):03d}+00:00" X="{x}" Y="{y}" '
                        f'D="0.00" A="0.00" S="0.00" M="1"{extra}/>\n'
                    )
                stream.write("</FrameSet>\n")
        stream.write("</Positions>\n</PutDataRequest>\n")


def write_all(traj, minutes, folder):
    simulate = [traj, "simulate", "--minutes", str(minutes), "--rate", str(RATE_HZ)]
    subprocess.run([*simulate, "--out", "wide.csv", "--quiet"], check=True, cwd=folder)
    convert = [traj, "convert", "wide.csv", "--to", "long", "--out", "long.csv", "--quiet"]
    subprocess.run(convert, check=True, cwd=folder)
    names, frames = read_match(folder / "wide.csv")
    write_tracab(folder, names, frames)
    write_second_spectrum(folder, names, frames)
    write_sportec(folder, names, frames)


def packed_size(wide):
    """Of all positions as floats."""
    with open(wide, encoding="utf-8") as stream:
        columns = next(stream).count(",") - 2
        return 4 * columns * sum(1 for _ in stream)


def list_files(folder):
    """(format, file, kloppy's loader, its arguments)."""

    def with_meta(path, name):
        return {"meta_data": str(folder / name), "raw_data": str(path)}

    tracab, spectrum = folder / "match.dat", folder / "match_data.jsonl"
    sportec = folder / "match_positions.xml"
    return [
        ("wide CSV", folder / "wide.csv", "", {}),
        ("long CSV", folder / "long.csv", "", {}),
        ("Tracab", tracab, "tracab.load", with_meta(tracab, "match_metadata.xml")),
        (
            "Second Spectrum",
            spectrum,
            "secondspectrum.load",
            with_meta(spectrum, "match_data_metadata.xml"),
        ),
        (
            "DFL",
            sportec,
            "sportec.load_tracking",
            with_meta(sportec, "match_matchinformation.xml"),
        ),
    ]


# ---- measuring ----


def run_traj(command):
    """Seconds, processor seconds and bytes of a whole run."""
    began = time.perf_counter()
    with open(os.devnull, "w", encoding="utf-8") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=nothing)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss


def load_here(loader, arguments):
    """In a process of its own (--load): prints what run_traj returns."""
    if loader == "pandas":
        import pandas

        call = pandas.read_csv
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
        import from_kloppy

        call = from_kloppy.loader_of(loader)
    began = time.perf_counter(), time.process_time()
    kept = call(**arguments)
    seconds = time.perf_counter() - began[0], time.process_time() - began[1]
    assert len(kept) > 0
    print(*seconds, 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def run_python(loader, arguments):
    """As run_traj, or None where the loader cannot run."""
    command = [sys.executable, __file__, "--load", loader, json.dumps(arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return tuple(map(float, result.stdout.split()))
    print(f"{loader}: {result.stderr.strip().splitlines()[-1]}", file=sys.stderr)
    return None


def summary(runs):
    """The medians of the times, and the largest size; None where nothing ran."""
    runs = [run for run in runs if run]
    if not runs:
        return None
    seconds, processor, size = zip(*runs)
    return statistics.median(seconds), statistics.median(processor), max(size)


def run_load(program, path):
    """As run_traj, of the call alone."""
    result = subprocess.run([program, path], capture_output=True, text=True, check=True)
    return (*map(float, result.stdout.split()), 0)


def second_of(run, *arguments):
    """Memory that another program just gave back is slow to get on a virtual machine: a run before
    the one that counts pays for it, of everybody alike."""
    run(*arguments)
    return run(*arguments)


def measure(traj, path, loader, arguments, options, cache):
    """Of a load, of traj info, of traj info again, of pandas and of kloppy."""
    load = options.build.resolve() / "tests" / "bench_load"
    read = [traj, "info", path, "--cache", "none"]
    again = [traj, "info", path, "--cache", cache]
    run_traj(again)
    runs = [[], [], [], [], []]
    for run in range(options.runs):
        runs[0].append(second_of(run_load, load, path))
        runs[1].append(second_of(run_traj, read))
        runs[2].append(second_of(run_traj, again))
        if path.suffix == ".csv":
            runs[3].append(second_of(run_python, "pandas", {"filepath_or_buffer": str(path)}))
        if loader and run < options.kloppy_runs:
            runs[4].append(run_python(loader, arguments))
    return [summary(those) for those in runs]


def print_table(rows, packed):
    times = "load s", "info s", "again s", "pandas s", "kloppy s"
    print("| format | MB | " + " | ".join(times) + " | x pandas | x kloppy | MB | x packed |")
    print("|---" * 11 + "|")
    for name, size, *found in rows:
        cells = [f"{t[0]:.3f} ({t[1]:.3f})" if t else "" for t in found]
        load, info, _, pandas, kloppy = found
        ratios = [f"{other[0] / load[0]:.1f}" if other else "" for other in (pandas, kloppy)]
        cells = [name, f"{size / 1e6:.0f}", *cells, *ratios]
        cells += [f"{info[2] / 1e6:.0f}", f"{info[2] / packed:.1f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


def main():
    if sys.argv[1:2] == ["--load"]:
        return load_here(sys.argv[2], json.loads(sys.argv[3]))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("build", type=Path, help="the folder with traj, as cmake built it")
    parser.add_argument("--minutes", type=float, default=90, help="of play (90)")
    parser.add_argument("--runs", type=int, default=5, help="of traj and of pandas (5)")
    parser.add_argument("--kloppy-runs", type=int, default=1, help="0 leaves kloppy out (1)")
    parser.add_argument("--folder", type=Path, help="keeps the files, and takes those it has")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        traj = options.build.resolve() / "traj"
        if not (folder / "match_positions.xml").exists():
            write_all(traj, options.minutes, folder)
        packed = packed_size(folder / "wide.csv")
        rows = []
        for name, path, loader, arguments in list_files(folder):
            found = measure(traj, path, loader, arguments, options, folder / "cache")
            rows.append((name, path.stat().st_size, *found))
        print(f"{packed / 1e6:.1f} MB packed")
        print_table(rows, packed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
