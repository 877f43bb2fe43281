"""An evaluation as arrays: reads what `traj evaluate --json` and --per-scene write.

docs/io.md says what the files hold. Every complaint names the file, the key and the remedy.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scene import DataError, Facts, listed, opened

GROUPS = ("players", "ball", "all")
CURVES = ("min", "avg", "spread", "skill")
PARTS = ("mean", "low", "high")
FIGURES = ("spread_skill", "speed_w1", "accel_w1")
SCENE_COLUMNS = ("match", "sequence", "frame_id", "source", "group")
REMEDY = "write it with this version of `traj evaluate --json`"


class Entry:
    """A value of the JSON and where it stands."""

    def __init__(self, file: str, value, key: str = ""):
        self.file, self.value, self.key = file, value, key

    def fail(self, wanted: str):
        got = "nothing" if self.value is None else repr(self.value)
        got = got if len(got) <= 40 else got[:37] + "..."
        place = f"{self.file}: '{self.key}'" if self.key else self.file
        raise DataError(f"{place}: expected {wanted}, got {got}; {REMEDY}")

    def __getitem__(self, key: str) -> Entry:
        value = self.object().get(key)
        return Entry(self.file, value, f"{self.key}.{key}" if self.key else key)

    def object(self) -> dict:
        if not isinstance(self.value, dict):
            self.fail("an object")
        return self.value

    def items(self) -> list[tuple[str, Entry]]:
        return [(key, self[key]) for key in self.object()]

    def number(self) -> float:
        """null is how JSON says that a figure is unknown."""
        if self.value is None:
            return math.nan
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            self.fail("a number")
        return float(self.value)

    def texts(self) -> list[str]:
        if not isinstance(self.value, list):
            self.fail("a list")
        return [str(item) for item in self.value]

    def positive(self) -> float:
        if not self.number() > 0:
            self.fail("a number above zero")
        return self.number()

    def numbers(self, count: int) -> np.ndarray:
        if not isinstance(self.value, list) or len(self.value) != count:
            self.fail(f"a list of {count} numbers")
        return np.array([Entry(self.file, item, self.key).number() for item in self.value])


@dataclass
class Curve:
    """A figure over the T frames forecast and its 95 % interval; unknown is NaN."""

    mean: np.ndarray  # [T]
    low: np.ndarray
    high: np.ndarray


@dataclass
class Source:
    """A model or a baseline, judged."""

    key: str
    is_model: bool
    curves: dict[str, dict[str, Curve]]  # by group and CURVES
    figures: dict[str, dict[str, float]]  # by group and FIGURES

    @property
    def label(self) -> str:
        return self.key if self.is_model else self.key.replace("_", " ")


@dataclass
class Histogram:
    """Shares of a quantity's values in B bins; of the truth and of every source."""

    unit: str
    edges: np.ndarray  # [B+1]
    shares: dict[str, dict[str, np.ndarray]]  # [B] by group and source
    floor: dict[str, float]  # by group: W1 between two halves of the truth


@dataclass
class Verdict:
    file: str
    protocol: str
    rate_hz: float
    burn_in: int
    horizon: int
    samples: int
    scenes: int
    agents: int
    data: list[str]
    sources: list[Source]  # models first
    histograms: dict[str, Histogram]  # by quantity

    @property
    def time_s(self) -> np.ndarray:
        """[T]: of the frames forecast, from the last observed one on."""
        return np.arange(1, self.horizon + 1) / self.rate_hz

    @property
    def models(self) -> list[Source]:
        return [source for source in self.sources if source.is_model]

    @property
    def baselines(self) -> list[Source]:
        return [source for source in self.sources if not source.is_model]

    @property
    def groups(self) -> list[str]:
        """Players and ball, as far as there are any."""
        return [group for group in ("players", "ball") if self.has(group)]

    def has(self, group: str) -> bool:
        return any(np.isfinite(s.curves[group]["avg"].mean).any() for s in self.sources)

    def keep(self, keys: list[str]) -> None:
        """Leaves out the sources not named."""
        known = [source.key for source in self.sources]
        for key in keys:
            if key not in known:
                raise DataError(f"{self.file}: there is no source '{key}'; it has: {listed(known)}")
        self.sources = [source for source in self.sources if source.key in keys]


