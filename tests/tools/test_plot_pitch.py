"""tools/plot_pitch.py as a user runs it, and its arrays against positions known by construction."""

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
sys.dont_write_bytecode = True

import scene  # noqa: E402  (found through the line above)

HEADER = "sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed".split(
    ","
)
AGENTS = [("home", "h7", "7"), ("away", "a9", "9"), ("ball", "ball", "")]
BURN_IN, HORIZON, SAMPLES = 4, 6, 3


def position(agent, frame, sample=None):
    """Player `agent` walks 1 m a frame along x; sample k leaves the line by k metres a frame."""
    ahead = max(0, frame - BURN_IN + 1)
    return 10.0 * agent + frame, 5.0 * agent + (0 if sample is None else sample * ahead)


def rollout_rows(sequences=("1",), first_frame=0):
    for number, sequence in enumerate(sequences):
        base = first_frame + 100 * number
        for sample in (None, *range(SAMPLES)):
            frames = (
                range(BURN_IN + HORIZON) if sample is None else range(BURN_IN, BURN_IN + HORIZON)
            )
            for frame in frames:
                for index, (team, player, jersey) in enumerate(AGENTS):
                    x, y = position(index, frame, sample)
                    k = "" if sample is None else sample
                    observed = int(sample is None and frame < BURN_IN)
                    time_s = f"{(base + frame) / 10:.2f}"
                    yield [
                        sequence,
                        k,
                        1,
                        base + frame,
                        time_s,
                        team,
                        player,
                        jersey,
                        x,
                        y,
                        observed,
                    ]


