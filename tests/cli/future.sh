# What comes after --at must not reach the generated frames. The same rollout is made from the
# recording as it is and from copies whose later frames are NaN, garbage, or cut off: the rows with
# a sample number must be the same bytes. Valid because the copies differ in nothing else, the
# frames are resampled (25 Hz to 10 Hz: every other observed frame is interpolated between two
# recorded ones), and a change of one centimetre in the last observed frame does show.
source "$(dirname "$0")/small.bash"

train --epochs 2 --out model
"$traj" simulate --minutes 1 --rate 25 --out wide.csv --quiet >/dev/null || exit 1
at=701

# future NAME COLUMNS VALUE: wide.csv with VALUE (an awk expression) in these columns (an awk
# condition on i) of all frames after $at.
future() {
    awk -F, -v OFS=, -v at=$at "BEGIN { srand(7) }
        NR > 1 && \$1 > at { for (i = 4; i <= NF; i++) if ($2) \$i = $3 } { print }" \
        wide.csv >$1.csv
}
future nan 1 '"NaN"'
future garbage 1 'int(9000 * (rand() - 0.5)) / 100'
future wild 1 'exp(13 * rand()) - 2e5'
future empty 1 '""'
awk -F, -v at=$at 'NR == 1 || $1 <= at' wide.csv >cut.csv
future but_ball 'i > 5' '"NaN"'
future ball_garbage 'i <= 5' 'int(9000 * (rand() - 0.5)) / 100'
awk -F, -v OFS=, -v at=$at '$1 == at { $6 += 0.01 } { print }' wide.csv >near.csv
head -1 wide.csv | cut -d, -f4-6 | grep -q '^ball_x,ball_y,home_1_x$' || die "other columns"

# generated NAME ARGUMENTS...: the generated rows of a rollout from NAME.csv.
generated() {
    local name=$1
    shift
    "$traj" rollout --model model --players $name.csv --at $at --burn-in 8 --horizon 12 \
        --samples 3 --out $name.rollout.csv --quiet "$@" >/dev/null || exit 1
    awk -F, 'NR > 1 && $2 != ""' $name.rollout.csv >$name.generated
    [ "$(wc -l <$name.generated)" -eq $((3 * 12 * 23)) ] || die "$name: rows are missing"
}
generated wide
! grep -q ',,0$' wide.generated || die "a generated position is missing"
for copy in nan garbage wild empty cut; do
    generated $copy
    same wide.generated $copy.generated "the future reached the rollout"
done
generated near
! cmp -s wide.generated near.generated || die "the last observed frame does not matter"

# Nor does it by way of cleaning, which looks ahead wherever there is something to see: the moment's
# frames are lost, torn off and shaky, and what would tell is behind them.
damage() {
    awk -F, -v OFS=, -v at=$at '$1 > at - 6 && $1 < at - 2 { $6 = $7 = "" }
        $1 == at - 12 { $8 += 30 } $1 <= at { $10 += $1 % 2 / 10 } { print }' $1.csv >torn_$1.csv
}
for copy in wide nan garbage wild cut; do
    damage $copy
    generated torn_$copy --max-jump 12 --max-ball-jump 40 --max-gap 0.5 --smooth 0.6
    same torn_wide.generated torn_$copy.generated "the future reached the rollout by cleaning"
done
cp torn_wide.generated clean.generated
generated torn_wide --max-jump 12 --max-ball-jump 40 --max-gap 0.5
! cmp -s clean.generated torn_wide.generated || die "nothing was smoothed"

# The truth is in the file where there is one, and only there.
truth() {
    awk -F, 'NR > 1 && $2 == "" && $11 == 0' $1.rollout.csv
}
[ "$(truth wide | wc -l)" -eq $((12 * 23)) ] || die "the true future is missing"
[ -z "$(truth cut)" ] || die "a true future that was not recorded"

# Held to its future: the ball's alone matters, and matters.
generated wide --hold ball
generated but_ball --hold ball
generated ball_garbage --hold ball
same wide.generated but_ball.generated "the future of a rolled agent reached the rollout"
! cmp -s wide.generated ball_garbage.generated || die "the held ball's future does not matter"
cmp <(truth wide | awk -F, '$6 == "ball" { print $4, $9, $10 }') \
    <(awk -F, '$2 == 1 && $6 == "ball" { print $4, $9, $10 }' wide.generated) ||
    die "the held ball is not where it was recorded"
