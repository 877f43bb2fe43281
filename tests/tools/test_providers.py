#!/usr/bin/env python3
"""Reads real files of every provider with `traj convert`. Usage: test_providers.py TRAJ DATA

DATA holds provider_fixtures/ (the files) and provider_expected/ (what an independent reader makes
of some of them). Each row of PROVIDERS, and each match of made_matches.py, which needs no DATA, is
read three ways:

1. as it is: it must load, and agree with the independent reader, or with one of plain_readers.py,
   frame by frame, positions to 1 mm
2. broken in every way of BREAKAGES: it must load, or be refused with exit status 3 and a sentence
   that names the file; no crash, no hang, no file left behind
3. with broken metadata, likewise

A new provider is a new row. Where there is no expectation, what another row expects may do, or a
few lines in plain_readers.py.
"""

import csv
import math
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import made_matches
import plain_readers

TOLERANCE_M = 0.001
TOLERANCE_S = 0.001
TIMEOUT_S = 30
# Of every file so much is broken: enough for whole frames, little enough to be quick.
BROKEN_BYTES = 300_000


@dataclass
class Provider:
    """One match: its files, what belongs to them, and what is expected of them."""

    name: str
    files: list
    expected: str = ""  # a file of provider_expected/
    meta: str = ""  # "": traj finds it, or there is none
    roster: str = ""
    mirrored: bool = False  # the independent reader turns y around
    turned: tuple = ()  # the periods that it turns by 180 degrees
    clock: bool = True  # both count time from the start of the period
    extra: tuple = ()  # the frames (period, frame) that only we read
    read: Callable = None  # instead of a file of provider_expected/: reads paths into a table
    write: Callable = None  # where no real file is at hand: the text of one, by the description
    shorten: Callable = None  # bytes of a file to those of a whole but smaller one, to break


# The independent reader reads the frames that the ball is in.
SPORTEC_WITHOUT_BALL = ((2, 100101), (2, 100102), (2, 100103))

