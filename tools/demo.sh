#!/bin/sh
# From a fresh clone to a picture: installs, builds, trains two minutes on the bundled match,
# generates 20 futures of 5 seconds and draws them. Usage: tools/demo.sh
set -eu
cd "$(dirname -- "$0")/.."

say() { printf '\n== %s\n' "$*" >&2; }

tools/install.sh
command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja

say "building build/release/traj"
cmake --preset release >/dev/null
cmake --build build/release --target traj --parallel "$(getconf _NPROCESSORS_ONLN)"

say "training on data/match.csv for two minutes"
build/release/traj train --players data/match.csv --minutes 2 --out models/demo --overwrite

say "generating the next 50 frames, 20 times"
build/release/traj rollout --model models/demo --horizon 50 --out rollout.csv

say "drawing"
tools/plot_pitch.py rollout.csv
echo "The picture is $PWD/rollout.png"
