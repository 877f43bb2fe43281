"""plot_pitch.py --chain and plot_terms.py as a user runs them, and their arrays against numbers
known by construction."""

import csv
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

import plot_terms  # noqa: E402  (found through the line above)
import scene  # noqa: E402
import strip  # noqa: E402

HEADER = "chain,level,noise,sequence,frame_id,team,player_id,jersey,x,y".split(",")
AGENTS = [("home", "h7", "7"), ("away", "a9", "9"), ("ball", "ball", "")]
NOISE, FRAMES = (0, 0.5, 200), range(30, 35)


def position(part, level, agent, frame):
    return 10.0 * agent + (frame - 30) + 0.1 * level, 5.0 * agent - (part == "reverse")


def chain_rows(parts=("forward", "reverse")):
    for part in parts:
        for level, noise in enumerate(NOISE):
            for frame in FRAMES:
                for index, agent in enumerate(AGENTS):
                    where = position(part, level, index, frame)
                    yield [part, level, noise, "1", frame, *agent, *where]


def term_record(model="models/derby-vdm", count=6):
    terms = [
        {"k": k, "part": "diffusion", "nats": 2.0**-k, "noise_rmse": k / 10, "log_snr": 5.0 - k}
        for k in range(count)
    ]
    return {"model": model, "terms": terms}


