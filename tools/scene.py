"""A rollout, or plain tracking data, as arrays: reads `traj rollout`'s CSV and the .json beside it.

file -> Rows (checked, named) -> Block (numbers of one sequence) -> Scene (arrays [agent, frame]).
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
import math
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TEAMS = ("home", "away", "ball")
REQUIRED = ("frame_id", "team", "player_id", "x", "y")
LONG = "the long layout of `traj rollout`, one row per agent, frame and sample"
MISSING = {"", "nan", "na", "null", "none"}


class DataError(Exception):
    """The file's fault: a sentence with the place, what was expected, what was there, a remedy."""


@dataclass(frozen=True)
class Agent:
    team: str  # home, away or ball
    player_id: str
    jersey: str  # empty = unknown


@dataclass
class Scene:
    """One sequence on one time axis: A agents, T frames, K samples; metres; missing is NaN."""

    sequence: str
    frames: list[int]  # [T] frame ids, increasing
    time_s: np.ndarray  # [T]
    agents: list[Agent]  # [A]
    known: np.ndarray  # [A,T,2] what was recorded: observed and, if the file has it, true future
    samples: (
        np.ndarray
    )  # [K,A,T,2] what was generated; a path starts at the position recorded before
    sample_ids: list[int]  # [K]
    now: int  # index of the last observed frame

    @property
    def is_rollout(self) -> bool:
        return len(self.sample_ids) > 0

    @property
    def has_truth(self) -> bool:
        return self.is_rollout and bool(np.isfinite(self.known[:, self.now + 1 :]).any())

    def middle_of_play(self) -> np.ndarray:
        """[2]: where the ball is now, or the players' mean where nobody knows."""
        here = self.known[:, self.now]
        seen = np.isfinite(here[:, 0])
        ball = seen & np.array([agent.team == "ball" for agent in self.agents])
        return here[ball if ball.any() else seen].mean(axis=0) if seen.any() else np.zeros(2)


@dataclass
class Facts:
    """What the sidecar says about the whole file."""

    rate_hz: float = math.nan
    length_m: float = 105.0
    width_m: float = 68.0
    model: str = ""
    folder: str = ""  # the model's
    sport: str = ""
    orientation: str = ""  # home-right, or keep: as --orient of the program

    @property
    def play_hz(self) -> float:
        """Frames a second where one must be had: 10 where neither sidecar nor timestamps say."""
        return 10.0 if math.isnan(self.rate_hz) else self.rate_hz

    @property
    def is_football(self) -> bool:
        """Whether goals and penalty areas belong on it: Law 1 allows 90-120 m by 45-90 m."""
        if self.sport:
            return self.sport in ("football", "soccer")
        return 90 <= self.length_m <= 120 and self.width_m / self.length_m >= 0.5


class Rows:
    """The rows of a long CSV, checked and named. Every complaint carries file and line."""

    def __init__(self, stream, name: str, required=REQUIRED, layout: str = LONG):
        self.name = name
        self.reader = csv.reader(stream)
        header = next(self.reader, None)
        if header is None:
            raise DataError(
                f"{name}: the file is empty; expected the CSV that `traj rollout` writes"
            )
        self.header = [field.strip().lstrip("\ufeff") for field in header]
        self.column = {field: i for i, field in enumerate(self.header)}
        absent = [field for field in required if field not in self.column]
        if absent:
            shown = ", ".join(self.header[:12]) + (", ..." if len(self.header) > 12 else "")
            raise DataError(
                f"{name}:1: column {', '.join(map(repr, absent))} is missing (found: {shown});"
                f" expected {layout}"
            )

    def __iter__(self):
        for row in self.reader:
            if not row:
                continue
            if len(row) != len(self.header):
                raise DataError(
                    f"{self.name}:{self.reader.line_num}: {len(row)} fields where the header has"
                    f" {len(self.header)}; the line may be cut off: write the file again"
                )
            yield row

    def text(self, row: list[str], field: str) -> str:
        at = self.column.get(field)
        return "" if at is None else row[at].strip()

    def number(self, row: list[str], field: str) -> float:
        """The field as a number; NaN where the column or the value is missing."""
        text = self.text(row, field)
        if text.lower() in MISSING:
            return math.nan
        try:
            return float(text)
        except ValueError:
            self.fail(row, field, "a number", text)

    def whole(self, row: list[str], field: str) -> int:
        value = self.number(row, field)
        if not value.is_integer():
            self.fail(row, field, "a whole number", self.text(row, field))
        return int(value)

    def agent(self, row: list[str]) -> Agent:
        team = self.text(row, "team").lower()
        if team not in TEAMS:
            self.fail(row, "team", "home, away or ball", self.text(row, "team"))
        return Agent(team, self.text(row, "player_id"), self.text(row, "jersey"))

    def fail(self, row: list[str], field: str, wanted: str, got: str):
        raise DataError(
            f"{self.name}:{self.reader.line_num}: column {self.column[field] + 1} ('{field}'):"
            f" expected {wanted}, got '{got}'"
        )


