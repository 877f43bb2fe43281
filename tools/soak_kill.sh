#!/usr/bin/env bash
# Kills training at random moments and resumes it: every run must end in the bits of a straight one,
# with no temporary file left. Usage: tools/soak_kill.sh TRAJ [TIMES=20] [SIGNAL=KILL|INT] [SEED=1]
#
# Epochs are as short as they can be, so that most kills fall between or into the writes of
# checkpoint, log, model and configuration. After SIGINT traj must exit with 130 and say what it
# did.
set -u
if [ $# -lt 1 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p;}' "$0" >&2
    exit 2
fi
traj=$(realpath "$1") times=${2:-20} signal=${3:-KILL} RANDOM=${4:-1}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
options=(--players sim.csv --hidden 8 --latent 2 --burn-in 4 --horizon 8 --stride 40 --batch 8
    --epochs 20 --patience 0 --threads 1 --quiet)

fail() {
    echo "soak_kill: run $k, killed by SIG$signal after $delay_ms ms: $*"
    exit 1
}

now_ms() { echo $(($(date +%s%N) / 1000000)); }

"$traj" simulate --minutes 1 --rate 10 --out sim.csv --quiet >/dev/null || exit 1
start_ms=$(now_ms)
"$traj" train "${options[@]}" --out straight >/dev/null || exit 1
length_ms=$(($(now_ms) - start_ms))

hit=0 early=0 leftovers=0
for ((k = 1; k <= times; k++)); do
    rm -rf run
    # one in four at the very start, where the folder is made
    delay_ms=$((RANDOM * length_ms / 32768 / (k % 4 ? 1 : 8)))
    "$traj" train "${options[@]}" --out run >/dev/null 2>stderr &
    pid=$!
    sleep "$((delay_ms / 1000)).$(printf %03d $((delay_ms % 1000)))"
    kill -s "$signal" $pid 2>/dev/null
    { wait $pid; } 2>/dev/null
    code=$?
    [ $code -eq 0 ] || hit=$((hit + 1))
    case $signal,$code in
    *,0 | KILL,137) ;;
    INT,130)
        [ ! -e run/checkpoint.safetensors ] ||
            grep -q 'interrupted in epoch [0-9]* after step [0-9]*; all of it is saved' stderr ||
            fail "it says: $(cat stderr)"
        ;;
    *) fail "exit $code: $(cat stderr)" ;;
    esac
    [ -e run/checkpoint.safetensors ] || early=$((early + 1))
    compgen -G 'run/*.tmp' >/dev/null && leftovers=$((leftovers + 1))

    # what config.json knows need not be said again
    again=("${options[@]}")
    [ -e run/config.json ] && again=(--quiet)
    "$traj" train --resume --out run "${again[@]}" >/dev/null 2>stderr ||
        fail "not resumed: $(cat stderr)"
    cmp -s straight/model.safetensors run/model.safetensors || fail "the models differ"
    cmp -s <(ls -A straight) <(ls -A run) || fail "files left behind: $(ls -A run)"
done
echo "soak_kill: $times runs of $length_ms ms, $hit stopped by SIG$signal ($early before the" \
    "first checkpoint, $leftovers with a temporary file left), all resumed to the same bits"
