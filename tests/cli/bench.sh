# One JSON object a line, the two workloads of the roofline first, every figure above zero.
source "$(dirname "$0")/scratch.bash"

TMPDIR=$PWD "$traj" bench --json --repeats 1 --threads 2 >rows.jsonl || exit 1
fail() {
    cat rows.jsonl
    die "$1"
}

# $1 the number of a row, $2 its name and $3 its scenes
is_workload() {
    sed -n "$1p" rows.jsonl | grep -qF '{"name":"'$2'","model":"gvrnn","scenes":'$3',"steps":50,'\
'"agents":23,"hidden":64,"latent":16,"threads":2,' || fail "row $1 is not the workload of $2"
}
is_workload 1 train_step 64
is_workload 2 rollout 20
for model in vrnn rnn ddpm; do
    for name in train_step rollout; do
        grep -qF '{"name":"'$name'","model":"'$model'",' rows.jsonl || fail "no $name of $model"
    done
done
for name in gemm csv_read csv_read_long vmath; do
    grep -qF '{"name":"'$name'",' rows.jsonl || fail "no row $name"
done
[ "$(grep -c '"fraction_of_roofline":[0-9.]*[1-9]' rows.jsonl)" = 8 ] ||
    fail "not every model has its share of the roofline"
[ "$(grep -cE '"seconds":[0-9.e-]*[1-9]' rows.jsonl)" = "$(wc -l <rows.jsonl)" ] || fail "no time"
[ "$(ls)" = rows.jsonl ] || fail "files are left behind: $(ls)"