class Pictures(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def run_tool(self, tool, *arguments, stdin=None):
        command = [sys.executable, str(TOOLS / tool), *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, cwd=self.folder)

    def complaint(self, *arguments, code=3):
        done = self.run_tool(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertNotIn(b"Traceback", done.stderr)
        return done.stderr.decode()

    def assert_png(self, data):
        self.assertTrue(data.startswith(b"\x89PNG"))


class Strip(Pictures):
    def write(self, rows, header=HEADER):
        path = self.folder / "chain.csv"
        with open(path, "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *rows])
        return path

    def test_chain_has_the_positions_of_the_file(self):
        rows = list(chain_rows())[::-1]  # their order does not matter
        made, facts = strip.load(str(self.write(rows)))
        self.assertEqual((made.noise, made.first_frame, made.sequence), (list(NOISE), 30, "1"))
        self.assertEqual(facts.length_m, 105)
        for part, paths in made.parts.items():
            self.assertEqual(paths.shape, (len(NOISE), len(AGENTS), len(FRAMES), 2))
            for level in range(len(NOISE)):
                for index, agent in enumerate(AGENTS):
                    at = made.agents.index(scene.Agent(*agent))
                    for t, frame in enumerate(FRAMES):
                        got = tuple(paths[level, at, t])
                        self.assertEqual(got, position(part, level, index, frame))

    def test_without_a_truth_noise_stands_on_the_left(self):
        both, _ = strip.load(str(self.write(chain_rows())))
        self.assertEqual(both.shown, [0, 1, 2])
        alone, _ = strip.load(str(self.write(chain_rows(("reverse",)))))
        self.assertEqual((alone.shown, list(alone.parts)), ([2, 1, 0], ["reverse"]))

    def test_captions(self):
        wanted = ["no noise", "noise 0.5 \N{MULTIPLICATION SIGN} signal", "pure noise"]
        self.assertEqual([strip.caption(noise) for noise in NOISE], wanted)

    def test_one_argument_writes_png_beside_the_input(self):
        path = self.write(chain_rows())
        for parts in (("forward", "reverse"), ("reverse",)):
            self.write(chain_rows(parts))
            done = self.run_tool("plot_pitch.py", "--chain", path, "--dpi", "30")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_png((self.folder / "chain.png").read_bytes())
            (self.folder / "chain.png").unlink()

    def test_pitches_stand_beside_each_other_with_all_paths_on_them(self):
        from matplotlib import image
        from matplotlib.colors import to_rgb
        from painter import COLOUR

        done = self.run_tool(
            "plot_pitch.py", "--chain", self.write(chain_rows()), "--zoom", "40@15,5", "--dpi", "60"
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        pixels = image.imread(self.folder / "chain.png")[..., :3]
        wide = pixels.shape[1] // len(NOISE)
        for team in ("home", "away"):
            near = np.abs(pixels - to_rgb(COLOUR[team])).max(axis=2) < 0.1
            for level in range(len(NOISE)):
                seen = near[: int(0.92 * len(near)), level * wide : (level + 1) * wide]
                for row in np.array_split(seen, 2):
                    self.assertGreater(row.sum(), 3, (team, level))

    def test_complaints(self):
        self.assertIn("--chain chain.csv", self.complaint("plot_pitch.py", "--chain", "no.csv"))
        path = self.write([["1", "", 1, 0, "home", "h7", 0, 0]], HEADER[2:])
        text = self.complaint("plot_pitch.py", "--chain", path)
        self.assertIn("column 'chain', 'level' is missing", text)
        self.assertIn("traj rollout --chain", text)
        rows = list(chain_rows())
        rows[0][0] = "sideways"
        text = self.complaint("plot_pitch.py", "--chain", self.write(rows))
        self.assertIn("chain.csv:2: column 1 ('chain'): expected forward or reverse", text)
        self.assertIn("no row", self.complaint("plot_pitch.py", "--chain", self.write([])))
        path = self.write(chain_rows())
        text = self.complaint("plot_pitch.py", "--chain", path, "--sample", "1", code=2)
        self.assertIn("leave out --sample", text)


class TermCurves(Pictures):
    def write(self, record, name="terms.json"):
        path = self.folder / name
        path.write_text(record if isinstance(record, str) else json.dumps(record))
        return path

    def test_terms_are_those_of_the_file(self):
        record = term_record()
        record["terms"][2]["noise_rmse"] = None
        made = plot_terms.load(str(self.write(record)))
        self.assertEqual(made.name, "derby-vdm")
        self.assertEqual(made.nats, [2.0**-k for k in range(6)])
        self.assertEqual(made.log_snr, [5, 4, 3, 2, 1, 0])
        self.assertEqual(made.time, [0, 0.2, 0.4, 0.6, 0.8, 1])
        self.assertTrue(np.isnan(made.rmse[2]))
        self.assertIn("ELBO -1.97", made.label)

    def test_curves_leave_out_the_ends(self):
        models = [plot_terms.load(str(self.write(term_record(count=n)))) for n in (6, 9)]
        figure = plot_terms.draw(models, "T")
        kl, rmse, snr = figure.axes
        self.assertEqual(kl.get_yscale(), "log")
        lines = kl.get_lines()
        self.assertEqual([len(line.get_xdata()) for line in lines], [4, 7, 1, 1])
        self.assertEqual(list(lines[0].get_ydata()), [2.0**-k for k in range(1, 5)])
        self.assertTrue(np.isnan(rmse.get_lines()[0].get_ydata()[0]), "0 is no error at all")
        self.assertEqual([len(line.get_xdata()) for line in snr.get_lines()], [6, 9])

    def test_writes_a_picture_beside_the_first_or_elsewhere(self):
        first = self.write(term_record())
        second = self.write(term_record("b"), "b.json")
        done = self.run_tool("plot_terms.py", first, second, "--dpi", "30")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_png((self.folder / "terms.png").read_bytes())
        done = self.run_tool("plot_terms.py", "-", "-o", "-", stdin=first.read_bytes())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_png(done.stdout)

    def test_complaints(self):
        self.assertIn("--terms --json", self.complaint("plot_terms.py", "no.json"))
        self.assertIn("is not JSON", self.complaint("plot_terms.py", self.write("{")))
        for record in ("[]", "{}", '{"terms": [1, 2, 3]}'):
            text = self.complaint("plot_terms.py", self.write(record))
            self.assertIn("expected an object with a list of terms", text)
        text = self.complaint("plot_terms.py", self.write(term_record(count=2)))
        self.assertIn("2 terms make no curve", text)
        record = term_record()
        del record["terms"][3]["log_snr"]
        text = self.complaint("plot_terms.py", self.write(record))
        self.assertIn("terms[3]: 'log_snr': expected a number", text)
        good = self.write(term_record())
        self.complaint("plot_terms.py", good, "--dpi", "0", code=2)
        self.complaint("plot_terms.py", *[good] * 7, code=2)
        self.complaint("plot_terms.py", good, "-o", "no/such/folder.png", code=1)


if __name__ == "__main__":
    unittest.main()
