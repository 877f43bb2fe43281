#!/usr/bin/env python3
"""Draws what `traj evaluate --json` found, and the best and the worst of the scenes it judged.

verdict.py reads, panels.py and extremes.py draw; here are the figure around them, and the command
line.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import drawing
import extremes
import panels
import verdict
from drawing import COLOURS, parse_dpi
from extremes import ERRORS, Extremes
from matplotlib import pyplot as plt
from painter import INK, MUTED
from panels import CURVE_TITLES, QUANTITIES
from scene import DataError
from verdict import GROUPS, Verdict

WIDE_IN, EDGE_IN, TITLE_IN, LEGEND_IN = 16.0, 0.3, 0.78, 0.36
# Of a row of panels: above, of and below the axes; room for the numbers left of each.
HEAD_IN, PANEL_IN, FOOT_IN, NUMBERS_IN, GAP_IN = 0.6, 2.9, 0.52, 0.58, 0.16
ROW_IN, CAPTION_IN, PITCH_GAP_IN = 0.62, 0.3, 0.14  # above a row of pitches, and above each
ALONE_IN = 10.0  # width of a picture of one pitch, for which lines and markers are made
PANELS = 4
LEGEND_MOST = 7  # entries beside each other
DOT = "  \N{MIDDLE DOT}  "
LEGEND = dict(
    loc="center left",
    frameon=False,
    fontsize=10,
    labelcolor=INK,
    borderaxespad=0,
    borderpad=0,
    columnspacing=1.8,
    handletextpad=0.6,
    handlelength=3.2,
)


@dataclass
class Sheet:
    """A figure that is laid out from the top, in inches."""

    figure: plt.Figure
    wide_in: float
    high_in: float

    def text(self, x_in: float, y_in: float, words: str, **style) -> None:
        style = dict(color=INK, va="center") | style
        self.figure.text(x_in / self.wide_in, 1 - y_in / self.high_in, words, **style)

    def box(self, x_in: float, y_in: float, wide_in: float, high_in: float) -> tuple:
        """For axes whose upper left corner is at x, y."""
        bottom = 1 - (y_in + high_in) / self.high_in
        return x_in / self.wide_in, bottom, wide_in / self.wide_in, high_in / self.high_in

    def legend(self, y_in: float, entries: list) -> None:
        """Lines of legend_in(entries) inches in all, from y on."""
        for first in range(0, len(entries), LEGEND_MOST):
            line = entries[first : first + LEGEND_MOST]
            middle_in = y_in + LEGEND_IN * (first // LEGEND_MOST + 0.5)
            at = (EDGE_IN / self.wide_in, 1 - middle_in / self.high_in)
            self.figure.legend(handles=line, bbox_to_anchor=at, ncol=len(line), **LEGEND)


def legend_in(entries: list) -> float:
    return LEGEND_IN * -(-len(entries) // LEGEND_MOST)


def describe(v: Verdict) -> tuple[str, str]:
    """The title line and the smaller line under it."""
    below = [
        f"{v.rate_hz:g} Hz, {v.burn_in} frames observed, {v.horizon} forecast",
        f"{v.samples} sample" + "s" * (v.samples > 1),
        f"{v.agents} agents",
        *v.data[:3],
    ]
    below += [f"and {len(v.data) - 3} more"] * (len(v.data) > 3)
    return f"Protocol {v.protocol}{DOT}{v.scenes} scenes", DOT.join(below)


def draw_panels(sheet: Sheet, v: Verdict, looks: dict, group: str, curve: str, y_in: float) -> None:
    column_in = (WIDE_IN - 2 * EDGE_IN + GAP_IN) / PANELS
    wide_in = column_in - GAP_IN - NUMBERS_IN
    boxes = [
        sheet.box(EDGE_IN + i * column_in + NUMBERS_IN, y_in + HEAD_IN, wide_in, PANEL_IN)
        for i in range(PANELS)
    ]
    error, calibration, *histograms = (sheet.figure.add_axes(box) for box in boxes)
    panels.draw_error(error, v, looks, group, curve)
    panels.draw_calibration(calibration, v, looks, group)
    for axes, quantity in zip(histograms, QUANTITIES):
        panels.draw_histogram(axes, v, looks, group, quantity)


def pitch_size_in(e: Extremes) -> tuple[float, float]:
    left, right, bottom, top = extremes.view_of(e.facts)
    wide_in = (WIDE_IN - 2 * EDGE_IN + PITCH_GAP_IN) / extremes.MOST - PITCH_GAP_IN
    return wide_in, wide_in * (top - bottom) / (right - left)


def draw_pitches(sheet: Sheet, e: Extremes, kind: str, y_in: float) -> None:
    wide_in, high_in = pitch_size_in(e)
    sheet.text(EDGE_IN, y_in + ROW_IN - 0.2, extremes.row_title(e, kind), fontsize=12.5)
    for i, (scene, error) in enumerate(e.rows[kind]):
        x_in = EDGE_IN + i * (wide_in + PITCH_GAP_IN)
        words = extremes.caption(scene, error)
        sheet.text(x_in, y_in + ROW_IN + CAPTION_IN / 2, words, fontsize=10, color=MUTED)
        box = sheet.box(x_in, y_in + ROW_IN + CAPTION_IN, wide_in, high_in)
        extremes.draw(sheet.figure, box, e, scene, wide_in / ALONE_IN)


def make_figure(v: Verdict, e: Extremes | None, groups: list[str], options):
    """From the top: title, legend, a row of panels for each group, pitches and their legend."""
    row_in = HEAD_IN + PANEL_IN + FOOT_IN
    pitch_row_in = ROW_IN + CAPTION_IN + pitch_size_in(e)[1] if e else 0
    looks = panels.looks_of(v)
    entries = panels.legend_entries(v, looks)
    top_in = TITLE_IN + legend_in(entries)
    high_in = top_in + len(groups) * row_in + EDGE_IN / 2
    high_in += len(e.rows) * pitch_row_in + LEGEND_IN if e else 0
    figure = plt.figure(figsize=(WIDE_IN, high_in), facecolor="white")
    sheet = Sheet(figure, WIDE_IN, high_in)
    title, below = describe(v)
    sheet.text(EDGE_IN, 0.32, options.title or title, fontsize=16, fontweight="bold")
    sheet.text(EDGE_IN, 0.62, below, fontsize=11, color=MUTED)
    sheet.legend(TITLE_IN, entries)
    y_in = top_in
    for group in groups:
        draw_panels(sheet, v, looks, group, options.curve, y_in)
        y_in += row_in
    for kind in e.rows if e else ():
        draw_pitches(sheet, e, kind, y_in)
        y_in += pitch_row_in
    if e:
        sheet.legend(y_in, extremes.legend_entries(e))
    return figure


DESCRIPTION = """\
Draws what `traj evaluate --json` found, one row for the players and one for the ball:

  error           metres over time, of every model and baseline, with 95 % intervals
  calibration     how far off the samples' mean is against how far apart they are
  histograms      speed and acceleration of every source and of what happened

