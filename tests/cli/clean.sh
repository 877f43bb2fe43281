# Cleaning as users meet it: nothing unless asked for, a line with what was done, the same of every
# command, and no file where it is refused. The match is simulated, so that what was damaged is
# known: a player is put 40 m away in two frames and lost in five, and ten frames are cut out.
source "$(dirname "$0")/scratch.bash"
set -e

"$traj" simulate --minutes 0.5 --rate 10 --seed 3 --out whole.csv --quiet
awk -F, -v OFS=, '$1 == 50 || $1 == 51 { $6 = $6 > 0 ? $6 - 40 : $6 + 40 }
    $1 > 100 && $1 < 106 { $6 = $7 = "" }
    $1 > 200 && $1 < 211 { next } { print }' whole.csv >bad.csv

# converted NAME ARGUMENTS...: bad.csv -> NAME.csv, the messages in NAME.txt
converted() {
    local name=$1
    shift
    "$traj" convert bad.csv --to wide --out $name.csv "$@" 2>$name.txt || die "$name: exit $?"
}
said() {
    grep -qF -- "$2" $1.txt || {
        cat $1.txt
        die "$1: nobody said '$2'"
    }
}
converted plain
cmp plain.csv bad.csv || die "what nobody asked for was done"

jumps="--max-jump 12 --max-ball-jump 50"
converted jumps $jumps
said jumps "2 of 6665 positions removed as jumps (--max-jump 12 --max-ball-jump 50)"
awk -F, -v OFS=, '$1 == 50 || $1 == 51 { $6 = $7 = "" } { print }' bad.csv | cmp - jumps.csv ||
    die "more or less than the jumps was removed"

# Everybody misses ten frames, so all 23 tracks have that gap; one has two more.
converted gaps $jumps --max-gap 1
said gaps "237 filled in 25 gaps (--max-gap 1), 10 missing frames put back"
[ "$(wc -l <gaps.csv)" -eq "$(wc -l <whole.csv)" ] || die "frames did not come back"
cmp <(cut -d, -f1-3 gaps.csv) <(cut -d, -f1-3 whole.csv) || die "ids or times differ"
"$traj" convert gaps.csv $jumps --max-gap 1 --to wide --out again.csv 2>again.txt
cmp gaps.csv again.csv || die "cleaned twice is not cleaned once"
said again "0 of 6900 positions removed"
converted short $jumps --max-gap 0.5
said short "7 filled in 2 gaps (--max-gap 0.5)"

converted smooth --smooth 0.5
said smooth "6665 smoothed (--smooth 0.5)"
converted upwards --rate 15
said upwards "resampled from 10 to 15 Hz, 290 frames became"
"$traj" info upwards.csv --quiet >/dev/null || die "frames of a higher rate cannot be read"

# traj info shows the doubt and its flag, then what cleaning would do.
"$traj" info bad.csv | grep -q "2 steps above 12 m/s (--max-jump 12)" ||
    die "jumps are not reported"
"$traj" info bad.csv $jumps | grep -q "^  cleaning    2 of 6665 positions" || die "info is silent"
"$traj" info bad.csv $jumps --json | grep -q '"removed": *2\b' || die "info --json is silent"

refuse 2 "ask for 0.5 to 10.1 s" convert bad.csv --smooth 0.2 --out never.csv
refuse 2 "--smooth" score --players bad.csv --smooth 0.5
refuse 2 "--max-gap" convert bad.csv --max-gap -1 --out never.csv
[ ! -e never.csv ] || die "a refused command leaves a file"
