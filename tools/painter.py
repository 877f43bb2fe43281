"""Pitch, lines and markers: a Scene drawn on matplotlib axes that count metres."""

from __future__ import annotations

import math

import numpy as np
from matplotlib import patches, patheffects
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from scene import Facts, Scene

# Blue and vermilion of Okabe and Ito (2008): told apart under every common colour vision
# deficiency.
COLOUR = {"home": "#0072B2", "away": "#D55E00", "ball": "#1b1b1b"}
GRASS, LINE, INK, MUTED = "#f6f8f3", "#bcc5b9", "#1f2421", "#68716b"
DASHES = (0, (3.2, 1.8))
MARKER_PT, BALL_PT, NUMBER_PT = 11.5, 6.5, 6.4
MARGIN_M = 3.0  # of grass around the pitch


class Failure(Exception):
    """The machine's fault: no ffmpeg, no mplsoccer, no room to write."""


def darker(colour: str, share: float) -> tuple[float, float, float]:
    return tuple(share * channel for channel in to_rgb(colour))


def halo(width: float):
    """A rim in the pitch's own colour: a line on top of a fan stays readable."""
    return [patheffects.withStroke(linewidth=width, foreground=GRASS)]


def draw_pitch(axes, facts: Facts, mplsoccer: str) -> None:
    """The markings, by mplsoccer where wanted and installed.

    A pitch unlike football's gets its outline and halfway line alone."""
    if facts.is_football and mplsoccer != "never":
        try:
            from mplsoccer import Pitch
        except ImportError:
            if mplsoccer == "always":
                raise Failure(
                    "--mplsoccer always: it is not installed; python3 -m pip install mplsoccer"
                ) from None
        else:
            pitch = Pitch(
                pitch_type="secondspectrum",
                pitch_length=facts.length_m,
                pitch_width=facts.width_m,
                pitch_color=GRASS,
                line_color=LINE,
                linewidth=1.1,
                line_zorder=1,
                goal_type="box",
                corner_arcs=True,
            )
            pitch.draw(ax=axes)
            return
    half_x, half_y = facts.length_m / 2, facts.width_m / 2
    style = dict(fill=False, edgecolor=LINE, linewidth=1.1, zorder=1)
    outline = patches.Rectangle((-half_x, -half_y), 2 * half_x, 2 * half_y, **style)
    axes.add_patch(outline)
    axes.add_line(Line2D([0, 0], [-half_y, half_y], color=LINE, linewidth=1.1, zorder=1))
    if facts.is_football:
        draw_football_markings(axes, half_x, half_y, style)


def draw_football_markings(axes, half_x: float, half_y: float, style: dict) -> None:
    """Law 1, metres: areas 16.5 and 5.5 deep, spot at 11, circle and arcs of 9.15, goals 7.32."""
    axes.add_patch(patches.Circle((0, 0), 9.15, **style))
    arc_deg = math.degrees(math.acos((16.5 - 11) / 9.15))
    for side in (-1, 1):
        goal_line, spot = side * half_x, side * (half_x - 11)
        for depth, width in ((16.5, 40.32), (5.5, 18.32), (-1.8, 7.32)):
            axes.add_patch(
                patches.Rectangle((goal_line, -width / 2), -side * depth, width, **style)
            )
        middle = 180 if side > 0 else 0
        box = dict(color=LINE, linewidth=1.1, zorder=1)
        axes.add_patch(
            patches.Arc(
                (spot, 0), 18.3, 18.3, theta1=middle - arc_deg, theta2=middle + arc_deg, **box
            )
        )
        for end in (-1, 1):
            turn = {(-1, -1): 0, (1, -1): 90, (1, 1): 180, (-1, 1): 270}[side, end]
            axes.add_patch(
                patches.Arc((goal_line, end * half_y), 2, 2, angle=turn, theta2=90, **box)
            )
        axes.plot([spot], [0], "o", color=LINE, markersize=2.4, zorder=1)
    axes.plot([0], [0], "o", color=LINE, markersize=2.4, zorder=1)


def pitch_axes(figure, box, facts: Facts, view, mplsoccer: str):
    """Axes with the pitch on them. box: of the figure; view: left, right, bottom, top in metres."""
    left, right, bottom, top = view
    axes = figure.add_axes(box, facecolor=GRASS)
    draw_pitch(axes, facts, mplsoccer)
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xticks=[], yticks=[])
    axes.set_axis_on()  # mplsoccer turns it off, and the grass with it
    axes.spines[:].set_visible(False)
    return axes