class Block:
    """The rows of one sequence as seven numbers each: a whole match has millions of them."""

    FIELDS = 7  # frame, time, agent's index, sample (NaN = recorded), observed (0 or 1), x, y

    def __init__(self):
        self.agents: dict[Agent, int] = {}
        self.numbers = array("d")

    def add(self, rows: Rows, row: list[str]) -> None:
        agent = rows.agent(row)
        sample = rows.number(row, "sample")
        if not math.isnan(sample):
            sample = rows.whole(row, "sample")
        observed = rows.text(row, "observed") != "0"
        frame, time_s = rows.whole(row, "frame_id"), rows.number(row, "timestamp")
        index = self.agents.setdefault(agent, len(self.agents))
        x, y = rows.number(row, "x"), rows.number(row, "y")
        self.numbers.extend((frame, time_s, index, sample, observed, x, y))

    def table(self) -> np.ndarray:
        return np.array(self.numbers).reshape(-1, Block.FIELDS)

    def ends_at(self, frame: int) -> bool:
        """Whether --at FRAME means this: a rollout observed up to it, or data that hold it."""
        frames, sample, observed = self.table()[:, [0, 3, 4]].T
        recorded = np.isnan(sample)
        seen = frames[recorded & (observed == 1)]
        if recorded.all():
            return frame in seen
        return bool(seen.size) and seen.max() == frame


def read_block(rows: Rows, sequence: str | None, at: int | None) -> tuple[list[str], str, Block]:
    """Names of all sequences, the name of the chosen one, its rows.

    Chosen is the sequence named, else the one that --at means, else the first. One sequence at a
    time is held in memory: `traj rollout --at all` may write thousands."""
    names: dict[str, None] = {}
    chosen, block = None, Block()
    for name, group in itertools.groupby(rows, key=lambda row: rows.text(row, "sequence")):
        names[name] = None
        wanted = name == chosen if chosen is not None else sequence in (None, name)
        for row in group:
            if wanted:
                block.add(rows, row)
        if chosen is None and wanted:
            if at is None or block.ends_at(at):
                chosen = name
            else:
                block = Block()
    if not names:
        raise DataError(f"{rows.name}: there is a header but no row; was the rollout interrupted?")
    if chosen is None:
        wanted = "a sequence" if sequence is None else f"sequence '{sequence}'"
        ending = "" if at is None else f" observed up to frame {at}"
        raise DataError(f"{rows.name}: there is not {wanted}{ending}; it has: {listed(names)}")
    return list(names), chosen, block


def listed(names, most: int = 8) -> str:
    names = [name or "(unnamed)" for name in names]
    return ", ".join(names[:most]) + (f", ... ({len(names)} in all)" if len(names) > most else "")


def make_scene(sequence: str, block: Block, at: int | None) -> Scene:
    """A block's rows on one time axis; plain tracking data ends at frame `at`."""
    table = block.table()
    if at is not None and np.isnan(table[:, 3]).all():
        table = table[table[:, 0] <= at]
    frame, time, agent, sample, observed, x, y = table.T
    recorded = np.isnan(sample)
    frames, t = np.unique(frame, return_inverse=True)
    sample_ids, k = np.unique(sample[~recorded], return_inverse=True)
    a = agent.astype(int)
    position = np.stack([x, y], axis=1)

    known = np.full((len(block.agents), len(frames), 2), np.nan)
    known[a[recorded], t[recorded]] = position[recorded]
    samples = np.full((len(sample_ids), *known.shape), np.nan)
    samples[k, a[~recorded], t[~recorded]] = position[~recorded]
    join_to_recorded(samples, known)
    time_s = np.full(len(frames), np.nan)
    time_s[t] = time
    seen = t[recorded & (observed == 1)]
    now = int(seen.max()) if seen.size else 0
    ids = [int(i) for i in sample_ids]
    return Scene(
        sequence, [int(f) for f in frames], time_s, list(block.agents), known, samples, ids, now
    )


