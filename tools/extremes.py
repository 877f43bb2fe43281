"""The best and the worst scenes of an evaluation, drawn on the pitch from their rollouts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import verdict
from matplotlib.lines import Line2D
from painter import COLOUR, DASHES, GRASS, INK, MARGIN_M, MUTED, Painter, pitch_axes
from scene import DataError, Facts, Scene, load_named, read_facts
from verdict import Verdict

ERRORS = ("min_ade", "min_fde", "avg_ade", "avg_fde", "min_jade", "min_jfde", "mean_ade")
ERRORS += ("mean_fde", "energy_score", "energy_score_agent")  # metres, all agents of a scene
MOST = 3  # of either kind
TAIL_S = 2.0  # of the observed past


@dataclass
class Extremes:
    """Scenes of one model and their errors in metres."""

    source: str
    metric: str
    facts: Facts
    samples: int
    rows: dict[str, list[tuple[Scene, float]]]  # "best" and "worst", each from its end inwards


def chosen(errors: dict[str, float]) -> dict[str, list[str]]:
    """The best and the worst; no scene is both."""
    order = sorted(errors, key=errors.get)
    best = order[: min(MOST, (len(order) + 1) // 2)]
    worst = order[len(order) - min(MOST, len(order) // 2) :][::-1]
    return {"best": best, "worst": worst} if worst else {"best": best}


def load(v: Verdict, rollouts: str, scenes: str, metric: str) -> Extremes:
    source = verdict.source_of(v, rollouts, read_facts(Path(rollouts)))
    errors = verdict.load_errors(scenes, source, metric)
    names = chosen(errors)
    found, facts = load_named(rollouts, {name for row in names.values() for name in row})
    for name in (name for row in names.values() for name in row):
        made = found.get(name)
        ahead = len(made.frames) - 1 - made.now if made and made.is_rollout else 0
        if ahead != v.horizon:
            what = f"{ahead} generated frames in" if made else "there is no"
            raise DataError(
                f"{rollouts}: {what} sequence {name}, of which {v.horizon} were judged; write it by"
                f" `traj rollout --at all --burn-in {v.burn_in} --horizon {v.horizon}` of the same"
                " data"
            )
    rows = {kind: [(found[name], errors[name]) for name in row] for kind, row in names.items()}
    return Extremes(source, metric, facts, len(next(iter(found.values())).sample_ids), rows)


def row_title(e: Extremes, kind: str) -> str:
    least = "least" if kind == "best" else "greatest"
    return f"{kind.capitalize()} scenes of {e.source}: {least} {e.metric}"


def caption(scene: Scene, error: float) -> str:
    sequence, _, frame = scene.sequence.rpartition(":")
    return f"sequence {sequence}, frame {frame}: {error:.2f} m"


def view_of(facts: Facts) -> tuple[float, float, float, float]:
    """left, right, bottom, top in metres."""
    half_x, half_y = facts.length_m / 2 + MARGIN_M, facts.width_m / 2 + MARGIN_M
    return -half_x, half_x, -half_y, half_y


def draw(figure, box, e: Extremes, scene: Scene, share: float) -> None:
    """share: how wide box is of a figure of one pitch alone. Numbers would be too small to read."""
    axes = pitch_axes(figure, box, e.facts, view_of(e.facts), "never")
    agents = [replace(agent, jersey="") for agent in scene.agents]
    options = SimpleNamespace(tail=TAIL_S, sample=None, summary="none")
    painter = Painter(axes, replace(scene, agents=agents), e.facts, options)
    painter.scale *= share
    painter.still()


def legend_entries(e: Extremes) -> list[Line2D]:
    """Only what is on the pitches."""
    scenes = [scene for row in e.rows.values() for scene, _ in row]
    teams = {agent.team for scene in scenes for agent in scene.agents}
    disc = dict(linestyle="", marker="o", markersize=6, markeredgecolor=GRASS)
    entries = [
        Line2D([], [], color=COLOUR[team], label=team, **disc)
        for team in ("home", "away")
        if team in teams
    ]
    if "ball" in teams:
        rim = dict(markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.2)
        entries.append(Line2D([], [], linestyle="", marker="o", markersize=5, label="ball", **rim))
    grey = dict(color=MUTED)
    entries.append(Line2D([], [], alpha=0.6, linewidth=2, label="observed", **grey))
    count = f"{e.samples} samples" if e.samples > 1 else "generated"
    entries.append(Line2D([], [], alpha=0.7, linewidth=0.8, label=count, **grey))
    dashed = dict(linewidth=1.2, linestyle=DASHES)
    entries.append(Line2D([], [], color=INK, label="what happened", **dashed))
    return entries
