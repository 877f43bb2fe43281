"""plot_eval.py as a user runs it, and what it draws against numbers known by construction; where
TRAJ names the program, also on what that writes."""

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
sys.dont_write_bytecode = True

import drawing  # noqa: E402  (found through the line above)
import extremes  # noqa: E402
import panels  # noqa: E402
import plot_eval  # noqa: E402
import verdict  # noqa: E402
from scene import DataError, Facts  # noqa: E402

HORIZON, RATE_HZ, SAMPLES, SCENES = 10, 5, 4, 7
EDGES = [0, 2, 4, 6, 8]
MODELS, BASELINES = ("one", "two"), ("constant_velocity", "nearest_neighbour")
# metres a frame; the ball's errors are thrice the players'
SLOPE = {"one": 0.1, "two": 0.2, "constant_velocity": 0.3, "nearest_neighbour": 0.4}
SPEED = {
    "truth": [0.5, 0.3, 0.2, 0],
    "one": [0.4, 0.4, 0.2, 0],
    "two": [0.6, 0.2, 0.2, 0],
    "constant_velocity": [1, 0, 0, 0],
    "nearest_neighbour": [0.5, 0.3, 0, 0.2],
}
FACTOR = {"players": 1, "ball": 3, "all": 2}


def curve(slope):
    mean = [slope * frame for frame in range(1, HORIZON + 1)]
    return {"mean": mean, "low": [0.8 * e for e in mean], "high": [1.3 * e for e in mean]}


def unknown_curve():
    return {part: [None] * HORIZON for part in verdict.PARTS}


def judged(key):
    over_time, metrics = {}, {}
    for group, factor in FACTOR.items():
        slope = SLOPE[key] * factor
        spread = unknown_curve() if key == "constant_velocity" else curve(0.5 * slope)
        over_time[group] = {
            "min": curve(slope),
            "avg": curve(2 * slope),
            "spread": spread,
            "skill": curve(slope),
        }
        metrics[group] = {name: {"value": slope, "ci95": [0, 1]} for name in verdict.FIGURES}
    return {"over_time": over_time, "metrics": metrics}


def evaluation():
    histogram = {
        "unit": "m/s^2",
        "edges": EDGES,
        "shares": {group: SPEED for group in FACTOR},
        "floor": {group: {"w1": {"value": 0.1}} for group in FACTOR},
    }
    protocol = dict(name="nba", rate_hz=RATE_HZ, burn_in=3, horizon=HORIZON, samples=SAMPLES)
    record = {
        "protocol": protocol | dict(scenes=SCENES, agents=20, data=["games/a.csv"]),
        "models": {key: judged(key) for key in MODELS},
        "baselines": {key: judged(key) for key in BASELINES},
        "distributions": {"speed": histogram, "accel": histogram},
    }
    return json.loads(json.dumps(record))  # nothing in it is shared: tests change it


def scene_rows(error=lambda scene: 3.0 - 0.1 * scene):
    """Scene k, observed up to frame 100 k + 2, has an error of 3 - k/10 metres."""
    for scene in range(SCENES):
        for source in (*MODELS, *BASELINES):
            for group in ("all", "ball"):
                value = error(scene) if (source, group) == ("two", "all") else 9
                yield [scene, 0, "1", 100 * scene + 2, source, group, value]


SCENE_HEADER = "scene,match,sequence,frame_id,source,group,min_jade".split(",")


def rollout_rows(horizon=HORIZON, scenes=range(SCENES)):
    for scene in scenes:
        for sample in ("", *range(SAMPLES)):
            for frame in range(0 if sample == "" else 3, 3 + horizon):
                observed = int(sample == "" and frame < 3)
                for team, x in (("home", 10 + frame), ("away", -10 - frame), ("ball", 0)):
                    name = f"1:{100 * scene + 2}"
                    yield [name, sample, 100 * scene + frame, team, team, x, sample or 0, observed]


