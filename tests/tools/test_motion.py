"""tools/motion.py on paths whose motion is known by construction."""

import csv
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "motion.py"
HEADER = "sequence sample period_id frame_id timestamp team player_id jersey x y observed".split()
RATE, SECONDS = 10, 4


def straight(t):
    return 0.5 * t, 0.0


def square(t):
    """Half a metre a frame, a corner every second."""
    corners = [(0, 0), (5, 0), (5, 5), (0, 5), (0, 0)]
    (x, y), (u, v) = corners[t // RATE], corners[min(t // RATE + 1, 4)]
    return x + (u - x) * (t % RATE) / RATE, y + (v - y) * (t % RATE) / RATE


def rows():
    for team, name in (("home", "h7"), ("ball", "ball")):
        for t in range(RATE * SECONDS + 1):
            for sample, path in (("", straight), ("0", square)):
                if t == 0 and sample:
                    continue
                yield ["1:0", sample, 1, t, f"{t / RATE:.3f}", team, name, "", *path(t),
                       int(t == 0)]


def run(table):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        csv.writer(file).writerows([HEADER, *table])
        file.flush()
        return subprocess.run([sys.executable, TOOL, file.name], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Motion(unittest.TestCase):
    def test_straight_beside_square(self):
        done = run(rows())
        self.assertEqual(done.returncode, 0, done.stderr)
        said = {}
        for line in done.stdout.splitlines()[2:]:
            _, label, recorded, generated, _ = (cell.strip() for cell in line.split("|"))
            said[label] = recorded, generated
        self.assertEqual(said["moving faster than 2 m/s"], ("100 %", "100 %"))
        self.assertEqual(said["net distance over path"], ("1.00", "0.00"))
        self.assertEqual(said["less than 0.5 m away at the end"], ("0.0 %", "100.0 %"))
        for who in ("", "ball: "):
            label = who + "turning by more than 60 degrees from one second to the next"
            self.assertEqual(said[label], ("0 %", "100 %"))

    def test_without_truth_it_says_so(self):
        done = run(row for row in rows() if row[1] or row[10])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--at all", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
