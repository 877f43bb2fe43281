# ddpm and vdm are held to what the other scripts ask of the recurrent models: the number of threads
# changes no bit, a resumed run ends in those of a straight one, what comes after --at reaches no
# rollout, and held agents go where they are recorded. Valid for the reasons given in threads.sh,
# resume.sh and future.sh; each has its counterpart here that must differ.
source "$(dirname "$0")/small.bash"

"$traj" simulate --minutes 1 --rate 25 --seed 2 --out wide.csv --quiet >/dev/null || exit 1
at=701
awk -F, -v OFS=, -v at=$at 'NR > 1 && $1 > at { for (i = 4; i <= NF; i++) $i = "NaN" } { print }' \
    wide.csv >nan.csv
awk -F, -v OFS=, -v at=$at 'NR > 1 && $1 > at { for (i = 6; i <= NF; i++) $i = "NaN" } { print }' \
    wide.csv >but_ball.csv
awk -F, -v OFS=, -v at=$at '$1 == at { $6 += 0.01 } { print }' wide.csv >near.csv

# train_diffusion FOLDER ARGUMENTS...
train_diffusion() {
    train --model $model --width 16 --blocks 1 --diffusion-steps 8 --shard 1 --out "$@"
}

# rollout FOLDER NAME.csv OUT ARGUMENTS...: the generated rows of a horizon and a half.
rollout() {
    local folder=$1 recording=$2 out=$3
    shift 3
    "$traj" rollout --model $folder --players $recording --at $at --burn-in 8 --horizon 18 \
        --samples 6 --steps 4 --out $out.rollout --quiet "$@" >/dev/null || exit 1
    awk -F, 'NR > 1 && $2 != ""' $out.rollout >$out.generated
    [ "$(wc -l <$out.generated)" -eq $((6 * 18 * 23)) ] || die "$out: rows are missing"
}

for model in ddpm vdm; do
    train_diffusion $model.1 --epochs 2 --threads 1
    train_diffusion $model.2 --epochs 2 --threads 2
    train_diffusion $model.part --epochs 1
    same $model.1/model.safetensors $model.2/model.safetensors "2 threads"
    ! cmp -s $model.1/model.safetensors $model.part/model.safetensors || die "an epoch is nothing"
    "$traj" train --resume --out $model.part --epochs 2 --quiet >/dev/null || exit 1
    for name in weights adam_m adam_v average best; do
        same_array $model.1 $model.2 $name || die "$model: $name differs with 2 threads"
        same_array $model.1 $model.part $name || die "$model: $name differs after resuming"
    done

    rollout $model.1 wide.csv wide --threads 1
    rollout $model.1 wide.csv wide2 --threads 2
    rollout $model.1 wide.csv seed --seed 2
    rollout $model.1 nan.csv nan
    rollout $model.1 near.csv near
    same wide.generated wide2.generated "2 threads"
    same wide.generated nan.generated "the future reached the rollout"
    ! cmp -s wide.generated seed.generated || die "two seeds give the same rollout"
    ! cmp -s wide.generated near.generated || die "the last observed frame does not matter"

    rollout $model.1 wide.csv wide --hold ball
    rollout $model.1 but_ball.csv but_ball --hold ball
    same wide.generated but_ball.generated "the future of a rolled agent reached the rollout"
    cmp <(awk -F, '$2 == "" && $11 == 0 && $6 == "ball" { print $4, $9, $10 }' wide.rollout) \
        <(awk -F, '$2 == 1 && $6 == "ball" { print $4, $9, $10 }' wide.generated) ||
        die "the held ball is not where it was recorded"

    for threads in 1 2; do
        "$traj" score --model $model.1 --players sim.csv --json --threads $threads --quiet \
            >s$threads.json || exit 1
    done
    same s1.json s2.json "2 threads"
done
