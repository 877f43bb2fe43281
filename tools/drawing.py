"""What the plotting tools share: a Python that can draw, panels, the file that is written.

Imported before matplotlib, by tools that are run as well as by their tests.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from pathlib import Path

TOOL = Path(sys.argv[0]).name

try:
    import matplotlib

    matplotlib.use("Agg")
except ImportError as missing:
    # The python3 on PATH need not be the one with matplotlib (find_python.sh); that one takes over.
    finder = Path(__file__).with_name("find_python.sh")
    found = subprocess.run(["sh", str(finder)], capture_output=True, text=True).stdout.strip()
    if found and found != sys.executable and Path(sys.argv[0]).is_file():
        os.execv(found, [found, *sys.argv])
    sys.exit(
        f"{TOOL}: {missing}. Pictures need matplotlib and numpy: run tools/install.sh,"
        " or: python3 -m pip install matplotlib"
    )

from painter import GRASS, INK, LINE, MUTED, Failure
from scene import DataError

EXIT_FAILED, EXIT_DATA = 1, 3
EXIT_STATUS = "exit status: 0 done, 1 failed, 2 wrong usage, 3 bad data"

# Okabe and Ito (2008), those that are told apart on a light ground.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")


def panel(axes, title: str, below: str, x: str, y: str = "") -> None:
    """The look of the pitches: their ground, their lines."""
    axes.set_facecolor(GRASS)
    axes.grid(color=LINE, alpha=0.5, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(which="both", colors=MUTED, length=0, labelsize=9)
    axes.set_title(title, loc="left", fontsize=11.5, fontweight="bold", color=INK, pad=20)
    axes.text(0, 1.025, below, transform=axes.transAxes, fontsize=9, color=MUTED)
    axes.set_xlabel(x, fontsize=9, color=MUTED)
    axes.set_ylabel(y, fontsize=9, color=MUTED)


def parse_dpi(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number above zero, got '{text}'")
    return int(text)


@contextlib.contextmanager
def writing(out: Path, to_stdout: bool):
    """What goes wrong meanwhile is the machine's fault, or the name's."""
    try:
        yield
    except OSError as reason:
        raise Failure(f"{out}: cannot be written: {reason.strerror or reason}") from None
    except ValueError as reason:  # matplotlib: an ending it does not know
        raise Failure(f"{out}: {reason}") from None
    if not to_stdout:
        print(f"wrote {out}", file=sys.stderr)


def save(figure, out: Path, to_stdout: bool, dpi: int) -> None:
    target = sys.stdout.buffer if to_stdout else out
    figure.savefig(target, dpi=dpi, format="png" if to_stdout else None)


def run(draw, options) -> int:
    """draw(options); the exit status, and a sentence where it is not 0."""
    try:
        draw(options)
    except DataError as reason:
        print(f"{TOOL}: {reason}", file=sys.stderr)
        return EXIT_DATA
    except Failure as reason:
        print(f"{TOOL}: {reason}", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        return EXIT_FAILED
    return 0
