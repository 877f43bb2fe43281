# What lands in a model folder and where the folder lies; config.json trains the same model again.
source "$(dirname "$0")/small.bash"
if command -v python3 >/dev/null; then python=python3; else python=:; fi

# --dry-run reads, tells and writes nothing.
before=$(files .)
"$traj" train --players sim.csv "${small[@]}" --dry-run >/dev/null 2>told ||
    die "--dry-run: exit $?"
[ "$(files . | grep -v told)" = "$before" ] || die "--dry-run wrote: $(files .)"
grep -Eq '^[0-9]+ training and [0-9]+ validation windows of 20 frames' told || die "$(cat told)"

# Names by default: numbered when taken, latest follows, --overwrite takes the first again.
train --epochs 1
train --epochs 1
[ "$(files models | tr '\n' ' ')" = 'gvrnn-sim gvrnn-sim-2 latest ' ] || die "$(files models)"
[ "$(readlink models/latest)" = gvrnn-sim-2 ] || die "latest is $(readlink models/latest)"
train --epochs 2 --model vrnn
[ "$(readlink models/latest)" = vrnn-sim ] || die "latest is $(readlink models/latest)"
train --epochs 2 --overwrite
[ "$(readlink models/latest)" = gvrnn-sim ] || die "latest is $(readlink models/latest)"
[ "$(tail -1 models/gvrnn-sim/log.csv | cut -d, -f1)" = 2 ] || die "--overwrite did not train anew"
[ "$(files models/latest/ | tr '\n' ' ')" = \
    'README.md checkpoint.safetensors config.json log.csv model.safetensors ' ] ||
    die "files: $(files models/latest/)"

# --resume without --out goes on with latest, and leaves it where it is.
"$traj" train --resume --epochs 3 --quiet >/dev/null || exit 1
[ "$(tail -1 models/gvrnn-sim/log.csv | cut -d, -f1)" = 3 ] || die "latest was not resumed"
[ "$(readlink models/latest)" = gvrnn-sim ] || die "latest is $(readlink models/latest)"

# A killed run is what latest points at as soon as something of it is saved.
"$traj" train --players sim.csv "${small[@]}" --epochs 100000 --patience 0 --model rnn --quiet \
    >/dev/null 2>&1 &
pid=$!
for ((i = 0; i < 300; i++)); do
    [ -e models/rnn-sim/model.safetensors ] && [ "$(readlink models/latest)" = rnn-sim ] && break
    sleep 0.1
done
kill -KILL $pid
{ wait $pid; } 2>/dev/null
[ "$(readlink models/latest)" = rnn-sim ] || die "latest is $(readlink models/latest)"

# With nothing else, rollout takes the latest model and the data it was validated on.
"$traj" rollout --horizon 12 --burn-in 8 --samples 1 --quiet >/dev/null ||
    die "a bare rollout: exit $?"
[ "$(wc -l <rollout.csv)" -eq $((1 + 23 * (8 + 12))) ] || die "a bare rollout: rows"

# config.json is a --config: the same bits. A flag still wins.
"$traj" train --config models/gvrnn-sim/config.json --out again --quiet >/dev/null || exit 1
same models/gvrnn-sim/model.safetensors again/model.safetensors "config.json"
"$traj" train --config models/gvrnn-sim/config.json --seed 9 --out other --quiet >/dev/null ||
    exit 1
! cmp -s again/model.safetensors other/model.safetensors || die "--seed does not win over --config"

# The log.
[ "$(head -1 again/log.csv)" = "epoch,step,train_elbo,train_recon,train_kl,valid_elbo,valid_recon,\
valid_kl,learning_rate,seconds,agent_steps_per_s" ] || die "log.csv: $(head -1 again/log.csv)"
awk -F, 'NR > 1 && (NF != 11 || $1 != NR - 1 || $6 - ($7 - $8) > 1e-5 || ($7 - $8) - $6 > 1e-5) {
    print; bad = 1 } END { exit bad }' again/log.csv || die "log.csv: elbo is not recon - kl"

# The configuration, the weights.
$python - <<'PYTHON' || die "config.json is not what it should be"
import json
config = json.load(open("again/config.json"))
assert config["options"]["hidden"] == 16 and config["options"]["players"] == ["sim.csv"], config
assert config["normalisation"]["rate_hz"] == 10 and config["normalisation"]["quantum_m"] == 0.01
assert config["normalisation"]["scale_m"]["ball"] > config["normalisation"]["scale_m"]["home"] > 0
assert {g["subject"] for g in config["data"][0]["guesses"]} >= {"units", "teams", "orientation"}
assert config["traj"] and config["real"] in ("float", "double") and "metres" in config["units"]
PYTHON
[ $python = python3 ] && python3 -c 'import safetensors.numpy' 2>/dev/null || exit 0
python3 - <<'PYTHON' || die "Python's safetensors does not read the model"
import numpy
from safetensors import safe_open
from safetensors.numpy import load_file
weights = load_file("again/model.safetensors")
assert weights["encoder.edge.sender.weight"].shape[0] == 16, sorted(weights)
assert all(numpy.isfinite(w).all() for w in weights.values())
with safe_open("again/model.safetensors", "numpy") as model:
    facts = model.metadata()
assert facts["model"] == "gvrnn" and facts["hidden"] == "16" and facts["latent"] == "4", facts
assert set(load_file("again/checkpoint.safetensors")) >= {"weights", "adam_m", "adam_v", "average"}
PYTHON
