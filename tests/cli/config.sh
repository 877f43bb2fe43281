# Configuration files: what is refused and why, and who wins.
source "$(dirname "$0")/transcript.bash"

step simulate --config absent.json

echo '{"minuts": 1}' >slip.json
step simulate --config slip.json

echo '{"minutes": 0}' >range.json
step simulate --config range.json

echo '{"hidden": 8}' >other.json
step simulate --config other.json

echo '{"quiet": true}' >control.json
step simulate --config control.json

echo '{"minutes": 1,' >broken.json
step simulate --config broken.json

# Flag over environment over file over default; the file may be a model's config.json.
echo '{"options": {"minutes": 0.05, "rate": 5, "seed": 3}}' >good.json
export TRAJ_SEED=4
"$traj" simulate --config good.json --rate 10 --out mixed.csv || exit 1
unset TRAJ_SEED
"$traj" simulate --minutes 0.05 --rate 10 --seed 4 --out plain.csv || exit 1
cmp mixed.csv plain.csv || exit 1

finish
