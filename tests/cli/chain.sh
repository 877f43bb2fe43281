# traj rollout --chain: columns, rows and ends of chain.csv, without a change to the rollout itself;
# and the noise of the terms that traj score --terms prints. Counts come from the options alone.
source "$(dirname "$0")/small.bash"
diffusion=(--width 16 --blocks 1 --diffusion-steps 30 --epochs 1)
train --model ddpm "${diffusion[@]}" --out ddpm
train --model vdm "${diffusion[@]}" --out vdm
train --model rnn --epochs 1 --out rnn
columns=chain,level,noise,sequence,frame_id,team,player_id,jersey,x,y

# roll MODEL ARGUMENTS...
roll() {
    local model=$1
    shift
    "$traj" rollout --model $model --players sim.csv --burn-in 8 --horizon 12 --samples 2 \
        --max-speed 0 --max-ball-speed 0 --bounds no --steps 0 --quiet "$@" >../stdout ||
        die "rollout $*: exit $?"
}

for model in ddpm vdm; do
    roll $model --at 601 --out $model.csv --chain $model.chain.csv
    roll $model --at 601 --out alone.csv
    same alone.csv $model.csv "with a chain and without"
    [ "$(head -1 $model.chain.csv)" = $columns ] || die "columns: $(head -1 $model.chain.csv)"
    # Six levels of 1 + 12 frames of 23 agents, twice; the frames count on by one at 10 Hz.
    awk -F, 'NR > 1 {
            part = NR - 2 < 6 * 299 ? "forward" : "reverse"
            level = int((NR - 2) % (6 * 299) / 299)
            if (part == "reverse") level = 5 - level
            if (NF != 10 || $1 != part || $2 != level) print "order: " $0
            if ($5 != 601 + int((NR - 2) % 299 / 23)) print "frame: " $0
            if (level == 0 ? $3 != 0 : $3 <= 0) print "noise: " $0
            if ($1 == "forward") noise[level] = $3
            else if (noise[level] != $3) print "another noise: " $0
            if ($5 == 601) { if ($2 == 0) start[$7] = $9 "," $10
                             else if (start[$7] != $9 "," $10) print "start: " $0 }
        } END { if (NR != 1 + 2 * 6 * 299) print NR " rows"
                for (i = 1; i < 6; i++) if (noise[i] <= noise[i - 1]) print "noise falls" }' \
        $model.chain.csv >wrong
    [ ! -s wrong ] || die "$model: $(head -3 wrong)"
    # Without noise: the truth, and the first sample, up to the rounding to millimetres.
    awk -F, 'NR == FNR && FNR > 1 && $11 == 0 && $2 < 1 {
            x[$2 == "" ? "forward" : "reverse", $4, $7] = $9
            y[$2 == "" ? "forward" : "reverse", $4, $7] = $10 }
        NR > FNR && $2 == 0 && FNR > 1 && $5 > 601 {
            n++
            if (($9 - x[$1, $5, $7]) ^ 2 > 1.1e-6 || ($10 - y[$1, $5, $7]) ^ 2 > 1.1e-6) print
        } END { if (n != 2 * 12 * 23) print n " rows" }' $model.csv $model.chain.csv >wrong
    [ ! -s wrong ] || die "$model ends: $(head -3 wrong)"
done
[ -s ddpm.chain.json ] || die "no sidecar"

# At the end of the data nothing is known to go into noise; of several rollouts it is the first.
roll ddpm --out last.csv --chain last.chain.csv
[ "$(cut -d, -f1 last.chain.csv | sort -u | tr '\n' ' ')" = "chain reverse " ] || die "--at last"
roll ddpm --at all --out all.csv --chain all.chain.csv
first=$(awk -F, 'NR == 2 { print $1 }' all.csv)
[ "$(cut -d, -f4 all.chain.csv | sort -u | tr '\n' ' ')" = "$first sequence " ] || die "--at all"

# - is stdout, and nothing else is on it.
roll ddpm --at 601 --out ddpm.csv --chain -
same ../stdout ddpm.chain.csv "stdout and a file"

refuse 2 "--chain: rnn draws step by step" rollout --model rnn --players sim.csv --chain c.csv
refuse 2 "--out writes there already" rollout --model ddpm --players sim.csv --out c.csv \
    --chain c.csv
[ ! -e c.csv ] || die "a refused chain wrote something"

# log_snr falls from term to term, but for ddpm's prior, which is as noisy as its last step.
for model in ddpm vdm; do
    "$traj" score --model $model --players sim.csv --terms --json --quiet >$model.json || exit 1
    "$traj" score --model $model --players sim.csv --terms --quiet >$model.txt || exit 1
    sed -n 's/.*"log_snr": *//p' $model.json >$model.snr
    terms=$([ $model = ddpm ] && echo 31 || echo 32)
    [ "$(wc -l <$model.snr)" -eq $terms ] || die "$model: $(wc -l <$model.snr) terms"
    sort -gr -c $model.snr || die "$model: log_snr rises"
    grep -q "log snr" $model.txt || die "$model: no column of log snr"
    same <(awk '/log snr/ { on = 1; next } on { print $4 }' $model.txt) \
        <(awk '{ printf "%.4f\n", $1 }' $model.snr) "the table's log snr and JSON's"
done
