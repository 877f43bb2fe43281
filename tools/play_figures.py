#!/usr/bin/env python3
"""Figures of play from tracking data alone, one column per file: does a match look like football?

Reads the long CSV that `traj simulate --to long` and `traj convert` write (the first sequence of
each file): 11 against 11 and the ball, in the pitch frame. docs/mathematics/simulate.md compares a
simulated and a real match with it.
"""

from __future__ import annotations

import sys

import numpy as np

from scene import DataError, load

EXIT_USAGE, EXIT_DATA = 2, 3
SPEED_S, ACCELERATION_S = 0.2, 0.4  # time over which differences are taken
REACH_M = 1.0  # the nearest player holds the ball within this distance
SHARES = (25, 50, 75, 95, 99)  # per cent


class Match:
    """Positions [T,A,2] of the outfield players of both teams, the goalkeepers and the ball."""

    def __init__(self, file: str):
        _, scene, facts = load(file, None, None)
        seen = [i for i in range(len(scene.agents)) if np.isfinite(scene.known[i]).all()]
        team = [[i for i in seen if scene.agents[i].team == name] for name in ("home", "away")]
        ball = [i for i in seen if scene.agents[i].team == "ball"]
        if len(ball) != 1 or any(len(side) != 11 for side in team):
            raise DataError(f"{file}: needs the ball and 11 players a team throughout the sequence")
        position = scene.known.transpose(1, 0, 2)
        self.rate_hz = facts.play_hz
        self.ball = position[:, ball[0]]
        self.side = [position[:, players] for players in team]
        # The goalkeeper is his team's last man on average: home defends the left goal.
        last = [self.side[0][..., 0].mean(0).argmin(), self.side[1][..., 0].mean(0).argmax()]
        self.field = [np.delete(side, k, axis=1) for side, k in zip(self.side, last)]

    def frames(self, seconds: float) -> int:
        return max(1, round(seconds * self.rate_hz))


def size(vector: np.ndarray) -> np.ndarray:
    return np.hypot(vector[..., 0], vector[..., 1])


def velocity(match: Match, position: np.ndarray) -> np.ndarray:
    k = match.frames(SPEED_S)
    return (position[k:] - position[:-k]) * match.rate_hz / k


def spread(values: np.ndarray) -> str:
    return " ".join(f"{value:.1f}" for value in np.percentile(values, SHARES))


def memory(match: Match, speed: np.ndarray, seconds: float) -> str:
    """Autocorrelation of the velocity about zero after some seconds."""
    k = match.frames(seconds)
    return f"{(speed[:-k] * speed[k:]).sum(-1).mean() / (speed**2).sum(-1).mean():.2f}"


def touches(match: Match) -> tuple[str, str]:
    """Mean seconds between changes of the holder inside a team, and between the teams."""
    distance = size(np.concatenate(match.side, axis=1) - match.ball[:, None])
    holder = distance.argmin(1)[distance.min(1) < REACH_M]
    change = holder[1:] != holder[:-1]
    across = (holder[1:] < 11) != (holder[:-1] < 11)
    seconds = len(distance) / match.rate_hz
    return tuple(f"{seconds / max(1, n):.1f}" for n in (sum(change & ~across), sum(across)))


def figures(match: Match) -> dict[str, str]:
    field = np.concatenate(match.field, axis=1)
    speed = velocity(match, field)
    k = match.frames(ACCELERATION_S)
    acceleration = (speed[k:] - speed[:-k]) * match.rate_hz / k
    gap = size(match.field[0][:, :, None] - match.field[1][:, None])
    extent = [np.ptp(side, axis=1) for side in match.field]
    mean_x = np.concatenate([side[..., 0].mean(1) for side in match.field])
    ball_x = np.tile(match.ball[:, 0], 2)
    inside, across = touches(match)
    return {
        "player speed, m/s": spread(size(speed)),
        "distance covered, m/min": f"{60 * size(speed).mean():.0f}",
        "player acceleration, m/s^2": spread(size(acceleration)),
        "velocity autocorrelation after 1, 2, 4 s": " ".join(
            memory(match, speed, seconds) for seconds in (1, 2, 4)
        ),
        "nearest opponent, m": spread(gap.min(2)),
        "team length, m": spread(np.concatenate([e[:, 0] for e in extent])),
        "team width, m": spread(np.concatenate([e[:, 1] for e in extent])),
        "slope of the team's x on the ball's": f"{np.polyfit(ball_x, mean_x, 1)[0]:.2f}",
        "ball speed, m/s": spread(size(velocity(match, match.ball))),
        "seconds per change of holder in a team": inside,
        "seconds per change between teams": across,
    }


def main(files: list[str]) -> int:
    if not files:
        print("usage: play_figures.py FILE...", file=sys.stderr)
        return EXIT_USAGE
    try:
        columns = [figures(Match(file)) for file in files]
    except DataError as reason:
        print(f"play_figures.py: {reason}", file=sys.stderr)
        return EXIT_DATA
    print("| figure (ranges: 25, 50, 75, 95, 99 %) |", " | ".join(files), "|")
    print("|---" * (len(files) + 1) + "|")
    for name in columns[0]:
        print(f"| {name} |", " | ".join(column[name] for column in columns), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