With --rollouts and --scenes also the scenes of least and greatest error of one model."""

EXAMPLES = f"""\
examples:
  traj evaluate --players match.csv --json --per-scene scenes.csv >eval.json
  tools/plot_eval.py eval.json                         writes eval.png
  tools/plot_eval.py eval.json --curve avg --group all --out figure.pdf
  tools/plot_eval.py eval.json --sources gvrnn,vrnn,kalman

  traj rollout --players match.csv --at all            the same scenes
  tools/plot_eval.py eval.json --rollouts rollout.csv --scenes scenes.csv

{drawing.EXIT_STATUS}"""


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="plot_eval.py",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    p.add_argument(
        "file",
        metavar="FILE",
        help="what `traj evaluate --json` printed; - reads standard input",
    )
    what = p.add_argument_group("what is drawn")
    what.add_argument(
        "--group",
        choices=GROUPS,
        help="one row, of these agents (default: players, and the ball)",
    )
    what.add_argument(
        "--curve",
        choices=tuple(CURVE_TITLES),
        default="min",
        help="error of the best sample or the average one (default: min)",
    )
    what.add_argument(
        "--sources",
        metavar="LIST",
        help="these models and baselines alone: keys of the JSON, with commas",
    )
    pitch = p.add_argument_group("best and worst scenes")
    pitch.add_argument(
        "--rollouts", metavar="FILE", help="what `traj rollout --at all` wrote of the same data"
    )
    pitch.add_argument("--scenes", metavar="FILE", help="what `traj evaluate --per-scene` wrote")
    pitch.add_argument(
        "--metric",
        choices=ERRORS,
        default="min_jade",
        metavar="KEY",
        help=f"which error orders them (default: min_jade):\n{', '.join(ERRORS[:6])},\n"
        + ", ".join(ERRORS[6:]),
    )
    output = p.add_argument_group("what is written")
    output.add_argument(
        "--out",
        metavar="PATH",
        help="the picture (.png .pdf .svg), or - for a PNG on standard output\n"
        "(default: FILE with .png)",
    )
    output.add_argument("--title", metavar="TEXT", help="instead of protocol and scenes")
    output.add_argument(
        "--dpi", type=parse_dpi, default=150, metavar="N", help="dots per inch (default: 150)"
    )
    return p


def load(options) -> tuple[Verdict, list[str]]:
    """The evaluation and the groups to draw."""
    v = verdict.load(options.file, tuple(QUANTITIES))
    if options.sources:
        v.keep(options.sources.split(","))
    if len(v.models) > len(COLOURS):
        raise DataError(
            f"{v.file}: {len(v.models)} models, of which {len(COLOURS)} can be told apart; choose"
            " some with --sources"
        )
    groups = [options.group] if options.group else v.groups
    if not groups or not v.has(groups[0]):
        raise DataError(f"{v.file}: nothing in it is known of: {options.group or 'any agent'}")
    return v, groups


def write(options) -> None:
    v, groups = load(options)
    e = None
    if options.rollouts:
        e = extremes.load(v, options.rollouts, options.scenes, options.metric)
    figure = make_figure(v, e, groups, options)
    source = Path("eval.json" if options.file == "-" else options.file)
    out = Path(options.out) if options.out else source.with_suffix(".png")
    to_stdout = options.out == "-"
    with drawing.writing(out, to_stdout):
        drawing.save(figure, out, to_stdout, options.dpi)


def main() -> int:
    options = parser().parse_args()
    if bool(options.rollouts) != bool(options.scenes):
        parser().error("--rollouts and --scenes belong together: paths, and how far off they are")
    if [options.file, options.rollouts, options.scenes].count("-") > 1:
        parser().error("standard input (-) can be one of the files only")
    return drawing.run(write, options)


if __name__ == "__main__":
    sys.exit(main())