class PlotPitch(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, rows, header=HEADER, name="rollout.csv"):
        path = self.folder / name
        with open(path, "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *rows])
        return path

    def plot(self, *arguments, stdin=None):
        command = [sys.executable, str(TOOLS / "plot_pitch.py"), *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, cwd=self.folder)

    def complaint(self, *arguments, code=3):
        done = self.plot(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertNotIn(b"Traceback", done.stderr)
        return done.stderr.decode()

    # ---- arrays

    def test_scene_has_the_positions_of_the_file(self):
        rows = [row for row in rollout_rows() if not (row[3] == 2 and row[6] == "a9")]
        names, made, _ = scene.load(str(self.write(rows)), None, None)
        self.assertEqual((names, made.now, made.sample_ids), (["1"], BURN_IN - 1, [0, 1, 2]))
        for index in range(len(AGENTS)):
            for frame in range(BURN_IN + HORIZON):
                got = made.known[index, frame]
                if (index, frame) == (1, 2):
                    self.assertTrue(np.isnan(got).all(), "an absent row is missing, not zero")
                else:
                    self.assertEqual(tuple(got), position(index, frame))
        last = BURN_IN + HORIZON - 1
        self.assertEqual(tuple(made.samples[2, 0, last]), position(0, last, 2))

    def test_samples_start_where_observation_ends(self):
        _, made, _ = scene.load(str(self.write(rollout_rows())), None, None)
        start = np.broadcast_to(made.known[:, made.now], made.samples[:, :, made.now].shape)
        np.testing.assert_array_equal(made.samples[:, :, made.now], start)
        self.assertTrue(np.isnan(made.samples[:, :, : made.now]).all())

    def test_at_chooses_the_sequence_observed_up_to_that_frame(self):
        path = str(self.write(rollout_rows(("a", "b", "c"))))
        names, made, _ = scene.load(path, None, 100 + BURN_IN - 1)
        self.assertEqual((names, made.sequence), (["a", "b", "c"], "b"))

    def test_sequences_whose_rows_are_scattered_are_whole(self):
        rows = sorted(rollout_rows(("a", "b")), key=lambda row: str(row[1]))
        _, made, _ = scene.load(str(self.write(rows)), "b", None)
        self.assertEqual(made.sample_ids, [0, 1, 2])
        self.assertTrue(np.isfinite(made.samples[:, :, BURN_IN:]).all())

    def test_rate_comes_from_sidecar_else_timestamps(self):
        path = self.write(rollout_rows())
        self.assertAlmostEqual(scene.load(str(path), None, None)[2].rate_hz, 10)
        sidecar = {"rate_hz": 5, "pitch_m": [100, 64], "model": "vrnn"}
        path.with_suffix(".json").write_text(json.dumps(sidecar))
        facts = scene.load(str(path), None, None)[2]
        self.assertEqual((facts.rate_hz, facts.length_m, facts.width_m), (5, 100, 64))
        self.assertEqual((facts.model, facts.orientation), ("vrnn", "home-right"))
        path.with_suffix(".json").write_text(json.dumps({"orientation": "keep"}))
        self.assertEqual(scene.load(str(path), None, None)[2].orientation, "keep")

    def test_goals_are_for_football_alone(self):
        for length, width, football in (
            (105, 68, True),
            (90, 45, True),
            (109.7, 48.8, False),
            (28.65, 15.24, False),
        ):
            self.assertEqual(scene.Facts(length_m=length, width_m=width).is_football, football)
        self.assertFalse(scene.Facts(sport="rugby").is_football)

    # ---- pictures

    def test_one_argument_writes_png_beside_the_input(self):
        done = self.plot(self.write(rollout_rows(("a", "b"))))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "rollout.png").read_bytes().startswith(b"\x89PNG"))
        self.assertIn(b"drew sequence a; --sequence NAME draws another: b", done.stderr)

    def test_both_teams_and_the_ball_are_visible(self):
        from matplotlib import image
        from matplotlib.colors import to_rgb
        from painter import COLOUR

        done = self.plot(self.write(rollout_rows()), "--dpi", "100")
        self.assertEqual(done.returncode, 0, done.stderr)
        pixels = image.imread(self.folder / "rollout.png")[..., :3].reshape(-1, 3)
        for team in ("home", "away"):
            near = np.abs(pixels - to_rgb(COLOUR[team])).max(axis=1) < 0.02
            # The legend's disc has fewer than 100 pixels: the rest is on the pitch.
            self.assertGreater(near.sum(), 150, team)

    def test_every_option_draws(self):
        path = self.write(rollout_rows())
        for arguments in (
            ("--sample", "1"),
            ("--summary", "median"),
            ("--summary", "none"),
            ("--zoom", "30"),
            ("--zoom", "30@-20,5"),
            ("--pitch", "109.7x48.8"),
            ("--tail", "0"),
            ("--title", "T"),
            ("--mplsoccer", "never"),
            ("--out", "picture.pdf"),
            ("--out", "picture.svg"),
        ):
            done = self.plot(path, "--dpi", "40", *arguments)
            self.assertEqual(done.returncode, 0, (arguments, done.stderr))

    def test_standard_input_and_output(self):
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rollout_rows()])
        done = self.plot("-", "--out", "-", "--dpi", "40", stdin=text.getvalue().encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(b"\x89PNG"))

    def test_animation_has_a_picture_per_frame(self):
        from PIL import Image

        done = self.plot(self.write(rollout_rows()), "--animate", "--dpi", "30")
        self.assertEqual(done.returncode, 0, done.stderr)
        with Image.open(self.folder / "rollout.gif") as film:
            shown_s = 0.0
            for index in range(film.n_frames):
                film.seek(index)
                shown_s += film.info["duration"] / 1000
        # 10 frames at 10 Hz, then one second of rest.
        self.assertAlmostEqual(shown_s, (BURN_IN + HORIZON) / 10 + 1, places=6)

    @unittest.skipUnless(shutil.which("ffmpeg"), "no ffmpeg")
    def test_mp4(self):
        done = self.plot(self.write(rollout_rows()), "--out", "film.mp4", "--dpi", "30")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "film.mp4").read_bytes()[4:8], b"ftyp")

    def test_plain_tracking_data(self):
        for keep in (
            range(len(HEADER)),
            [0, 2, 3, 4, 5, 6, 7, 8, 9],
        ):  # an empty sample column, none
            rows = [[*row[:10], 1] for row in rollout_rows() if row[1] == ""]
            rows = [[row[i] for i in keep] for row in rows]
            path = self.write(rows, [HEADER[i] for i in keep], "match.csv")
            _, made, _ = scene.load(str(path), None, 5)
            self.assertEqual((made.is_rollout, made.frames[made.now]), (False, 5))
            self.assertEqual(len(made.frames), 6, "nothing after the frame to draw")
            self.assertEqual(self.plot(path, "--dpi", "40").returncode, 0)
            (self.folder / "match.png").unlink()

    # ---- complaints

    def test_a_file_that_is_not_there(self):
        self.assertIn("nowhere.csv: No such file", self.complaint("nowhere.csv"))

    def test_a_missing_column(self):
        at = HEADER.index("player_id")
        rows = [row[:at] + row[at + 1 :] for row in rollout_rows()]
        text = self.complaint(self.write(rows, HEADER[:at] + HEADER[at + 1 :]))
        self.assertIn("rollout.csv:1: column 'player_id' is missing", text)

    def test_a_value_that_is_no_number(self):
        rows = list(rollout_rows())
        rows[3][8] = "n/a"
        text = self.complaint(self.write(rows))
        self.assertIn("rollout.csv:5: column 9 ('x'): expected a number, got 'n/a'", text)

    def test_an_unknown_team(self):
        rows = list(rollout_rows())
        rows[0][5] = "referee"
        self.assertIn(
            "expected home, away or ball, got 'referee'", self.complaint(self.write(rows))
        )

    def test_a_line_cut_off(self):
        path = self.write(rollout_rows())
        path.write_text(path.read_text() + "1,0,1\n")
        self.assertIn("3 fields where the header has 11", self.complaint(path))

    def test_empty_files(self):
        self.assertIn("there is a header but no row", self.complaint(self.write([])))
        path = self.folder / "empty.csv"
        path.write_text("")
        self.assertIn("the file is empty", self.complaint(path))

    def test_a_sequence_or_sample_that_is_not_there(self):
        path = self.write(rollout_rows(("a", "b")))
        self.assertIn(
            "there is not sequence 'z'; it has: a, b", self.complaint(path, "--sequence", "z")
        )
        self.assertIn("observed up to frame 77", self.complaint(path, "--at", "77"))
        self.assertIn("no sample 9; it has: 0, 1, 2", self.complaint(path, "--sample", "9"))

    def test_a_broken_sidecar(self):
        path = self.write(rollout_rows())
        path.with_suffix(".json").write_text("{")
        self.assertIn("rollout.json: is not JSON", self.complaint(path))
        path.with_suffix(".json").write_text('{"pitch_m": ["long", 68]}')
        self.assertIn("rollout.json: 'pitch_m': expected a number", self.complaint(path))
        path.with_suffix(".json").write_text('{"pitch_m": "105x68"}')
        self.assertIn("expected [length, width], got '105x68'", self.complaint(path))

    def test_what_cannot_be_written(self):
        path = self.write(rollout_rows())
        self.assertIn(
            "cannot be written", self.complaint(path, "--out", "no/such/folder.png", code=1)
        )
        self.assertIn("picture.doc", self.complaint(path, "--out", "picture.doc", code=1))

    def test_wrong_usage(self):
        path = self.write(rollout_rows())
        for arguments in (
            ("--zoom", "near"),
            ("--zoom", "0"),
            ("--zoom", "nan"),
            ("--pitch", "105"),
            ("--tail", "-1"),
            ("--dpi", "0"),
        ):
            self.complaint(path, *arguments, code=2)


if __name__ == "__main__":
    unittest.main()
