# The number of threads changes no bit: of the model, of the checkpoint's weights and moments, of a
# rollout, of a score. Valid because a step here has several shards (batch 4, shard 1) and a rollout
# several chunks of samples, so that threads do share the work; and because another seed does change
# them.
source "$(dirname "$0")/small.bash"

for threads in 1 2 3; do
    train --epochs 2 --shard 1 --threads $threads --out t$threads
    "$traj" rollout --model t1 --players sim.csv --at 600 --burn-in 8 --horizon 10 --samples 16 \
        --threads $threads --out r$threads.csv --quiet >/dev/null || exit 1
    "$traj" score --model t1 --players sim.csv --samples 4 --json --threads $threads --quiet \
        >s$threads.json || exit 1
    [ $threads -eq 1 ] && continue
    same t1/model.safetensors t$threads/model.safetensors "$threads threads"
    for name in weights adam_m adam_v average best; do
        same_array t1 t$threads $name ||
            die "$name of the checkpoint differs with $threads threads"
    done
    same r1.csv r$threads.csv "$threads threads"
    same s1.json s$threads.json "$threads threads"
done
[ "$(array t1/checkpoint.safetensors weights | wc -c)" -gt 10000 ] || die "no weights compared"

train --epochs 2 --shard 1 --seed 2 --out seed
! cmp -s t1/model.safetensors seed/model.safetensors || die "two seeds train the same model"
"$traj" rollout --model t1 --players sim.csv --at 600 --burn-in 8 --horizon 10 --samples 16 \
    --seed 2 --out seed.csv --quiet >/dev/null || exit 1
! cmp -s r1.csv seed.csv || die "two seeds give the same rollout"