PROVIDERS = [
    Provider(
        "metrica",
        ["metrica_home.csv", "metrica_away.csv"],
        "metrica_csv.csv",
        mirrored=True,
        clock=False,
    ),
    Provider("tracab", ["tracab_raw.dat"], "tracab_dat.csv"),
    Provider("tracab, flat XML", ["tracab_raw.dat"], "tracab_dat.csv", meta="tracab_meta_4.xml"),
    Provider("tracab, flat JSON", ["tracab_raw.dat"], "tracab_dat.csv", meta="tracab_meta.json"),
    Provider("tracab, no teams", ["tracab_raw.dat"], meta="tracab_meta_2.xml"),
    Provider("tracab, decimal commas", ["tracab_raw.dat"], meta="tracab_meta_3.xml"),
    Provider("tracab JSON", ["tracab_raw.json"], "tracab_dat.csv"),
    Provider("tracab, no metadata", ["tracab_raw.dat"], meta="none"),
    Provider(
        "sportec",
        ["sportec_positional.xml"],
        "sportec.csv",
        meta="sportec_meta.xml",
        extra=SPORTEC_WITHOUT_BALL,
    ),
    Provider(
        "sportec, referee",
        ["sportec_positional_w_referee.xml"],
        "sportec.csv",
        meta="sportec_meta.xml",
        extra=SPORTEC_WITHOUT_BALL,
    ),
    Provider(
        "sportec, no match information",
        ["sportec_positional_w_referee.xml"],
        "sportec.csv",
        meta="none",
        extra=SPORTEC_WITHOUT_BALL,
    ),
    Provider("epts", ["epts_metrica_tracking.txt"], read=plain_readers.read_epts),
    Provider(
        "epts, empty values",
        ["epts_metrica_tracking_with_empty_values.txt"],
        read=plain_readers.read_epts,
        meta="epts_metrica_metadata.xml",
    ),
    Provider(
        "epts, unused sensor",
        ["epts_metrica_tracking.txt"],
        read=plain_readers.read_epts,
        meta="epts_metrica_metadata_unused_sensor.xml",
    ),
    Provider(
        "epts, no score",
        ["epts_metrica_tracking.txt"],
        read=plain_readers.read_epts,
        meta="epts_metrica_metadata_without_score.xml",
    ),
    Provider(
        "statsperform",
        ["statsperform_tracking_ma25.txt"],
        read=plain_readers.read_statsperform,
    ),
    Provider(
        "statsperform, XML",
        ["statsperform_tracking_ma25.txt"],
        read=plain_readers.read_statsperform,
        meta="statsperform_tracking_ma1.xml",
    ),
    Provider(
        "statsperform, JSON",
        ["statsperform_tracking_ma25.txt"],
        read=plain_readers.read_statsperform,
        meta="statsperform_tracking_ma1.json",
    ),
    Provider(
        "statsperform, no match feed",
        ["statsperform_tracking_ma25.txt"],
        read=plain_readers.read_statsperform,
        meta="none",
    ),
    Provider(
        "skillcorner",
        ["skillcorner_v3_raw_data.jsonl"],
        "skillcorner_v3.csv",
        meta="skillcorner_meta_data.json",
    ),
    Provider(
        "skillcorner, no metadata",
        ["skillcorner_v3_raw_data.jsonl"],
        "skillcorner_v3.csv",
        meta="none",
    ),
    Provider(
        "second spectrum",
        ["second_spectrum_fake_data.jsonl"],
        "secondspectrum.csv",
        meta="second_spectrum_fake_metadata.json",
    ),
    Provider(
        "second spectrum, XML",
        ["second_spectrum_fake_data.jsonl"],
        "secondspectrum.csv",
        meta="second_spectrum_fake_metadata.xml",
    ),
    Provider(
        "second spectrum, byte order mark",
        ["second_spectrum_fake_data_utf8sig.jsonl"],
        meta="none",
    ),
    Provider(
        "pff",
        ["pff_10517.jsonl"],
        "pff.csv",
        meta="pff_metadata_10517.json",
        roster="pff_rosters_10517.json",
        turned=(3, 4),
    ),
    Provider(
        "pff, no extra time",
        ["pff_3812.jsonl"],
        meta="pff_metadata_3812.json",
        roster="pff_rosters_3812.json",
    ),
    Provider(
        "signality",
        ["signality_p1_raw_data_subset.json"],
        meta="signality_meta_data.json",
        read=plain_readers.read_signality_beside,
    ),
    Provider(
        "signality, venue",
        ["signality_p1_raw_data_subset.json"],
        meta="signality_venue_information.json",
        read=plain_readers.read_signality_beside,
    ),
    Provider(
        "signality, both periods named",
        ["signality_p1_raw_data_subset.json", "signality_p2_raw_data_subset.json"],
        read=plain_readers.read_signality,
    ),
    Provider(
        "skillcorner V2",
        ["structured_data.json"],
        meta="skillcorner_match_data.json",
        read=plain_readers.read_skillcorner_v2,
        write=plain_readers.write_skillcorner_v2,
    ),
    Provider(
        "hawk-eye",
        ["hawkeye_1_1.football.samples.ball"],
        meta="hawkeye_meta.json",
        read=plain_readers.read_hawkeye_beside,
        shorten=plain_readers.shorten_hawkeye,
    ),
    Provider(
        "hawk-eye, XML",
        ["hawkeye_1_1.football.samples.ball"],
        meta="hawkeye_meta.xml",
        read=plain_readers.read_hawkeye_beside,
        shorten=plain_readers.shorten_hawkeye,
    ),
    Provider(
        "hawk-eye, both minutes named",
        ["hawkeye_2_46.football.samples.ball", "hawkeye_1_1.football.samples.ball"],
        read=plain_readers.read_hawkeye,
        shorten=plain_readers.shorten_hawkeye,
    ),
    Provider(
        "respovision",
        ["20240714-HomeTeam-AwayTeam-tracking.jsonl"],
        read=plain_readers.read_respovision,
        write=plain_readers.write_respovision,
        clock=False,
    ),
]


# ---- reading both tables ----


def read_seconds(text):
    """12.5, or '0 days 00:45:16.040000'."""
    parts = re.fullmatch(r"(\d+) days (\d+):(\d+):([\d.]+)", text)
    if not parts:
        return float(text)
    days, hours, minutes, seconds = (float(part) for part in parts.groups())
    return 86400 * days + 3600 * hours + 60 * minutes + seconds