class Painter:
    """Draws a scene at a moment; keeps only the list of artists to take away for the next one."""

    def __init__(self, axes, scene: Scene, facts: Facts, options):
        self.axes, self.scene = axes, scene
        self.colour = [COLOUR[agent.team] for agent in scene.agents]
        self.tail = max(1, round(options.tail * facts.play_hz))
        self.samples = scene.samples
        if options.sample is not None:
            self.samples = scene.samples[[scene.sample_ids.index(options.sample)]]
        self.has_middle = len(self.samples) == 1 or options.summary != "none"
        self.lead = self.leading_path(options.summary)
        left, right = axes.get_xlim()
        # Closer means bigger, but not by much.
        self.scale = ((facts.length_m + 2 * MARGIN_M) / (right - left)) ** 0.4
        self.artists: list = []

    def leading_path(self, summary: str) -> np.ndarray:
        """[A,T,2]: what a marker follows into the future: the mean or median of the samples."""
        if len(self.samples) == 0:
            return self.scene.known
        middle = np.median if summary == "median" else np.mean
        return middle(self.samples, axis=0)

    def clear(self) -> None:
        for artist in self.artists:
            artist.remove()
        self.artists = []

    def still(self) -> None:
        """Markers where observation ends, and the whole future ahead of them."""
        self.tails(self.scene.now)
        self.futures(len(self.scene.frames))
        self.markers(self.scene.known[:, self.scene.now])

    def moment(self, t: int) -> None:
        """Markers at frame t; of the future only what has been reached."""
        self.clear()
        self.tails(t)
        if t > self.scene.now:
            self.futures(t + 1)
        self.markers((self.scene.known if t <= self.scene.now else self.lead)[:, t])

    def add_lines(self, segments, **style) -> None:
        lines = LineCollection(segments, capstyle="butt", joinstyle="round", **style)
        self.artists.append(self.axes.add_collection(lines, autolim=False))

    def tails(self, t: int) -> None:
        """The observed past, fading with age."""
        last = min(t, self.scene.now)
        first = max(0, t - self.tail)
        if last <= first:
            return
        past = self.scene.known[:, first : last + 1]
        segments = np.stack([past[:, :-1], past[:, 1:]], axis=2)  # [A,n,2,2]
        age = np.arange(first + 1, last + 1) - (t - self.tail)
        alpha = 0.85 * (age / self.tail) ** 1.5
        rgba = [[(*to_rgb(colour), a) for a in alpha] for colour in self.colour]
        self.add_lines(
            segments.reshape(-1, 2, 2), colors=np.reshape(rgba, (-1, 4)), linewidths=2.0, zorder=2
        )

    def futures(self, end: int) -> None:
        """Fans of samples, their middle, and the truth, up to but without frame `end`."""
        scene = self.scene
        if not scene.is_rollout:
            return
        if len(self.samples) > 1:
            # The more samples, the thinner each: the fan's weight on the page stays about the same.
            alpha = min(0.5, 0.8 / math.sqrt(len(self.samples)))
            fan = self.samples[:, :, :end].reshape(-1, end, 2)
            colours = self.colour * len(self.samples)
            self.add_lines(fan, colors=colours, linewidths=0.7, alpha=alpha, zorder=3)
        if self.has_middle:
            middle = [darker(colour, 0.85) for colour in self.colour]
            self.add_lines(
                self.lead[:, :end], colors=middle, linewidths=1.8, zorder=4, path_effects=halo(3.2)
            )
            self.ends(self.lead, end, middle, middle, 3.2)
        if scene.has_truth:
            truth = scene.known[:, scene.now : end]
            dark = [darker(colour, 0.5) for colour in self.colour]
            dashes = dict(linestyles=[DASHES], path_effects=halo(2.8))
            self.add_lines(truth, colors=dark, linewidths=1.2, zorder=5, **dashes)
            self.ends(scene.known, end, [GRASS] * len(dark), dark, 3.8)

    def ends(self, paths: np.ndarray, end: int, face: list, edge: list, size_pt: float) -> None:
        """A dot at the last position of each path that lies after now."""
        for path, fill, rim in zip(paths, face, edge):
            reached = np.flatnonzero(np.isfinite(path[:end, 0]))
            if reached.size and reached[-1] > self.scene.now:
                x, y = path[reached[-1]]
                self.artists += self.axes.plot(
                    [x],
                    [y],
                    "o",
                    markersize=size_pt,
                    markerfacecolor=fill,
                    markeredgecolor=rim,
                    markeredgewidth=1.0,
                    zorder=6,
                )

    def markers(self, at: np.ndarray) -> None:
        """Players as discs with their number inside, the ball on top."""
        for agent, (x, y) in zip(self.scene.agents, at):
            if not math.isfinite(x):
                continue
            ball = agent.team == "ball"
            # Disc and number share a layer: who stands in front covers the number behind, not half.
            layer = 20 if ball else 8 + 0.01 * len(self.artists)
            self.artists += self.axes.plot(
                [x],
                [y],
                "o",
                markersize=self.scale * (BALL_PT if ball else MARKER_PT),
                zorder=layer,
                markerfacecolor="#ffffff" if ball else COLOUR[agent.team],
                markeredgecolor=INK if ball else GRASS,
                markeredgewidth=1.5 if ball else 1.0,
            )
            if agent.jersey and not ball:
                label = self.axes.annotate(
                    agent.jersey,
                    (x, y),
                    color="white",
                    fontsize=NUMBER_PT * self.scale,
                    fontweight="bold",
                    ha="center",
                    va="center_baseline",
                    zorder=layer + 0.005,
                    annotation_clip=True,
                    clip_on=True,
                )
                self.artists.append(label)
