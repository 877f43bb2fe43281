#!/usr/bin/env python3
"""Writes tests/golden/metrics.json: small scenes and what every metric must say of them.

The twin of src/eval, written from docs/mathematics/metrics.md with NumPy and SciPy: whole arrays
where the C code loops, distributions of SciPy where it has formulas, fine sampling where it solves.

    pip install numpy==1.26.4 scipy==1.17.1
    python3 tools/golden_metrics.py [FILE]

Coordinates are multiples of 1/1024 m, exact in float. K samples, T frames, A agents.
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist, jensenshannon, pdist
from scipy.special import logsumexp
from scipy.stats import gaussian_kde, multivariate_normal, wasserstein_distance

HOME, AWAY, HOME_GK, AWAY_GK, BALL = range(5)
GROUPS = ("all", "players", "ball")
SAMPLES, FRAMES, PREFIX = 5, 12, 4
LIMITS = {"miss_m": 1.5, "radius_m": 0.4, "margin_m": 0.5, "player_mps": 8.0, "ball_mps": 20.0,
          "acceleration_mps2": 9.0}
QUANTITIES = {  # bins, low, high of each axis
    "speed": [(800, 0, 40)],
    "accel": [(500, 0, 50)],
    "turn_rate": [(400, 0, 40)],
    "nearest_opponent": [(400, 0, 40)],
    "location": [(30, -1.1, 1.1), (20, -1.1, 1.1)],
}


@dataclass
class Scene:
    kind: np.ndarray  # [A]
    past: np.ndarray  # [2,A,2]
    truth: np.ndarray  # [T,A,2]
    forecast: np.ndarray  # [K,T,A,2]
    rate: float
    half: np.ndarray  # [2]

    def members(self, group):
        return np.isin(self.kind, {"all": range(5), "players": range(4), "ball": [BALL]}[group])

    def of(self, group):
        """The scene of the group's agents only."""
        keep = self.members(group)
        return Scene(self.kind[keep], self.past[:, keep], self.truth[:, keep],
                     self.forecast[:, :, keep], self.rate, self.half)

    def prefix(self, frames):
        return Scene(self.kind, self.past, self.truth[:frames], self.forecast[:, :frames],
                     self.rate, self.half)

    def worlds(self, truth):
        """Paths with the two observed frames before them: [1 or K, 2+T, A, 2]."""
        futures = self.truth[None] if truth else self.forecast
        past = np.broadcast_to(self.past, (len(futures), *self.past.shape))
        return np.concatenate([past, futures], axis=1)


# ---- scenes


def on_grid(metres):
    return np.round(np.asarray(metres) * 1024) / 1024


def make_scene(rng, kind, rate, half, near):
    """Bodies that start about `near` and drift; samples leave the truth more and more."""
    kind = np.array(kind)
    speed = np.where(kind == BALL, 12.0, 5.0)[:, None] / rate
    velocity = rng.normal(size=(len(kind), 2)) * speed
    steps = velocity + rng.normal(size=(FRAMES + 2, len(kind), 2)) * speed / 15
    path = near + rng.normal(size=(len(kind), 2)) * 3 + np.cumsum(steps, axis=0)
    drift = rng.normal(size=(SAMPLES, 1, len(kind), 2)) * speed / 2
    noise = rng.normal(size=(SAMPLES, FRAMES, len(kind), 2)) * speed / 15
    wander = np.cumsum(drift + noise, axis=1)
    path, wander = on_grid(path), on_grid(wander)
    return Scene(kind, path[:2], path[2:], path[2:] + wander, rate, np.array(half))


def make_scenes():
    rng = np.random.default_rng(3)
    scenes = [
        make_scene(rng, [HOME, AWAY, HOME, BALL], 10.0, (52.5, 34.0), (50.0, 10.0)),
        make_scene(rng, [HOME_GK, AWAY, AWAY_GK], 5.0, (50.0, 30.0), (-5.0, -29.0)),
        make_scene(rng, [HOME, HOME, AWAY, AWAY, HOME_GK, AWAY, BALL], 10.0, (52.5, 34.0), (0, 0)),
    ]
    scenes[0].past[0, 1] = np.nan  # came a frame later
    scenes[2].past[:, 2] = np.nan  # came with the first frame to be forecast
    return scenes


# ---- metrics: None where there is nothing to say


def errors(scene):
    return np.linalg.norm(scene.forecast - scene.truth, axis=-1)  # [K,T,A]


