#!/bin/sh
# From a fresh clone to a picture: installs, builds, trains a minute and a half on the bundled
# match, generates 20 futures of 5 seconds and draws them. Usage: tools/demo.sh
set -eu
cd "$(dirname -- "$0")/.."

say() { printf '\n== %s\n' "$*" >&2; }

tools/install.sh
command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja

say "building build/release/traj"
cmake --preset release >/dev/null
cmake --build build/release --target traj --parallel "$(getconf _NPROCESSORS_ONLN)"

say "training on data/match.csv for a minute and a half"
build/release/traj train --players data/match.csv --preset fast --minutes 1.5 \
    --out models/demo --overwrite

# Six seconds before the end, so that the picture can show what really happened. Training ends where
# the last fifth of the match begins: the model has not seen this.
say "generating 20 futures from frame 5940 on"
build/release/traj rollout --model models/demo --at 5940 --horizon 50 --out rollout.csv

say "drawing"
tools/plot_pitch.py rollout.csv
echo "The picture is $PWD/rollout.png"
