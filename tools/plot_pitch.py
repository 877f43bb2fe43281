#!/usr/bin/env python3
"""Draws a rollout, or plain tracking data, on the pitch: a picture or an animation.

scene.py reads the long CSV that `traj rollout` writes; painter.py draws pitch, lines and markers;
here are the figure around them, the film, and the command line.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from pathlib import Path

import drawing
import strip
from drawing import parse_dpi
from matplotlib import animation
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from painter import COLOUR, DASHES, GRASS, INK, MARGIN_M, MUTED, Failure, Painter, pitch_axes
from scene import DataError, Facts, Scene, listed, load

FIGURE_IN, TITLE_IN, LEGEND_IN, EDGE_IN = 10.0, 0.66, 0.42, 0.15
GIF_HZ = 12.5  # animations skip frames beyond this rate; time still runs true


def describe(scene: Scene, facts: Facts, options) -> tuple[str, str]:
    """The title line and the smaller line under it."""
    title = [f"Sequence {scene.sequence}"] if scene.sequence else []
    title.append(f"frame {scene.frames[scene.now]}")
    ahead = len(scene.frames) - 1 - scene.now
    rate = "" if math.isnan(facts.rate_hz) else f"{facts.rate_hz:g} Hz"
    if scene.is_rollout and ahead:
        title.append(
            f"the next {ahead / facts.rate_hz:.1f} s" if rate else f"the next {ahead} frames"
        )
    below = [facts.model] if facts.model else []
    if options.sample is not None:
        below.append(f"sample {options.sample} of {len(scene.sample_ids)}")
    elif scene.is_rollout:
        below.append(f"{len(scene.sample_ids)} sample" + "s" * (len(scene.sample_ids) > 1))
    if scene.is_rollout and ahead:
        below.append(f"horizon {ahead} frames")
    below += [rate] if rate else []
    return options.title or "  ·  ".join(title), "  ·  ".join(below)


def legend_entries(scene: Scene, painter: Painter, options) -> list[Line2D]:
    """Only what is on the picture."""
    teams = {agent.team for agent in scene.agents}
    disc = dict(linestyle="", marker="o", markersize=8, markeredgecolor=GRASS)
    entries = [
        Line2D([], [], color=COLOUR[team], label=team, **disc)
        for team in ("home", "away")
        if team in teams
    ]
    if "ball" in teams:
        rim = dict(markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.5)
        entries.append(Line2D([], [], linestyle="", marker="o", markersize=6, label="ball", **rim))
    entries.append(Line2D([], [], color=MUTED, alpha=0.6, linewidth=2, label="observed"))
    count = len(painter.samples)
    if count > 1:
        thin = dict(alpha=0.7, linewidth=0.8, label=f"{count} samples")
        entries.append(Line2D([], [], color=MUTED, **thin))
    if count and painter.has_middle:
        label = f"{options.summary} of samples" if count > 1 else "generated"
        entries.append(Line2D([], [], color=MUTED, linewidth=2.2, label=label))
    if scene.has_truth:
        entries.append(
            Line2D([], [], color=INK, linewidth=1.2, linestyle=DASHES, label="what happened")
        )
    return entries


def view_of(scene: Scene | strip.Chain, facts: Facts, zoom) -> tuple[float, float, float, float]:
    """left, right, bottom, top in metres: the whole pitch, or a window of the same proportions."""
    half_x, half_y = facts.length_m / 2 + MARGIN_M, facts.width_m / 2 + MARGIN_M
    if not zoom:
        return -half_x, half_x, -half_y, half_y
    length, centre = zoom
    if centre is None:
        centre = scene.middle_of_play()
    wide, high = min(length / 2, half_x), min(length / 2 * half_y / half_x, half_y)
    x = min(max(centre[0], wide - half_x), half_x - wide)
    y = min(max(centre[1], high - half_y), half_y - high)
    return x - wide, x + wide, y - high, y + high


def make_figure(scene: Scene, facts: Facts, options):
    """Title above, pitch, one line of legend below; the axes keep metres square."""
    left, right, bottom, top = view_of(scene, facts, options.zoom)
    wide_in = FIGURE_IN - 2 * EDGE_IN
    high_in = wide_in * (top - bottom) / (right - left)
    figure = plt.figure(figsize=(FIGURE_IN, TITLE_IN + high_in + LEGEND_IN), facecolor="white")
    total_in = TITLE_IN + high_in + LEGEND_IN
    box = (EDGE_IN / FIGURE_IN, LEGEND_IN / total_in, wide_in / FIGURE_IN, high_in / total_in)
    axes = pitch_axes(figure, box, facts, (left, right, bottom, top), options.mplsoccer)

    title, below = describe(scene, facts, options)
    edge = EDGE_IN / FIGURE_IN
    figure.text(
        edge, 1 - 0.25 / total_in, title, fontsize=13, fontweight="bold", color=INK, va="center"
    )
    figure.text(edge, 1 - 0.49 / total_in, below, fontsize=9.5, color=MUTED, va="center")
    if facts.orientation == "home-right":
        arrow = "home attacks \N{RIGHTWARDS ARROW}"
        small = dict(fontsize=9.5, color=MUTED, va="center", ha="right")
        figure.text(1 - edge, 1 - 0.49 / total_in, arrow, **small)
    painter = Painter(axes, scene, facts, options)
    figure.legend(
        handles=legend_entries(scene, painter, options),
        loc="center left",
        ncol=8,
        frameon=False,
        fontsize=9.5,
        labelcolor=INK,
        bbox_to_anchor=(edge, LEGEND_IN / 2 / total_in),
        borderaxespad=0,
        borderpad=0,
        columnspacing=1.9,
        handletextpad=0.6,
        handlelength=2.0,
    )
    return figure, painter


def animate(figure, painter: Painter, scene: Scene, facts: Facts, options, out: Path) -> None:
    """Plays the scene in real time and rests on the last frame for a second."""
    rate_hz = facts.play_hz
    step = max(1, math.ceil(rate_hz / GIF_HZ))
    first = 0 if scene.is_rollout else max(0, scene.now - round(options.last * rate_hz))
    shown = list(range(first, len(scene.frames), step))
    shown += [shown[-1]] * round(rate_hz / step)
    film = animation.FuncAnimation(
        figure, painter.moment, frames=shown, init_func=lambda: None, blit=False
    )
    if out.suffix == ".mp4":
        if not shutil.which("ffmpeg"):
            raise Failure("an MP4 needs ffmpeg on the PATH; install it, or write a .gif instead")
        # Players on phones want 4:2:0 colour, which wants even sizes.
        even = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"]
        writer = animation.FFMpegWriter(fps=rate_hz / step, extra_args=even)
    else:
        writer = animation.PillowWriter(fps=rate_hz / step)
    film.save(str(out), writer=writer, dpi=options.dpi or 100)


DESCRIPTION = """\
Draws a rollout, or plain tracking data, on the pitch.

  markers     players and ball where observation ends, with the players' numbers
  fading      the observed past
  fan         what was generated: a thin line per sample, their mean drawn over them
  dashed      what really happened, where the file knows it