def read_table(path):
    """{(period, frame): (seconds, {id: (x, y)})}, only positions that are there. A play's name goes
    before its period."""
    with open(path, newline="", encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        names = [name[:-2] for name in rows.fieldnames if name.endswith("_x")]
        table = {}
        for row in rows:
            part = row.get("sequence") or int(row["period_id"])
            frame = row["frame_id"] if "frame_id" in row else row["frame"]
            positions = {
                name: (float(row[name + "_x"]), float(row[name + "_y"]))
                for name in names
                if row[name + "_x"] not in ("", "nan", "NaN")
            }
            table[part, int(frame)] = read_seconds(row["timestamp"]), positions
    return table


def plain_ids(positions, known):
    """Our ids lose the home_ or away_ that they were given, unless the other table has it."""
    return {
        name if name in known else re.sub("^(home|away)_", "", name): position
        for name, position in positions.items()
    }


def compare(ours, theirs, provider):
    """Yields what differs."""
    for key in provider.extra:
        if ours.pop(key, None) is None:
            yield f"frame {key} is missing"
    for key in sorted(ours.keys() ^ theirs.keys()):
        yield f"frame {key} is only in {'ours' if key in ours else 'theirs'}"
    known = {name for _, positions in theirs.values() for name in positions}
    for key in sorted(ours.keys() & theirs.keys()):
        (our_s, our_positions), (their_s, their_positions) = ours[key], theirs[key]
        our_positions = plain_ids(our_positions, known)
        if provider.clock and abs(our_s - their_s) > TOLERANCE_S:
            yield f"frame {key} is at {our_s} s, expected {their_s} s"
        for name in sorted(our_positions.keys() ^ their_positions.keys()):
            yield f"frame {key}: {name} is only in {'ours' if name in our_positions else 'theirs'}"
        for name in sorted(our_positions.keys() & their_positions.keys()):
            x, y = their_positions[name]
            expected = (x, -y if provider.mirrored else y)
            if key[0] in provider.turned:
                expected = (-expected[0], -expected[1])
            if math.dist(our_positions[name], expected) > TOLERANCE_M:
                yield f"frame {key}: {name} is at {our_positions[name]}, expected {expected}"


# ---- breaking files ----


def break_lines(change):
    """A breakage that works on the list of lines."""

    def broken(data, rng):
        lines = data.split(b"\n")
        return b"\n".join(change(lines, rng))

    return broken


def at_line(lines, rng, edit):
    """Edits one line that is not empty, other than the first."""
    filled = [i for i, line in enumerate(lines) if line and i > 0] or [0]
    at = rng.choice(filled)
    return lines[:at] + edit(lines[at]) + lines[at + 1 :]


def replace_numbers(data, rng, share, word):
    return re.sub(
        rb"-?\d+\.?\d*", lambda m: word if rng.random() < share else m.group(), data
    )


def splice(data, rng, insert, cut=0):
    at = rng.randrange(len(data))
    return data[:at] + insert + data[at + cut :]


BREAKAGES = {
    "empty": lambda d, r: b"",
    "one byte": lambda d, r: d[:1],
    "cut at a tenth": lambda d, r: d[: len(d) // 10],
    "cut at a half": lambda d, r: d[: len(d) // 2],
    "cut near the end": lambda d, r: d[: -r.randrange(2, 40)],
    "cut at a line's end": lambda d, r: d[: d.rfind(b"\n", 0, len(d) * 2 // 3) + 1] or d,
    "begins late": lambda d, r: d[len(d) // 3 :],
    "hole": lambda d, r: splice(d, r, b"", 200),
    "line doubled": break_lines(lambda l, r: at_line(l, r, lambda x: [x, x])),
    "line gone": break_lines(lambda l, r: at_line(l, r, lambda x: [])),
    "line cut": break_lines(lambda l, r: at_line(l, r, lambda x: [x[: len(x) // 2]])),
    "line reversed": break_lines(lambda l, r: at_line(l, r, lambda x: [x[::-1]])),
    "lines backwards": break_lines(lambda l, r: l[:1] + l[:0:-1]),
    "lines shuffled": break_lines(lambda l, r: r.sample(l, len(l))),
    "all twice": lambda d, r: d + d,
    "line of 10 MB": break_lines(lambda l, r: at_line(l, r, lambda x: [b"7" * 10_000_000])),
    "commas are semicolons": lambda d, r: d.replace(b",", b";"),
    "semicolons are commas": lambda d, r: d.replace(b";", b","),
    "colons are blanks": lambda d, r: d.replace(b":", b" "),
    "points are commas": lambda d, r: d.replace(b".", b","),
    "a field swapped": lambda d, r: re.sub(rb"(-?[\d.]+),(-?[\d.]+)", rb"\2,\1", d),
    "NaN here and there": lambda d, r: replace_numbers(d, r, 0.1, b"NaN"),
    "NaN everywhere": lambda d, r: replace_numbers(d, r, 1.0, b"NaN"),
    "huge numbers": lambda d, r: replace_numbers(d, r, 0.05, b"1e300"),
    "endless numbers": lambda d, r: replace_numbers(d, r, 0.02, b"9" * 400),
    "negative numbers": lambda d, r: replace_numbers(d, r, 0.2, b"-1"),
    "zeros": lambda d, r: replace_numbers(d, r, 1.0, b"0"),
    "words": lambda d, r: replace_numbers(d, r, 0.02, b"word"),
    "NUL bytes": lambda d, r: splice(d, r, b"\0\0\0"),
    "no UTF-8": lambda d, r: splice(d, r, b"\xff\xfe\xc3\x28"),
    "UTF-16": lambda d, r: b"\xff\xfe" + d.decode("latin-1").encode("utf-16-le"),
    "CRLF": lambda d, r: d.replace(b"\n", b"\r\n"),
    "no line ends": lambda d, r: d.replace(b"\n", b" "),
    "brackets": lambda d, r: splice(d, r, b"]}>"),
    "quotes": lambda d, r: splice(d, r, b'"'),
    "random bytes": lambda d, r: bytes(r.randrange(256) for _ in range(5000)),
}


# ---- running ----


class Runner:
    """Runs traj convert in a folder of its own and counts what went wrong."""

    def __init__(self, traj, data, folder):
        self.traj, self.fixtures = traj, data / "provider_fixtures"
        self.expected, self.folder = data / "provider_expected", folder
        self.out = folder / "out.csv"
        self.failures = 0

    def fail(self, provider, what):
        self.failures += 1
        print(f"FAIL {provider.name}: {what}")

    def convert(self, files, provider, meta, roster):
        command = [self.traj, "convert", *files, "--orient", "keep", "--to", "wide"]
        command += ["--out", self.out, "--quiet"]
        command += ["--meta", meta] if meta else []
        command += ["--roster", roster] if roster else []
        self.out.unlink(missing_ok=True)
        return subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)

    def source(self, provider, name):
        """The file as it is."""
        if not provider.write:
            return self.fixtures / name
        path = self.folder / name
        path.write_text(provider.write(), encoding="utf-8")
        return path

    def companion(self, name):
        return name if name in ("", "none") else self.fixtures / name

    def read_whole(self, provider):
        files = [self.source(provider, name) for name in provider.files]
        result = self.convert(
            files, provider, self.companion(provider.meta), self.companion(provider.roster)
        )
        if result.returncode != 0:
            self.fail(provider, f"exit {result.returncode}: {result.stderr.decode()}")
            return
        ours = read_table(self.out)
        if provider.expected:
            theirs = read_table(self.expected / provider.expected)
        elif provider.read:
            theirs = provider.read(files)
        else:
            print(f"{provider.name}: {len(ours)} frames")
            return
        faults = list(compare(ours, theirs, provider))
        print(f"{provider.name}: {len(ours)} frames, {len(faults)} differ")
        for fault in faults[:5]:
            self.fail(provider, fault)

    def check_refusal(self, provider, what, result):
        text = result.stderr.decode(errors="replace")
        if result.returncode == 0:
            return
        if result.returncode != 3:
            self.fail(provider, f"{what}: exit {result.returncode}: {text[:400]}")
        elif not re.match(r"traj: error: \S*(match|meta|file)\S*[: ]", text):
            self.fail(provider, f"{what}: no file is named: {text[:400]}")
        if self.out.exists():
            self.fail(provider, f"{what}: refused, yet out.csv was written")

    def read_broken(self, provider, what, target):
        """target: the file that is broken, "data" or "meta"; the others stay as they are."""
        rng = random.Random(what)
        files = []
        for number, name in enumerate(provider.files):
            data = self.source(provider, name).read_bytes()
            data = provider.shorten(data) if provider.shorten else data[:BROKEN_BYTES]
            # Of a pair the second is broken, and keeps the name that joins it to the first.
            broken = target == "data" and number == len(provider.files) - 1
            path = self.folder / ("match_" + Path(name).name)
            path.write_bytes(BREAKAGES[what](data, rng) if broken else data)
            files.append(path)
        meta = self.companion(provider.meta)
        if target == "meta":
            data = meta.read_bytes()
            meta = self.folder / ("meta" + meta.suffix)
            meta.write_bytes(BREAKAGES[what](data, rng))
        try:
            result = self.convert(files, provider, meta, self.companion(provider.roster))
        except subprocess.TimeoutExpired:
            self.fail(provider, f"{what} ({target}): no answer in {TIMEOUT_S} s")
            return
        self.check_refusal(provider, f"{what} ({target})", result)


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    data = Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as made:
        runner = Runner(Path(sys.argv[1]).resolve(), data, Path(folder))
        providers = [Provider(**row) for row in made_matches.make(made)]
        if (data / "provider_fixtures").is_dir():
            providers = PROVIDERS + providers
        else:
            print(f"{data} is not here: only matches made here are read")
        for provider in providers:
            runner.read_whole(provider)
            for what in BREAKAGES:
                runner.read_broken(provider, what, "data")
                if provider.meta not in ("", "none"):
                    runner.read_broken(provider, what, "meta")
    print(f"{len(providers)} providers, {len(BREAKAGES)} breakages, {runner.failures} failures")
    return 1 if runner.failures else 0


if __name__ == "__main__":
    sys.exit(main())
