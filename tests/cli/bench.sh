# One JSON object a line, the two workloads of the roofline first, every figure above zero.
set -u
traj=$(realpath "$1")
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT

TMPDIR=$PWD "$traj" bench --json --repeats 1 --threads 2 >rows.jsonl || exit 1
fail() { echo "$1"; cat rows.jsonl; exit 1; }

workload='"agents":23,"hidden":64,"latent":16,"threads":2,'
sed -n 1p rows.jsonl | grep -qF '{"name":"train_step","model":"gvrnn","scenes":64,"steps":50,'"$workload" ||
    fail "the first row is not W1"
sed -n 2p rows.jsonl | grep -qF '{"name":"rollout","model":"gvrnn","scenes":20,"steps":50,'"$workload" ||
    fail "the second row is not W2"
for name in '"train_step","model":"vrnn"' '"rollout","model":"vrnn"' '"train_step","model":"rnn"' \
    '"rollout","model":"rnn"' '"train_step","model":"ddpm"' '"rollout","model":"ddpm"' '"gemm"' '"csv_read"' '"csv_read_long"' '"vmath"'; do
    grep -qF "{\"name\":$name," rows.jsonl || fail "no row $name"
done
[ "$(grep -c '"fraction_of_roofline":[0-9.]*[1-9]' rows.jsonl)" = 8 ] ||
    fail "not every model has its share of the roofline"
[ "$(grep -cE '"seconds":[0-9.e-]*[1-9]' rows.jsonl)" = "$(wc -l <rows.jsonl)" ] || fail "no time"
[ "$(ls)" = rows.jsonl ] || fail "files are left behind: $(ls)"
