"""The chains of a diffusion model as a strip of pitches: reads what `traj rollout --chain` writes.

A column is a level of noise. The upper row leads what really happened to the right into noise, the
lower one leads back what the model makes of noise; without a recorded truth there is only the way
back, and it runs to the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from painter import COLOUR, INK, MUTED, darker, halo, pitch_axes
from scene import REQUIRED, Agent, DataError, Facts, Rows, opened, read_facts

COLUMNS = ("chain", "level", "noise", *REQUIRED)
LAYOUT = "what `traj rollout --chain` writes, one row per agent, frame and level"
PARTS = ("forward", "reverse")

PANEL_IN, GAP_IN, EDGE_IN, TITLE_IN, ROW_IN, FOOT_IN = 3.3, 0.1, 0.2, 0.72, 0.62, 0.44
PURE = 100.0  # noise so far above the signal that nothing of it is left to see
RIGHT, LEFT = "\N{RIGHTWARDS ARROW}", "\N{LEFTWARDS ARROW}"


@dataclass
class Chain:
    """L levels, A agents, T frames of which the first is the last observed; metres."""

    sequence: str
    first_frame: int
    agents: list[Agent]  # [A]
    noise: list[float]  # [L] per unit of signal, rising from 0
    parts: dict[str, np.ndarray]  # [L,A,T,2] of forward, where it is known, and reverse

    def middle_of_play(self) -> np.ndarray:
        """[2]: where the ball starts, or the players' mean where there is none."""
        here = self.parts["reverse"][0, :, 0]
        ball = np.array([agent.team == "ball" for agent in self.agents])
        return np.nanmean(here[ball] if ball.any() else here, axis=0)

    @property
    def shown(self) -> list[int]:
        """The levels from left to right."""
        levels = list(range(len(self.noise)))
        return levels if "forward" in self.parts else levels[::-1]


def read(rows: Rows) -> Chain:
    agents, noise, entries, sequence = {}, {}, [], ""
    for row in rows:
        part, sequence = rows.text(row, "chain"), rows.text(row, "sequence")
        if part not in PARTS:
            rows.fail(row, "chain", "forward or reverse", part)
        level, frame = rows.whole(row, "level"), rows.whole(row, "frame_id")
        noise[level] = rows.number(row, "noise")
        agent = agents.setdefault(rows.agent(row), len(agents))
        x, y = rows.number(row, "x"), rows.number(row, "y")
        entries.append((PARTS.index(part), level, agent, frame, x, y))
    if not entries:
        raise DataError(f"{rows.name}: there is a header but no row; was the rollout interrupted?")
    table = np.array(entries)
    part, agent = table[:, 0].astype(int), table[:, 2].astype(int)
    levels, at = np.unique(table[:, 1], return_inverse=True)
    frames, t = np.unique(table[:, 3], return_inverse=True)
    paths = np.full((len(PARTS), len(levels), len(agents), len(frames), 2), np.nan)
    paths[part, at, agent, t] = table[:, 4:]
    there = {name: paths[i] for i, name in enumerate(PARTS) if np.any(part == i)}
    return Chain(sequence, int(frames[0]), list(agents), [noise[k] for k in levels], there)


def load(file: str) -> tuple[Chain, Facts]:
    remedy = "`traj rollout --chain chain.csv` writes one, by a ddpm or vdm"
    with opened(file, remedy, required=COLUMNS, layout=LAYOUT) as rows:
        chain = read(rows)
    return chain, read_facts(None if file == "-" else Path(file))


def caption(noise: float) -> str:
    if noise <= 0:
        return "no noise"
    if noise >= PURE:
        return "pure noise"
    return f"noise {noise:.2g} \N{MULTIPLICATION SIGN} signal"


def draw_paths(axes, agents: list[Agent], paths: np.ndarray) -> None:
    """A line an agent, from where he was last observed to a dot; the ball's on top."""
    for team in ("home", "away", "ball"):
        own = paths[[agent.team == team for agent in agents]]
        ball = team == "ball"
        line = dict(colors=INK if ball else COLOUR[team], linewidths=1.3, capstyle="round")
        rim = dict(path_effects=halo(2.6)) if ball else {}
        layer = 4 if ball else 3
        lines = LineCollection(own, alpha=None if ball else 0.75, zorder=layer, **line, **rim)
        axes.add_collection(lines, autolim=False)
        face = "white" if ball else COLOUR[team]
        edge = INK if ball else darker(COLOUR[team], 0.75)
        disc = dict(linestyle="", marker="o", zorder=layer + 0.5)
        axes.plot(*own[:, -1].T, color=face, markeredgecolor=edge, markersize=4.2, **disc)


