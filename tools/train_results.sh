#!/bin/sh
# Trains all models on the three real sets of ../shared/data and prints the tables of
# docs/results.md: bounds on the validation part in nats per agent-step, of whole windows for the
# recurrent models, and of the steps behind the burn-in for all.
# Usage: tools/train_results.sh [OUT]     OUT: where the models go, default models/results
#
#   MINUTES=10   of training each
#   THREADS=1    of each training
#   AT_ONCE=2    trainings side by side; MINUTES are wall time, so give each its own processor
#   SAMPLES=16   importance samples of the bound
#   MODELS="gvrnn vrnn rnn ddpm vdm"
#   TRAIN=no     only score what is in OUT
#   OPTIONS=     further options of training, such as "--batch 8 --shard 4"
set -eu
cd "$(dirname -- "$0")/.."
out=${1:-models/results}
models=${MODELS:-gvrnn vrnn rnn ddpm vdm}
minutes=${MINUTES:-10} threads=${THREADS:-1} at_once=${AT_ONCE:-2} samples=${SAMPLES:-16}
traj=build/release/traj data=../shared/data
tracab=$data/football_tracab/tracking_data.csv
robocup=$data/robocup/match.csv

[ -d "$data" ] || {
    echo "tools/train_results.sh: there is no $data with the recordings" >&2
    exit 1
}
mkdir -p "$out"

# Training ends, and validation begins, where ../shared/data/README.md splits each set.
train() { # SET MODEL
    case $1 in
    tracab) set -- "$@" --players "$tracab" --frames 1:7500 --valid 0.2 ;;
    nfl) set -- "$@" --players "$data/nfl/plays_train.csv" --valid "$data/nfl/plays_val.csv" ;;
    robocup) set -- "$@" --players "$robocup" --frames 1:5000 --valid 0.2 ;;
    esac
    name=$1 model=$2
    shift 2
    # shellcheck disable=SC2086 # OPTIONS are words
    "$traj" train "$@" ${OPTIONS:-} --model "$model" --minutes "$minutes" --threads "$threads" \
        --out "$out/$name-$model" --overwrite --quiet 2>&1
}

# SET MODEL: one row of the first table; with a third word of the second
score() {
    what="--samples $samples"
    [ $# -lt 3 ] || what=--future
    set -- "$1" "$2"
    case $1 in
    tracab) set -- "$@" --players "$tracab" --frames 6001:7500 ;;
    nfl) set -- "$@" --players "$data/nfl/plays_val.csv" ;;
    robocup) set -- "$@" --players "$robocup" --frames 4001:5000 ;;
    esac
    name=$1 model=$2
    shift 2
    # shellcheck disable=SC2086 # two words
    "$traj" score --model "$out/$name-$model" "$@" $what --quiet |
        awk -v set="$name" -v model="$model" -v log_file="$out/$name-$model/log.csv" \
            -v future="$([ "$what" = --future ] && echo 1)" '
            $1 == "elbo" { elbo = $2 " ± " $4 }
            $1 == "iwae" { iwae = $2 " ± " $4 }
            $1 == "recon" { recon = $2 }
            $1 == "kl" { kl = $2 }
            $1 == "bits_per_dim" { bits = $2 }
            END {
                while ((getline line < log_file) > 0) split(line, last, ",")
                if (future)
                    printf "| %s | %s | %s | %s | %s |\n", set, model, elbo, bits, last[2]
                else
                    printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n",
                        set, model, elbo, iwae, recon, kl, last[2], last[1]
            }'
}

running=0
[ "${TRAIN:-yes}" = no ] || for set in tracab nfl robocup; do
    for model in $models; do
        train "$set" "$model" &
        running=$((running + 1))
        if [ "$running" -ge "$at_once" ]; then
            wait
            running=0
        fi
    done
done
wait
echo "| set | model | ELBO | importance-weighted, K = $samples | recon | KL | steps | epochs |"
echo "|---|---|---|---|---|---|---|---|"
recurrent=$(echo "$models" | tr ' ' '\n' | grep rnn)
for set in tracab nfl robocup; do
    for model in $recurrent; do score "$set" "$model"; done
done
echo
echo "| set | model | bound | bits per dimension | steps |"
echo "|---|---|---|---|---|"
for set in tracab nfl robocup; do
    for model in $models; do score "$set" "$model" future; done
done
