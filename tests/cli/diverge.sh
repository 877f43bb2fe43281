# A diverging run ends with exit code 4 and one sentence naming epoch, step and largest gradient;
# what the last good epoch saved stays as it is. Valid because the same folder was good before, and
# because nothing else in these runs can fail.
source "$(dirname "$0")/small.bash"
sentence='diverged in epoch [0-9]* at step [0-9]*: loss .* nats per agent-step, '
sentence+='largest gradient [^ ]* in '

# At once: nothing is left that could be taken for a model.
refuse 4 'training diverged in epoch 1' train --players sim.csv "${small[@]}" --lr 1 --clip 0 \
    --warmup 0 --epochs 50 --out none
grep -q "$sentence'[a-z_.0-9]*'" ../stderr || die "$(cat ../stderr)"
[ "$(files none)" = config.json ] || die "left behind: $(files none)"

# After two good epochs: they stay, bit for bit, log included, and go on with a sane rate.
train --epochs 2 --out run
cp -r run good
refuse 4 'training diverged in epoch' train --resume --out run --lr 1 --clip 0 --warmup 0 \
    --lr-epochs 1000 --epochs 50
grep -q "$sentence" ../stderr || die "$(cat ../stderr)"
last=$(sed -n 's/.*diverged in epoch \([0-9]*\).*/\1/p' ../stderr)
epochs=$(tail -1 run/log.csv | cut -d, -f1)
[ "$last" -eq $((epochs + 1)) ] || die "diverged in epoch $last, but $epochs epochs are kept"
cmp <(head -3 good/log.csv | cut -d, -f1-9) <(head -3 run/log.csv | cut -d, -f1-9) ||
    die "the log changed"
"$traj" score --model run --players sim.csv --json --quiet >score.json ||
    die "the kept model is bad"
! grep -Eiq 'nan|inf' score.json || die "the kept model is bad: $(cat score.json)"
same <(files good) <(files run) "files"
"$traj" train --resume --out run --epochs $((epochs + 1)) --lr 1e-4 --clip 1 --quiet >/dev/null ||
    die "a run that diverged cannot go on with a smaller rate"

# One impossible position of the ball, which the reader cannot know to be wrong, in the training or
# in the validation frames: there and back are jumps, and the model is about as good as without.
elbo() { "$traj" score --model "$1" --players sim.csv --quiet | awk '$1 == "elbo" { print $2 }'; }
"$traj" train --players sim.csv "${small[@]}" --epochs 5 --out plain --quiet >/dev/null
for frame in 300 1100; do
    awk -F, -v OFS=, -v frame=$frame '$1 == frame { $4 = 9e5 } { print }' sim.csv >absurd.csv
    "$traj" train --players absurd.csv "${small[@]}" --epochs 5 --out absurd$frame --quiet \
        >/dev/null || die "an absurd position at frame $frame ends training"
    awk -v a="$(elbo plain)" -v b="$(elbo absurd$frame)" \
        'BEGIN { exit !(b != "" && a - b < 0.2 && b - a < 0.2) }' ||
        die "an absurd position at frame $frame: $(elbo absurd$frame) instead of $(elbo plain)"
done