def describe(chain: Chain, facts: Facts) -> tuple[str, str]:
    """The title line and the smaller line under it."""
    ahead = next(iter(chain.parts.values())).shape[2] - 1
    title = [f"Sequence {chain.sequence}"] if chain.sequence else []
    title.append(f"frame {chain.first_frame}")
    known = not math.isnan(facts.rate_hz)
    title.append(f"the next {ahead / facts.rate_hz:.1f} s" if known else f"the next {ahead} frames")
    below = [facts.model] if facts.model else []
    below.append("displacements with noise on them, added up from where each was last observed")
    return "  \N{MIDDLE DOT}  ".join(title), "  \N{MIDDLE DOT}  ".join(below)


def row_title(part: str, alone: bool) -> str:
    if part == "forward":
        return f"Forward {RIGHT}  what really happened, covered by more and more noise"
    arrow = RIGHT if alone else LEFT
    return f"Reverse {arrow}  noise, taken away by the model until a sample is left"


def make_strip(chain: Chain, facts: Facts, options, view):
    """view: left, right, bottom, top in metres. The figure, without a window to draw in."""
    left, right, bottom, top = view
    panel_high_in = PANEL_IN * (top - bottom) / (right - left)
    rows, columns = list(chain.parts), chain.shown
    wide_in = 2 * EDGE_IN + len(columns) * (PANEL_IN + GAP_IN) - GAP_IN
    high_in = TITLE_IN + len(rows) * (ROW_IN + panel_high_in) + FOOT_IN
    figure = plt.figure(figsize=(wide_in, high_in), facecolor="white")

    def text(x_in: float, y_in: float, words: str, **style) -> None:
        """y_in: from the top."""
        style = dict(color=INK, va="center") | style
        figure.text(x_in / wide_in, 1 - y_in / high_in, words, **style)

    title, below = describe(chain, facts)
    text(EDGE_IN, 0.28, options.title or title, fontsize=16, fontweight="bold")
    text(EDGE_IN, 0.58, below, fontsize=11.5, color=MUTED)
    for i, part in enumerate(rows):
        head_in = TITLE_IN + i * (ROW_IN + panel_high_in)
        text(EDGE_IN, head_in + 0.2, row_title(part, len(rows) == 1), fontsize=12.5)
        for j, level in enumerate(columns):
            x_in = EDGE_IN + j * (PANEL_IN + GAP_IN)
            style = dict(fontsize=10.5, color=MUTED, ha="center")
            text(x_in + PANEL_IN / 2, head_in + 0.48, caption(chain.noise[level]), **style)
            y_in = high_in - head_in - ROW_IN - panel_high_in
            box = (x_in / wide_in, y_in / high_in, PANEL_IN / wide_in, panel_high_in / high_in)
            axes = pitch_axes(figure, box, facts, view, options.mplsoccer)
            draw_paths(axes, chain.agents, chain.parts[part][level])
    figure.legend(handles=legend_entries(chain), **legend_style(wide_in, high_in))
    return figure


def legend_entries(chain: Chain) -> list[Line2D]:
    """Only what is on the picture."""
    teams = {agent.team for agent in chain.agents}
    entries = [
        Line2D([], [], color=COLOUR[team], marker="o", markersize=5, label=team)
        for team in ("home", "away")
        if team in teams
    ]
    if "ball" in teams:
        rim = dict(markerfacecolor="white", markeredgecolor=INK)
        entries.append(Line2D([], [], color=INK, marker="o", markersize=5, label="ball", **rim))
    return entries


def legend_style(wide_in: float, high_in: float) -> dict:
    return dict(
        loc="center left",
        bbox_to_anchor=(EDGE_IN / wide_in, FOOT_IN / 2 / high_in),
        ncol=3,
        frameon=False,
        fontsize=11.5,
        labelcolor=INK,
        borderaxespad=0,
        borderpad=0,
        columnspacing=2.0,
    )