def read_source(key: str, is_model: bool, entry: Entry, horizon: int) -> Source:
    curves, figures = {}, {}
    for group in GROUPS:
        over_time = entry["over_time"][group]
        curves[group] = {
            name: Curve(*(over_time[name][part].numbers(horizon) for part in PARTS))
            for name in CURVES
        }
        metrics = entry["metrics"][group]
        figures[group] = {name: metrics[name]["value"].number() for name in FIGURES}
    return Source(key, is_model, curves, figures)


def read_histogram(entry: Entry, sources: list[Source]) -> Histogram:
    edges = entry["edges"]
    bins = len(edges.texts()) - 1
    if bins < 1:
        edges.fail("two numbers or more")
    keys = ("truth", *(source.key for source in sources))
    shares = {
        group: {key: entry["shares"][group][key].numbers(bins) for key in keys} for group in GROUPS
    }
    floor = {group: entry["floor"][group]["w1"]["value"].number() for group in GROUPS}
    return Histogram(str(entry["unit"].value), edges.numbers(bins + 1), shares, floor)


def read_json(file: str):
    """The record in FILE (- is standard input)."""
    name = "standard input" if file == "-" else file
    try:
        with sys.stdin if file == "-" else open(file, encoding="utf-8") as stream:
            return json.load(stream)
    except OSError as reason:
        remedy = "`traj evaluate --json >eval.json` writes one"
        raise DataError(f"{name}: {reason.strerror}; {remedy}") from None
    except ValueError as reason:
        raise DataError(f"{name}: is not JSON ({reason})") from None


def load(file: str, quantities: tuple[str, ...]) -> Verdict:
    root = Entry("standard input" if file == "-" else file, read_json(file))
    protocol = root["protocol"]
    counts = ("burn_in", "horizon", "samples", "scenes", "agents")
    counted = {key: int(protocol[key].positive()) for key in counts}
    sources = [
        read_source(key, kind == "models", entry, counted["horizon"])
        for kind in ("models", "baselines")
        for key, entry in root[kind].items()
    ]
    if not sources:
        raise DataError(f"{root.file}: it judges neither a model nor a baseline")
    distributions = root["distributions"]
    return Verdict(
        file=root.file,
        protocol=str(protocol["name"].value),
        rate_hz=protocol["rate_hz"].positive(),
        data=[Path(path).name for path in protocol["data"].texts()],
        sources=sources,
        histograms={key: read_histogram(distributions[key], sources) for key in quantities},
        **counted,
    )


def load_errors(file: str, source: str, metric: str) -> dict[str, float]:
    """What --per-scene says of all agents together, by the sequence's name in a rollout.csv."""
    errors, matches, sources = {}, {}, {}
    expected = dict(
        required=(*SCENE_COLUMNS, metric), layout="what `traj evaluate --per-scene FILE` writes"
    )
    with opened(file, "`traj evaluate --per-scene scenes.csv` writes one", **expected) as rows:
        for row in rows:
            sources[rows.text(row, "source")] = None
            if rows.text(row, "source") != source or rows.text(row, "group") != "all":
                continue
            name = f"{rows.text(row, 'sequence')}:{rows.text(row, 'frame_id')}"
            if matches.setdefault(name, rows.text(row, "match")) != rows.text(row, "match"):
                raise DataError(
                    f"{rows.name}: several matches have a scene {name}, so that its rollout cannot"
                    " be told; evaluate and roll out one match"
                )
            errors[name] = rows.number(row, metric)
    errors = {name: error for name, error in errors.items() if math.isfinite(error)}
    if not errors:
        raise DataError(f"{file}: no {metric} of '{source}'; it has: {listed(sources)}")
    return errors


def source_of(verdict: Verdict, file: str, facts: Facts) -> str:
    """The model whose rollouts FILE holds, as the evaluation calls it."""
    models = [source.key for source in verdict.models]
    if not facts.folder and len(models) == 1:
        return models[0]
    for key in (facts.folder, Path(facts.folder).name):
        if key in models:
            return key
    whose = f"of model '{facts.folder}'" if facts.folder else "of an unknown model (no sidecar)"
    raise DataError(f"{file}: rollouts {whose}; {verdict.file} judges: {listed(models)}")