def displacement(scene):
    e = errors(scene)
    ade, fde = e.mean(axis=1), e[:, -1]  # [K,A]
    mean = np.linalg.norm(scene.forecast.mean(axis=0) - scene.truth, axis=-1)  # [T,A]
    missed = fde > LIMITS["miss_m"]
    return {
        "min_ade": ade.min(axis=0).mean(), "min_fde": fde.min(axis=0).mean(),
        "avg_ade": ade.mean(), "avg_fde": fde.mean(),
        "min_jade": ade.mean(axis=1).min(), "min_jfde": fde.mean(axis=1).min(),
        "avg_jade": ade.mean(axis=1).mean(), "avg_jfde": fde.mean(axis=1).mean(),
        "mean_ade": mean.mean(), "mean_fde": mean[-1].mean(),
        "miss_rate": missed.all(axis=0).mean(),
        "joint_miss_rate": float(missed[fde.mean(axis=1).argmin()].any()),
    }


def kde_nll(scene):
    """Each kernel a SciPy distribution; SciPy's own estimate, without jitter, must be near."""
    total = []
    for t in range(len(scene.truth)):
        for a in range(len(scene.kind)):
            points, x = scene.forecast[:, t, a], scene.truth[t, a]
            kernel = (np.cov(points.T) + 1e-6 * np.eye(2)) * SAMPLES ** (-1 / 3)
            logs = [multivariate_normal(p, kernel).logpdf(x) for p in points]
            total.append(max(logsumexp(logs) - np.log(SAMPLES), -20))
            reference = max(gaussian_kde(points.T, bw_method="scott").logpdf(x)[0], -20)
            assert abs(total[-1] - reference) < 0.05 * (1 + abs(reference))
    return -np.mean(total)


def energy(paths, truth):
    """paths [K,n,2], truth [n,2]"""
    rows = paths.reshape(len(paths), -1)
    skill = cdist(rows, truth.reshape(1, -1)).mean()
    return (skill - pdist(rows).mean() / 2) / np.sqrt(len(truth))


def scores(scene):
    positions = scene.forecast.shape[1] * len(scene.kind)
    each = [energy(scene.forecast[:, :, a], scene.truth[:, a]) for a in range(len(scene.kind))]
    return {
        "kde_nll": kde_nll(scene),
        "energy_score": energy(scene.forecast.reshape(SAMPLES, positions, 2),
                               scene.truth.reshape(positions, 2)),
        "energy_score_agent": np.mean(each),
    }


def calibration(scene):
    pairs = [np.linalg.norm(a - b, axis=-1).mean()
             for i, a in enumerate(scene.forecast) for b in scene.forecast[i + 1:]]
    spread = np.sqrt(np.var(scene.forecast, axis=0, ddof=1).sum(axis=-1).mean())
    squares = ((scene.forecast.mean(axis=0) - scene.truth) ** 2).sum(axis=-1)
    skill = np.sqrt(squares.mean())
    return {
        "diversity": np.mean(pairs), "spread": spread, "skill": skill,
        "spread_skill": np.sqrt((SAMPLES + 1) / SAMPLES) * spread / skill,
    }


def collided(path):
    """path [1+T,A,2]: who comes too near to another, looked for on 4001 places of each step."""
    u = np.linspace(0, 1, 4001)[:, None, None]
    apart = 2 * LIMITS["radius_m"]
    who = np.zeros(path.shape[1], dtype=bool)
    for i in range(path.shape[1]):
        for j in range(i):
            d = path[:, i] - path[:, j]
            nearest = np.linalg.norm((1 - u) * d[:-1] + u * d[1:], axis=-1).min(axis=0)
            nearest = np.nanmin(nearest)
            assert abs(nearest - apart) > 1e-3, "too close to the limit for a search"
            if nearest < apart:
                who[[i, j]] = True
    return who


def speeds(world, rate):
    """[K,1+T,A]: from the second observed frame on."""
    return np.linalg.norm(np.diff(world, axis=1), axis=-1) * rate


def motion(scene, prefix):
    truth = prefix == "truth_"
    world, ball = scene.worlds(truth), scene.kind == BALL
    future, speed = world[:, 2:], speeds(world, scene.rate)
    limit = np.where(ball, LIMITS["ball_mps"], LIMITS["player_mps"])
    limit = np.broadcast_to(limit, speed[:, 1:].shape)
    acceleration = np.linalg.norm(np.diff(world, 2, axis=1), axis=-1)[:, :, ~ball] * scene.rate**2
    outside = (np.abs(future) > scene.half + LIMITS["margin_m"]).any(axis=-1)
    known = ~np.isnan(speed[:, 1:])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # means of nothing
        found = {
            "collision_rate": np.mean([collided(w[1:]) for w in world[:, :, ~ball]])
            if (~ball).any() else None,
            "off_pitch_rate": outside.mean(),
            "path_length": np.nanmean(speed[:, 1:]) / scene.rate * future.shape[1],
            "step_change": np.nanmean(np.abs(np.diff(speed, axis=1))) / scene.rate,
            "impossible_speed_rate": (speed[:, 1:][known] > limit[known]).mean(),
            "impossible_acceleration_rate":
                (acceleration[~np.isnan(acceleration)] > LIMITS["acceleration_mps2"]).mean(),
        }
    return {prefix + key: value for key, value in found.items()}


