#!/usr/bin/env python3
"""Draws the bound of diffusion models term by term, as `traj score --terms --json` prints it."""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import drawing
from drawing import COLOURS, panel, parse_dpi
from matplotlib import pyplot as plt
from painter import INK
from scene import DataError

FIGURE_IN = (13.5, 4.4)


@dataclass
class Terms:
    """One model's terms; NaN where a term has no such number. The first is the reconstruction, the
    last the prior, and what lies between is the diffusion, from the least noise to the most."""

    name: str
    nats: list[float]
    rmse: list[float]
    log_snr: list[float]

    @property
    def time(self) -> list[float]:
        """0 without noise, 1 at its most: models of any number of steps on one axis."""
        return [k / (len(self.nats) - 1) for k in range(len(self.nats))]

    @property
    def label(self) -> str:
        return f"{self.name}  ({len(self.nats)} terms, ELBO {-sum(self.nats):.2f})"


def number(file: str, k: int, term: dict, key: str) -> float:
    value = term.get(key, "nothing")
    if value is None:  # how JSON says NaN
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DataError(
            f"{file}: terms[{k}]: '{key}': expected a number, got {value!r};"
            " write it with this version of `traj score --terms --json`"
        )
    return float(value)


def load(file: str) -> Terms:
    name = "standard input" if file == "-" else file
    try:
        with sys.stdin if file == "-" else open(file, encoding="utf-8") as stream:
            record = json.load(stream)
    except OSError as reason:
        remedy = "`traj score --terms --json >terms.json` writes one"
        raise DataError(f"{name}: {reason.strerror}; {remedy}") from None
    except ValueError as reason:
        raise DataError(f"{name}: is not JSON ({reason})") from None
    terms = record.get("terms") if isinstance(record, dict) else None
    if not isinstance(terms, list) or not all(isinstance(term, dict) for term in terms):
        remedy = "`traj score --terms --json` prints them, of a ddpm or vdm"
        raise DataError(f"{name}: expected an object with a list of terms; {remedy}")
    if len(terms) < 3:
        raise DataError(f"{name}: {len(terms)} terms make no curve; expected three or more")
    columns = [
        [number(name, k, term, key) for k, term in enumerate(terms)]
        for key in ("nats", "noise_rmse", "log_snr")
    ]
    model = Path(str(record.get("model") or "")).name or Path(file).stem
    return Terms(model, *columns)


def draw(models: list[Terms], title: str | None):
    figure, (kl, rmse, snr) = plt.subplots(1, 3, figsize=FIGURE_IN, facecolor="white")
    time = "time: 0 no noise, 1 most noise"
    panel(kl, "KL of each step", "nats per agent-step; the dot is the prior's", time)
    panel(rmse, "Error of the predicted noise", "root mean square; 1 is knowing nothing", time)
    panel(snr, "Noise schedule", "log of the signal-to-noise ratio", time)
    for axes in (kl, rmse, snr):
        axes.set_xlim(-0.02, 1.02)
    kl.set_yscale("log")
    for model, colour in zip(models, COLOURS):
        style = dict(color=colour, linewidth=1.7, solid_joinstyle="round")
        time = model.time
        kl.plot(time[1:-1], [positive(nats) for nats in model.nats[1:-1]], **style)
        # An error of exactly 0 is that of a term without a prediction.
        rmse.plot(time, [positive(value) for value in model.rmse], **style)
        snr.plot(time, model.log_snr, label=model.label, **style)
    rmse.set_ylim(bottom=0)
    bottom, top = kl.get_ylim()
    bottom = max(bottom, top * 1e-8)
    kl.set_ylim(bottom, top)
    for model, colour in zip(models, COLOURS):  # a prior of next to nothing lies on the edge
        prior = max(positive(model.nats[-1]), bottom)
        kl.plot(1, prior, "o", color=colour, markersize=5, clip_on=False)
    figure.subplots_adjust(left=0.045, right=0.985, top=0.8 if title else 0.86, bottom=0.21)
    figure.subplots_adjust(wspace=0.14)
    if title:
        figure.text(0.045, 0.945, title, fontsize=13, fontweight="bold", color=INK)
    legend = dict(frameon=False, fontsize=9.5, labelcolor=INK, borderaxespad=0)
    figure.legend(loc="lower left", bbox_to_anchor=(0.045, 0.03), ncol=3, **legend)
    return figure


def positive(value: float) -> float:
    return value if value > 0 else math.nan


EXAMPLES = f"""\
examples:
  traj score --model models/derby-ddpm --players match.csv --terms --json >ddpm.json
  traj score --model models/derby-vdm --players match.csv --terms --json >vdm.json
  tools/plot_terms.py ddpm.json vdm.json               writes ddpm.png
  tools/plot_terms.py vdm.json -o schedule.pdf

{drawing.EXIT_STATUS}"""


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="plot_terms.py",
        description="Draws, over the time of ddpm and vdm: the KL of each step, the error of the\n"
        "predicted noise, and the noise schedule, learned or not. One line a model.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    p.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="what `traj score --terms --json` printed; - reads standard input",
    )
    p.add_argument(
        "-o",
        "--out",
        metavar="PATH",
        help="the picture (.png .pdf .svg), or - for a PNG on standard output\n"
        "(default: the first FILE with .png)",
    )
    p.add_argument("--title", metavar="TEXT", help="a line above it")
    p.add_argument(
        "--dpi", type=parse_dpi, default=150, metavar="N", help="dots per inch (default: 150)"
    )
    return p


def write(options) -> None:
    figure = draw([load(file) for file in options.files], options.title)
    first = "terms.json" if options.files[0] == "-" else options.files[0]
    out = Path(options.out) if options.out else Path(first).with_suffix(".png")
    to_stdout = options.out == "-"
    with drawing.writing(out, to_stdout):
        drawing.save(figure, out, to_stdout, options.dpi)


def main() -> int:
    options = parser().parse_args()
    if len(options.files) > len(COLOURS):
        parser().error(f"{len(options.files)} models; at most {len(COLOURS)} can be told apart")
    return drawing.run(write, options)


if __name__ == "__main__":
    sys.exit(main())