FILE is what `traj rollout` writes (one row per agent, frame and sample), or any tracking data in
the same long layout without samples. Rate, pitch size and model come from the .json of the same
name beside it, where there is one. With --chain FILE is what `traj rollout --chain FILE` writes: a
sample on its way out of noise, and the truth on its way there, a pitch for each level."""

EXAMPLES = f"""\
examples:
  tools/plot_pitch.py rollout.csv                      writes rollout.png
  tools/plot_pitch.py rollout.csv --zoom 40            40 m around the ball
  tools/plot_pitch.py rollout.csv --sample 3           one future instead of the fan
  tools/plot_pitch.py rollout.csv --at 6500            the sequence observed up to frame 6500
  tools/plot_pitch.py rollout.csv --animate            writes rollout.gif
  tools/plot_pitch.py rollout.csv --out film.mp4       an MP4, by ffmpeg
  tools/plot_pitch.py --chain chain.csv                noise and the way back, a strip
  traj rollout --horizon 50 --out - | tools/plot_pitch.py - --out next.pdf

{drawing.EXIT_STATUS}"""


def parse_pitch(text: str) -> tuple[float, float]:
    try:
        length, width = (float(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected LENGTHxWIDTH in metres, such as 105x68, got '{text}'"
        ) from None
    if not (length > 0 and width > 0):
        raise argparse.ArgumentTypeError(f"a pitch has a length and a width, got '{text}'")
    return length, width


def parse_zoom(text: str):
    """METRES or METRES@X,Y."""
    try:
        length, _, centre = text.partition("@")
        centre = tuple(float(part) for part in centre.split(",")) if centre else None
        if not 0 < float(length) < math.inf or (centre is not None and len(centre) != 2):
            raise ValueError
        return float(length), centre
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected METRES or METRES@X,Y, such as 40@-30,0, got '{text}'"
        ) from None


def parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"expected seconds, such as 2.5, got '{text}'")
    return seconds


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="plot_pitch.py",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    p.add_argument("file", metavar="FILE", help="the CSV to draw; - reads standard input")
    which = p.add_argument_group("which part of the file")
    which.add_argument(
        "--sequence", metavar="NAME", help="the sequence to draw (default: the first)"
    )
    which.add_argument(
        "--at",
        type=int,
        metavar="FRAME",
        help="rollout: the sequence whose observation ends at FRAME;\n"
        "tracking data: the frame to draw",
    )
    which.add_argument(
        "--sample", type=int, metavar="N", help="draw sample N alone, without the fan"
    )
    look = p.add_argument_group("how it looks")
    look.add_argument(
        "--summary",
        choices=("mean", "median", "none"),
        default="mean",
        help="the darker line through a fan (default: mean)",
    )
    look.add_argument(
        "--tail",
        type=parse_seconds,
        default=2.0,
        metavar="SECONDS",
        help="length of the observed past (default: 2)",
    )
    look.add_argument(
        "--zoom",
        type=parse_zoom,
        metavar="METRES[@X,Y]",
        help="a window of so many metres around the ball, or around X,Y",
    )
    look.add_argument(
        "--pitch",
        type=parse_pitch,
        metavar="LxW",
        help="pitch in metres (default: the sidecar's, else 105x68); sizes unlike a\n"
        "football pitch are drawn without goals and penalty areas",
    )
    look.add_argument(
        "--mplsoccer",
        choices=("auto", "always", "never"),
        default="auto",
        help="whether mplsoccer draws the markings (auto: if it is installed)",
    )
    look.add_argument("--title", metavar="TEXT", help="instead of sequence, frame and horizon")
    look.add_argument(
        "--chain", action="store_true", help="FILE holds a diffusion model's chains: draw the strip"
    )
    output = p.add_argument_group("what is written")
    output.add_argument(
        "--out",
        metavar="PATH",
        help="the picture (.png .pdf .svg), the animation (.gif .mp4),\n"
        "or - for a PNG on standard output (default: FILE with .png)",
    )
    output.add_argument("--animate", action="store_true", help="play it (default: FILE with .gif)")
    output.add_argument(
        "--last",
        type=parse_seconds,
        default=10.0,
        metavar="SECONDS",
        help="how much of plain tracking data an animation plays (default: 10)",
    )
    output.add_argument(
        "--dpi", type=parse_dpi, metavar="N", help="dots per inch (default: 200; animations 100)"
    )
    return p


def output_path(options) -> Path:
    if options.out:
        return Path(options.out)
    piped = "chain.csv" if options.chain else "rollout.csv"
    source = Path(piped if options.file == "-" else options.file)
    return source.with_suffix(".gif" if options.animate else ".png")


def save(figure, out: Path, options) -> None:
    drawing.save(figure, out, options.out == "-", options.dpi or 200)


def check_strip(p: argparse.ArgumentParser, options) -> None:
    """A strip is one picture of one sequence."""
    asked = dict(sequence=options.sequence, at=options.at, sample=options.sample)
    odd = [f"--{name}" for name, value in asked.items() if value is not None]
    odd += ["--animate"] * options.animate
    if odd:
        p.error(f"--chain draws the one sample of its file: leave out {', '.join(odd)}")


def write_strip(options) -> None:
    chain, facts = strip.load(options.file)
    if options.pitch:
        facts.length_m, facts.width_m = options.pitch
    figure = strip.make_strip(chain, facts, options, view_of(chain, facts, options.zoom))
    out = output_path(options)
    with drawing.writing(out, options.out == "-"):
        save(figure, out, options)


def write(options) -> None:
    out = output_path(options)
    names, scene, facts = load(options.file, options.sequence, options.at)
    if options.sample is not None and options.sample not in scene.sample_ids:
        ids = ", ".join(map(str, scene.sample_ids)) or "none"
        raise DataError(f"{options.file}: there is no sample {options.sample}; it has: {ids}")
    if options.pitch:
        facts.length_m, facts.width_m = options.pitch
    figure, painter = make_figure(scene, facts, options)
    with drawing.writing(out, options.out == "-"):
        if options.animate or out.suffix in (".gif", ".mp4"):
            animate(figure, painter, scene, facts, options, out)
        else:
            painter.still()
            save(figure, out, options)
    if len(names) > 1:
        others = [name for name in names if name != scene.sequence]
        print(
            f"drew sequence {scene.sequence}; --sequence NAME draws another: {listed(others)}",
            file=sys.stderr,
        )


def main() -> int:
    options = parser().parse_args()
    if options.chain:
        check_strip(parser(), options)
    return drawing.run(write_strip if options.chain else write, options)


if __name__ == "__main__":
    sys.exit(main())
