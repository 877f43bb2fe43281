"""The panels of an evaluation, error over time, calibration, histograms; and how sources look."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from drawing import COLOURS, panel
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from painter import GRASS, INK, LINE, MUTED, halo
from verdict import Histogram, Verdict

MARKERS = "os^Dvp"
# Of lines one upon the other both are seen: all but the lowest are dashed.
MODEL_DASHES = (None, (6, 1.5), (2.5, 1.2), (8, 1.3, 2, 1.3), (1, 1), (8, 1.3, 2, 1.3, 2, 1.3))
# Baselines are grey: they are what to compare with. Lengths of dashes and gaps tell them apart.
GREYS = ("#939c96", "#5c645f", "#7a837d", "#474e4a", "#6b746e")
DASHED = ((1, 1.2), (5, 1.6), (5, 1.6, 1, 1.6), (9, 1.6), (9, 1.6, 1, 1.6, 1, 1.6))
CURVE_TITLES = {"min": "error of the best sample", "avg": "error of the average sample"}
QUANTITIES = {"speed": "speed", "accel": "acceleration"}
TAIL = 0.01  # of the values lie beyond the right edge of a histogram


@dataclass
class Look:
    """How a source is told from the others, in colour and without."""

    line: dict
    marker: dict
    band: dict

    @property
    def colour(self) -> str:
        return self.line["color"]


def model_look(i: int) -> Look:
    dashes = (0, MODEL_DASHES[i])
    line = dict(color=COLOURS[i], linewidth=1.9, linestyle=dashes, zorder=5 + 0.1 * i)
    rim = dict(markeredgecolor=GRASS, markeredgewidth=0.7)
    marker = dict(marker=MARKERS[i], markersize=5.5, **rim)
    return Look(line, marker, dict(color=COLOURS[i], alpha=0.18, linewidth=0, zorder=2.5))


def baseline_look(i: int) -> Look:
    grey, dashes = GREYS[i % len(GREYS)], (0, DASHED[i % len(DASHED)])
    line = dict(color=grey, linewidth=1.3, linestyle=dashes, zorder=4)
    return Look(line, {}, dict(color=grey, alpha=0.07, linewidth=0, zorder=2))


def looks_of(v: Verdict) -> dict[str, Look]:
    """Models are coloured, thick and marked, baselines grey and thin."""
    looks = {source.key: model_look(i) for i, source in enumerate(v.models)}
    return looks | {source.key: baseline_look(i) for i, source in enumerate(v.baselines)}


def legend_entries(v: Verdict, looks: dict[str, Look]) -> list:
    entries = [
        Line2D([], [], label=source.label, **looks[source.key].line, **looks[source.key].marker)
        for source in v.sources
    ]
    entries.append(Patch(facecolor=LINE, edgecolor=INK, linewidth=0.9, label="what happened"))
    return entries


def whole_seconds(v: Verdict) -> list[int]:
    """The frames that carry markers."""
    last = math.floor(v.horizon / v.rate_hz + 1e-9)
    return [round(second * v.rate_hz) - 1 for second in range(1, last + 1)]


def notes(axes, lines: list[tuple[str, str]], above: float, align: str) -> None:
    """Words and their colours, one below the other, on the right from `above` (share) down."""
    style = dict(fontsize=8.5, ha="right", va=align, zorder=9, path_effects=halo(2.5))
    for i, (words, colour) in enumerate(lines):
        row = (-7, -12 * i) if align == "top" else (-7, 12 * (len(lines) - 1 - i))
        axes.annotate(
            words, (1, above), row, "axes fraction", "offset points", color=colour, **style
        )


def draw_error(axes, v: Verdict, looks: dict[str, Look], group: str, curve: str) -> None:
    title = f"{group.capitalize()}: {CURVE_TITLES[curve]}"
    below = f"of {v.samples}; " if v.samples > 1 else ""
    panel(axes, title, f"{below}bands: 95 % intervals", "seconds ahead", "error, m")
    for source in v.sources:
        error, look = source.curves[group][curve], looks[source.key]
        axes.fill_between(v.time_s, error.low, error.high, **look.band)
        axes.plot(v.time_s, error.mean, markevery=whole_seconds(v), **look.line, **look.marker)
    axes.set_xlim(0, 1.02 * v.horizon / v.rate_hz)
    axes.set_ylim(bottom=0)


def draw_calibration(axes, v: Verdict, looks: dict[str, Look], group: str) -> None:
    """Where truth and samples could be exchanged, skill^2 = (1 + 1/K) spread^2: the diagonal."""
    below = "a mark per second; figures: spread / error"
    x, y = "spread of the samples, m", "RMS error of their mean, m"
    panel(axes, f"{group.capitalize()}: calibration", below, x, y)
    fair, most, said = math.sqrt(1 + 1 / v.samples), 0.0, []
    for source in v.sources:
        look, curves, figures = looks[source.key], source.curves[group], source.figures[group]
        spread, skill = fair * curves["spread"].mean, curves["skill"]
        if not np.isfinite(spread).any():  # one answer has none
            continue
        most = max(most, np.nanmax(spread), np.nanmax(skill.mean))
        if source.is_model or not v.models:
            axes.fill_between(spread, skill.low, skill.high, **look.band)
            said.append((f"{source.label} {figures['spread_skill']:.2f}", look.colour))
        axes.plot(spread, skill.mean, markevery=whole_seconds(v), **look.line, **look.marker)
    if not most:
        axes.text(0.5, 0.5, "one sample has no spread", ha="center", color=MUTED, fontsize=9)
        return
    edge = 1.1 * most
    axes.plot([0, edge], [0, edge], color=INK, linewidth=1.1, zorder=3)
    axes.set(xlim=(0, edge), ylim=(0, edge))
    corner = dict(va="top", color=MUTED, fontsize=8.5)
    axes.annotate("too sure", (0, 1), (7, -7), "axes fraction", "offset points", **corner)
    notes(axes, [*said, ("not sure enough", MUTED)], 0.03, "bottom")


def last_seen(histogram: Histogram, group: str, keys: list[str]) -> int:
    """The bin up to which there is something to see; the last bin holds what is beyond, too."""
    cumulated = [np.cumsum(histogram.shares[group][key][:-1]) for key in keys]
    return max(int(np.searchsorted(share, (1 - TAIL) * share[-1])) for share in cumulated)


def draw_histogram(axes, v: Verdict, looks: dict[str, Look], group: str, quantity: str) -> None:
    """Densities. What is far above truth and models is cut off: baselines that never accelerate."""
    histogram, name = v.histograms[quantity], QUANTITIES[quantity]
    unit = histogram.unit.replace("^2", "\N{SUPERSCRIPT TWO}")
    below = f"figures: W1 distance from what happened, {unit}"
    density_unit = f"density, % per {unit}"
    panel(axes, f"{group.capitalize()}: {name}", below, f"{name}, {unit}", density_unit)
    edges, floor = histogram.edges, histogram.floor[group]
    density = {
        key: 100 * share / np.diff(edges) for key, share in histogram.shares[group].items()
    }
    axes.stairs(density["truth"], edges, fill=True, color=LINE, alpha=0.75, zorder=2.2)
    axes.stairs(density["truth"], edges, color=INK, linewidth=0.9, zorder=3)
    said = [(f"what happened, its halves {floor:.2g}", INK)] if math.isfinite(floor) else []
    for source in v.sources:
        look, distance = looks[source.key], source.figures[group][f"{quantity}_w1"]
        thin = {} if source.is_model else dict(linewidth=0.8, alpha=0.8)
        axes.stairs(density[source.key], edges, **look.line | thin)
        if source.is_model or not v.models:
            said.append((f"{source.label} {distance:.2g}", look.colour))
    leading = ["truth", *(source.key for source in v.models)]
    axes.set_xlim(edges[0], edges[last_seen(histogram, group, leading) + 1])
    axes.set_ylim(0, 1.15 * max(density[key].max() for key in leading) or 1)
    notes(axes, said, 0.96, "top")