ROLLOUT_HEADER = "sequence,sample,frame_id,team,player_id,x,y,observed".split(",")


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write_json(self, record, name="eval.json"):
        path = self.folder / name
        path.write_text(record if isinstance(record, str) else json.dumps(record))
        return str(path)

    def write_csv(self, name, header, rows):
        path = self.folder / name
        with open(path, "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *rows])
        return str(path)

    def load(self, record=None):
        return verdict.load(self.write_json(record or evaluation()), tuple(panels.QUANTITIES))

    def draw(self, *arguments):
        """The tool in this process, which has matplotlib already: exit status and complaint."""
        said = io.StringIO()
        options = plot_eval.parser().parse_args([*arguments, "--dpi", "20"])
        with contextlib.redirect_stderr(said):
            status = drawing.run(plot_eval.write, options)
        return status, said.getvalue()

    def assert_png(self, name):
        self.assertTrue((self.folder / name).read_bytes().startswith(b"\x89PNG"))


class Numbers(Folder):
    def test_a_verdict_is_what_the_file_says(self):
        v = self.load()
        self.assertEqual([s.key for s in v.sources], [*MODELS, *BASELINES])
        self.assertEqual(v.sources[3].label, "nearest neighbour")
        self.assertEqual((v.groups, v.data), (["players", "ball"], ["a.csv"]))
        np.testing.assert_allclose(v.time_s, np.arange(1, 11) / 5)
        np.testing.assert_allclose(v.sources[1].curves["ball"]["avg"].mean[-1], 2 * 3 * 0.2 * 10)
        self.assertTrue(np.isnan(v.sources[2].curves["all"]["spread"].mean).all())
        self.assertEqual(v.histograms["accel"].shares["ball"]["one"].tolist(), SPEED["one"])

    def test_only_the_sources_named_stay(self):
        v = self.load()
        v.keep(["two", "constant_velocity"])
        self.assertEqual([s.key for s in v.sources], ["two", "constant_velocity"])
        with self.assertRaisesRegex(DataError, "no source 'three'; it has: two, constant_velocity"):
            v.keep(["three"])

    def axes_of(self, draw, group, *more):
        v = self.load()
        figure, axes = plot_eval.plt.subplots()
        self.addCleanup(plot_eval.plt.close, figure)
        draw(axes, v, panels.looks_of(v), group, *more)
        return axes

    def test_every_source_has_its_line_and_band(self):
        axes = self.axes_of(panels.draw_error, "ball", "min")
        self.assertEqual((len(axes.get_lines()), len(axes.collections)), (4, 4))
        for line, key in zip(axes.get_lines(), SLOPE):
            np.testing.assert_allclose(line.get_ydata()[-1], 3 * SLOPE[key] * HORIZON)
        band = axes.collections[0].get_paths()[0].vertices[:, 1]
        np.testing.assert_allclose(band.max(), 1.3 * 3 * 0.1 * HORIZON)
        self.assertEqual(axes.get_lines()[0].get_markevery(), [4, 9])
        self.assertIn("seconds", axes.get_xlabel())
        self.assertIn(", m", axes.get_ylabel())

    def test_no_two_sources_look_alike_without_colour(self):
        v = self.load()
        for i in range(len(drawing.COLOURS)):
            v.sources.append(verdict.Source(f"m{i}", True, {}, {}))
        v.sources = [s for s in v.sources if s.key[0] in "mcn"]
        looks = panels.looks_of(v).values()
        shapes = {(str(x.line["linestyle"]), x.marker.get("marker")) for x in looks}
        self.assertEqual(len(shapes), len(v.sources))

    def test_calibration_is_corrected_for_the_number_of_samples(self):
        axes = self.axes_of(panels.draw_calibration, "players")
        *lines, diagonal = axes.get_lines()
        self.assertEqual(len(lines), 3, "a source of one answer has no spread")
        spread, skill = lines[0].get_data()
        np.testing.assert_allclose(spread, np.sqrt(1 + 1 / SAMPLES) * 0.5 * skill)
        self.assertEqual(*[list(side) for side in diagonal.get_data()])
        self.assertEqual(axes.get_xlim(), axes.get_ylim())

    def test_histograms_are_densities_of_every_source_and_the_truth(self):
        axes = self.axes_of(panels.draw_histogram, "players", "speed")
        filled, truth, *sources = axes.patches
        for stairs, key in zip((filled, truth, *sources), ("truth", *SPEED)):
            values, edges, _ = stairs.get_data()
            np.testing.assert_allclose(values * np.diff(edges), 100 * np.array(SPEED[key]))
        self.assertEqual(len(sources), 4)
        # Beyond 6 are a baseline's values alone, and only that has all of them in one bin.
        self.assertEqual(axes.get_xlim(), (0, 6))
        self.assertLess(axes.get_ylim()[1], 50)
        self.assertIn("m/s\N{SUPERSCRIPT TWO}", axes.get_xlabel())

    def test_best_and_worst_scenes(self):
        errors = {str(k): (k * 3) % 7 for k in range(7)}  # 0 3 6 2 5 1 4
        rows = extremes.chosen(errors)
        self.assertEqual(rows, {"best": ["0", "5", "3"], "worst": ["2", "4", "6"]})
        self.assertEqual(extremes.chosen({"a": 2, "b": 1}), {"best": ["b"], "worst": ["a"]})
        self.assertEqual(extremes.chosen({"a": 2}), {"best": ["a"]})


class Complaints(Folder):
    def refused(self, change):
        record = evaluation()
        change(record)
        status, said = self.draw(self.write_json(record))
        self.assertEqual(status, 3, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        return said

    def test_a_file_that_is_no_evaluation(self):
        for text in ("{", "[]", "{}", '{"protocol": 3}'):
            status, said = self.draw(self.write_json(text))
            self.assertEqual((status, len(said.splitlines())), (3, 1), said)
        status, said = self.draw(str(self.folder / "no.json"))
        self.assertEqual(status, 3)
        self.assertIn("traj evaluate --json", said)

    def test_what_is_missing_is_named(self):
        said = self.refused(lambda r: r["models"]["one"]["over_time"].pop("ball"))
        self.assertIn("'models.one.over_time.ball", said)
        said = self.refused(lambda r: r["models"]["two"]["over_time"]["all"]["min"]["low"].pop())
        self.assertIn("'models.two.over_time.all.min.low': expected a list of 10 numbers", said)
        said = self.refused(lambda r: r["protocol"].update(rate_hz=0))
        self.assertIn("'protocol.rate_hz': expected a number above zero, got 0", said)
        said = self.refused(lambda r: r["distributions"]["speed"]["shares"]["all"].pop("two"))
        self.assertIn("'distributions.speed.shares.all.two': expected a list of 4 numbers", said)
        said = self.refused(lambda r: r["distributions"]["accel"].update(edges=[1]))
        self.assertIn("'distributions.accel.edges': expected two numbers or more", said)
        said = self.refused(lambda r: (r["models"].clear(), r["baselines"].clear()))
        self.assertIn("neither a model nor a baseline", said)
        more = {f"m{i}": judged("one") for i in range(7)}
        more_shares = {key: SPEED["one"] for key in more}

        def too_many(record):
            record["models"] = more
            for quantity in record["distributions"].values():
                for shares in quantity["shares"].values():
                    shares.update(more_shares)

        self.assertIn("7 models, of which 6 can be told apart; choose", self.refused(too_many))

    def test_a_group_without_agents(self):
        record = evaluation()
        for source in (*record["models"].values(), *record["baselines"].values()):
            for name in verdict.CURVES:
                source["over_time"]["ball"][name] = unknown_curve()
        path = self.write_json(record)
        self.assertEqual(verdict.load(path, ()).groups, ["players"])
        status, said = self.draw(path, "--group", "ball")
        self.assertEqual(status, 3)
        self.assertIn("nothing in it is known of: ball", said)

    def test_rollouts_of_other_models_scenes_and_horizons(self):
        path = self.write_json(evaluation())
        scenes = self.write_csv("scenes.csv", SCENE_HEADER, scene_rows())
        rollout = self.write_csv("rollout.csv", ROLLOUT_HEADER, rollout_rows())
        wanted = [path, "--rollouts", rollout, "--scenes", scenes]
        status, said = self.draw(*wanted)
        self.assertEqual(status, 3)
        self.assertIn("of an unknown model (no sidecar); ", said)
        self.write_json({"model_folder": "models/three"}, "rollout.json")
        self.assertIn("'models/three'; " + path + " judges: one, two", self.draw(*wanted)[1])
        self.write_json({"model_folder": "models/two"}, "rollout.json")
        self.write_csv("rollout.csv", ROLLOUT_HEADER, rollout_rows(horizon=4))
        status, said = self.draw(*wanted)
        self.assertEqual(status, 3)
        self.assertIn("4 generated frames in sequence 1:602, of which 10 were judged", said)
        self.assertIn("--at all --burn-in 3 --horizon 10", said)
        self.write_csv("rollout.csv", ROLLOUT_HEADER, rollout_rows(scenes=[0]))
        self.assertIn("there is no sequence 1:602", self.draw(*wanted)[1])

    def test_scenes_of_nobody_and_of_several_matches(self):
        v = self.load()
        self.assertEqual(verdict.source_of(v, "r.csv", Facts(folder="x/y/two")), "two")
        rows = [row for row in scene_rows() if row[4] != "two"]
        scenes = self.write_csv("scenes.csv", SCENE_HEADER, rows)
        with self.assertRaisesRegex(DataError, "no min_jade of 'two'; it has: one, constant_vel"):
            verdict.load_errors(scenes, "two", "min_jade")
        again = [[9, 1, *row[2:]] for row in scene_rows()]
        scenes = self.write_csv("scenes.csv", SCENE_HEADER, [*scene_rows(), *again])
        with self.assertRaisesRegex(DataError, "several matches have a scene 1:2,"):
            verdict.load_errors(scenes, "two", "min_jade")
        with self.assertRaisesRegex(DataError, "column 'min_fde' is missing"):
            verdict.load_errors(scenes, "two", "min_fde")

    def test_usage(self):
        path = self.write_json(evaluation())
        for wrong in (["--rollouts", "r.csv"], ["--group", "referee"], ["--dpi", "0"]):
            said = io.StringIO()
            with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as left:
                with mock.patch("sys.argv", ["plot_eval.py", path, *wrong]):
                    plot_eval.main()
            self.assertEqual(left.exception.code, 2)
            self.assertIn(wrong[0], said.getvalue())
        status, said = self.draw(path, "--out", str(self.folder / "no" / "such.png"))
        self.assertEqual(status, 1, said)


class Pictures(Folder):
    def test_one_argument_writes_png_beside_the_input(self):
        path = self.write_json(evaluation())
        command = [sys.executable, str(TOOLS / "plot_eval.py"), path]
        done = subprocess.run(command, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_png("eval.png")

    def test_best_and_worst_on_the_pitch(self):
        path = self.write_json(evaluation())
        scenes = self.write_csv("scenes.csv", SCENE_HEADER, scene_rows())
        rollout = self.write_csv("rollout.csv", ROLLOUT_HEADER, rollout_rows())
        self.write_json({"model_folder": "models/two", "rate_hz": 5}, "rollout.json")
        e = extremes.load(self.load(), rollout, scenes, "min_jade")
        self.assertEqual((e.source, e.samples), ("two", SAMPLES))
        drawn = {kind: [(s.sequence, m) for s, m in row] for kind, row in e.rows.items()}
        self.assertEqual(drawn["best"], [("1:602", 2.4), ("1:502", 2.5), ("1:402", 2.6)])
        self.assertEqual(drawn["worst"], [("1:2", 3.0), ("1:102", 2.9), ("1:202", 2.8)])
        self.assertEqual(extremes.caption(*e.rows["best"][0]), "sequence 1, frame 602: 2.40 m")
        status, said = self.draw(
            path, "--rollouts", rollout, "--scenes", scenes, "--out", str(self.folder / "p.png")
        )
        self.assertEqual(status, 0, said)
        self.assert_png("p.png")

    @unittest.skipUnless(os.environ.get("TRAJ"), "TRAJ does not name the program")
    def test_what_the_program_writes(self):
        def traj(*arguments):
            command = [os.environ["TRAJ"], *arguments, "--quiet"]
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

        simulate = "simulate --minutes 0.5 --rate 10 --seed 5 --out match.csv"
        evaluate = "evaluate --model none --players match.csv --samples 3 --resamples 5"
        traj(*simulate.split())
        said = traj(*evaluate.split(), "--json", "--per-scene", "scenes.csv")
        path = self.write_json(said)
        v = verdict.load(path, tuple(panels.QUANTITIES))
        self.assertEqual((v.samples, v.horizon, v.models), (3, 50, []))
        errors = verdict.load_errors(str(self.folder / "scenes.csv"), "kalman", "avg_ade")
        self.assertEqual(len(errors), v.scenes)
        kalman = next(source for source in v.sources if source.key == "kalman")
        mean = kalman.curves["all"]["avg"].mean.mean()
        np.testing.assert_allclose(np.mean(list(errors.values())), mean, rtol=1e-6)
        self.assertEqual(self.draw(path)[0], 0)
        self.assert_png("eval.png")


if __name__ == "__main__":
    unittest.main()
