# The figures of traj evaluate, computed once more from rollout.csv by tools/recompute_metrics.py:
# of a match in windows end to end, and of pedestrians who come and go in windows a frame apart.
source "$(dirname "$0")/small.bash"
command -v python3 >/dev/null || exit 77

# compare FILE MODEL BURN_IN HORIZON EVALUATE_OPTIONS...: both ways, and whether they agree.
compare() {
    local file=$1 model=$2 burn_in=$3 horizon=$4
    shift 4
    "$traj" rollout --players $file --model $model --at all --burn-in $burn_in \
        --horizon $horizon --samples 4 --stride ${stride:-0} --decimals 7 --out rollout.csv \
        --quiet >log || die "rollout: $(cat log)"
    python3 "$source_folder/tools/recompute_metrics.py" rollout.csv --json >outside.json ||
        die "recompute_metrics.py: exit $?"
    "$traj" evaluate --players $file --model $model --samples 4 --resamples 2 --baselines none \
        --no-likelihood --json --quiet "$@" >inside.json || die "evaluate: exit $?"
    python3 - <<'PYTHON' || die "$file: the figures differ"
import json
outside, inside = json.load(open("outside.json")), json.load(open("inside.json"))
protocol, (model,) = inside["protocol"], inside["models"].values()
assert outside["scenes"] == protocol["scenes"] > 7, (outside["scenes"], protocol["scenes"])
assert outside["agents"] == protocol["agents"], (outside["agents"], protocol["agents"])
compared = 0
for group, figures in model["metrics"].items():
    assert bool(outside["metrics"][group]) == (figures["min_ade"]["value"] is not None), group
    for key, value in outside["metrics"][group].items():
        expected = figures[key]["value"]
        assert abs(value - expected) <= 1e-6, (group, key, value, expected)
        compared += 1
assert compared in (22, 33), compared
PYTHON
}

train --epochs 1 --out model
"$traj" simulate --minutes 1 --rate 10 --seed 5 --out test.csv --quiet >/dev/null || exit 1
compare test.csv model 20 50
grep -q '"stride": 70' inside.json || die "not end to end"

awk 'BEGIN {
    for (p = 0; p < 60; p++)
        for (k = 0; k < 18 + p % 9; k++)
            printf "%d\t%d\t%.2f\t%.2f\n", 10 * (2 * int(p / 2) + k), p + 1,
                (p % 2 ? 12 - 0.6 * k : 0.55 * k) + 0.02 * ((7 * p + 3 * k) % 5), p % 9 + 0.02 * k
}' | sort -n >walk.txt
"$traj" train --players walk.txt --rate 2.5 --burn-in 8 --horizon 12 --stride 2 --hidden 8 \
    --latent 2 --epochs 1 --out crowd --quiet >log || die "train: exit $?"
stride=1 compare walk.txt crowd 8 12 --protocol ethucy
grep -q '"stride": 1,' inside.json && grep -q '"drawn": "blocks"' inside.json ||
    die "ethucy: $(head -22 inside.json)"