def metrics(scene, group):
    own = scene.of(group)
    if len(own.kind) == 0:
        return {}
    return {**displacement(own), **scores(own), **calibration(own), **motion(own, ""),
            **motion(own, "truth_")}


# ---- distributions: the values themselves, then their bins


def opponents(scene, world):
    """[K,T,A]: distance of each player to the nearest of the others' team, inf without one."""
    team = np.isin(scene.kind, [HOME, HOME_GK])
    rivals = (team[:, None] != team) & (scene.kind[:, None] != BALL) & (scene.kind != BALL)
    apart = np.linalg.norm(world[:, 2:, :, None] - world[:, 2:, None], axis=-1)
    return np.where(rivals, apart, np.inf).min(axis=-1)


def values(scene, group, truth):
    """{quantity: [n, 1 or 2]}. Opponents are looked for in the whole scene."""
    own = scene.of(group)
    world = own.worlds(truth)
    step = (np.diff(world, axis=1) * scene.rate).view(complex)[..., 0]  # [K,1+T,A]
    angle = np.abs(np.angle(step[:, 1:] * step[:, :-1].conj())) * scene.rate
    moving = (np.abs(step[:, 1:]) > 1) & (np.abs(step[:, :-1]) > 1)
    nearest = opponents(scene, scene.worlds(truth))[:, :, scene.members(group)]
    found = {
        "speed": np.abs(step[:, 1:]),
        "accel": np.abs(np.diff(step, axis=1)) * scene.rate,
        "turn_rate": angle[moving],
        "nearest_opponent": nearest[np.isfinite(nearest)],
    }
    found = {key: v[~np.isnan(v)].reshape(-1, 1) for key, v in found.items()}
    found["location"] = (world[:, 2:] / scene.half).reshape(-1, 2)
    return found


def histogram(key, points):
    axes = QUANTITIES[key]
    index = []
    for (bins, low, high), x in zip(axes, points.T):
        place = (x - low) / (high - low) * bins
        on_edge = (np.abs(place - np.round(place)) < 1e-9) & (place > 0.5)
        assert not on_edge.any(), f"{key}: a value on the edge of a bin"
        index.append(np.clip(np.floor(place).astype(int), 0, bins - 1))
    counts = np.zeros([bins for bins, _, _ in axes])
    np.add.at(counts, tuple(index), 1)
    return counts


def w1(key, forecast, truth):
    """Of the bins; the values themselves are no further from it than a bin is wide."""
    (bins, low, high), = QUANTITIES[key]
    width = (high - low) / bins
    centres = low + (np.arange(bins) + 0.5) * width
    distance = wasserstein_distance(centres, centres, histogram(key, forecast),
                                    histogram(key, truth))
    inside = [np.clip(v[:, 0], low, high) for v in (forecast, truth)]
    assert abs(distance - wasserstein_distance(*inside)) < width
    return distance


def distributions(scenes, group):
    found = {}
    for key, axes in QUANTITIES.items():
        forecast, truth = (np.concatenate([values(s, group, real)[key] for s in scenes])
                           for real in (False, True))
        if len(forecast) == 0 or len(truth) == 0:
            continue
        p, q = histogram(key, forecast).ravel(), histogram(key, truth).ravel()
        found[key + "_js"] = jensenshannon(p, q) ** 2
        if len(axes) == 1:
            found[key + "_w1"] = w1(key, forecast, truth)
    return found


# ---- the file


def plain(value):
    """For JSON: NaN and None are null."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return None if value is None or np.isnan(value) else float(value)


def numbers(array):
    return [None if np.isnan(x) else float(x) for x in np.ravel(array)]


def dump_scene(scene):
    return {
        "samples": SAMPLES, "frames": FRAMES, "agents": len(scene.kind),
        "rate_hz": scene.rate, "half_m": numbers(scene.half), "kind": numbers(scene.kind),
        "past_m": numbers(scene.past), "truth_m": numbers(scene.truth),
        "forecast_m": numbers(scene.forecast),
        "metrics": {g: plain(metrics(scene, g)) for g in GROUPS},
        "prefix_metrics": {g: plain(metrics(scene.prefix(PREFIX), g)) for g in GROUPS},
    }


def main():
    root = Path(__file__).resolve().parent.parent
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests/golden/metrics.json"
    scenes = make_scenes()
    content = {"limits": LIMITS, "prefix": PREFIX, "scenes": [dump_scene(s) for s in scenes],
               "distributions": {g: plain(distributions(scenes, g)) for g in GROUPS}}
    path.write_text(json.dumps(content, separators=(",", ":")).replace(
        ',"', ',\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
