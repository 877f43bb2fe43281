#!/usr/bin/env python3
"""Reads providers' real files twice, with traj and with kloppy. Usage: test_kloppy.py TRAJ DATA

What kloppy makes of a file goes through tools/from_kloppy.py, and must be what `traj convert` makes
of the same file: every frame, everybody in it, to 1 mm. DATA holds provider_fixtures/; exit status
77 where it, or kloppy, is not there. A new provider is a new row of PROVIDERS.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

try:
    import from_kloppy
    import kloppy  # noqa: F401
except ImportError:
    print("skipped: no kloppy")
    sys.exit(77)

import test_providers


@dataclass
class Provider(test_providers.Provider):
    """And how kloppy loads it: fixtures among the arguments are named without their folder."""

    loader: str = ""
    arguments: dict = field(default_factory=dict)
    counted: bool = False  # kloppy numbers frames itself: those of a period are compared in order


def usual(name, loader, raw, meta, roster="", arguments=None, **expected):
    """A file and its metadata, by the names that most of kloppy's loaders give them."""
    arguments = {"meta_data": meta, "raw_data": raw, **(arguments or {})}
    if roster:
        arguments["roster_meta_data"] = roster
    return Provider(
        name, [raw], meta=meta, roster=roster, loader=loader, arguments=arguments, **expected
    )


PROVIDERS = [
    Provider(
        "metrica",
        ["metrica_home.csv", "metrica_away.csv"],
        mirrored=True,  # kloppy takes the file's y for one that grows upwards
        clock=False,
        loader="metrica.load_tracking_csv",
        arguments={"home_data": "metrica_home.csv", "away_data": "metrica_away.csv"},
    ),
    usual("tracab", "tracab.load", "tracab_raw.dat", "tracab_meta.xml"),
    usual("tracab JSON", "tracab.load", "tracab_raw.json", "tracab_meta.json"),
    usual("tracab, no teams", "tracab.load", "tracab_raw.dat", "tracab_meta_2.xml"),
    usual("tracab, decimal commas", "tracab.load", "tracab_raw.dat", "tracab_meta_3.xml"),
    usual(
        "skillcorner",
        "skillcorner.load",
        "skillcorner_v3_raw_data.jsonl",
        "skillcorner_meta_data.json",
        arguments={"data_version": "V3", "coordinates": "skillcorner"},
        clock=False,  # of kloppy's CSV: a period that begins at 54 minutes counts from there
    ),
    usual(
        "second spectrum",
        "secondspectrum.load",
        "second_spectrum_fake_data.jsonl",
        "second_spectrum_fake_metadata.xml",
        arguments={"coordinates": "secondspectrum"},
    ),
    usual(
        "second spectrum, byte order mark",
        "secondspectrum.load",
        "second_spectrum_fake_data_utf8sig.jsonl",
        "second_spectrum_fake_metadata.xml",
        arguments={"coordinates": "secondspectrum"},
    ),
    usual(
        "epts",
        "metrica.load_tracking_epts",
        "epts_metrica_tracking.txt",
        "epts_metrica_metadata.xml",
    ),
    Provider(
        "stats perform",
        ["statsperform_tracking_ma25.txt"],
        meta="statsperform_tracking_ma1.json",
        extra=((2, 1598187606600),),  # nobody is there but the ball
        loader="statsperform.load_tracking",
        arguments={
            "ma1_data": "statsperform_tracking_ma1.json",
            "ma25_data": "statsperform_tracking_ma25.txt",
            "coordinates": "sportvu",
        },
    ),
    usual(
        "sportec",
        "sportec.load_tracking",
        "sportec_positional.xml",
        "sportec_meta.xml",
        arguments={"coordinates": "sportec"},
        extra=test_providers.SPORTEC_WITHOUT_BALL,
    ),
    usual(
        "pff",
        "pff.load_tracking",
        "pff_10517.jsonl",
        "pff_metadata_10517.json",
        "pff_rosters_10517.json",
        arguments={"coordinates": "pff"},
        turned=(3, 4),
    ),
    usual(
        "pff, no extra time",
        "pff.load_tracking",
        "pff_3812.jsonl",
        "pff_metadata_3812.json",
        "pff_rosters_3812.json",
        arguments={"coordinates": "pff"},
    ),
    Provider(
        "signality",  # the second half is found beside the first
        ["signality_p1_raw_data_subset.json"],
        meta="signality_meta_data.json",
        counted=True,
        loader="signality.load",
        arguments={
            "meta_data": "signality_meta_data.json",
            "venue_information": "signality_venue_information.json",
            "raw_data_feeds": "signality_p1_raw_data_subset.json,signality_p2_raw_data_subset.json",
            "coordinates": "signality",
        },
    ),
]


def count_frames(table):
    """Frame ids by their places in their period."""
    places = {}
    for period, frame in sorted(table):
        places[period, frame] = sum(period == other for other, _ in places)
    return {(period, places[period, frame]): table[period, frame] for period, frame in table}


class Runner(test_providers.Runner):
    """Reads a provider's files both ways."""

    def load(self, provider):
        """As match.csv, with match.json beside it."""

        def with_folder(text):
            names = text.split(",")
            found = [self.fixtures / name for name in names]
            return ",".join(map(str, found)) if found[0].exists() else text

        arguments = {key: with_folder(text) for key, text in provider.arguments.items()}
        table = self.folder / "match.csv"
        from_kloppy.write(from_kloppy.load(provider.loader, arguments), table)
        return table

    def convert_loaded(self, provider):
        table = self.load(provider)
        command = [self.traj, "convert", table, "--config", table.with_suffix(".json")]
        command += ["--orient", "keep", "--to", "wide", "--out", self.out, "--quiet"]
        return subprocess.run(command, capture_output=True, timeout=60, check=False)

    def compare(self, provider):
        files = [self.fixtures / name for name in provider.files]
        companions = (self.companion(provider.meta), self.companion(provider.roster))
        ways = {
            "traj": lambda: self.convert(files, provider, *companions),
            "kloppy": lambda: self.convert_loaded(provider),
        }
        tables = []
        for way, run in ways.items():
            result = run()
            if result.returncode != 0:
                self.fail(provider, f"{way}: exit {result.returncode}: {result.stderr.decode()}")
                return
            table = test_providers.read_table(self.out)
            plain = {key: (s, test_providers.plain_ids(p, ())) for key, (s, p) in table.items()}
            tables.append(plain)
        ours, theirs = map(count_frames, tables) if provider.counted else tables
        faults = list(test_providers.compare(ours, theirs, provider))
        print(f"{provider.name}: {len(ours)} frames, {len(faults)} differ")
        for fault in faults[:5]:
            self.fail(provider, fault)


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    data = Path(sys.argv[2])
    if not (data / "provider_fixtures").is_dir():
        print(f"skipped: {data} is not here")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(Path(sys.argv[1]).resolve(), data, Path(folder))
        for provider in PROVIDERS:
            runner.compare(provider)
    print(f"{len(PROVIDERS)} providers, {runner.failures} failures")
    return 1 if runner.failures else 0


if __name__ == "__main__":
    sys.exit(main())