def join_to_recorded(samples: np.ndarray, known: np.ndarray) -> None:
    """Starts each generated stretch at the position recorded before it: no line has a gap."""
    exists = np.isfinite(samples[..., 0])
    starts = exists[..., 1:] & ~exists[..., :-1]
    before = np.broadcast_to(known, samples.shape)[:, :, :-1]
    samples[:, :, :-1][starts] = before[starts]


def positive(sidecar: Path, key: str, value) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise DataError(f"{sidecar}: '{key}': expected a number above zero, got {value!r}")
    return float(value)


def read_facts(path: Path | None) -> Facts:
    """The sidecar of FILE.csv is FILE.json; where it is silent or absent the defaults hold."""
    facts = Facts()
    sidecar = path.with_suffix(".json") if path else None
    if sidecar is None or not sidecar.is_file():
        return facts
    try:
        record = json.loads(sidecar.read_text(encoding="utf-8"))
    except ValueError as reason:
        remedy = "write the rollout again, or move it away"
        raise DataError(f"{sidecar}: is not JSON ({reason}); {remedy}") from None
    if not isinstance(record, dict):
        raise DataError(f"{sidecar}: expected an object with rate_hz, pitch_m and model")
    if record.get("rate_hz") is not None:
        facts.rate_hz = positive(sidecar, "rate_hz", record["rate_hz"])
    if record.get("pitch_m") is not None:
        pitch = record["pitch_m"]
        if not isinstance(pitch, list) or len(pitch) != 2:
            raise DataError(f"{sidecar}: 'pitch_m': expected [length, width], got {pitch!r}")
        facts.length_m, facts.width_m = (positive(sidecar, "pitch_m", side) for side in pitch)
    facts.model = str(record.get("model") or "")
    facts.folder = str(record.get("model_folder") or "")
    facts.orientation = str(record.get("orientation") or "")
    facts.sport = str(record.get("sport") or "").lower()
    return facts


def measured_rate_hz(time_s: np.ndarray) -> float:
    """From the timestamps, where no sidecar states it; NaN where there are none."""
    steps = np.diff(time_s)
    steps = steps[steps > 0]
    # Timestamps come rounded: 0.1 s steps must make 10 Hz, not 10.0000001.
    return round(float(1 / np.median(steps)), 3) if steps.size else math.nan


@contextlib.contextmanager
def opened(file: str, remedy: str, **expected):
    """The Rows of FILE (- is standard input); what goes wrong while they are read is its fault."""
    name = "standard input" if file == "-" else file
    try:
        with sys.stdin if file == "-" else open(file, newline="", encoding="utf-8") as stream:
            yield Rows(stream, name, **expected)
    except OSError as reason:
        raise DataError(f"{name}: {reason.strerror}; {remedy}") from None
    except (UnicodeDecodeError, csv.Error) as reason:
        raise DataError(f"{name}: is not a CSV text file ({reason})") from None


def load(file: str, sequence: str | None, at: int | None) -> tuple[list[str], Scene, Facts]:
    """Reads FILE (- is standard input) and its sidecar: all sequences' names, the chosen one."""
    with opened(file, "`traj rollout --horizon 50` writes rollout.csv") as rows:
        names, chosen, block = read_block(rows, sequence, at)
    scene = make_scene(chosen, block, at)
    facts = read_facts(None if file == "-" else Path(file))
    if scene.is_rollout and not facts.orientation:
        facts.orientation = "home-right"  # rollout.csv's own frame, unless its sidecar says more
    if math.isnan(facts.rate_hz):
        facts.rate_hz = measured_rate_hz(scene.time_s)
    return names, scene, facts


def load_named(file: str, names: set[str]) -> tuple[dict[str, Scene], Facts]:
    """Those of the sequences named that FILE has, in one pass: `--at all` may write thousands."""
    blocks: dict[str, Block] = {}
    with opened(file, "`traj rollout --at all` writes rollout.csv") as rows:
        for row in rows:
            name = rows.text(row, "sequence")
            if name in names:
                blocks.setdefault(name, Block()).add(rows, row)
    scenes = {name: make_scene(name, block, None) for name, block in blocks.items()}
    return scenes, read_facts(None if file == "-" else Path(file))
