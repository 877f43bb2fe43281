# --frames, --valid FILE and --valid X choose the windows that they say. Valid because the numbers
# of windows follow from the options alone: 1200 frames, windows of 20, training windows every 20.
source "$(dirname "$0")/small.bash"

# windows TRAINING VALIDATION ARGUMENTS...: what --dry-run announces.
windows() {
    local wanted="$1 training and $2 validation windows of 20 frames"
    shift 2
    "$traj" train --players sim.csv "${small[@]}" --dry-run "$@" >/dev/null 2>told ||
        die "train $*: $(tail -1 told)"
    grep -q "^$wanted at 10 Hz" told || die "train $*: not '$wanted' but $(grep windows told)"
}

windows 47 12 --valid 0.2               # (960 - 20 of gap) / 20, 240 / 20
windows 29 30 --valid 0.5               # (600 - 20) / 20, 600 / 20
windows 60 0 --valid 0                  # all of it, the training loss decides
grep -q 'training loss decides' told || die "nothing is said about --valid 0: $(cat told)"
windows 60 60 --valid sim.csv           # no gap to another file
windows 47 12 --frames 1:1200
windows 23 6 --frames 1:600             # (480 - 20) / 20, 120 / 20
windows 23 6 --frames 601:
windows 461 12 --stride 2               # (940 - 20) / 2 + 1; validation windows never overlap

# What lies after the training frames (940) does not reach the weights, by no way: not by the gap,
# the scales or the guesses. What lies before does.
moved() {
    awk -F, -v OFS=, "NR > 1 && $1 { \$6 += 0.5; \$5 -= 0.25 } { print }" sim.csv >moved.csv
    "$traj" train --players moved.csv "${small[@]}" --epochs 2 --out $2 --quiet >/dev/null || exit 1
}
train --epochs 2 --out plain
moved '$1 > 940' after
moved '$1 == 940' before
same_array plain after weights || die "validation frames reached the weights"
! same_array plain before weights >/dev/null || die "the last training frame does not matter"
